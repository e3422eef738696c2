/** Draws the messages of an order that are edited in place: the customer's screen and the staff's. */
import type { OrderView } from '../../domain/order.ts';
import type { Customer } from '../../db/entities/customer.ts';
import type { Order } from '../../db/entities/order.ts';
import type { EntityManager } from '../../db/orm.ts';
import { viewOrder } from '../../db/repositories/order.ts';
import type { OrderRows } from '../../db/repositories/order-rows.ts';
import { type DrawnScreens, markDrawn, markReminded } from '../../db/repositories/screen.ts';
import type { TelegramBot } from '../../gateways/telegram.ts';
import { orderScreen, reminderScreen } from '../../texts/screens/order.ts';
import { wordingOf } from '../../texts/wording.ts';
import { staffScreen } from '../../texts/screens/staff.ts';
import { draw, orUnreachable } from './draw.ts';

export interface ScreenTelling {
  readonly em: EntityManager;
  readonly bot: TelegramBot;
  readonly customer: Pick<Customer, 'id' | 'chatId'>;
  /** The order as it stands; what changes meanwhile is told by the next `tell`. */
  readonly rows: OrderRows;
  readonly at: Date;
  /** Does a part, and keeps its failure for later. */
  readonly attempt: (part: () => Promise<void>) => Promise<void>;
}

/** The reminder, the customer's screen and the staff's, as far as they are behind. @returns the order's row after it, when one was drawn */
export async function tellScreens(telling: ScreenTelling): Promise<Order | undefined> {
  const { em, rows, attempt } = telling;
  const { order } = rows;
  const view = viewOrder(rows);
  let drawn: DrawnScreens = {};
  let after: Order | undefined;
  const mark = async () => {
    after = await markDrawn(em, { orderId: order.id, version: view.version, ...drawn });
    drawn = {};
  };
  await attempt(() => tellReminder(telling, view));
  await attempt(async () => {
    const screen = await drawCustomer(telling, view);
    if (screen) drawn = { customer: screen };
    // An edit may be repeated; a new message must not be forgotten because the next one fails.
    if (screen?.messageId != null) await mark();
  });
  await attempt(async () => {
    const staff = await drawStaff(telling, view);
    if (staff) drawn = { ...drawn, staff };
  });
  if (drawn.customer || drawn.staff) await mark();
  return after;
}

/** One reminder before the end of the hold: a message of its own, since an edit makes no sound. */
async function tellReminder({ em, bot, customer, rows: { order, shop }, at }: ScreenTelling, view: OrderView): Promise<void> {
  if (!order.remindedAt || order.reminderSentAt || view.status !== 'awaitingPayment') return;
  if (!(await markReminded(em, order.id, at))) return;
  await orUnreachable(() => bot.sendMessage(customer.chatId, reminderScreen(view, wordingOf(shop, view.language))));
}

/** The customer's screen, when something changed since it was drawn. */
async function drawCustomer(
  { bot, customer, rows: { order, shop }, at }: ScreenTelling,
  view: OrderView,
): Promise<DrawnScreens['customer']> {
  if (order.screenVersion >= view.version) return undefined;
  const invoice =
    view.payment?.instructions?.kind === 'invoice' && view.status === 'awaitingPayment' ? view.payment.instructions.invoice : undefined;
  const invoiceUrl = invoice && (await bot.createInvoiceLink(invoice));
  const chatId = order.screenChatId ?? customer.chatId;
  const screen = orderScreen(view, { invoiceUrl, now: at.getTime(), overrides: wordingOf(shop, view.language) });
  const messageId = await draw(bot, chatId, order.screenMessageId ?? null, screen);
  return { chatId, messageId };
}

/** The staff's one message of this order. */
async function drawStaff({ bot, customer, rows: { order, shop } }: ScreenTelling, view: OrderView): Promise<DrawnScreens['staff']> {
  if (shop.staffChatId == null || order.staffVersion >= view.version) return undefined;
  const chatId = order.staffChatId ?? shop.staffChatId;
  const screen = staffScreen(view, { customerId: customer.id, language: shop.language });
  return { chatId, messageId: await draw(bot, chatId, order.staffMessageId ?? null, screen) };
}
