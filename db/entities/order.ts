import { defineEntity, p } from '@mikro-orm/postgresql';
import type { OrderStatus } from '../../domain/order.ts';
import { orderStatuses } from '../../domain/order.ts';
import type { MethodName } from '../../domain/payment.ts';
import type { ProductKind } from '../../domain/product.ts';
import { Customer } from './customer.ts';
import { PickupPoint } from './pickup-point.ts';
import { Product } from './product.ts';
import { PromoCode } from './promo-code.ts';
import { Shop } from './shop.ts';

/** A basket bought at once. Money in minor units; times set by the workflow, never by the database. */
const schema = defineEntity({
  name: 'Order',
  tableName: 'order',
  properties: {
    id: p.bigint('number').primary().autoincrement(),
    /** Eight characters without look-alikes, without the dash. */
    code: p.text().unique(),
    shopId: () => p.manyToOne(Shop).mapToPk().fieldName('shop_id'),
    customerId: () => p.manyToOne(Customer).mapToPk().fieldName('customer_id'),
    status: p.enum(orderStatuses).$type<OrderStatus>(),
    currency: p.text(),
    total: p.bigint('number').check('total >= 0'),
    /** The same order in Stars, frozen with it; null when its lines do not allow Stars. */
    starsTotal: p.bigint('number').nullable().check('stars_total >= 0'),
    tax: p.bigint('number').check('tax >= 0'),
    /** The promo code it was placed with, and as it was written then. */
    promoCodeId: () => p.manyToOne(PromoCode).mapToPk().nullable().deleteRule('no action').fieldName('promo_code_id'),
    promoCode: p.text().nullable(),
    /** What the customer tapped last. */
    method: p.text().$type<MethodName>(),
    /** Methods all lines allow, frozen at `open`. */
    methods: p.array<MethodName>().$type<MethodName[]>(),
    /** The lines as a canonical text, to find an open order of the same lines. */
    linesKey: p.text(),
    fromBasket: p.boolean().default(false),
    holdSeconds: p.integer().check('hold_seconds >= 1 and hold_seconds <= 3600'),
    placedAt: p.datetime(),
    holdEndsAt: p.datetime(),
    /** Set when money was seen by the end of the hold: the provider's verdict is awaited until then. */
    settleBy: p.datetime().nullable(),
    paidAt: p.datetime().nullable(),
    deliveredAt: p.datetime().nullable(),
    closedAt: p.datetime().nullable(),
    /** Who or what ended it unpaid: `holdEnded | customer | staff | temporal | settlementEnded | failed`. */
    endedBy: p.text().nullable(),
    /** When the reminder became due by the workflow's time, and when it went out. */
    remindedAt: p.datetime().nullable(),
    reminderSentAt: p.datetime().nullable(),
    /** The message edited in place; none until something is shown. */
    screenChatId: p.bigint('number').nullable(),
    screenMessageId: p.bigint('number').nullable(),
    /** Rises with every change people should see; a screen is up to date when its version equals it. */
    version: p.integer().default(1),
    screenVersion: p.integer().default(0),
    staffChatId: p.bigint('number').nullable(),
    staffMessageId: p.bigint('number').nullable(),
    staffVersion: p.integer().default(0),
    language: p.text(),
  },
  indexes: [
    { properties: ['customerId', 'placedAt'] },
    { properties: ['shopId', 'placedAt'] },
    { name: 'order_open', properties: ['status'], where: "status in ('awaitingPayment', 'awaitingSettlement', 'paid', 'unfulfillable')" },
  ],
});
export class Order extends schema.class {}
schema.setClass(Order);

const lineSchema = defineEntity({
  name: 'OrderLine',
  tableName: 'order_line',
  properties: {
    id: p.bigint('number').primary().autoincrement(),
    orderId: () => p.manyToOne(Order).mapToPk().fieldName('order_id'),
    productId: () => p.manyToOne(Product).mapToPk().fieldName('product_id'),
    kind: p.text().$type<ProductKind>(),
    title: p.text(),
    quantity: p.integer().check('quantity >= 1 and quantity <= 1000'),
    /** Frozen at `open`: base price, percent off and price of one unit, and what a promo code takes off the whole line. */
    basePrice: p.bigint('number').check('base_price >= 0'),
    discountPercent: p.integer().check('discount_percent >= 0 and discount_percent <= 100'),
    price: p.bigint('number').check('price >= 0 and price <= base_price'),
    starsPrice: p.bigint('number').nullable().check('stars_price >= 0'),
    codeDiscount: p.bigint('number').default(0).check('code_discount >= 0 and code_discount <= price * quantity'),
    codeStars: p.bigint('number').default(0).check('code_stars >= 0 and code_stars <= coalesce(stars_price, 0) * quantity'),
    taxRate: p.integer().check('tax_rate >= 0 and tax_rate <= 10000'),
    /** Tax included in price x quantity - codeDiscount. */
    tax: p.bigint('number').check('tax >= 0'),
    pickupPointId: () => p.manyToOne(PickupPoint).mapToPk().nullable().fieldName('pickup_point_id'),
    /** What one unit is, as it was promised at `open`. */
    warrantyDays: p.integer().nullable(),
    creditAmount: p.integer().nullable(),
    accessSeconds: p.integer().nullable(),
    position: p.integer(),
  },
  uniques: [{ properties: ['orderId', 'productId'] }],
  indexes: [{ properties: ['productId'] }],
});
export class OrderLine extends lineSchema.class {}
lineSchema.setClass(OrderLine);
