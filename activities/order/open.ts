/** The first step of an order: reserves units and freezes prices in one transaction, and for the wallet also pays. */
import { linesKey, type PlacedLine } from '../../domain/order.ts';
import { minimumAmount, providerOfMethod, providerTraits } from '../../domain/payment.ts';
import { type Quote, quoteLines } from '../../domain/pricing.ts';
import { settings } from '../../domain/setting.ts';
import { Customer } from '../../db/entities/customer.ts';
import { Order, OrderLine } from '../../db/entities/order.ts';
import { Product } from '../../db/entities/product.ts';
import { Shop } from '../../db/entities/shop.ts';
import type { EntityManager } from '../../db/orm.ts';
import { findUsableAccount } from '../../db/repositories/payment-account.ts';
import { readSetting } from '../../db/repositories/setting.ts';
import { holdUnits } from '../../db/repositories/unit.ts';
import type { OrderInput, OrderRow, PlaceOrder } from '../../workflows/messages/order.ts';
import { addPayment, checkHourlyPayments, payWithWallet } from './pay.ts';
import { Rejected } from './rejected.ts';
import { answerRow, lockOrder, record, rejectedRow } from './row.ts';
import { settleIfCovered } from './settle.ts';

/** Reserves, or returns the row as it stands: start, retry, reset, lost Temporal and restore are one path. `at`: workflow time, ms. */
export async function openOrder(em: EntityManager, { orderCode, place }: OrderInput, at: number): Promise<OrderRow> {
  try {
    return await em.transactional(async (tx) => {
      const standing = await lockOrder(tx, orderCode);
      if (standing) {
        const foreign = place && (standing.order.shopId !== place.shopId || standing.order.customerId !== place.customerId);
        return foreign ? rejectedRow(orderCode, 'NotYours') : answerRow(tx, standing);
      }
      if (!place) throw new Rejected('UnknownOrder');
      return reserve(tx, orderCode, place, new Date(at));
    });
  } catch (err) {
    if (err instanceof Rejected) return rejectedRow(orderCode, err.type, err.existing);
    throw err;
  }
}

async function reserve(em: EntityManager, orderCode: string, place: PlaceOrder, at: Date): Promise<OrderRow> {
  const shop = await em.findOne(Shop, { id: place.shopId });
  if (!shop?.open) throw new Rejected('ShopClosed');
  // One order of a customer at a time: limits and "the same lines" are judged under this lock.
  await em.execute('select id from customer where id = ? for no key update', [place.customerId]);
  const customer = await em.findOne(Customer, { id: place.customerId, shopId: shop.id });
  if (!customer) throw new Rejected('NotYours');
  if (customer.bannedAt) throw new Rejected('CustomerBanned');
  await checkOpenOrders(em, shop, customer, place, at);

  const { quote, products } = await quotePlaced(em, shop, place.lines);
  if (quote.methods.length === 0) throw new Rejected('NoCommonMethod');
  if (!quote.methods.includes(place.method)) throw new Rejected('MethodNotAllowed');
  const provider = providerOfMethod[place.method];
  const traits = providerTraits[provider];
  const amount = traits.currency === 'XTR' ? (quote.starsTotal ?? 0) : quote.total;
  const currency = traits.currency === 'XTR' ? 'XTR' : shop.currency;
  if (quote.total !== place.shownTotal || (place.method === 'stars' && quote.starsTotal !== place.shownStars))
    throw new Rejected('PriceChanged');
  const account = await findUsableAccount(em, shop.id, provider, { id: customer.id, at });
  if (!account.usable) throw new Rejected('MethodUnavailable');
  // A total of 0 needs no provider; 0 Stars for what costs money is nothing Telegram could be asked for.
  if (quote.total + amount > 0 && amount < minimumAmount(provider, currency)) throw new Rejected('MethodNotAllowed');
  await checkCustomerLimits(em, customer.id, place.lines, products);

  // It travelled through a workflow: what is out of bounds there must not wedge this step.
  const holdSeconds = Math.min(settings.holdSeconds.max, Math.max(1, Math.round(place.holdSeconds) || settings.holdSeconds.fallback));
  const order = em.create(Order, {
    code: orderCode,
    shopId: shop.id,
    customerId: customer.id,
    status: 'awaitingPayment',
    currency: shop.currency,
    total: quote.total,
    starsTotal: quote.starsTotal,
    tax: quote.tax,
    method: place.method,
    methods: [...quote.methods],
    linesKey: linesKey(place.lines),
    fromBasket: place.fromBasket,
    holdSeconds,
    placedAt: at,
    holdEndsAt: new Date(at.getTime() + holdSeconds * 1000),
    screenChatId: place.screen?.chatId ?? null,
    screenMessageId: place.screen?.messageId ?? null,
    // The tap's own answer draws the first screen; without one, `tell` does.
    screenVersion: place.screen ? 1 : 0,
    staffVersion: 1,
    language: place.language,
  });
  em.persist(order);
  await em.flush();
  const lines = quote.lines.map((line, position) => {
    const product = products.get(line.productId) as Product;
    return em.create(OrderLine, {
      orderId: order.id,
      productId: product.id,
      kind: product.kind,
      title: product.title,
      quantity: line.quantity,
      basePrice: line.basePrice,
      discountPercent: line.discountPercent,
      price: line.price,
      starsPrice: line.starsPrice,
      taxRate: line.taxRate,
      tax: line.tax,
      pickupPointId: product.pickupPointId ?? null,
      position,
    });
  });
  em.persist(lines);
  const titles = lines.map((line) => line.title);
  const payment = addPayment(em, order, { attempt: 1, method: place.method, accountId: account.id, amount, currency, titles }, at);
  record(em, order, `customer:${customer.id}`, 'placed', at, undefined, { method: place.method, total: quote.total });
  await em.flush();

  for (const line of [...lines].sort((a, b) => a.productId - b.productId)) {
    if (products.get(line.productId)?.stockMode === 'unlimited') continue;
    if ((await holdUnits(em, line.productId, line.id, line.quantity)) < line.quantity) throw new Rejected('SoldOut');
  }
  if (place.fromBasket) {
    await em.execute(
      `delete from basket_line where basket_id in (select id from basket where customer_id = ?) and product_id in (${place.lines.map(() => '?').join(',')})`,
      [customer.id, ...place.lines.map((line) => line.productId)],
    );
  }
  const locked = { order, shop, payments: [payment] };
  if (provider === 'wallet') await payWithWallet(em, locked, payment, at);
  await settleIfCovered(em, locked, at);
  return answerRow(em, locked);
}

async function checkOpenOrders(em: EntityManager, shop: Shop, customer: Customer, place: PlaceOrder, at: Date): Promise<void> {
  const open = await em.find(Order, { customerId: customer.id, status: { $in: ['awaitingPayment', 'awaitingSettlement'] } });
  const same = open.find((order) => order.linesKey === linesKey(place.lines) && order.status === 'awaitingPayment');
  if (same) throw new Rejected('AlreadyPlaced', same.code);
  if (open.some((order) => order.status === 'awaitingSettlement')) throw new Rejected('PaymentOnItsWay');
  if (open.length >= (await readSetting(em, shop.id, 'openOrderLimit'))) throw new Rejected('TooManyOpenOrders');
  await checkHourlyPayments(em, shop.id, customer.id, at);
}

/** Quotes lines of a shop. @throws Rejected when the basket is empty or a product is gone. */
async function quotePlaced(
  em: EntityManager,
  shop: Shop,
  lines: readonly PlacedLine[],
): Promise<{ quote: Quote; products: Map<number, Product> }> {
  if (lines.length === 0) throw new Rejected('EmptyBasket');
  if (lines.some((line) => !Number.isInteger(line.quantity) || line.quantity < 1 || line.quantity > 1000))
    throw new Rejected('LimitReached');
  if (new Set(lines.map((line) => line.productId)).size < lines.length) throw new Rejected('LimitReached');
  const found = await em.find(Product, { id: { $in: lines.map((line) => line.productId) }, shopId: shop.id, active: true });
  const products = new Map(found.map((product) => [product.id, product]));
  const priced = lines.map((line) => {
    const product = products.get(line.productId);
    if (!product) throw new Rejected('ProductGone');
    return { product: { ...pricedFields(product) }, quantity: line.quantity };
  });
  const starValue = await readSetting(em, shop.id, 'starValue');
  try {
    return { quote: quoteLines(priced, { starValue, digitalAcknowledged: shop.digitalAcknowledgedAt != null }), products };
  } catch (err) {
    if (err instanceof RangeError) throw new Rejected('LimitReached');
    throw err;
  }
}

function pricedFields(product: Product) {
  const { id, kind, title, price, discountPercent, taxRate, methods } = product;
  return { id, kind, title, price, discountPercent, taxRate, methods, starsPrice: product.starsPrice ?? null };
}

async function checkCustomerLimits(
  em: EntityManager,
  customerId: number,
  lines: readonly PlacedLine[],
  products: Map<number, Product>,
): Promise<void> {
  for (const { productId, quantity } of lines) {
    const limit = products.get(productId)?.customerLimit;
    if (limit == null) continue;
    const [row]: { bought: string }[] = await em.execute(
      `select coalesce(sum(l.quantity), 0) as bought from order_line l join "order" o on o.id = l.order_id
        where o.customer_id = ? and l.product_id = ? and o.status in ('awaitingPayment', 'awaitingSettlement', 'paid', 'delivered')`,
      [customerId, productId],
    );
    if (Number(row?.bought ?? 0) + quantity > limit) throw new Rejected('LimitReached');
  }
}
