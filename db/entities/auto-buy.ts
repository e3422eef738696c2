import { defineEntity, p } from '@mikro-orm/postgresql';
import { type AutoBuyStatus, autoBuyStatuses } from '../../domain/auto-buy.ts';
import type { PlacedLine } from '../../domain/order.ts';
import { Customer } from './customer.ts';
import { PromoCode } from './promo-code.ts';
import { Shop } from './shop.ts';

/** A basket that is to buy itself when the money is there. It holds no stock. Minor units of the shop's currency; times of its workflow. */
const schema = defineEntity({
  name: 'AutoBuy',
  tableName: 'auto_buy',
  properties: {
    id: p.bigint('number').primary().autoincrement(),
    /** The code of the order it will be: fixed before, so that it is one order whatever happens. */
    code: p.text().unique(),
    shopId: () => p.manyToOne(Shop).mapToPk().fieldName('shop_id'),
    customerId: () => p.manyToOne(Customer).mapToPk().fieldName('customer_id'),
    lines: p.json<PlacedLine[]>(),
    linesKey: p.text(),
    fromBasket: p.boolean(),
    /** The promo code that what the customer saw reckons with. */
    promoCodeId: () => p.manyToOne(PromoCode).mapToPk().nullable().deleteRule('no action').fieldName('promo_code_id'),
    /** What the customer saw: never bought for more. */
    shownTotal: p.bigint('number').check('shown_total > 0'),
    /** What it is bought for. */
    total: p.bigint('number').nullable().check('total <= shown_total'),
    language: p.text(),
    status: p.enum(autoBuyStatuses).$type<AutoBuyStatus>(),
    /** Why the customer is asked. */
    reason: p.text().nullable(),
    askedAt: p.datetime(),
    lookedAt: p.datetime(),
    closedAt: p.datetime().nullable(),
    toldAt: p.datetime().nullable(),
  },
  // Of several wishes of one customer the newest counts.
  uniques: [{ name: 'auto_buy_waiting', properties: ['customerId'], where: "status = 'waiting'" }],
});
export class AutoBuy extends schema.class {}
schema.setClass(AutoBuy);
