/** Writing and reading the ledger. Balances move by the database's own trigger when a transfer is inserted. */
import type { AccountName, Conversion, Leg, WalletBalances } from '../../domain/ledger.ts';
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

/** Inserts both sides of Stars that become money, or of money that becomes Stars, under one key. `posting`: of the shop's currency. */
export async function postConversion(em: EntityManager, posting: Omit<Posting, 'legs'>, { stars, money }: Conversion): Promise<void> {
  await post(em, { ...posting, currency: 'XTR', legs: stars });
  await post(em, { ...posting, legs: money });
}

/**
 * Inserts postings of one shop and currency, in their order, in one call. All their customer and held accounts are locked first, in id
 * order, so that two of them never wait for each other. @throws on a repeated key or a balance below 0
 */
export async function postAll(em: EntityManager, postings: readonly Posting[]): Promise<void> {
  const [first] = postings;
  const legs = postings.flatMap((posting) => posting.legs.map((leg) => ({ ...posting, ...leg })));
  if (!first || legs.length === 0) return;
  if (postings.some(({ shopId, currency }) => shopId !== first.shopId || currency !== first.currency))
    throw new Error('Postings of several shops or currencies are several calls');
  const names = distinct(legs.flatMap(({ debit, credit }) => [debit, credit]));
  const placeOf = (wanted: AccountName) => names.findIndex((name) => nameKey(name) === nameKey(wanted)) + 1;
  await run(em, 'select post_transfers($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)', [
    first.shopId,
    first.currency,
    names.map(({ kind }) => kind),
    names.map(({ owner }) => owner),
    legs.map(({ key, leg }) => `${key}#${leg}`),
    legs.map(({ debit }) => placeOf(debit)),
    legs.map(({ credit }) => placeOf(credit)),
    legs.map(({ amount }) => amount),
    legs.map(({ orderId }) => orderId ?? null),
    legs.map(({ actor }) => actor),
    legs.map(({ reason }) => reason),
    legs.map(({ at }) => at.toISOString()),
  ]);
}

/** Whether any leg of an event is already in the ledger: the settle-once key. */
export async function isPosted(em: EntityManager, key: string): Promise<boolean> {
  const rows = await run(em, 'select 1 from transfer where key >= $1 and key < $2 limit 1', [`${key}#`, `${key}$`]);
  return rows.length > 0;
}

/** What a customer has, locked until the end of the transaction. */
export async function lockWallet(em: EntityManager, shop: { id: number; currency: string }, customerId: number): Promise<WalletBalances> {
  const names = (['cash', 'stars', 'bonus', 'debt'] as const).map((kind) => ofCustomer(kind, customerId));
  const rows = await run<{ kind: keyof WalletBalances; balance: string }>(
    em,
    'select kind, balance from lock_named_accounts($1, $2, $3, $4)',
    [shop.id, shop.currency, names.map(({ kind }) => kind), names.map(({ owner }) => owner)],
  );
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
  return { cash: of('cash'), stars: of('stars'), bonus: of('bonus'), debt: of('debt') };
}

const nameKey = ({ kind, owner }: AccountName) => `${kind}|${owner}`;

/** Each account once, in an order of their own: two postings that make the same ones never wait for each other. */
function distinct(names: readonly AccountName[]): AccountName[] {
  const byKey = new Map(names.map((name) => [nameKey(name), name]));
  return [...byKey].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, name]) => name);
}
