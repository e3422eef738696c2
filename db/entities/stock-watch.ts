import { defineEntity, p } from '@mikro-orm/postgresql';
import { type StockLevel, stockLevels } from '../../domain/stock.ts';
import { Customer } from './customer.ts';
import { Product } from './product.ts';
import { Shop } from './shop.ts';

/** A customer waits for a sold-out product: one row for both, asked again after it was told. */
const schema = defineEntity({
  name: 'StockWatch',
  tableName: 'stock_watch',
  properties: {
    id: p.bigint('number').primary().autoincrement(),
    shopId: () => p.manyToOne(Shop).mapToPk().fieldName('shop_id'),
    customerId: () => p.manyToOne(Customer).mapToPk().fieldName('customer_id'),
    productId: () => p.manyToOne(Product).mapToPk().fieldName('product_id'),
    /** How often it was asked for: each is told once. */
    times: p.integer().default(1).check('times >= 1'),
    askedAt: p.datetime(),
    /** When its notice was written; null while it waits. */
    toldAt: p.datetime().nullable(),
  },
  uniques: [{ properties: ['customerId', 'productId'] }],
  indexes: [
    { name: 'stock_watch_waiting', properties: ['productId', 'askedAt', 'id'], where: 'told_at is null' },
    { name: 'stock_watch_told', properties: ['productId', 'toldAt'], where: 'told_at is not null' },
  ],
});
export class StockWatch extends schema.class {}
schema.setClass(StockWatch);

/** A product whose stock was not enough once: how it stands, and how often that has changed. Without a row there is enough. */
const alarmSchema = defineEntity({
  name: 'StockAlarm',
  tableName: 'stock_alarm',
  properties: {
    productId: () => p.oneToOne(Product).mapToPk().primary().fieldName('product_id'),
    shopId: () => p.manyToOne(Shop).mapToPk().fieldName('shop_id'),
    level: p.enum(stockLevels).$type<StockLevel>().default('enough'),
    /** Changes so far: each is told to staff once. */
    changes: p.integer().default(0),
    changedAt: p.datetime().nullable(),
  },
  indexes: [{ name: 'stock_alarm_raised', properties: ['productId'], where: "level <> 'enough'" }],
});
export class StockAlarm extends alarmSchema.class {}
alarmSchema.setClass(StockAlarm);
