/** Putting money into the wallet: `/refill`, the amount, the method, and the deposit's message. */
import type { Composer } from 'grammy';
import { depositSeconds, type DepositView, isOpen } from '../../domain/deposit.ts';
import { parseAmount } from '../../domain/money.ts';
import { formatOrderCode } from '../../domain/order-code.ts';
import { dropConfirmCode, takeConfirmCode } from '../../db/repositories/confirm-code.ts';
import { inStars } from '../../domain/payment.ts';
import { starsForAmount } from '../../domain/pricing.ts';
import { findDepositView } from '../../db/repositories/deposit.ts';
import { listRefillMethods, readRefillBounds } from '../../db/repositories/offered-method.ts';
import { openRefillLink } from '../../db/repositories/refill-link.ts';
import { readSetting } from '../../db/repositories/setting.ts';
import { createInvoiceLinks } from '../../gateways/telegram/invoice-links.ts';
import { isLater } from '../../temporal/deadline.ts';
import { askDeposit, cancelDeposit, openDeposit } from '../../temporal/deposit.ts';
import type { Callback } from '../../texts/callback.ts';
import { depositScreen, refillClosedScreen, refillCoinScreen, refillMethodScreen, refillScreen } from '../../texts/screens/deposit.ts';
import { rejectionText } from '../../texts/screens/rejection.ts';
import type { Screen } from '../../texts/screens/screen.ts';
import type { OpenDeposit } from '../../workflows/messages/deposit.ts';
import { wordingOf } from '../../texts/wording.ts';
import { type BotContext, type CustomerVisit, guestOf } from '../context.ts';
import { listCoinOffers } from '../coin-offers.ts';
import { buyerOf } from '../quoting.ts';
import { offeredCoins } from './chain.ts';
import { createFeature, onTap } from '../route.ts';
import { placeFor, show, textMessageOf } from '../show.ts';
import { carryOutWish, type Patience } from '../wish.ts';

type CallbackTo<To extends Callback['to']> = Extract<Callback, { to: To }>;

/** The amounts to choose from. */
async function openRefill(ctx: BotContext, notice?: string): Promise<void> {
  const guest = guestOf(ctx);
  const methods = await listRefillMethods(guest.em(), buyerOf(guest));
  const coins = await offeredCoins(guest);
  if (methods.length === 0) return void (await show(ctx, refillClosedScreen(guest.texts, coins)));
  await show(ctx, refillScreen(guest.texts, await readRefillBounds(guest.em(), guest.shop, methods), coins, notice));
}

/** The methods for an amount, in minor units; an amount that is out of bounds is said. */
async function openRefillAmount(ctx: BotContext, amount: number, notice?: string): Promise<void> {
  await show(ctx, await drawRefillAmount(guestOf(ctx), amount, { notice }));
}

/** `autoBuy`: what buys itself when the money is there. */
export async function drawRefillAmount(
  guest: CustomerVisit,
  amount: number,
  {
    notice,
    autoBuy,
    forStars = true,
  }: {
    readonly notice?: string | undefined;
    readonly autoBuy?: { readonly orderCode: string; readonly total: number };
    readonly forStars?: boolean;
  },
): Promise<Screen> {
  const { texts } = guest;
  const methods = await listRefillMethods(guest.em(), buyerOf(guest), { forStars });
  if (methods.length === 0) return refillClosedScreen(texts, await offeredCoins(guest));
  const bounds = await readRefillBounds(guest.em(), guest.shop, methods);
  const { currency, minimum, maximum } = bounds;
  if (amount < minimum) return refillScreen(texts, bounds, await offeredCoins(guest), rejectionText('AmountTooSmall', texts));
  if (amount > maximum) return refillScreen(texts, bounds, await offeredCoins(guest), rejectionText('AmountTooLarge', texts));
  const wish = { customerId: guest.customer.id, wish: `deposit:${amount}` };
  const depositCode = await takeConfirmCode(guest.em(), wish, new Date());
  const offered = methods.filter((one) => amount >= one.minimum && amount <= one.maximum).map(({ method }) => method);
  const stars = offered.some(inStars) ? starsForAmount(amount, await readSetting(guest.em(), guest.shop.id, 'starValue')) : null;
  return refillMethodScreen(texts, { depositCode, amount: { amount, currency }, methods: offered, stars, autoBuy }, notice);
}

/** The coins an amount may be paid in. */
async function openRefillCoins(ctx: BotContext, { depositCode, method, amount }: CallbackTo<'refillCoins'>): Promise<void> {
  const guest = guestOf(ctx);
  const { texts, shop } = guest;
  ctx.tap?.answer(texts.say('order-asking'));
  const offers = await listCoinOffers(guest, method, new Date());
  if (offers.length === 0) return openRefillAmount(ctx, amount, rejectionText('MethodUnavailable', texts));
  await show(ctx, refillCoinScreen(texts, { depositCode, method, amount: { amount, currency: shop.currency }, offers }));
}

async function findOwnDeposit(guest: CustomerVisit, depositCode: string): Promise<DepositView | undefined> {
  const view = (await findDepositView(guest.em(), depositCode))?.view;
  return view && view.shopId === guest.shop.id && view.customerId === guest.customer.id ? view : undefined;
}

const linkOf = createInvoiceLinks();

/** The link of its invoice in Stars; without one the screen is opened again. */
async function invoiceUrlOf({ bot, shop }: CustomerVisit, { status, instructions }: DepositView): Promise<string | undefined> {
  return status === 'waiting' && instructions?.kind === 'invoice' ? linkOf(bot, shop.botId ?? 0, instructions.invoice) : undefined;
}

/** Draws the deposit until what stands there is what the row says. @returns false when the customer has no such deposit */
async function drawDeposit(
  guest: CustomerVisit,
  depositCode: string,
  put: (screen: Screen) => Promise<unknown>,
  notice?: string,
): Promise<boolean> {
  const overrides = wordingOf(guest.shop, guest.customer.language);
  let view = await findOwnDeposit(guest, depositCode);
  if (!view) return false;
  for (let drawn = 0; drawn < 3; drawn += 1) {
    await put(depositScreen(view, { overrides, invoiceUrl: await invoiceUrlOf(guest, view), ...(notice === undefined ? {} : { notice }) }));
    const after = await findOwnDeposit(guest, depositCode);
    if (!after || after.version === view.version) break;
    view = after;
  }
  return true;
}

/** Shows a deposit of the customer. @returns false when they have no such deposit */
function openDepositStatus(ctx: BotContext, depositCode: string, notice?: string): Promise<boolean> {
  return drawDeposit(guestOf(ctx), depositCode, placeFor(ctx, { ownerCode: depositCode }), notice);
}

/** The customer came back from the provider's page, or says they paid: it is asked. */
async function askProvider(ctx: BotContext, depositCode: string): Promise<void> {
  const guest = guestOf(ctx);
  const view = await findOwnDeposit(guest, depositCode);
  if (view && view.status !== 'opened' && isOpen(view.status)) await askDeposit(guest.services.door, depositCode);
}

async function deposit(ctx: BotContext, callback: CallbackTo<'deposit'>, patience: Patience): Promise<void> {
  const guest = guestOf(ctx);
  const { shop, customer, texts, services, chatId } = guest;
  const { depositCode, method, amount, coin } = callback;
  ctx.tap?.answer(texts.say('deposit-opening'));
  // Telegram repeats a tap that was not finished.
  if (await openDepositStatus(ctx, depositCode)) return;
  const messageId = await textMessageOf(ctx, texts.say('deposit-opening'));
  const open: OpenDeposit = {
    shopId: shop.id,
    customerId: customer.id,
    amount,
    method,
    coin,
    payWithinSeconds: depositSeconds(method),
    language: customer.language,
    screen: messageId === undefined ? undefined : { chatId, messageId },
  };
  await carryOutWish(
    guest,
    {
      code: depositCode,
      callback,
      messageId,
      ask: async () => {
        const answer = await openDeposit(services.door, depositCode, open);
        const isOpened = 'ok' in answer && answer.ok;
        if (!isLater(answer) && !isOpened) await dropConfirmCode(guest.em(), { customerId: customer.id, code: depositCode });
        return answer;
      },
      draw: (put) => drawDeposit(guest, depositCode, put),
      rejected: (type) => openRefillAmount(ctx, amount, rejectionText(type, texts)),
    },
    patience,
  );
}

async function cancel(ctx: BotContext, callback: CallbackTo<'depositCancel'>, patience: Patience): Promise<void> {
  const guest = guestOf(ctx);
  const { customer, texts, services } = guest;
  const { depositCode } = callback;
  ctx.tap?.answer(texts.say('order-cancelling'));
  if (!(await findOwnDeposit(guest, depositCode))) return openRefill(ctx, rejectionText('UnknownDeposit', texts));
  await carryOutWish(
    guest,
    {
      code: depositCode,
      callback,
      messageId: await textMessageOf(ctx, texts.say('order-cancelling')),
      ask: () => cancelDeposit(services.door, depositCode, { by: 'customer', actor: `customer:${customer.id}` }),
      draw: (put) => drawDeposit(guest, depositCode, put),
      rejected: async (type) => {
        const after = await findOwnDeposit(guest, depositCode);
        // Asked twice, granted once: what the customer wanted has happened.
        const isDone = after?.status === 'expired' && after.endedBy === 'customer';
        await openDepositStatus(ctx, depositCode, isDone ? undefined : rejectionText(type, texts));
      },
    },
    patience,
  );
}

/** `/refill`, with or without an amount behind it. */
async function refill(ctx: BotContext, text: string): Promise<void> {
  const { shop, texts } = guestOf(ctx);
  if (text === '') return openRefill(ctx);
  const amount = parseAmount(text, shop.currency);
  if (amount === undefined) return openRefill(ctx, texts.say('refill-no-amount'));
  await openRefillAmount(ctx, amount);
}

/** `refill_<customer>_<amount>`: whole units, or minor units with `c`. @returns false when it is no such link, or not theirs */
async function openOwnLink(ctx: BotContext, payload: string): Promise<boolean> {
  const { shop, customer } = guestOf(ctx);
  const [, customerId, digits = '', minor] = /^refill_([1-9]\d{0,14})_(\d{1,13})(c?)$/.exec(payload) ?? [];
  if (Number(customerId) !== customer.id) return false;
  const amount = minor === 'c' ? Number(digits) : parseAmount(digits, shop.currency);
  if (amount === undefined) return false;
  await openRefillAmount(ctx, amount);
  return true;
}

/** A link that staff made: it opens once. @returns false when it is no such link, or not theirs */
async function openSignedLink(ctx: BotContext, payload: string): Promise<boolean> {
  const { services, shop, customer, em, texts } = guestOf(ctx);
  const opened = await openRefillLink(em(), services.secrets, { shopId: shop.id, customerId: customer.id, payload, at: new Date() });
  if (opened === 'notTheirs') return false;
  if (opened === 'over') await openRefill(ctx, texts.say('refill-link-over'));
  else await openRefillAmount(ctx, opened.amount);
  return true;
}

export function createDepositFeature(patience: Patience): Composer<BotContext> {
  const feature = createFeature();
  feature.command('refill', (ctx) => refill(ctx, ctx.match.trim()));
  feature.command('start', async (ctx, next) => {
    const payload = ctx.match.trim();
    if (payload.startsWith('refill_') && (await openOwnLink(ctx, payload))) return;
    if (await openSignedLink(ctx, payload)) return;
    const depositCode = /^deposit_([0-9A-Z]{8})$/.exec(payload)?.[1];
    if (depositCode === undefined) return next();
    // The provider's page leads back here.
    await askProvider(ctx, depositCode);
    if (!(await openDepositStatus(ctx, depositCode)))
      await openRefill(ctx, guestOf(ctx).texts.say('deposit-unknown', { code: formatOrderCode(depositCode) }));
  });
  onTap(feature, 'refill', (ctx) => openRefill(ctx));
  onTap(feature, 'refillAmount', (ctx, { amount }) => openRefillAmount(ctx, amount));
  onTap(feature, 'refillCoins', (ctx, callback) => openRefillCoins(ctx, callback));
  onTap(feature, 'deposit', (ctx, callback) => deposit(ctx, callback, patience));
  onTap(feature, 'depositCancel', (ctx, callback) => cancel(ctx, callback, patience));
  onTap(feature, 'depositPaid', async (ctx, { depositCode }) => {
    ctx.tap?.answer(guestOf(ctx).texts.say('order-asking'));
    await askProvider(ctx, depositCode);
    if (!(await openDepositStatus(ctx, depositCode))) await openRefill(ctx, rejectionText('UnknownDeposit', guestOf(ctx).texts));
  });
  onTap(feature, 'depositStatus', async (ctx, { depositCode }) => {
    if (!(await openDepositStatus(ctx, depositCode))) await openRefill(ctx, rejectionText('UnknownDeposit', guestOf(ctx).texts));
  });
  return feature;
}
