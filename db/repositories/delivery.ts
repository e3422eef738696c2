/** Deliveries, as far as showing goods to the customer goes. */
import type { DeliveryStatus } from '../../domain/delivery.ts';
import { Order } from '../entities/order.ts';
import type { EntityManager } from '../orm.ts';
import { run } from '../prepared.ts';
import { type Json, readRecord } from '../records.ts';
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

/** Takes a delivery for sending, if it stands as it was seen. `shownAt`: an earlier try may have shown it. @returns whether it is ours */
export async function claimDelivery(
  em: EntityManager,
  { id, status, shownAt }: { readonly id: number; readonly status: DeliveryStatus; readonly shownAt: Date | null },
): Promise<boolean> {
  const rows = await run(
    em,
    `update delivery set status = 'sending', attempts = attempts + 1, shown_at = coalesce(shown_at, $3) where id = $1 and status = $2 returning id`,
    [id, status, shownAt],
  );
  return rows.length > 0;
}

/** It is in the chat. `shownAt`: what was sent is the secret itself. */
export async function markSent(
  em: EntityManager,
  {
    id,
    messageId,
    sentAt,
    shownAt,
  }: { readonly id: number; readonly messageId: number; readonly sentAt: Date; readonly shownAt: Date | null },
): Promise<void> {
  await run(
    em,
    `update delivery set status = 'sent', message_id = $2, sent_at = $3, last_error = null, shown_at = coalesce(shown_at, $4)
      where id = $1 and status = 'sending'`,
    [id, messageId, sentAt, shownAt],
  );
}

/**
 * A paid order whose goods are all sent or handed over is delivered, in one statement that decides on its row and its deliveries.
 * @returns the order as it stands then, undefined when it is not one
 */
export async function deliverOrder(em: EntityManager, orderId: number, at: Date): Promise<Order | undefined> {
  const [row] = await run<{ row: Json }>(
    em,
    `with delivered as (
       update "order" o set status = 'delivered', delivered_at = $2, closed_at = $2, version = o.version + 1
        where o.id = $1 and o.status = 'paid'
          and not exists (select from delivery d where d.order_id = o.id and d.status not in ('sent', 'handedOver'))
       returning o.*),
     noted as (
       insert into audit (shop_id, actor, action, subject, subject_id, before, at)
       select shop_id, 'system', status, 'order', code, to_jsonb('paid'::text), $2 from delivered)
     select to_jsonb(delivered) as row from delivered`,
    [orderId, at],
  );
  return row && readRecord(em, Order, row.row);
}

/** It was refused, or nobody knows. */
export async function markUnsent(
  em: EntityManager,
  { id, status, error }: { readonly id: number; readonly status: 'waiting' | 'sending'; readonly error: string },
): Promise<void> {
  await run(em, `update delivery set status = $2, last_error = $3 where id = $1 and status = 'sending'`, [id, status, error]);
}

/** The contents of a line's units, or what every buyer of an unlimited product gets. */
export async function readGoods(em: EntityManager, secrets: Secrets, line: { id: number; productId: number }): Promise<string[]> {
  const units = await run<{ id: string; content: Buffer }>(
    em,
    `select id, content from unit where order_line_id = $1 and state = 'sold' and content is not null order by id`,
    [line.id],
  );
  if (units.length > 0) return units.map(({ id, content }) => secrets.open({ table: 'unit', column: 'content', id: Number(id) }, content));
  const [product] = await run<{ content: Buffer | null }>(em, 'select content from product where id = $1', [line.productId]);
  return product?.content ? [secrets.open({ table: 'product', column: 'content', id: line.productId }, product.content)] : [];
}
