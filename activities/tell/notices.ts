/** Tells the customer about money that took another way: to the wallet, or back. */
import type { Customer } from '../../db/entities/customer.ts';
import { Inbox } from '../../db/entities/inbox.ts';
import { Refund } from '../../db/entities/refund.ts';
import type { EntityManager } from '../../db/orm.ts';
import { type TelegramBot, TelegramError } from '../../gateways/telegram.ts';
import type { Texts } from '../../texts/bundle.ts';
import { refundNotice, walletNotice } from '../../texts/screens/notice.ts';

export interface NoticeTelling {
  readonly em: EntityManager;
  readonly bot: TelegramBot;
  readonly customer: Pick<Customer, 'chatId'>;
  readonly texts: Texts;
  readonly orderId: number;
  readonly orderCode: string;
  readonly at: Date;
}

export async function tellNotices(telling: NoticeTelling): Promise<void> {
  const { em, bot, customer, texts, orderId, orderCode, at } = telling;
  const toWallet = await em.find(Inbox, { orderId, place: 'wallet', toldAt: null }, { orderBy: { id: 'asc' } });
  for (const row of toWallet) {
    const notice = { orderCode, amount: row.amount ?? 0, currency: row.currency ?? '', late: row.outcomeReason === 'late' };
    await sendNotice(bot, customer.chatId, walletNotice(notice, texts));
    await em.execute('update inbox set told_at = ? where id = ?', [at, row.id]);
  }
  const closed = await em.find(
    Refund,
    { orderId, toldAt: null, status: { $in: ['succeeded', 'failed'] } },
    { orderBy: { requestedAt: 'asc' } },
  );
  for (const { id, amount, currency, provider, scope, status, reason } of closed) {
    const toldAs = { orderCode, amount, currency, provider, scope, status: status as 'succeeded' | 'failed', reason };
    await sendNotice(bot, customer.chatId, refundNotice(toldAs, texts));
    await em.execute('update refund set told_at = ? where id = ?', [at, id]);
  }
}

/** Who blocked the bot reads it in the order's screen and the wallet's entries. @returns whether the chat took it */
export async function sendNotice(bot: TelegramBot, chatId: number, message: Parameters<TelegramBot['sendMessage']>[1]): Promise<boolean> {
  try {
    await bot.sendMessage(chatId, message);
    return true;
  } catch (err) {
    if (!(err instanceof TelegramError && (err.kind === 'blocked' || err.kind === 'refused'))) throw err;
    return false;
  }
}
