/** Writing and reading the ledger. Balances move by the database's own trigger when a transfer is inserted. */
import type { AccountName, Leg, WalletBalances } from '../../domain/ledger.ts';
import { ofCustomer } from '../../domain/ledger.ts';
import type { EntityManager } from '../orm.ts';
import { run } from '../prepared.ts';

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

/** Inserts a posting. @throws on a repeated key or a balance below 0 */
export function post(em: EntityManager, posting: Posting): Promise<void> {
  return postAll(em, [posting]);
}

/**
 * Inserts postings of one shop and currency, in their order, in one call. All their customer and held accounts are locked first, in id
 * order, so that two of them never wait for each other. @throws on a repeated key or a balance below 0
 */
export async function postAll(em: EntityManager, postings: readonly Posting[]): Promise<void> {
  const [first] = postings;
  const legs = postings.flatMap((posting) => posting.legs.map((leg) => legRow(posting, leg)));
  if (!first || legs.length === 0) return;
  if (postings.some(({ shopId, currency }) => shopId !== first.shopId || currency !== first.currency))
    throw new Error('Postings of several shops or currencies are several calls');
  const names = postings.flatMap((posting) => posting.legs.flatMap(({ debit, credit }) => [debit, credit]));
  await run(em, 'select post_transfers($1, $2, $3, $4)', [first.shopId, first.currency, namesJson(names), JSON.stringify(legs)]);
}

function legRow({ key, orderId, actor, reason, at }: Posting, { leg, debit, credit, amount }: Leg) {
  return {
    key: `${key}#${leg}`,
    debit_kind: debit.kind,
    debit_owner: debit.owner,
    credit_kind: credit.kind,
    credit_owner: credit.owner,
    amount,
    order_id: orderId ?? null,
    actor,
    reason,
    at,
  };
}

/** Whether any leg of an event is already in the ledger: the settle-once key. */
export async function isPosted(em: EntityManager, key: string): Promise<boolean> {
  const rows = await run(em, 'select 1 from transfer where key >= $1 and key < $2 limit 1', [`${key}#`, `${key}$`]);
  return rows.length > 0;
}

/** What a customer has, locked until the end of the transaction. */
export async function lockWallet(em: EntityManager, shop: { id: number; currency: string }, customerId: number): Promise<WalletBalances> {
  const names = (['cash', 'bonus', 'debt'] as const).map((kind) => ofCustomer(kind, customerId));
  const rows = await run<{ kind: keyof WalletBalances; balance: string }>(em, 'select kind, balance from lock_named_accounts($1, $2, $3)', [
    shop.id,
    shop.currency,
    namesJson(names),
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

function toBalances(rows: readonly { kind: keyof WalletBalances; balance: string }[]): WalletBalances {
  const of = (kind: keyof WalletBalances) => Number(rows.find((row) => row.kind === kind)?.balance ?? 0);
  return { cash: of('cash'), bonus: of('bonus'), debt: of('debt') };
}

/** Accounts by name, each once, with what makes them when they do not exist yet. */
function namesJson(names: readonly AccountName[]): string {
  const each = new Map(names.map((name) => [`${name.kind}|${name.owner}`, name]));
  return JSON.stringify(
    [...each.values()].map(({ kind, owner }) => {
      const [role, id] = owner.split(':');
      return {
        kind,
        owner,
        customer_id: role === 'customer' ? Number(id) : null,
        order_id: role === 'order' ? Number(id) : null,
        grows_by: growsBy(kind),
      };
    }),
  );
}

/** Assets and expenses grow by debits, and so does a customer's debt. */
function growsBy(kind: string): 'credit' | 'debit' {
  return kind === 'debt' || /^(clearing|expense|loss):/.test(kind) ? 'debit' : 'credit';
}
