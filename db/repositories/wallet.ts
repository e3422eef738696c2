/** The customer's wallet as they see it: entries with a running balance. */
import type { EntityManager } from '../orm.ts';
import { run } from '../prepared.ts';

/** One event that moved money of the wallet, its legs together. Amounts in minor units of the shop's currency. */
export interface WalletEntry {
  readonly at: Date;
  /** Positive: it came in. */
  readonly amount: number;
  /** All buckets together after it. */
  readonly balance: number;
  /** The event's name in the table of postings. */
  readonly reason: string;
  readonly orderCode: string | null;
}

interface LegRow {
  readonly key: string;
  readonly at: string | Date;
  readonly amount: string;
  readonly reason: string;
  readonly code: string | null;
  /** Of the whole wallet, now. */
  readonly balance: string;
}

/** Events seen past the page before it is believed: legs of events that were booked at the same time may lie between each other. */
const margin = 8;

/**
 * The newest legs of a wallet, with what it has now: one statement, so both are of one moment. Asked for by `=`, PostgreSQL may walk the whole
 * ledger backwards by its primary key, which never ends for an account that has few legs; this order has one index only.
 */
const newestLegs = `
  with own as materialized (
    select id, balance from account where shop_id = $1 and currency = $2 and owner = $3 and kind in ('cash', 'stars', 'bonus'))
  select m.key, m.at, m.amount, m.reason, (select code from "order" o where o.id = m.order_id) as code,
         (select sum(balance) from own) as balance
    from own cross join lateral (
      (select t.id, t.key, t.at, t.reason, t.order_id, t.amount
         from transfer t where t.credit_account_id between own.id and own.id order by t.credit_account_id desc, t.id desc limit $4)
      union all
      (select t.id, t.key, t.at, t.reason, t.order_id, -t.amount
         from transfer t where t.debit_account_id between own.id and own.id order by t.debit_account_id desc, t.id desc limit $4)) m
   order by m.id desc limit $4`;

/**
 * Newest first, read from the newest end: a wallet of a million entries is as fast as one of ten, because nobody counts how many there are,
 * only whether there are more.
 */
export async function listWalletEntries(
  em: EntityManager,
  where: { shopId: number; customerId: number; currency: string },
  page: { limit: number; offset: number },
): Promise<{ entries: WalletEntry[]; hasMore: boolean }> {
  const end = page.offset + page.limit;
  // Most events have one leg, an order paid with a bonus two, a refund up to four: when these legs are too few, twice as many are read.
  for (let legCount = Math.ceil(1.5 * end) + margin; ; legCount *= 2) {
    const legs = await run<LegRow>(em, newestLegs, [where.shopId, where.currency, `customer:${where.customerId}`, legCount]);
    const entries = toEntries(legs);
    if (legs.length < legCount || entries.length >= end + margin) {
      return { entries: entries.slice(page.offset, end), hasMore: entries.length > end };
    }
  }
}

/** Legs of one event together, in the order of their newest. */
function toEntries(legs: readonly LegRow[]): WalletEntry[] {
  const events = new Map<string, WalletEntry & { amount: number }>();
  for (const { key, at, amount, reason, code } of legs) {
    const event = key.slice(0, key.indexOf('#'));
    const known = events.get(event);
    if (known) known.amount += Number(amount);
    else events.set(event, { at: new Date(at), amount: Number(amount), balance: 0, reason, orderCode: code });
  }
  let balance = Number(legs[0]?.balance ?? 0);
  return [...events.values()].map((entry) => {
    const shown = { ...entry, balance };
    balance -= entry.amount;
    return shown;
  });
}
