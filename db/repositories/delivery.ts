/** Deliveries, as far as showing goods to the customer goes. */
import { Product } from '../entities/product.ts';
import { Unit } from '../entities/unit.ts';
import type { EntityManager } from '../orm.ts';
import type { Secrets } from '../secrets.ts';

export interface ShownDelivery {
  readonly orderCode: string;
  readonly orderLineId: number;
}

/**
 * Marks a delivery of the customer's paid order as shown, before its goods are: goods that were shown are not taken back by a refund.
 * The order's row is locked, because a refund decides on this mark under the same lock.
 * @returns undefined when there is no such delivery, or it was taken back
 */
export async function markShown(
  em: EntityManager,
  ask: { readonly deliveryId: number; readonly customerId: number; readonly at: Date },
): Promise<ShownDelivery | undefined> {
  return em.transactional(async (tx) => {
    const [order]: { code: string }[] = await tx.execute(
      `select o.code from "order" o where o.customer_id = ? and o.id = (select order_id from delivery where id = ?) for no key update`,
      [ask.customerId, ask.deliveryId],
    );
    if (!order) return undefined;
    const [marked]: { order_line_id: string }[] = await tx.execute(
      `update delivery set shown_at = coalesce(shown_at, ?) where id = ? and status <> 'revoked' and handover_code is null returning order_line_id`,
      [ask.at, ask.deliveryId],
    );
    return marked ? { orderCode: order.code, orderLineId: Number(marked.order_line_id) } : undefined;
  });
}

/** The contents of a line's units, or what every buyer of an unlimited product gets. */
export async function readGoods(em: EntityManager, secrets: Secrets, line: { id: number; productId: number }): Promise<string[]> {
  const units = await em.find(Unit, { orderLineId: line.id, state: 'sold' }, { orderBy: { id: 'asc' } });
  const ofUnits = units.flatMap((unit) =>
    unit.content ? [secrets.open({ table: 'unit', column: 'content', id: unit.id }, unit.content)] : [],
  );
  if (ofUnits.length > 0) return ofUnits;
  const product = await em.findOneOrFail(Product, { id: line.productId });
  return product.content ? [secrets.open({ table: 'product', column: 'content', id: product.id }, product.content)] : [];
}
