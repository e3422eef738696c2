/** Ends an unpaid order: units and money go back, the basket gets its lines again. */
import { postRelease } from '../../domain/ledger.ts';
import type { EndedBy } from '../../domain/order.ts';
import type { EntityManager } from '../../db/orm.ts';
import { freeHeldUnits } from '../../db/repositories/unit.ts';
import { changeStatus, heldParts, type LockedOrder } from './row.ts';

/** Compensates: the same for the end of the hold, a cancel by anyone, and the end of the settlement window. */
export async function endUnpaid(
  em: EntityManager,
  locked: LockedOrder,
  end: { status: 'expired' | 'cancelled'; by: EndedBy; actor: string },
  at: Date,
): Promise<void> {
  const { order, shop, payments, held } = locked;
  await freeHeldUnits(em, order.id);
  if (order.fromBasket) await refillBasket(em, order.id, order.customerId);
  if (held.total > 0) {
    locked.postings.push({
      shopId: shop.id,
      currency: order.currency,
      key: `order:${order.code}:release`,
      legs: postRelease(order.customerId, order.id, heldParts(locked)),
      actor: end.actor,
      reason: 'release',
      orderId: order.id,
      at,
    });
    locked.held = { total: 0, bonus: 0, stars: 0 };
    for (const payment of payments) payment.applied = 0;
  }
  for (const payment of payments) {
    if (payment.status === 'pending' || payment.status === 'processing') payment.status = 'expired';
  }
  order.endedBy = end.by;
  order.closedAt = at;
  changeStatus(locked, end.status, end.actor, at);
}

async function refillBasket(em: EntityManager, orderId: number, customerId: number): Promise<void> {
  await em.execute('insert into basket (customer_id) values (?) on conflict do nothing', [customerId]);
  await em.execute(
    `insert into basket_line (basket_id, product_id, quantity)
     select b.id, l.product_id, l.quantity from order_line l join basket b on b.customer_id = ? where l.order_id = ?
     on conflict (basket_id, product_id) do update set quantity = greatest(basket_line.quantity, excluded.quantity)`,
    [customerId, orderId],
  );
}
