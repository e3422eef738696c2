/** Units: drawing from the pool, giving back, selling. */
import type { EntityManager } from '../orm.ts';

/**
 * Takes up to `quantity` units of a product from the pool for an order line. Rows locked by others are skipped first; when that finds too
 * few, one more look waits for their holders, who may roll back. The rows are picked once, materialised: a sub-select in the delete's own
 * condition may be run again for every row, and then takes more units than were asked, or none.
 * @returns how many were taken; fewer than asked means sold out.
 */
export async function holdUnits(em: EntityManager, productId: number, orderLineId: number, quantity: number): Promise<number> {
  let taken = 0;
  for (const lock of ['for update skip locked', 'for update']) {
    if (taken === quantity) break;
    const rows = await em.execute(
      `with picked as materialized (select unit_id from free_unit where product_id = ? limit ? ${lock}),
            drawn as (delete from free_unit using picked where free_unit.product_id = ? and free_unit.unit_id = picked.unit_id
                      returning free_unit.unit_id)
       update unit set state = 'held', order_line_id = ? from drawn where unit.id = drawn.unit_id and unit.state = 'free' returning unit.id`,
      [productId, quantity - taken, productId, orderLineId],
    );
    taken += rows.length;
  }
  if (taken > quantity) throw new Error(`Order line ${orderLineId} drew ${taken} units of ${quantity}`);
  return taken;
}

/** How many units each order line still holds. */
export async function countHeld(em: EntityManager, orderId: number): Promise<Map<number, number>> {
  const rows: { id: string; held: string }[] = await em.execute(
    `select l.id, count(u.id) as held from order_line l left join unit u on u.order_line_id = l.id and u.state = 'held'
      where l.order_id = ? group by l.id`,
    [orderId],
  );
  return new Map(rows.map((row) => [Number(row.id), Number(row.held)]));
}

/** Held units become sold. */
export async function sellUnits(em: EntityManager, orderId: number): Promise<void> {
  await em.execute(
    `update unit set state = 'sold' where state = 'held' and order_line_id in (select id from order_line where order_id = ?)`,
    [orderId],
  );
}

/** Held units go back to the pool. */
export async function freeHeldUnits(em: EntityManager, orderId: number): Promise<void> {
  await em.execute(
    `update unit set state = 'free', order_line_id = null where state = 'held' and order_line_id in (select id from order_line where order_id = ?)`,
    [orderId],
  );
}

/** Sold units of one line go back: neither shown nor handed over before its refund. */
export async function freeSoldUnits(em: EntityManager, orderLineId: number): Promise<void> {
  await em.execute(`update unit set state = 'free', order_line_id = null where state = 'sold' and order_line_id = ?`, [orderLineId]);
}
