/** Which messages belong to orders and deposits: those are edited by their own workers and never turned into something else by a tap. */
import { Order } from '../entities/order.ts';
import type { EntityManager } from '../orm.ts';
import { run } from '../prepared.ts';
import { type Json, readRecord } from '../records.ts';

/** Where a screen was drawn; `messageId` is null when the message of before was edited, or nobody could be reached. */
interface DrawnScreen {
  readonly chatId: number;
  readonly messageId: number | null;
}

export interface DrawnScreens {
  readonly customer?: DrawnScreen | undefined;
  readonly staff?: DrawnScreen | undefined;
}

/** Notes that screens show an order at `version`. @returns the order's row after it */
export async function markDrawn(
  em: EntityManager,
  { orderId, version, customer, staff }: DrawnScreens & { readonly orderId: number; readonly version: number },
): Promise<Order | undefined> {
  const [row] = await run<{ row: Json }>(
    em,
    `update "order" o set
       screen_version = case when $3::bigint is null then screen_version else greatest(screen_version, $2) end,
       screen_chat_id = coalesce($3, screen_chat_id), screen_message_id = coalesce($4, screen_message_id),
       staff_version = case when $5::bigint is null then staff_version else greatest(staff_version, $2) end,
       staff_chat_id = coalesce($5, staff_chat_id), staff_message_id = coalesce($6, staff_message_id)
      where o.id = $1 returning to_jsonb(o) as row`,
    [orderId, version, customer?.chatId ?? null, customer?.messageId ?? null, staff?.chatId ?? null, staff?.messageId ?? null],
  );
  return row && readRecord(em, Order, row.row);
}

/** Notes that the reminder is being sent. @returns false when it was before */
export async function markReminded(em: EntityManager, orderId: number, at: Date): Promise<boolean> {
  const rows = await run(em, 'update "order" set reminder_sent_at = $2 where id = $1 and reminder_sent_at is null returning id', [
    orderId,
    at,
  ]);
  return rows.length > 0;
}

/** Code of the customer's order or deposit whose screen or goods this message is. */
export async function findOwnerOfMessage(
  em: EntityManager,
  message: { readonly customerId: number; readonly chatId: number; readonly messageId: number },
): Promise<string | undefined> {
  const [row]: { code: string }[] = await em.execute(
    `select o.code from "order" o
      where o.customer_id = ? and o.screen_chat_id = ? and o.screen_message_id = ?
      union all
     select o.code from "order" o join delivery d on d.order_id = o.id
      where o.customer_id = ? and d.message_id = ?
      union all
     select code from deposit where customer_id = ? and screen_chat_id = ? and screen_message_id = ? limit 1`,
    [
      ...[message.customerId, message.chatId, message.messageId],
      ...[message.customerId, message.messageId],
      ...[message.customerId, message.chatId, message.messageId],
    ],
  );
  return row?.code;
}

/** How many of the customer's orders wait for money or goods. */
export async function countOpenOrders(em: EntityManager, customerId: number): Promise<number> {
  const [row]: { open: number }[] = await em.execute(
    `select count(*)::int as open from "order"
      where customer_id = ? and status in ('awaitingPayment', 'awaitingSettlement', 'paid', 'unfulfillable')`,
    [customerId],
  );
  return row?.open ?? 0;
}
