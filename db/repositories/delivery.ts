/** Deliveries, as far as showing goods to the customer goes. */
import type { DeliveryStatus } from '../../domain/delivery.ts';
import { type ContentKind, kindTraits, productKinds } from '../../domain/product.ts';
import { type FoundContent, type Goods, openContents } from '../content.ts';
import { Order } from '../entities/order.ts';
import type { EntityManager } from '../orm.ts';
import { run } from '../prepared.ts';
import { type Json, readRecord } from '../records.ts';
import type { Secrets } from '../secrets.ts';

/** Kinds whose goods are shown. */
const secretKinds = productKinds
  .filter((kind) => kindTraits[kind].handover === 'secret')
  .map((kind) => `'${kind}'`)
  .join(', ');

export interface ShownDelivery {
  readonly orderCode: string;
  readonly orderLineId: number;
}

/** As activities/reversal/hold.ts has it for a customer's wish. */
const whyUnseenWaits = `
  select case when money.disputed then 'HeldBack' else 'BuyerInDebt' end as why
    from delivery d join "order" o on o.id = d.order_id,
         lateral (select exists (select from reversal v where v.order_id = o.id and v.kind <> 'refund' and v.returned_at is null
                                   and v.cleared_at is null) as disputed,
                         exists (select from payment p where p.order_id = o.id and p.provider = 'wallet' and p.applied > 0)
                         and exists (select from account a where a.shop_id = o.shop_id and a.currency = o.currency
                                       and a.owner = 'customer:' || o.customer_id and a.kind = 'debt' and a.balance > 0) as in_debt) money
   where d.id = ? and d.shown_at is null and d.status <> 'revoked' and (money.disputed or money.in_debt)`;

/**
 * Marks a delivery of the customer's paid order as shown, before its goods are: goods that were shown are not taken back by a refund.
 * The order's row is locked, because a refund decides on this mark under the same lock.
 * What they have not seen waits as long as the money it was paid with may be lost.
 * @returns why it waits; undefined when there is no such delivery, or it was taken back
 */
export async function markShown(
  em: EntityManager,
  ask: { readonly deliveryId: number; readonly customerId: number; readonly at: Date },
): Promise<ShownDelivery | 'HeldBack' | 'BuyerInDebt' | undefined> {
  return em.transactional(async (tx) => {
    const [order]: { code: string }[] = await tx.execute(
      `select o.code from "order" o where o.customer_id = ? and o.id = (select order_id from delivery where id = ?) for no key update`,
      [ask.customerId, ask.deliveryId],
    );
    if (!order) return undefined;
    const [held]: { why: 'HeldBack' | 'BuyerInDebt' }[] = await tx.execute(whyUnseenWaits, [ask.deliveryId]);
    if (held) return held.why;
    const [marked]: { order_line_id: string }[] = await tx.execute(
      `update delivery d set shown_at = coalesce(d.shown_at, ?) from order_line l
        where d.id = ? and l.id = d.order_line_id and l.kind in (${secretKinds}) and d.status <> 'revoked' returning d.order_line_id`,
      [ask.at, ask.deliveryId],
    );
    return marked ? { orderCode: order.code, orderLineId: Number(marked.order_line_id) } : undefined;
  });
}

/**
 * Takes a delivery for sending, if it stands as it was seen. `shownAt`: an earlier try may have shown it.
 * @returns the contents of its line's units, still sealed, files without their bytes; undefined when it is not ours to send
 */
export async function claimDelivery(
  em: EntityManager,
  { id, status, shownAt }: { readonly id: number; readonly status: DeliveryStatus; readonly shownAt: Date | null },
): Promise<FoundContent[] | undefined> {
  const [claimed] = await run<{ units: FoundUnit[] | null }>(
    em,
    `update delivery d set status = 'sending', attempts = attempts + 1, shown_at = coalesce(shown_at, $3) where id = $1 and status = $2
     returning (select jsonb_agg(jsonb_build_object('id', u.id, 'kind', u.content_kind, 'mediaType', u.media_type,
                         'name', encode(u.file_name, 'base64'), 'content', case when u.content_kind <> 'file' then encode(u.content, 'base64') end)
                         order by u.id)
                 from unit u where u.order_line_id = d.order_line_id and u.state = 'sold' and u.content is not null) as units`,
    [id, status, shownAt],
  );
  return claimed && (claimed.units ?? []).map(toFound('unit'));
}

/** A content as JSON, its envelopes in base64. */
interface FoundUnit {
  readonly id: number;
  readonly kind: ContentKind;
  readonly content: string | null;
  readonly name: string | null;
  readonly mediaType: string | null;
}

const toFound =
  (table: 'unit' | 'product') =>
  ({ id, kind, content, name, mediaType }: FoundUnit): FoundContent => ({
    table,
    id: Number(id),
    contentKind: kind,
    content: content === null ? null : Buffer.from(content, 'base64'),
    fileName: name === null ? null : Buffer.from(name, 'base64'),
    mediaType,
  });

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

const contentColumns = `id, content_kind as kind, media_type as "mediaType", encode(file_name, 'base64') as name,
  case when content_kind <> 'file' then encode(content, 'base64') end as content`;

/** The contents of a line's units, or what every buyer of an unlimited product gets. */
export async function readGoods(em: EntityManager, secrets: Secrets, line: { id: number; productId: number }): Promise<Goods> {
  const units = await run<FoundUnit>(
    em,
    `select ${contentColumns} from unit where order_line_id = $1 and state = 'sold' and content is not null order by id`,
    [line.id],
  );
  return openGoods(em, secrets, line, units.map(toFound('unit')));
}

/** The same with the units at hand. */
export async function openGoods(
  em: EntityManager,
  secrets: Secrets,
  { productId }: { productId: number },
  units: readonly FoundContent[],
): Promise<Goods> {
  if (units.length > 0) return openContents(em, secrets, units);
  const products = await run<FoundUnit>(em, `select ${contentColumns} from product where id = $1 and content is not null`, [productId]);
  return openContents(em, secrets, products.map(toFound('product')));
}
