/** Goods shown on a press, and sent again. */
import type { Composer } from 'grammy';
import { markShown, readGoods } from '../../db/repositories/delivery.ts';
import { resendOrder } from '../../temporal/delivery.ts';
import { isLater } from '../../temporal/deadline.ts';
import { fileCaption, goodsMessage } from '../../texts/screens/goods.ts';
import { rejectionText } from '../../texts/screens/rejection.ts';
import { type BotContext, guestOf } from '../context.ts';
import { findOwnOrder } from '../order-drawing.ts';
import { createFeature, onTap } from '../route.ts';
import { editScreen, sendScreen } from '../show.ts';
import { openOrder } from './order.ts';

async function showGoods(ctx: BotContext, deliveryId: number, anew: boolean): Promise<void> {
  const guest = guestOf(ctx);
  const { em, customer, texts, services, bot, chatId } = guest;
  const shown = await markShown(em(), { deliveryId, customerId: customer.id, at: new Date() });
  if (typeof shown === 'string') return void ctx.tap?.answer(rejectionText(shown, texts), true);
  const view = shown && (await findOwnOrder(guest, shown.orderCode));
  const line = view?.lines.find((candidate) => candidate.id === shown?.orderLineId);
  if (!view || !line) return void ctx.tap?.answer(texts.say('goods-unavailable'), true);
  const goods = await readGoods(em(), services.secrets, line);
  if (goods.texts.length + goods.files.length === 0) return void ctx.tap?.answer(texts.say('goods-none'), true);
  ctx.tap?.answer();
  for (const { name, read } of goods.files) await bot.sendDocument(chatId, { name, bytes: await read() }, fileCaption(line, view, texts));
  if (goods.texts.length === 0) return;
  const message = goodsMessage(line, goods.texts, view, texts);
  const messageId = ctx.callbackQuery?.message?.message_id;
  if (message.document) await bot.sendDocument(chatId, message.document, message.screen);
  else if (anew || messageId === undefined) await sendScreen(guest, message.screen);
  else await editScreen(guest, messageId, message.screen);
}

export function createDeliveryFeature(): Composer<BotContext> {
  const feature = createFeature();
  onTap(feature, 'show', (ctx, { deliveryId, anew }) => showGoods(ctx, deliveryId, anew));

  onTap(feature, 'resend', async (ctx, { orderCode }) => {
    const guest = guestOf(ctx);
    const { texts, services, customer } = guest;
    if (!(await findOwnOrder(guest, orderCode))) return void ctx.tap?.answer(rejectionText('UnknownOrder', texts), true);
    ctx.tap?.answer(texts.say('order-resending'));
    const answer = await resendOrder(services.door, { orderCode, actor: `customer:${customer.id}` });
    if (isLater(answer)) await openOrder(ctx, orderCode, { notice: texts.say('order-later') });
    else if (!answer.ok) await openOrder(ctx, orderCode, { notice: rejectionText(answer.rejected, texts) });
  });
  return feature;
}
