/** Baskets that are to buy themselves. Their steps change them in activities only. */
import { AutoBuy } from '../entities/auto-buy.ts';
import type { EntityManager } from '../orm.ts';
import { run } from '../prepared.ts';

export async function findAutoBuy(em: EntityManager, code: string): Promise<AutoBuy | undefined> {
  return (await em.findOne(AutoBuy, { code }, { refresh: true })) ?? undefined;
}

/** Codes of the customer's wishes that wait for money. */
export async function listWaitingAutoBuys(em: EntityManager, customerId: number): Promise<string[]> {
  const rows = await run<{ code: string }>(em, `select code from auto_buy where customer_id = $1 and status = 'waiting'`, [customerId]);
  return rows.map(({ code }) => code);
}

/** Whether an order stands under its code, or the customer ordered the same lines since they wished. */
export async function isOrderedOtherwise(
  em: EntityManager,
  wish: Pick<AutoBuy, 'code' | 'customerId' | 'linesKey' | 'askedAt'>,
): Promise<boolean> {
  const rows = await run(
    em,
    `select 1 from "order" o where o.code = $1
      union all
     select 1 from "order" o where o.customer_id = $2 and split_part(o.lines_key, ';', 1) = split_part($3, ';', 1) and o.placed_at >= $4 and o.status not in ('expired', 'cancelled')
      limit 1`,
    [wish.code, wish.customerId, wish.linesKey, wish.askedAt],
  );
  return rows.length > 0;
}
