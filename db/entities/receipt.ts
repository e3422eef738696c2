import { defineEntity, p } from '@mikro-orm/postgresql';
import { Order } from './order.ts';
import { Refund } from './refund.ts';
import { Shop } from './shop.ts';

/** A receipt for a settled order or a credit note for a refund, numbered without gaps per shop, kind and year. */
const schema = defineEntity({
  name: 'Receipt',
  tableName: 'receipt',
  properties: {
    id: p.bigint('number').primary().autoincrement(),
    shopId: () => p.manyToOne(Shop).mapToPk().fieldName('shop_id'),
    kind: p.enum(['receipt', 'creditNote'] as const),
    /** In the shop's time zone, by workflow time. */
    year: p.integer(),
    number: p.integer().check('number > 0'),
    orderId: () => p.manyToOne(Order).mapToPk().fieldName('order_id'),
    refundId: () => p.oneToOne(Refund).mapToPk().nullable().fieldName('refund_id'),
    currency: p.text(),
    total: p.bigint('number').check('total >= 0'),
    tax: p.bigint('number').check('tax >= 0'),
    issuedAt: p.datetime(),
  },
  uniques: [
    { properties: ['shopId', 'kind', 'year', 'number'] },
    { name: 'receipt_once', properties: ['orderId'], where: "kind = 'receipt'" },
  ],
});
export class Receipt extends schema.class {}
schema.setClass(Receipt);

/** The last number drawn; its row lock, taken last in a transaction, makes the numbers gapless. */
const counterSchema = defineEntity({
  name: 'ReceiptCounter',
  tableName: 'receipt_counter',
  properties: {
    shopId: () => p.manyToOne(Shop).mapToPk().primary().fieldName('shop_id'),
    kind: p.text().primary(),
    year: p.integer().primary(),
    last: p.integer(),
  },
});
export class ReceiptCounter extends counterSchema.class {}
counterSchema.setClass(ReceiptCounter);
