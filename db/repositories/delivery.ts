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

/** A unit's envelope. */
interface SealedUnit {
  readonly id: number;
  readonly content: Buffer;
}

/**
 * Takes a delivery for sending, if it stands as it was seen. `shownAt`: an earlier try may have shown it.
 * @returns the contents of its line's units, still sealed; undefined when it is not ours to send
 */
export async function claimDelivery(
  em: EntityManager,
  { id, status, shownAt }: { readonly id: number; readonly status: DeliveryStatus; readonly shownAt: Date | null },
): Promise<SealedUnit[] | undefined> {
  const [claimed] = await run<{ units: { id: number; content: string }[] | null }>(
    em,
    `update delivery d set status = 'sending', attempts = attempts + 1, shown_at = coalesce(shown_at, $3) where id = $1 and status = $2
     returning (select jsonb_agg(jsonb_build_object('id', u.id, 'content', encode(u.content, 'base64')) order by u.id) from unit u
                 where u.order_line_id = d.order_line_id and u.state = 'sold' and u.content is not null) as units`,
    [id, status, shownAt],
  );
  return claimed && (claimed.units ?? []).map((unit) => ({ id: unit.id, content: Buffer.from(unit.content, 'base64') }));
}

/** A paid order whose goods are all sent or handed over becomes delivered. `besides` is the delivery that this statement itself marks. */
const deliver = (from: string, besides: string) => `
  delivered as (
    update "order" o set status = 'delivered', delivered_at = $2, closed_at = $2, version = o.version + 1 ${from} o.status = 'paid'
       and not exists (select from delivery d where d.order_id = o.id and d.status not in ('sent', 'handedOver') ${besides})
    returning o.*),
  noted as (
    insert into audit (shop_id, actor, action, subject, subject_id, before, at)
    select shop_id, 'system', status, 'order', code, to_jsonb('paid'::text), $2 from delivered)
  select to_jsonb(delivered) as row from delivered`;

const delivering = `with ${deliver('where o.id = $1 and', '')}`;
const sending = `
  with sent as (
    update delivery set status = 'sent', message_id = $3, sent_at = $2, last_error = null, shown_at = coalesce(shown_at, $4)
     where id = $1 and status = 'sending' returning order_id),
  ${deliver('from sent where o.id = sent.order_id and', 'and d.id <> $1')}`;

/**
 * It is in the chat; when it was the last of a paid order, the order is delivered. `shownAt`: what was sent is the secret itself.
 * @returns the order when it is delivered now
 */
export async function markSent(
  em: EntityManager,
  { id, messageId, sentAt, shownAt }: { id: number; messageId: number; sentAt: Date; shownAt: Date | null },
): Promise<Order | undefined> {
  const [row] = await run<{ row: Json }>(em, sending, [id, sentAt, messageId, shownAt]);
  return row && readRecord(em, Order, row.row);
}

/** Looks once more whether a paid order has all its goods sent. @returns the order when it is delivered now */
export async function deliverOrder(em: EntityManager, orderId: number, at: Date): Promise<Order | undefined> {
  const [row] = await run<{ row: Json }>(em, delivering, [orderId, at]);
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
  return openGoods(
    em,
    secrets,
    line,
    units.map(({ id, content }) => ({ id: Number(id), content })),
  );
}

/** The same with the units at hand. */
export async function openGoods(
  em: EntityManager,
  secrets: Secrets,
  { productId }: { productId: number },
  units: readonly SealedUnit[],
): Promise<string[]> {
  if (units.length > 0) return units.map(({ id, content }) => secrets.open({ table: 'unit', column: 'content', id }, content));
  const [product] = await run<{ content: Buffer | null }>(em, 'select content from product where id = $1', [productId]);
  return product?.content ? [secrets.open({ table: 'product', column: 'content', id: productId }, product.content)] : [];
}
