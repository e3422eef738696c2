/** Writing and reading the ledger. Balances move by the database's own trigger when a transfer is inserted. */
import type { AccountName, Leg, WalletBalances } from '../../domain/ledger.ts';
import { ofCustomer } from '../../domain/ledger.ts';
import type { EntityManager } from '../orm.ts';

/** A posting: the legs of one event. `key` + `#` + leg is unique for ever, so a repeated event is refused, not counted twice. */
export interface Posting {
  readonly shopId: number;
  readonly currency: string;
  readonly key: string;
  readonly legs: readonly Leg[];
  /** `customer:<id>`, `staff:<id>`, `provider:<name>`, `cli`, `system`. */
  readonly actor: string;
  readonly reason: string;
  readonly orderId?: number | undefined;
  readonly at: Date;
}

/** Inserts a posting. Its customer and held accounts are locked first, in id order. @throws on a repeated key or a balance below 0. */
export async function post(em: EntityManager, posting: Posting): Promise<void> {
  if (posting.legs.length === 0) return;
  const ids = await accountIds(em, posting, [
    ...new Map(posting.legs.flatMap(({ debit, credit }) => [debit, credit]).map((a) => [nameKey(a), a])).values(),
  ]);
  await em.execute('select 1 from lock_accounts(?::bigint[])', [`{${[...ids.values()].join(',')}}`]);
  for (const { leg, debit, credit, amount } of posting.legs) {
    await em.execute(
      `insert into transfer (shop_id, key, debit_account_id, credit_account_id, amount, currency, order_id, actor, reason, at)
       values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      [
        posting.shopId,
        `${posting.key}#${leg}`,
        ids.get(nameKey(debit)),
        ids.get(nameKey(credit)),
        amount,
        posting.currency,
        posting.orderId ?? null,
        posting.actor,
        posting.reason,
        posting.at,
      ],
    );
  }
}

/** Whether any leg of an event is already in the ledger: the settle-once key. */
export async function isPosted(em: EntityManager, key: string): Promise<boolean> {
  const rows = await em.execute('select 1 from transfer where key >= ? and key < ? limit 1', [`${key}#`, `${key}$`]);
  return rows.length > 0;
}

/** What a customer has, locked until the end of the transaction. */
export async function lockWallet(em: EntityManager, shop: { id: number; currency: string }, customerId: number): Promise<WalletBalances> {
  const names = (['cash', 'bonus', 'debt'] as const).map((kind) => ofCustomer(kind, customerId));
  const ids = await accountIds(em, { shopId: shop.id, currency: shop.currency }, names);
  const rows: { kind: keyof WalletBalances; balance: string }[] = await em.execute('select kind, balance from lock_accounts(?::bigint[])', [
    `{${[...ids.values()].join(',')}}`,
  ]);
  return toBalances(rows);
}

/** What a customer has, unlocked. */
export async function readWallet(em: EntityManager, shop: { id: number; currency: string }, customerId: number): Promise<WalletBalances> {
  const rows: { kind: keyof WalletBalances; balance: string }[] = await em.execute(
    'select kind, balance from account where shop_id = ? and currency = ? and owner = ?',
    [shop.id, shop.currency, `customer:${customerId}`],
  );
  return toBalances(rows);
}

/** What an order holds, and which part of it came from bonus. */
export async function readHeld(em: EntityManager, orderId: number): Promise<{ total: number; bonus: number }> {
  const [row]: { total: string; bonus: string }[] = await em.execute(
    `select coalesce(max(h.balance), 0) as total,
            coalesce(sum(t.amount) filter (where d.kind = 'bonus'), 0) as bonus
       from account h
       left join transfer t on t.credit_account_id = h.id
       left join account d on d.id = t.debit_account_id
      where h.kind = 'held' and h.order_id = ?`,
    [orderId],
  );
  const total = Number(row?.total ?? 0);
  return { total, bonus: Math.min(total, Number(row?.bonus ?? 0)) };
}

function toBalances(rows: readonly { kind: keyof WalletBalances; balance: string }[]): WalletBalances {
  const of = (kind: keyof WalletBalances) => Number(rows.find((row) => row.kind === kind)?.balance ?? 0);
  return { cash: of('cash'), bonus: of('bonus'), debt: of('debt') };
}

const nameKey = (account: AccountName) => `${account.kind}|${account.owner}`;

/** Ids of accounts by name; those that do not exist yet are made, empty. */
async function accountIds(
  em: EntityManager,
  where: { shopId: number; currency: string },
  names: readonly AccountName[],
): Promise<Map<string, number>> {
  const find = async () => {
    const rows: { id: string; kind: string; owner: string }[] = await em.execute(
      `select id, kind, owner from account where shop_id = ? and currency = ? and kind || '|' || owner in (${names.map(() => '?').join(',')})
          and kind in (${names.map(() => '?').join(',')}) and owner in (${names.map(() => '?').join(',')})`,
      [where.shopId, where.currency, ...names.map(nameKey), ...names.map((n) => n.kind), ...names.map((n) => n.owner)],
    );
    return new Map(rows.map((row) => [`${row.kind}|${row.owner}`, Number(row.id)]));
  };
  let ids = await find();
  const missing = names.filter((name) => !ids.has(nameKey(name)));
  if (missing.length > 0) {
    for (const { kind, owner } of missing) {
      const [role, id] = owner.split(':');
      await em.execute(
        `insert into account (shop_id, kind, currency, owner, customer_id, order_id, grows_by, balance)
         values (?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing`,
        [
          where.shopId,
          kind,
          where.currency,
          owner,
          role === 'customer' ? Number(id) : null,
          role === 'order' ? Number(id) : null,
          growsBy(kind),
          owner === '' ? null : 0,
        ],
      );
    }
    ids = await find();
  }
  return ids;
}

/** Assets and expenses grow by debits, and so does a customer's debt. */
function growsBy(kind: string): 'credit' | 'debit' {
  return kind === 'debt' || /^(clearing|expense|loss):/.test(kind) ? 'debit' : 'credit';
}
