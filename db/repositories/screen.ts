/** Which messages belong to orders: those are edited by the order itself and never turned into something else by a tap. */
import type { EntityManager } from '../orm.ts';

/** Code of the customer's order whose screen or goods this message is. */
export async function findOrderOfMessage(
  em: EntityManager,
  message: { readonly customerId: number; readonly chatId: number; readonly messageId: number },
): Promise<string | undefined> {
  const [row]: { code: string }[] = await em.execute(
    `select o.code from "order" o
      where o.customer_id = ? and o.screen_chat_id = ? and o.screen_message_id = ?
      union all
     select o.code from "order" o join delivery d on d.order_id = o.id
      where o.customer_id = ? and d.message_id = ? limit 1`,
    [message.customerId, message.chatId, message.messageId, message.customerId, message.messageId],
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

/** How many disputes of an order's money providers told of; money taken back that we did not give back counts as one. */
export async function countDisputes(em: EntityManager, orderCode: string): Promise<number> {
  const [row]: { disputes: number }[] = await em.execute(
    `select count(*)::int as disputes from inbox i join "order" o on o.id = i.order_id where o.code = ?
        and (i.kind = 'disputed' or (i.kind = 'refunded' and i.outcome = 'suspense'))`,
    [orderCode],
  );
  return row?.disputes ?? 0;
}
