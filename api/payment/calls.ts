/** Calls that move money: each is one order, one deposit or one gift link, however often it comes, through the doors the bot goes through. */
import { createHash, randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { isNetworkCoin, type NetworkCoin, networkCoins } from '../../domain/coin.ts';
import { depositSeconds } from '../../domain/deposit.ts';
import type { RejectionFacts } from '../../domain/order.ts';
import { makeOrderCode } from '../../domain/order-code.ts';
import type { PlacedLine } from '../../domain/order.ts';
import { type MethodName, providerOfMethod, providerTraits, takesCoins } from '../../domain/payment.ts';
import type { CalledNoun } from '../../db/entities/nonce.ts';
import type { EntityManager } from '../../db/orm.ts';
import { readBasket } from '../../db/repositories/basket.ts';
import { areOffersOld } from '../../db/repositories/coin-offer.ts';
import { claimCall } from '../../db/repositories/nonce.ts';
import { findUsableMethod } from '../../db/repositories/payment-account.ts';
import { findPaymentOf, type PaymentState } from '../../db/repositories/payment-state.ts';
import { codeToPlace, quotePlacedLines } from '../../db/repositories/quote.ts';
import { readSetting } from '../../db/repositories/setting.ts';
import { turnAway } from '../../db/repositories/turned-away.ts';
import { askCoinOffers } from '../../temporal/coin-offer.ts';
import type { Closed } from '../../temporal/closed.ts';
import { isLater, type Later } from '../../temporal/deadline.ts';
import { askDeposit, openDeposit } from '../../temporal/deposit.ts';
import { askOrder, payOrder, placeOrder } from '../../temporal/order.ts';
import type { DepositAnswer, OpenDeposit } from '../../workflows/messages/deposit.ts';
import type { OrderAnswer, PayWish, PlaceOrder } from '../../workflows/messages/order.ts';
import type { ApiContext } from '../context.ts';
import { Problem } from '../problem.ts';
import { isPaidFor, isPayable } from './answer.ts';
import { notReady, orTooMuch, refusal } from './refusal.ts';
import type { PayBody } from '../schemas/order.ts';
import type { CreateBody, RefillBody } from './schemas.ts';
import type { Visitor } from '../visitor/identify.ts';

type Services = Pick<ApiContext, 'db' | 'door' | 'log'>;

export const hashOf = (text: string) => createHash('sha256').update(text).digest('hex');

/**
 * Uses the nonce up for what is asked, or finds the call of the same key. `code`: of the order it is about, if that stands already.
 * @returns the code of what it is about
 */
export async function claimCode(
  { db }: Services,
  visitor: Visitor,
  call: { readonly nonce: string; readonly key: string; readonly noun: CalledNoun; readonly asked: unknown; readonly code?: string },
): Promise<string> {
  const claimed = await claimCall(db.em.fork(), {
    customerId: visitor.customer.id,
    nonceHash: hashOf(call.nonce),
    key: call.key,
    askedHash: hashOf(JSON.stringify(call.asked)),
    noun: call.noun,
    code: call.code ?? makeOrderCode(randomBytes(8)),
    at: new Date(),
  });
  if (!claimed.ok) throw refusal(claimed.why);
  return claimed.code;
}

/** Places the order of this code, or answers for it as it stands. @throws Problem naming why not */
export async function createOrder(services: Services, visitor: Visitor, orderCode: string, body: CreateBody): Promise<PaymentState> {
  const em = () => services.db.em.fork();
  const { shop, customer } = visitor;
  const isStanding = () => findPaymentOf(em(), { noun: 'order', code: orderCode });
  const standing = await isStanding();
  if (standing) return standing;
  const coin = readCoin(body, shop.currency);
  const asked = await readAsked(em(), customer.id, body);
  if (!asked) {
    // The same call may have taken these lines out since we looked.
    const meanwhile = await isStanding();
    if (meanwhile) return meanwhile;
    throw refusal('BasketChanged');
  }
  const quoted = await quotePlacedLines(em(), { shop, customerId: customer.id }, asked).catch(orTooMuch);
  const { placed, quote, code: entered } = quoted;
  if (placed.length === 0) {
    // The same call may have placed it, and emptied the basket, since we looked.
    const meanwhile = await isStanding();
    if (meanwhile) return meanwhile;
    throw refusal(asked.length === 0 ? 'EmptyBasket' : 'ProductGone');
  }
  const currency = currencyOf(body.method, shop.currency);
  const total = currency === 'XTR' ? (quote.starsTotal ?? undefined) : quote.total;
  if (total !== undefined && body.shownTotal !== undefined && body.shownTotal !== total) {
    const meanwhile = await isStanding();
    if (meanwhile) return meanwhile;
    throw refusal(entered?.refusal ?? 'PriceChanged', { total, currency });
  }
  if (coin !== null) await renewCoinOffers(services, visitor, body.method);
  const place: PlaceOrder = {
    shopId: shop.id,
    customerId: customer.id,
    lines: placed,
    shownTotal: quote.total,
    shownStars: quote.starsTotal ?? undefined,
    method: body.method,
    code: codeToPlace({ quote, code: entered }, quote.total),
    ...(coin === null ? {} : { coin }),
    holdSeconds: await readSetting(em(), shop.id, 'holdSeconds'),
    fromBasket: body.type === 'basket',
    language: customer.language,
  };
  if (await turnAway(em(), { ...place, orderCode, at: new Date() }, quoted)) throw refusal('SoldOut');
  const answer = granted(await placeOrder(services.door, orderCode, place));
  const code = answer?.existing ?? orderCode;
  const state = await findPaymentOf(em(), { noun: 'order', code });
  if (!state) throw refusal('AlreadyEnded');
  return answer?.existing === undefined ? state : payExisting(services, state, { method: body.method, coin, customerId: customer.id });
}

/** The lines that are meant; undefined when the basket no longer has them as they were shown. */
async function readAsked(em: EntityManager, customerId: number, body: CreateBody): Promise<readonly PlacedLine[] | undefined> {
  if (body.productId !== undefined) {
    const { productId, quantity = 1, amount } = body;
    return [{ productId, quantity, ...(amount === undefined ? {} : { amount }) }];
  }
  const basket = await readBasket(em, customerId);
  if (!body.lines) return basket;
  const stands = ({ productId, quantity }: PlacedLine) => basket.some((line) => line.productId === productId && line.quantity === quantity);
  return body.lines.every(stands) ? body.lines : undefined;
}

/** An unpaid order of the same lines stands already: it is paid as the customer wishes now. */
async function payExisting(services: Services, state: PaymentState, wish: Omit<PayWish, 'attempt'>): Promise<PaymentState> {
  if ((state.method === wish.method && state.coin === wish.coin) || !isPayable(state)) return state;
  return choose(services, state.pays.code, { ...wish, attempt: Number(state.id.split('-').at(-1)) + 1 });
}

/** Pays an order that stands by another method, or again. @throws Problem naming why not */
export async function payOtherwise(services: Services, visitor: Visitor, orderCode: string, body: PayBody): Promise<PaymentState> {
  const coin = readCoin(body, visitor.shop.currency);
  if (coin !== null) await renewCoinOffers(services, visitor, body.method);
  return choose(services, orderCode, { method: body.method, coin, customerId: visitor.customer.id, attempt: body.attempt });
}

async function choose(services: Services, orderCode: string, wish: PayWish): Promise<PaymentState> {
  granted(await payOrder(services.door, orderCode, wish));
  const state = await findPaymentOf(services.db.em.fork(), { noun: 'order', code: orderCode });
  if (!state) throw refusal('AlreadyEnded');
  return state;
}

/** The customer says that they paid: the provider is asked, where one can be. Nobody can be about a transfer, and Telegram tells by itself. */
export async function askProvider({ door }: Pick<Services, 'door'>, state: PaymentState): Promise<void> {
  const { pays, instructions } = state;
  if (!isPayable(state) || (instructions?.kind !== 'link' && instructions?.kind !== 'address')) return;
  await (pays.noun === 'order' ? askOrder(door, pays.code) : askDeposit(door, pays.code));
}

/** Opens the deposit of this code, or answers for it as it stands. @throws Problem naming why not */
export async function createRefill(services: Services, visitor: Visitor, depositCode: string, body: RefillBody): Promise<PaymentState> {
  const { shop, customer } = visitor;
  const find = () => findPaymentOf(services.db.em.fork(), { noun: 'deposit', code: depositCode });
  const standing = await find();
  if (standing) return standing;
  const coin = readCoin(body, shop.currency);
  if (coin !== null) await renewCoinOffers(services, visitor, body.method);
  const open: OpenDeposit = {
    shopId: shop.id,
    customerId: customer.id,
    amount: body.amount,
    method: body.method,
    coin,
    payWithinSeconds: depositSeconds(body.method),
    language: customer.language,
  };
  granted(await openDeposit(services.door, depositCode, open));
  const state = await find();
  if (!state) throw refusal('AlreadyEnded');
  return state;
}

/** What a workflow granted; undefined when it is over, and its row is the answer. */
function granted<Answer extends OrderAnswer | DepositAnswer>(answer: Answer | Later | Closed): Extract<Answer, { ok: true }> | undefined {
  if (isLater(answer)) throw notReady();
  if ('closed' in answer) return undefined;
  if (!answer.ok) throw refusal(answer.rejected, factsOf(answer));
  return answer as Extract<Answer, { ok: true }>;
}

/** Until when, and of how many, in the words of the API. */
function factsOf({ until, limit }: { readonly rejected: string } & RejectionFacts): Readonly<Record<string, unknown>> {
  return { ...(until === undefined ? {} : { until: new Date(until).toISOString() }), ...(limit === undefined ? {} : { limit }) };
}

const currencyOf = (method: MethodName, shopCurrency: string) =>
  providerTraits[providerOfMethod[method]].currency === 'XTR' ? 'XTR' : shopCurrency;

/**
 * The coin that `currency` names for a method that is paid in coins; null for the others, whose currency it may only confirm.
 * @throws Problem 400
 */
function readCoin(body: { readonly method: MethodName; readonly currency?: string | undefined }, shopCurrency: string): NetworkCoin | null {
  const { method, currency } = body;
  const refuse = (why: string) => new Problem(400, 'Bad request', `currency: ${why}`, { field: 'currency' });
  if (takesCoins(method)) {
    if (isNetworkCoin(currency)) return currency;
    throw refuse(`${method} is paid in a coin: one of ${Object.keys(networkCoins).join(', ')}`);
  }
  const taken = currencyOf(method, shopCurrency);
  if (currency !== undefined && currency !== taken) throw refuse(`${method} takes ${taken} here`);
  return null;
}

/** Asks which coins the account takes when what is known is old: nobody may have looked in the chat. What was known holds when nobody answers. */
export async function renewCoinOffers({ db, door, log }: Services, { shop, customer }: Visitor, method: MethodName): Promise<void> {
  const at = new Date();
  const { usable, id } = await findUsableMethod(db.em.fork(), shop, method, { customerId: customer.id, at });
  if (!usable || id === null || !(await areOffersOld(db.em.fork(), id, at))) return;
  const asked = { shopId: shop.id, provider: providerOfMethod[method] };
  await askCoinOffers(door, asked).catch((err: unknown) => log.warn({ err, ...asked }, 'coins not asked for'));
}

/** How long the way to pay is awaited beyond the answer of the workflow, ms; the provider is asked on meanwhile. */
const readyWithinMs = 3_000;
const lookAgainMs = 150;

/** Waits until it can be said how to pay. @throws Problem when it is over, or not ready in time */
export async function untilReady({ db }: Pick<Services, 'db'>, first: PaymentState): Promise<PaymentState> {
  const until = performance.now() + readyWithinMs;
  for (let state: PaymentState | undefined = first; state; state = await findPaymentOf(db.em.fork(), first.pays)) {
    if (isPaidFor(state)) return state;
    const more = { payment_id: state.id };
    if (state.status === 'failed' && !state.instructions) throw refusal('PaymentNotOpened', more);
    if (!isPayable(state)) throw refusal('AlreadyEnded', more);
    if (state.instructions) return state;
    if (performance.now() > until) throw notReady(more);
    await sleep(lookAgainMs);
  }
  throw notReady();
}
