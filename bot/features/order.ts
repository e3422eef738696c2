/** The order: confirm, place, another method, cancel, open. */
import type { Composer } from 'grammy';
import { spendableOf } from '../../domain/ledger.ts';
import { codeToPlace } from '../../db/repositories/quote.ts';
import { dropConfirmCode, takeConfirmCode } from '../../db/repositories/confirm-code.ts';
import { readWallet } from '../../db/repositories/ledger.ts';
import { readSetting } from '../../db/repositories/setting.ts';
import { turnAway } from '../../db/repositories/turned-away.ts';
import { findStageOfCode, noteStageOrder } from '../../db/repositories/stage-visit.ts';
import { findTopUp, listUsableMethods } from '../../db/repositories/offered-method.ts';
import { offeredMethods } from '../../domain/method-rule.ts';
import { inStars } from '../../domain/payment.ts';
import { isPaid, isUnpaid, type OrderStatus, type RejectionFacts } from '../../domain/order.ts';
import { isLater } from '../../temporal/deadline.ts';
import { askOrder, cancelOrder, payOrder, placeOrder } from '../../temporal/order.ts';
import type { Callback, LinesSource, Origin } from '../../texts/callback.ts';
import { confirmScreen, placeCoinScreen } from '../../texts/screens/basket.ts';
import { orderCoinScreen } from '../../texts/screens/coin.ts';
import type { TextPart } from '../../texts/rich-text.ts';
import { rejectionLine, rejectionText } from '../../texts/screens/rejection.ts';
import type { Screen } from '../../texts/screens/screen.ts';
import type { PlaceOrder } from '../../workflows/messages/order.ts';
import { type BotContext, type CustomerVisit, guestOf } from '../context.ts';
import { listCoinOffers } from '../coin-offers.ts';
import { drawOrder, findOwnOrder } from '../order-drawing.ts';
import { buyerOf, digestLines, linesOf } from '../quoting.ts';
import { createFeature, onTap } from '../route.ts';
import { placeFor, show, textMessageOf } from '../show.ts';
import { carryOutWish, type Patience } from '../wish.ts';
import { openBasket } from './basket.ts';
import { showShop } from './shop.ts';

const soldOut = { ok: false, rejected: 'SoldOut' } as const;

type CallbackTo<To extends Callback['to']> = Extract<Callback, { to: To }>;

/** Shows an order of the customer. @returns false when they have no such order */
export function openOrder(ctx: BotContext, orderCode: string, options: { anew?: boolean; notice?: string } = {}): Promise<boolean> {
  const { anew = false, notice } = options;
  return drawOrder(guestOf(ctx), orderCode, placeFor(ctx, { ownerCode: orderCode, anew }), notice);
}

/** Has the provider asked what became of an unpaid order's payment: the customer came back from its page, or says they paid. */
export async function askProvider(ctx: BotContext, orderCode: string): Promise<void> {
  const guest = guestOf(ctx);
  const view = await findOwnOrder(guest, orderCode);
  const kind = view?.payment?.instructions?.kind;
  if (view && isUnpaid(view.status) && (kind === 'link' || kind === 'address')) await askOrder(guest.services.door, orderCode);
}

/** The screen that is confirmed, with an order code on its buttons that is in nobody's hands yet. */
export async function openConfirm(ctx: BotContext, source: LinesSource, notice?: TextPart, origin?: Origin): Promise<void> {
  const guest = guestOf(ctx);
  const { shop, customer, em, texts } = guest;
  const quoted = await linesOf(guest, source);
  if (quoted.placed.length === 0) {
    if (source.from !== 'product') return openBasket(ctx, notice);
    ctx.tap?.answer(texts.say('product-gone'), true);
    return showShop(ctx);
  }
  // No method for all of them: the basket offers one order per group.
  if (source.from === 'basket' && quoted.quote.methods.length === 0 && quoted.placed.length > 1) return openBasket(ctx, notice);
  const [usable, holdSeconds, balances] = await Promise.all([
    listUsableMethods(em(), buyerOf(guest)),
    readSetting(em(), shop.id, 'holdSeconds'),
    readWallet(em(), shop, customer.id),
  ]);
  const { total, starsTotal, tax } = quoted.quote;
  const offered = offeredMethods(quoted.quote, usable);
  const digest = digestLines(quoted.placed);
  const orderCode = await takeConfirmCode(em(), { customerId: customer.id, wish: digest }, new Date());
  if (origin?.from === 'stage' && source.from === 'product')
    await noteStageOrder(em(), {
      stageId: origin.stageId,
      customerId: customer.id,
      productId: source.productId,
      code: orderCode,
      at: new Date(),
    });
  const topUp = quoted.quote.methods.includes('wallet') ? await findTopUp(em(), buyerOf(guest), quoted.quote) : undefined;
  const screen = confirmScreen(
    texts,
    {
      orderCode,
      source,
      origin,
      digest,
      lines: quoted.shown,
      total,
      starsTotal,
      tax,
      currency: shop.currency,
      methods: origin?.from === 'stage' ? offered.toSorted((one, other) => Number(inStars(other)) - Number(inStars(one))) : offered,
      code: quoted.code,
      holdSeconds,
      balance: spendableOf(balances, quoted.quote.forStars),
      topUp,
    },
    notice ?? (shop.open ? undefined : texts.say('shop-closed-note')),
  );
  await show(ctx, screen);
}

/** Where a confirm screen came from, as far as its order has to remember it: the stage it began at. */
async function originOfCode(ctx: BotContext, orderCode: string): Promise<Origin | undefined> {
  const { em, customer } = guestOf(ctx);
  const stageId = await findStageOfCode(em(), customer.id, orderCode);
  return stageId === undefined ? undefined : { from: 'stage', stageId };
}

/** The coins a confirmed order may be paid in. */
async function openPlaceCoins(ctx: BotContext, { to: _, ...wish }: CallbackTo<'placeCoins'>): Promise<void> {
  const guest = guestOf(ctx);
  const { texts, shop } = guest;
  ctx.tap?.answer(texts.say('order-asking'));
  const offers = await listCoinOffers(guest, wish.method, new Date());
  const origin = await originOfCode(ctx, wish.orderCode);
  if (offers.length === 0) return openConfirm(ctx, wish.source, rejectionText('MethodUnavailable', texts), origin);
  await show(ctx, placeCoinScreen(texts, wish, shop.currency, offers, origin));
}

/** The coins what is still missing of an order may be paid in; in its own message. */
async function openPayCoins(ctx: BotContext, { to: _, ...wish }: CallbackTo<'payCoins'>): Promise<void> {
  const guest = guestOf(ctx);
  const { texts } = guest;
  ctx.tap?.answer(texts.say('order-asking'));
  const view = await findOwnOrder(guest, wish.orderCode);
  if (!view) return openBasket(ctx, rejectionText('UnknownOrder', texts));
  const offers = view.status === 'awaitingPayment' ? await listCoinOffers(guest, wish.method, new Date()) : [];
  if (offers.length === 0) return void (await openOrder(ctx, wish.orderCode, { notice: rejectionText('MethodUnavailable', texts) }));
  const missing = { amount: Math.max(0, view.total - view.held), currency: view.currency };
  // The rest of a part-paid order may be less than a coin takes: the excess goes to the wallet.
  const open = view.held > 0 ? offers.map((offer) => ({ ...offer, minimum: 0 })) : offers;
  const screen = orderCoinScreen(texts, missing, open, {
    tap: (coin) => ({ to: 'pay', ...wish, coin }),
    back: { to: 'order', orderCode: wish.orderCode, anew: false },
  });
  await show(ctx, screen, { ownerCode: wish.orderCode });
}

async function place(ctx: BotContext, callback: CallbackTo<'place'>, patience: Patience): Promise<void> {
  const guest = guestOf(ctx);
  const { shop, customer, em, texts, services, chatId } = guest;
  const { orderCode, method, source, coin } = callback;
  ctx.tap?.answer(texts.say('order-placing'));
  // Telegram repeats a tap that was not finished: the order of this code may stand already, and its lines left the basket with it.
  if (await findOwnOrder(guest, orderCode)) return void (await openOrder(ctx, orderCode));
  const quoted = await linesOf(guest, source);
  const { placed } = quoted;
  if (digestLines(placed) !== callback.lines) {
    if (await openOrder(ctx, orderCode)) return;
    return openConfirm(ctx, source, texts.say('confirm-changed'), await originOfCode(ctx, orderCode));
  }
  const messageId = await textMessageOf(ctx, texts.say('order-placing'));
  const order: PlaceOrder = {
    shopId: shop.id,
    customerId: customer.id,
    lines: placed,
    shownTotal: callback.total,
    shownStars: callback.stars ?? undefined,
    method,
    code: codeToPlace(quoted, callback.total),
    coin,
    holdSeconds: await readSetting(em(), shop.id, 'holdSeconds'),
    fromBasket: source.from !== 'product',
    language: customer.language,
    screen: messageId === undefined ? undefined : { chatId, messageId },
  };
  const wish = {
    code: orderCode,
    callback,
    messageId,
    draw: drawAnswer(guest, orderCode),
    ask: async () => {
      const late = await turnAway(em(), { ...order, orderCode, at: new Date() }, quoted);
      const answer = late ? soldOut : await placeOrder(services.door, orderCode, order);
      const isPlaced = 'ok' in answer && answer.ok && answer.existing === undefined;
      if (!isLater(answer) && !isPlaced) await dropConfirmCode(em(), { customerId: customer.id, code: orderCode });
      return answer;
    },
    rejected: async (type: string, facts?: RejectionFacts) =>
      openConfirm(ctx, source, rejectionLine(type, texts, facts), await originOfCode(ctx, orderCode)),
  };
  await carryOutWish(guest, wish, patience);
}

/** Draws the order a wish was about, or the one that is shown instead. */
function drawAnswer(guest: CustomerVisit, orderCode: string) {
  return (put: (screen: Screen) => Promise<unknown>, answer?: { readonly existing?: string | undefined; readonly status?: string }) => {
    const standing = isPaid(answer?.status as OrderStatus) ? 'order-bought' : 'order-existing';
    const notice = answer?.existing === undefined ? undefined : guest.texts.say(standing);
    return drawOrder(guest, answer?.existing ?? orderCode, put, notice);
  };
}

/** A wish about an order that stands: refused, it is shown again with the reason. */
async function change(
  ctx: BotContext,
  callback: CallbackTo<'pay' | 'cancel'>,
  wish: { word: string; patience: Patience; ask: (customerId: number) => ReturnType<typeof payOrder> },
): Promise<void> {
  const guest = guestOf(ctx);
  const { orderCode } = callback;
  ctx.tap?.answer(wish.word);
  const view = await findOwnOrder(guest, orderCode);
  if (!view) return openBasket(ctx, rejectionText('UnknownOrder', guest.texts));
  const carried = {
    code: orderCode,
    callback,
    draw: drawAnswer(guest, orderCode),
    messageId: await textMessageOf(ctx, guest.texts.say('order-placing')),
    ask: () => wish.ask(guest.customer.id),
    rejected: async (type: string) => {
      const after = await findOwnOrder(guest, orderCode);
      // Asked twice, granted once: what the customer wanted has happened.
      const isDone = callback.to === 'cancel' && after?.status === 'cancelled';
      await openOrder(ctx, orderCode, isDone ? {} : { notice: rejectionText(type, guest.texts) });
    },
  };
  await carryOutWish(guest, carried, wish.patience);
}

export function createOrderFeature(patience: Patience): Composer<BotContext> {
  const feature = createFeature();
  onTap(feature, 'confirm', (ctx, { source, origin }) => openConfirm(ctx, source, undefined, origin));
  onTap(feature, 'place', (ctx, callback) => place(ctx, callback, patience));

  onTap(feature, 'pay', (ctx, callback) => {
    const { texts, services } = guestOf(ctx);
    const { orderCode, method, attempt, coin } = callback;
    return change(ctx, callback, {
      word: texts.say('order-changing'),
      patience,
      ask: (customerId) => payOrder(services.door, orderCode, { method, coin, customerId, attempt }),
    });
  });

  onTap(feature, 'placeCoins', (ctx, callback) => openPlaceCoins(ctx, callback));
  onTap(feature, 'payCoins', openPayCoins);

  onTap(feature, 'cancel', (ctx, callback) => {
    const { texts, services } = guestOf(ctx);
    return change(ctx, callback, {
      word: texts.say('order-cancelling'),
      patience,
      ask: (customerId) => cancelOrder(services.door, callback.orderCode, { by: 'customer', actor: `customer:${customerId}` }),
    });
  });

  onTap(feature, 'paid', async (ctx, { orderCode }) => {
    ctx.tap?.answer(guestOf(ctx).texts.say('order-asking'));
    await askProvider(ctx, orderCode);
    if (!(await openOrder(ctx, orderCode))) await openBasket(ctx, rejectionText('UnknownOrder', guestOf(ctx).texts));
  });

  onTap(feature, 'order', async (ctx, { orderCode, anew }) => {
    if (!(await openOrder(ctx, orderCode, { anew }))) await openBasket(ctx, rejectionText('UnknownOrder', guestOf(ctx).texts));
  });
  return feature;
}
