/** Units: drawing from the pool, giving back, selling. */
import { Delivery } from '../entities/delivery.ts';
import type { EntityManager } from '../orm.ts';
import { run } from '../prepared.ts';
import { type Json, readRecords, toJson } from '../records.ts';

/**
 * Picks from the pool and marks what was picked held, which takes it out of the pool (a trigger). `more`: others stand in the pool, locked by those
 * who draw them; it is looked for only when too few were picked, since every look walks past all that was drawn lately.
 */
const draw = (lock: string) => `
  with picked as materialized (select unit_id from free_unit where product_id = $1 limit $2 ${lock}),
       held as (update unit set state = 'held', order_line_id = $3 from picked where unit.id = picked.unit_id and unit.state = 'free'
                returning unit.id)
  select (select count(*)::int from held) as taken,
         case when (select count(*) from picked) >= $2 then true
              else exists (select from free_unit f where f.product_id = $1 and f.unit_id not in (select unit_id from picked)) end as more`;
const draws = [draw('for update skip locked'), draw('for update')];

/**
 * Takes up to `quantity` units of a product from the pool for an order line. Rows locked by others are skipped first; when that finds too
 * few, one more look waits for their holders, who may roll back. The rows are picked once, materialised: a sub-select in the update's own
 * condition may be run again for every row, and then takes more units than were asked, or none.
 * @returns how many were taken; fewer than asked means sold out.
 */
export async function holdUnits(em: EntityManager, productId: number, orderLineId: number, quantity: number): Promise<number> {
  let taken = 0;
  for (const text of draws) {
    const [drawn] = await run<{ taken: number; more: boolean }>(em, text, [productId, quantity - taken, orderLineId]);
    taken += drawn?.taken ?? 0;
    // A unit somebody has drawn and not committed still stands in the pool for us: an empty one is sold out for certain.
    if (taken >= quantity || !drawn?.more) break;
  }
  if (taken > quantity) throw new Error(`Order line ${orderLineId} drew ${taken} units of ${quantity}`);
  return taken;
}

/** Of a row of product: nothing of it is in the pool, not even what somebody draws just now. */
export const soldOutSql = (product: string) =>
  `${product}.stock_mode <> 'unlimited' and not exists (select from free_unit f where f.product_id = ${product}.id)`;

/** How many units each order line still holds. */
export async function countHeld(em: EntityManager, orderId: number): Promise<Map<number, number>> {
  const rows = await run<{ id: string; held: string }>(
    em,
    `select l.id, count(u.id) as held from order_line l left join unit u on u.order_line_id = l.id and u.state = 'held'
      where l.order_id = $1 group by l.id`,
    [orderId],
  );
  return new Map(rows.map((row) => [Number(row.id), Number(row.held)]));
}

const held = `state = 'held' and order_line_id in (select id from order_line where order_id = $1)`;

/** Held units become sold, and each line of the order gets its delivery, in one statement. @returns the deliveries as they stand */
export async function sellUnits(em: EntityManager, orderId: number, deliveries: readonly Partial<Delivery>[]): Promise<Delivery[]> {
  const rows = await run<{ row: Json }>(
    em,
    `with sold as (update unit set state = 'sold' where ${held})
     insert into delivery as stored (shop_id, order_id, order_line_id, status, handover_code)
     select shop_id, order_id, order_line_id, status, handover_code from jsonb_populate_recordset(null::delivery, $2)
     returning to_jsonb(stored) as row`,
    [orderId, JSON.stringify(deliveries.map((delivery) => toJson(em, Delivery, delivery)))],
  );
  return readRecords(
    em,
    Delivery,
    rows.map(({ row }) => row),
  );
}

/** Held units go back to the pool. */
export async function freeHeldUnits(em: EntityManager, orderId: number): Promise<void> {
  await run(em, `update unit set state = 'free', order_line_id = null where ${held}`, [orderId]);
}

/** Sold units of one line go back: neither shown nor handed over before its refund. */
export async function freeSoldUnits(em: EntityManager, orderLineId: number): Promise<void> {
  await run(em, `update unit set state = 'free', order_line_id = null where state = 'sold' and order_line_id = $1`, [orderLineId]);
}

/**
 * A faulty unit of a line leaves the stock for good, and another becomes the line's.
 * @returns the other one; undefined when there is none, and nothing was changed
 */
export async function replaceUnit(
  em: EntityManager,
  { unitId, productId, orderLineId }: { readonly unitId: number; readonly productId: number; readonly orderLineId: number },
): Promise<number | undefined> {
  if ((await holdUnits(em, productId, orderLineId, 1)) === 0) return undefined;
  const gone = await run(
    em,
    `update unit set state = 'withdrawn', order_line_id = null where id = $1 and order_line_id = $2 and state = 'sold' returning id`,
    [unitId, orderLineId],
  );
  if (gone.length === 0) throw new Error(`Unit ${unitId} is not sold by order line ${orderLineId}`);
  const [sold] = await run<{ id: string }>(em, `update unit set state = 'sold' where order_line_id = $1 and state = 'held' returning id`, [
    orderLineId,
  ]);
  return Number(sold?.id);
}

/**
 * Replacements of a line that its customer has not go back, and their claims say so. @returns the claims' codes, and how many units the line has left
 */
export async function freeReplacements(
  em: EntityManager,
  line: { readonly orderLineId: number; readonly round: number; readonly at: Date },
): Promise<{ readonly takenBack: readonly string[]; readonly left: number }> {
  const [row] = await run<{ taken: string[]; left: number }>(
    em,
    `with own as materialized (select id from unit where order_line_id = $1 and state = 'sold'),
          taken as (update claim set taken_back_at = $3
                     where order_line_id = $1 and round = $2 and replacement_id in (select id from own) returning code, replacement_id),
          freed as (update unit set state = 'free', order_line_id = null from taken where unit.id = taken.replacement_id)
     select coalesce((select array_agg(code order by code) from taken), '{}') as taken,
            (select count(*) from own where id not in (select replacement_id from taken))::int as left`,
    [line.orderLineId, line.round, line.at],
  );
  return { takenBack: row?.taken ?? [], left: row?.left ?? 0 };
}
