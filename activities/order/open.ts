/** The first step of an order: reserves units and freezes prices in one transaction, and for the wallet also pays. */
import { isAmountAllowed } from '../../domain/donation.ts';
import { coolDownUntil } from '../../domain/hoarding.ts';
import { linesKey, type PlacedLine } from '../../domain/order.ts';
import { providerOfMethod, providerTraits } from '../../domain/payment.ts';
import type { Quote } from '../../domain/pricing.ts';
import { type CodeRefusal, quoteWithCode } from '../../domain/promo-code.ts';
import { settings } from '../../domain/setting.ts';
import { tierDiscountKeys, tierOf } from '../../domain/tier.ts';
import type { EntityManager } from '../../db/orm.ts';
import { findBoughtBasket, insertOrder, type PlaceFacts, readPlaceFacts } from '../../db/repositories/order-place.ts';
import { judgeMethod, listBarredMethods } from '../../db/repositories/method-rule.ts';
import { judgeAccount } from '../../db/repositories/payment-account.ts';
import { reserveUse } from '../../db/repositories/promo-code.ts';
import { settingOf } from '../../db/repositories/setting.ts';
import { holdUnits } from '../../db/repositories/unit.ts';
import type { OrderInput, OrderRow, PlaceOrder } from '../../workflows/messages/order.ts';
import { coinColumns, coinMinimum, newPayment, payWithWallet } from './pay.ts';
import { Rejected } from './rejected.ts';
import { answerRow, beginStep, inOrder, rejectedRow, saveOrder } from './row.ts';
import { settleIfCovered } from './settle.ts';

type PlacedProduct = PlaceFacts['products'][number];

/** Reserves, or returns the row as it stands: start, retry, reset, lost Temporal and restore are one path. `at`: workflow time, ms. */
export async function openOrder(em: EntityManager, { orderCode, place }: OrderInput, at: number): Promise<OrderRow> {
  try {
    if (place) checkIds(place);
    return await inOrder(
      em,
      orderCode,
      async (tx, standing) => {
        if (standing) {
          const foreign = place && (standing.order.shopId !== place.shopId || standing.order.customerId !== place.customerId);
          return foreign ? rejectedRow(orderCode, 'NotYours') : answerRow(standing);
        }
        if (!place) throw new Rejected('UnknownOrder');
        return reserve(tx, orderCode, place, new Date(at));
      },
      { customerId: place?.customerId },
    );
  } catch (err) {
    if (err instanceof Rejected) return rejectedRow(orderCode, err.type, err);
    throw err;
  }
}

async function reserve(em: EntityManager, orderCode: string, place: PlaceOrder, at: Date): Promise<OrderRow> {
  const provider = providerOfMethod[place.method];
  const facts = await readPlaceFacts(em, {
    ...place,
    orderCode,
    productIds: place.lines.map((line) => line.productId),
    provider,
    codeId: place.code,
    at,
  });
  const { shop, customer, products } = facts;
  if (!shop?.open) throw new Rejected('ShopClosed');
  if (!customer) throw new Rejected('NotYours');
  if (customer.bannedAt) throw new Rejected('CustomerBanned');
  if (facts.turnedAway) throw new Rejected('SoldOut');
  checkOpenOrders(facts, place);
  const bought = place.fromBasket ? await findBoughtBasket(em, place) : undefined;
  if (bought !== undefined) throw new Rejected('AlreadyPlaced', bought);

  const productOf = new Map(products.map((product) => [product.id, product]));
  const { quote, refusal } = quotePlaced(facts, productOf, place.lines, at);
  if (place.code != null && !facts.code) throw new Rejected('CodeStopped');
  if (refusal) throw new Rejected(refusal);
  if (quote.methods.length === 0) throw new Rejected('NoCommonMethod');
  if (!quote.methods.includes(place.method)) throw new Rejected('MethodNotAllowed');
  const inStars = providerTraits[provider].currency === 'XTR';
  const amount = inStars ? (quote.starsTotal ?? 0) : quote.total;
  const currency = inStars ? 'XTR' : shop.currency;
  if (quote.total !== place.shownTotal || (place.method === 'stars' && quote.starsTotal !== place.shownStars))
    throw new Rejected('PriceChanged');
  const account = judgeAccount(provider, facts.account, facts.failedCards);
  const asked = { customerId: customer.id, at, ruled: facts.ruled };
  const { barred, bounds } = await judgeMethod(em, shop, place.method, asked);
  if (!account.usable || barred) throw new Rejected(barred ?? 'MethodUnavailable');
  // What is not for this customer is not offered as another method either; the wallet pays at once.
  const others = provider === 'wallet' ? [] : await listBarredMethods(em, shop, quote.methods, asked);
  // A total of 0 needs no provider; 0 Stars for what costs money is nothing Telegram could be asked for.
  const coin = place.coin ?? null;
  const minimum = Math.max(bounds.minimum, await coinMinimum(em, { method: place.method, coin, accountId: account.id, currency, at }));
  if (quote.total + amount > 0 && (amount < minimum || amount > bounds.maximum)) throw new Rejected('MethodNotAllowed');
  checkCustomerLimits(facts, productOf, place.lines);
  // What is paid in this very step is kept from nobody.
  if (provider !== 'wallet' && quote.total + amount > 0) checkHoarding(facts, productOf, place.lines, at);
  // Most who come too late for the last units are told before anything is written.
  if (products.some(({ id }) => facts.soldOut.has(id))) throw new Rejected('SoldOut');

  // It travelled through a workflow: what is out of bounds there must not wedge this step.
  const holdSeconds = Math.min(settings.holdSeconds.max, Math.max(1, Math.round(place.holdSeconds) || settings.holdSeconds.fallback));
  const lines = quote.lines.map((line, position) => {
    const { kind, title, pickupPointId = null, ...product } = productOf.get(line.productId) as PlacedProduct;
    const { warrantyDays = null, creditAmount = null, accessSeconds = null } = product;
    const { methods, ...priced } = line;
    return { ...priced, kind, title, pickupPointId, warrantyDays, creditAmount, accessSeconds, position };
  });
  const titles = lines.map((line) => line.title);
  const ids = { shopId: shop.id, customerId: customer.id };
  const payment = newPayment(
    // The order's id is filled in where both are inserted.
    { ...ids, id: 0, code: orderCode },
    { attempt: 1, method: place.method, ...coinColumns(coin), accountId: account.id, amount, currency, titles },
    at,
  );
  const inserted = await insertOrder(em, {
    order: {
      ...ids,
      code: orderCode,
      status: 'awaitingPayment',
      currency: shop.currency,
      total: quote.total,
      starsTotal: quote.starsTotal,
      tax: quote.tax,
      promoCodeId: facts.code?.id ?? null,
      promoCode: facts.code?.code ?? null,
      method: place.method,
      methods: quote.methods.filter((method) => !others.includes(method)),
      linesKey: linesKey(place.lines, place.code),
      fromBasket: place.fromBasket,
      holdSeconds,
      placedAt: at,
      holdEndsAt: new Date(at.getTime() + holdSeconds * 1000),
      screenChatId: place.screen?.chatId ?? null,
      screenMessageId: place.screen?.messageId ?? null,
      version: 1,
      // The tap's own answer draws the first screen; without one, `tell` does.
      screenVersion: place.screen ? 1 : 0,
      staffVersion: 1,
      language: place.language,
    },
    lines,
    payment,
    placed: {
      shopId: shop.id,
      actor: `customer:${customer.id}`,
      action: 'placed',
      subject: 'order',
      subjectId: orderCode,
      before: null,
      after: { method: place.method, total: quote.total, ...(facts.code ? { code: facts.code.code, saved: quote.codeDiscount } : {}) },
      at,
    },
  });

  for (const line of [...inserted.lines].sort((a, b) => a.productId - b.productId)) {
    if (productOf.get(line.productId)?.stockMode === 'unlimited') continue;
    if ((await holdUnits(em, line.productId, line.id, line.quantity)) < line.quantity) throw new Rejected('SoldOut');
  }
  if (facts.code) {
    const { codeDiscount: saved, codeStars: savedStars } = quote;
    const use = { codeId: facts.code.id, ...ids, orderId: inserted.order.id, saved, savedStars, at };
    if (!(await reserveUse(em, use))) throw new Rejected('CodeUsedUp');
  }
  if (place.fromBasket) {
    await em.execute(
      `delete from basket_line where basket_id in (select id from basket where customer_id = ?) and product_id in (${place.lines.map(() => '?').join(',')})`,
      [customer.id, ...place.lines.map((line) => line.productId)],
    );
  }
  const locked = beginStep({
    ...inserted,
    shop,
    points: [],
    payments: [payment],
    deliveries: [],
    refunds: [],
    reversals: [],
    held: { total: 0, bonus: 0, stars: 0 },
    waiting: [],
    unnoticed: 0,
  });
  if (provider === 'wallet') await payWithWallet(em, locked, payment, at);
  await settleIfCovered(em, locked, at, { justHeld: true });
  await saveOrder(em, locked);
  return answerRow(locked);
}

/** Ids travelled through a workflow: what is no id names nothing of ours. */
function checkIds({ shopId, customerId, lines, code }: PlaceOrder): void {
  if (!Number.isSafeInteger(shopId) || !Number.isSafeInteger(customerId)) throw new Rejected('NotYours');
  if (lines.some(({ productId }) => !Number.isSafeInteger(productId))) throw new Rejected('ProductGone');
  if (code != null && !Number.isSafeInteger(code)) throw new Rejected('CodeStopped');
}

function checkOpenOrders({ open, openDeposits, begun, settings: own }: PlaceFacts, place: PlaceOrder): void {
  const same = open.find((order) => order.linesKey === linesKey(place.lines, place.code) && order.status === 'awaitingPayment');
  if (same) throw new Rejected('AlreadyPlaced', same);
  if (open.some((order) => order.status === 'awaitingSettlement')) throw new Rejected('PaymentOnItsWay');
  if (open.length + openDeposits >= settingOf(own, 'openOrderLimit')) throw new Rejected('TooManyOpenOrders');
  if (begun >= settingOf(own, 'hourlyOrderLimit')) throw new Rejected('TooManyOpenOrders');
}

/** Quotes lines of a shop with the code asked for, where it applies, for an order or for whoever must know what one would cost. @throws Rejected when the basket is empty or a product is gone. */
export function quotePlaced(
  { shop, settings: own, earnings, code }: PlaceFacts,
  productOf: ReadonlyMap<number, PlacedProduct>,
  lines: readonly PlacedLine[],
  at: Date,
): { readonly quote: Quote; readonly refusal: CodeRefusal | null } {
  if (lines.length === 0) throw new Rejected('EmptyBasket');
  if (lines.some((line) => !Number.isInteger(line.quantity) || line.quantity < 1 || line.quantity > 1000))
    throw new Rejected('LimitReached');
  if (new Set(lines.map((line) => line.productId)).size < lines.length) throw new Rejected('LimitReached');
  const priced = lines.map(({ productId, quantity, amount }) => {
    const product = productOf.get(productId);
    if (!product) throw new Rejected('ProductGone');
    if (product.options != null) throw new Rejected('OptionNeeded');
    if (!isAmountAllowed(product, amount)) throw new Rejected('AmountOutOfBounds');
    const { id, kind, title, price, discountPercent, taxRate, methods, starsPrice = null, categoryId, variantOf } = product;
    return { product: { id, kind, title, price, discountPercent, taxRate, methods, starsPrice, categoryId, variantOf }, quantity, amount };
  });
  try {
    const rules = {
      starValue: settingOf(own, 'starValue'),
      digitalAcknowledged: shop?.digitalAcknowledgedAt != null,
      tierDiscount: settingOf(own, tierDiscountKeys[tierOf(earnings, shop?.currency ?? '')]),
    };
    return quoteWithCode(priced, rules, code, at.getTime());
  } catch (err) {
    if (err instanceof RangeError) throw new Rejected('LimitReached');
    throw err;
  }
}

function checkCustomerLimits({ bought }: PlaceFacts, productOf: ReadonlyMap<number, PlacedProduct>, lines: readonly PlacedLine[]): void {
  for (const { productId, quantity } of lines) {
    const limit = productOf.get(productId)?.customerLimit;
    if (limit != null && (bought.get(productId) ?? 0) + quantity > limit) throw new Rejected('LimitReached');
  }
}

function checkHoarding(
  { settings: own, unpaidEnds, held }: PlaceFacts,
  productOf: ReadonlyMap<number, PlacedProduct>,
  lines: readonly PlacedLine[],
  at: Date,
): void {
  const scarce = lines.filter(({ productId }) => productOf.get(productId)?.stockMode !== 'unlimited');
  if (scarce.length === 0) return;
  const rules = {
    unpaidHoldLimit: settingOf(own, 'unpaidHoldLimit'),
    unpaidHoldSeconds: settingOf(own, 'unpaidHoldSeconds'),
    coolDownSeconds: settingOf(own, 'coolDownSeconds'),
  };
  const until = coolDownUntil(unpaidEnds, rules, at.getTime());
  if (until !== undefined) throw new Rejected('CoolDown', null, { until });
  const limit = settingOf(own, 'heldUnitLimit');
  if (scarce.some(({ productId, quantity }) => (held.get(productId) ?? 0) + quantity > limit))
    throw new Rejected('TooManyHeld', null, { limit });
}
