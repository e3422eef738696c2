/** The customer's wallet as they see it: entries with a running balance. */
import type { EntityManager } from '../orm.ts';
import { run } from '../prepared.ts';

/** One event that moved money of the wallet, its legs together. Amounts in minor units of the shop's currency. */
export interface WalletEntry {
  /** Of its newest leg: a page may begin with it. */
  readonly id: number;
  readonly at: Date;
  /** Positive: it came in. */
  readonly amount: number;
  /** All buckets together after it. */
  readonly balance: number;
  /** The event's name in the table of postings. */
  readonly reason: string;
  /** `customer:<id>`, `staff:<id>`, `provider:<name>`, `cli`, `system`. */
  readonly actor: string;
  readonly orderCode: string | null;
}

interface LegRow {
  readonly id: string;
  readonly key: string;
  readonly at: string | Date;
  readonly amount: string;
  readonly reason: string;
  readonly actor: string;
  readonly newer: boolean;
  readonly code: string | null;
  /** Of the whole wallet after the newest leg. */
  readonly balance: string;
}

/** Events seen past the page before it is believed: legs of events that were booked at the same time may lie between each other. */
const margin = 8;

const leg = (side: 'credit' | 'debit', sign: '' | '-', upTo: string) => `
  (select t.id, t.key, t.at, t.reason, t.actor, t.order_id, ${sign}t.amount as amount, t.${side}_balance as after from transfer t
    where t.${side}_account_id between own.id and own.id ${upTo} order by t.${side}_account_id desc, t.id desc limit $4)`;
const legs = (upTo: string) => `${leg('credit', '', upTo)} union all ${leg('debit', '-', upTo)}`;
const legRows = (balance: string, newer: string, upTo: string) => `
  with own as materialized (
    select own.id, ${balance} as balance from account own
     where own.shop_id = $1 and own.currency = $2 and own.owner = $3 and own.kind in ('cash', 'stars', 'bonus'))
  select m.id, m.key, m.at, m.amount, m.reason, m.actor, ${newer} as newer, (select code from "order" o where o.id = m.order_id) as code,
         (select sum(balance) from own) as balance
    from own cross join lateral (${legs(upTo)}) m
   order by m.id desc limit $4`;

/**
 * The newest legs of a wallet, with what it has now: one statement, so both are of one moment. Asked for by `=`, PostgreSQL may walk the whole
 * ledger backwards by its primary key, which never ends for an account that has few legs; this order has one index only.
 */
const newestLegs = legRows('own.balance', 'false', '');

/** The legs from one on back, with what the wallet had after it; `newer`: a leg of that event stands before, so it was shown already. */
const olderLegs = legRows(
  `coalesce((select last.after from (${legs('and t.id <= $5').replaceAll('limit $4', 'limit 1')}) last order by last.id desc limit 1), 0)`,
  `exists (select from transfer o where o.key >= split_part(m.key, '#', 1) || '#' and o.key < split_part(m.key, '#', 1) || '$' and o.id > $5
     and (o.credit_account_id in (select id from own) or o.debit_account_id in (select id from own)))`,
  'and t.id <= $5',
);

interface WalletOf {
  readonly shopId: number;
  readonly customerId: number;
  readonly currency: string;
}

/**
 * Newest first, read from the newest end: a wallet of a million entries is as fast as one of ten, because nobody counts how many there are,
 * only whether there are more.
 */
export async function listWalletEntries(
  em: EntityManager,
  where: WalletOf,
  page: { limit: number; offset: number },
): Promise<{ entries: WalletEntry[]; hasMore: boolean }> {
  const end = page.offset + page.limit;
  const entries = await readEntries(em, where, end, undefined);
  return { entries: entries.slice(page.offset, end), hasMore: entries.length > end };
}

/** The same by the number of an entry to begin with: what comes meanwhile moves nothing. @returns the first entry of the next page as `next` */
export async function listWalletPage(
  em: EntityManager,
  where: WalletOf,
  { from, limit }: { readonly from: number | undefined; readonly limit: number },
): Promise<{ entries: WalletEntry[]; next: number | null }> {
  const entries = await readEntries(em, where, limit, from);
  return { entries: entries.slice(0, limit), next: entries[limit]?.id ?? null };
}

/** At least one more than `count`, if there are. */
async function readEntries(em: EntityManager, where: WalletOf, count: number, from: number | undefined): Promise<WalletEntry[]> {
  // Most events have one leg, an order paid with a bonus two, a refund up to four: when these legs are too few, twice as many are read.
  for (let legCount = Math.ceil(1.5 * count) + margin; ; legCount *= 2) {
    const values = [where.shopId, where.currency, `customer:${where.customerId}`, legCount];
    const found = from === undefined ? await run<LegRow>(em, newestLegs, values) : await run<LegRow>(em, olderLegs, [...values, from]);
    const entries = toEntries(found);
    if (found.length < legCount || entries.length >= count + margin) return entries;
  }
}

/** Legs of one event together, in the order of their newest. */
function toEntries(legs: readonly LegRow[]): WalletEntry[] {
  const events = new Map<string, WalletEntry & { amount: number }>();
  // What was shown already is counted in the balance below it no more.
  let balance = Number(legs[0]?.balance ?? 0);
  for (const { id, key, at, amount, reason, actor, code, newer } of legs) {
    if (newer) {
      balance -= Number(amount);
      continue;
    }
    const event = key.slice(0, key.indexOf('#'));
    const known = events.get(event);
    if (known) known.amount += Number(amount);
    else events.set(event, { id: Number(id), at: new Date(at), amount: Number(amount), balance: 0, reason, actor, orderCode: code });
  }
  return [...events.values()].map((entry) => {
    const shown = { ...entry, balance };
    balance -= entry.amount;
    return shown;
  });
}
