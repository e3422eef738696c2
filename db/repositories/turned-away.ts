/** Taps that come too late: told so by a look at the stock instead of by a workflow, and remembered. */
import type { EntityManager } from '../orm.ts';
import { run } from '../prepared.ts';
import type { QuotedLines } from './quote.ts';
import { soldOutSql } from './unit.ts';

/** How long a tap is remembered at least: as long as a call of the API is by its key, ms. */
const rememberedMs = 7 * 86_400_000;

const lockingCustomer = 'select id from customer where id = $1 for no key update';
// Not said where the order's own step knows better: when the order stands, and to who ordered the same lately, for that order may be what keeps the units,
// or what an earlier tap was answered with.
const turning = `
  with gone as (delete from turned_away where customer_id = $2 and at < $5)
  insert into turned_away as known (order_code, customer_id, at) select $1, $2, $4
   where exists (select from product p where p.id = any($3::bigint[]) and ${soldOutSql('p')})
     and not exists (select from "order" o where o.code = $1)
     and not exists (select from "order" o join order_line l on l.order_id = o.id
                      where o.customer_id = $2 and o.placed_at >= $5 and l.product_id = any($3::bigint[]))
  on conflict do nothing returning order_code`;
const remembered = 'select order_code from turned_away where order_code = $1 and customer_id = $2';

/** The order a tap asks for. */
interface LateTap {
  readonly orderCode: string;
  readonly customerId: number;
  /** A basket may have been bought meanwhile, which its order's step knows better. */
  readonly fromBasket: boolean;
  readonly at: Date;
}

/**
 * Turns a tap away when nothing of one of its products is in the pool, not even what somebody draws just now. From then on its order is never placed:
 * the step that would place it, now or by an earlier tap of the same order that is still on its way, takes the same lock and finds it turned away.
 * @returns whether it was turned away, now or before; else whether there is enough is for the order's step to say
 */
export async function turnAway(em: EntityManager, tap: LateTap, { shown }: Pick<QuotedLines, 'shown'>): Promise<boolean> {
  const { orderCode, customerId, fromBasket, at } = tap;
  // Looked at first without a lock, as it was quoted: most taps are in time.
  if (fromBasket || shown.every(({ product }) => product.stock > 0)) return false;
  return em.transactional(async (tx) => {
    await run(tx, lockingCustomer, [customerId]);
    const productIds = shown.map(({ product }) => product.id);
    const turned = await run(tx, turning, [orderCode, customerId, productIds, at, new Date(at.getTime() - rememberedMs)]);
    return turned.length > 0 || (await run(tx, remembered, [orderCode, customerId])).length > 0;
  });
}
