/** The customer's wallet as they see it: entries with a running balance. */
import type { EntityManager } from '../orm.ts';

/** One event that moved cash or bonus, its legs together. Amounts in minor units of the shop's currency. */
export interface WalletEntry {
  readonly at: Date;
  /** Positive: it came in. */
  readonly amount: number;
  /** Cash and bonus together after it. */
  readonly balance: number;
  /** The event's name in the table of postings. */
  readonly reason: string;
  readonly orderCode: string | null;
}

/** Newest first. */
export async function listWalletEntries(
  em: EntityManager,
  where: { shopId: number; customerId: number; currency: string },
  page: { limit: number; offset: number },
): Promise<{ entries: WalletEntry[]; total: number }> {
  const rows: { at: Date; amount: string; balance: string; reason: string; code: string | null; total: number }[] = await em.execute(
    `with own as (
       select id from account where shop_id = ? and currency = ? and owner = ? and kind in ('cash', 'bonus')),
     moved as (
       select t.id, t.key, t.at, t.reason, t.order_id, t.amount as amount from transfer t where t.credit_account_id in (select id from own)
       union all
       select t.id, t.key, t.at, t.reason, t.order_id, -t.amount from transfer t where t.debit_account_id in (select id from own)),
     events as (
       select max(id) as id, max(at) as at, reason, order_id, sum(amount) as amount
         from moved group by split_part(key, '#', 1), reason, order_id),
     running as (
       select events.*, sum(amount) over (order by id rows unbounded preceding) as balance, count(*) over ()::int as total from events)
     select r.at, r.amount, r.balance, r.reason, r.total, o.code from running r left join "order" o on o.id = r.order_id
      order by r.id desc limit ? offset ?`,
    [where.shopId, where.currency, `customer:${where.customerId}`, page.limit, page.offset],
  );
  return {
    entries: rows.map((row) => ({
      at: new Date(row.at),
      amount: Number(row.amount),
      balance: Number(row.balance),
      reason: row.reason,
      orderCode: row.code,
    })),
    total: rows[0]?.total ?? 0,
  };
}
