/** Draws the messages of an order that are edited in place: the customer's screen and the staff's. */
import type { OrderView } from '../../domain/order.ts';
import type { Customer } from '../../db/entities/customer.ts';
import type { Shop } from '../../db/entities/shop.ts';
import type { EntityManager } from '../../db/orm.ts';
import { findOrderView } from '../../db/repositories/order.ts';
import { countDisputes } from '../../db/repositories/screen.ts';
import { type OutgoingText, type TelegramBot, TelegramError } from '../../gateways/telegram.ts';
import { orderScreen, reminderScreen } from '../../texts/screens/order.ts';
import { staffScreen } from '../../texts/screens/staff.ts';

export interface ScreenTelling {
  readonly em: EntityManager;
  readonly bot: TelegramBot;
  readonly shop: Shop;
  readonly customer: Customer;
  readonly orderCode: string;
  readonly at: Date;
}

interface Drawn {
  readonly screen_chat_id: string | null;
  readonly screen_message_id: string | null;
  readonly screen_version: number;
  readonly staff_chat_id: string | null;
  readonly staff_message_id: string | null;
  readonly staff_version: number;
  readonly reminded_at: Date | null;
  readonly reminder_sent_at: Date | null;
}

/** An order as it stands, and what was drawn of it: loaded once for all its messages. What changes meanwhile is told by the next `tell`. */
export interface ScreenState {
  readonly view: OrderView;
  readonly drawn: Drawn;
}

export async function loadScreens({ em, orderCode }: Pick<ScreenTelling, 'em' | 'orderCode'>): Promise<ScreenState | undefined> {
  const view = await findOrderView(em.fork(), orderCode);
  const [drawn]: Drawn[] = await em.execute(
    `select screen_chat_id, screen_message_id, screen_version, staff_chat_id, staff_message_id, staff_version, reminded_at, reminder_sent_at
       from "order" where code = ?`,
    [orderCode],
  );
  return view && drawn ? { view, drawn } : undefined;
}

/** The customer's screen, when something changed since it was drawn. */
export async function tellCustomer(telling: ScreenTelling, { view, drawn }: ScreenState): Promise<void> {
  if (drawn.screen_version >= view.version) return;
  const { em, bot, customer, orderCode, at } = telling;
  const invoice =
    view.payment?.instructions?.kind === 'invoice' && view.status === 'awaitingPayment' ? view.payment.instructions.invoice : undefined;
  const invoiceUrl = invoice && (await bot.createInvoiceLink(invoice));
  const chatId = Number(drawn.screen_chat_id ?? customer.chatId);
  const messageId = await draw(bot, chatId, drawn.screen_message_id, orderScreen(view, { invoiceUrl, now: at.getTime() }));
  await em.execute(
    `update "order" set screen_version = greatest(screen_version, ?), screen_chat_id = ?, screen_message_id = coalesce(?, screen_message_id) where code = ?`,
    [view.version, chatId, messageId, orderCode],
  );
}

/** One reminder before the end of the hold: a message of its own, since an edit makes no sound. */
export async function tellReminder(telling: ScreenTelling, { view, drawn }: ScreenState): Promise<void> {
  if (!drawn.reminded_at || drawn.reminder_sent_at || view.status !== 'awaitingPayment') return;
  const { em, bot, customer, orderCode, at } = telling;
  await em.execute('update "order" set reminder_sent_at = ? where code = ? and reminder_sent_at is null', [at, orderCode]);
  await orUnreachable(() => bot.sendMessage(customer.chatId, reminderScreen(view)));
}

/** The staff's one message of this order. */
export async function tellStaff(telling: ScreenTelling, { view, drawn }: ScreenState): Promise<void> {
  const { em, bot, shop, customer, orderCode } = telling;
  if (shop.staffChatId == null || drawn.staff_version >= view.version) return;
  const chatId = Number(drawn.staff_chat_id ?? shop.staffChatId);
  const disputed = (await countDisputes(em, orderCode)) > 0;
  const screen = staffScreen(view, { customerId: customer.id, disputed, language: shop.language });
  const messageId = await draw(bot, chatId, drawn.staff_message_id, screen);
  await em.execute(
    `update "order" set staff_version = greatest(staff_version, ?), staff_chat_id = ?, staff_message_id = coalesce(?, staff_message_id) where code = ?`,
    [view.version, chatId, messageId, orderCode],
  );
}

/** Edits the message, or sends it when there is none (any more). @returns the id of a new message, or null. */
async function draw(bot: TelegramBot, chatId: number, messageId: string | null, screen: OutgoingText): Promise<number | null> {
  if (messageId !== null) {
    try {
      await bot.editMessageText(chatId, Number(messageId), screen);
      return null;
    } catch (err) {
      if (!(err instanceof TelegramError) || (err.kind !== 'gone' && err.kind !== 'refused'))
        return orUnreachable(() => Promise.reject(err));
    }
  }
  return orUnreachable(() => bot.sendMessage(chatId, screen));
}

/** Whoever cannot be reached is not told; only what may work later is tried again. */
async function orUnreachable(send: () => Promise<number>): Promise<number | null> {
  try {
    return await send();
  } catch (err) {
    if (err instanceof TelegramError && (err.kind === 'blocked' || err.kind === 'refused')) return null;
    throw err;
  }
}
