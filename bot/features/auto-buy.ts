/** A basket that buys itself: the wish for it leads into the top-up, and may be given up while it waits. */
import type { Composer } from 'grammy';
import { findTopUp } from '../../db/repositories/offered-method.ts';
import { giveUpAutoBuy, wishAutoBuy } from '../../temporal/auto-buy.ts';
import type { Callback } from '../../texts/callback.ts';
import { autoBuyScreen } from '../../texts/screens/auto-buy.ts';
import { rejectionText } from '../../texts/screens/rejection.ts';
import type { AutoBuyWish } from '../../workflows/messages/auto-buy.ts';
import { codeToPlace } from '../../db/repositories/quote.ts';
import { type BotContext, guestOf } from '../context.ts';
import { drawOrder } from '../order-drawing.ts';
import { buyerOf, digestLines, linesOf } from '../quoting.ts';
import { createFeature, onTap } from '../route.ts';
import { textMessageOf } from '../show.ts';
import { carryOutWish, type Patience } from '../wish.ts';
import { openBasket } from './basket.ts';
import { drawRefillAmount } from './deposit.ts';
import { openOrder } from './order.ts';

type CallbackTo<To extends Callback['to']> = Extract<Callback, { to: To }>;

async function wish(ctx: BotContext, callback: CallbackTo<'autoBuy'>, patience: Patience): Promise<void> {
  const guest = guestOf(ctx);
  const { shop, customer, texts, services } = guest;
  const { orderCode, source, total } = callback;
  ctx.tap?.answer(texts.say('auto-buy-opening'));
  // Telegram repeats a tap that was not finished, and by then it may be bought.
  if (await openOrder(ctx, orderCode)) return;
  const quoted = await linesOf(guest, source);
  const { placed, quote } = quoted;
  if (digestLines(placed) !== callback.lines) return openBasket(ctx, texts.say('confirm-changed'));
  const wanted: AutoBuyWish = {
    shopId: shop.id,
    customerId: customer.id,
    lines: placed,
    shownTotal: total,
    code: codeToPlace(quoted, total),
    fromBasket: source.from !== 'product',
    language: customer.language,
  };
  const amount = await findTopUp(guest.em(), buyerOf(guest), { total, forStars: quote.forStars });
  const carried = {
    code: orderCode,
    callback,
    messageId: await textMessageOf(ctx, texts.say('auto-buy-opening')),
    ask: () => wishAutoBuy(services.door, orderCode, wanted),
    draw: async (put: Parameters<Parameters<typeof carryOutWish>[1]['draw']>[0], answer?: object) => {
      // Its workflow is over: it was bought, or asked about.
      if (!answer) return drawOrder(guest, orderCode, put);
      const waitsFor = texts.money(total, shop.currency);
      // The money may have come while the screen was looked at.
      const screen =
        amount === undefined
          ? autoBuyScreen(texts, { orderCode, waitsFor })
          : await drawRefillAmount(guest, amount, { autoBuy: { orderCode, total }, forStars: quote.forStars });
      await put(screen);
      return true;
    },
    rejected: (type: string) => openBasket(ctx, rejectionText(type, texts)),
  };
  await carryOutWish(guest, carried, patience);
}

async function giveUp(ctx: BotContext, callback: CallbackTo<'autoBuyGiveUp'>, patience: Patience): Promise<void> {
  const guest = guestOf(ctx);
  const { customer, texts, services } = guest;
  const { orderCode } = callback;
  ctx.tap?.answer(texts.say('order-cancelling'));
  const carried = {
    code: orderCode,
    callback,
    messageId: await textMessageOf(ctx, texts.say('order-cancelling')),
    ask: () => giveUpAutoBuy(services.door, orderCode, customer.id),
    draw: async (put: Parameters<Parameters<typeof carryOutWish>[1]['draw']>[0]) => {
      // Too late: it was bought.
      if (!(await drawOrder(guest, orderCode, put))) await put(autoBuyScreen(texts, 'givenUp'));
      return true;
    },
    rejected: (type: string) => openBasket(ctx, rejectionText(type, texts)),
  };
  await carryOutWish(guest, carried, patience);
}

export function createAutoBuyFeature(patience: Patience): Composer<BotContext> {
  const feature = createFeature();
  onTap(feature, 'autoBuy', (ctx, callback) => wish(ctx, callback, patience));
  onTap(feature, 'autoBuyGiveUp', (ctx, callback) => giveUp(ctx, callback, patience));
  return feature;
}
