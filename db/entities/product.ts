import { defineEntity, p } from '@mikro-orm/postgresql';
import type { MethodName } from '../../domain/payment.ts';
import type { ProductKind, StockMode } from '../../domain/product.ts';
import { Category } from './category.ts';
import { Photo } from './photo.ts';
import { PickupPoint } from './pickup-point.ts';
import { Shop } from './shop.ts';

/** Something sold. Money in minor units of the shop's currency. */
const schema = defineEntity({
  name: 'Product',
  tableName: 'product',
  properties: {
    id: p.bigint('number').primary().autoincrement(),
    shopId: () => p.manyToOne(Shop).mapToPk().fieldName('shop_id'),
    kind: p.text().$type<ProductKind>(),
    stockMode: p.enum(['unique', 'counter', 'unlimited'] as const).$type<StockMode>(),
    title: p.text(),
    description: p.text().default(''),
    categoryId: () => p.manyToOne(Category).mapToPk().nullable().fieldName('category_id'),
    pickupPointId: () => p.manyToOne(PickupPoint).mapToPk().nullable().fieldName('pickup_point_id'),
    photoId: () => p.manyToOne(Photo).mapToPk().nullable().fieldName('photo_id'),
    /** Base price of one unit, tax included. */
    price: p.bigint('number').check('price >= 0'),
    /** Whole percent off the base price. */
    discountPercent: p.integer().default(0).check('discount_percent >= 0 and discount_percent <= 100'),
    /** Tax included in the price, in basis points (2300 = 23 %). */
    taxRate: p.integer().default(0).check('tax_rate >= 0 and tax_rate <= 10000'),
    /** Own price in Stars of one unit before discount; else the price divided by the shop's `starValue`. */
    starsPrice: p.bigint('number').nullable().check('stars_price >= 0'),
    /** At most so many to one customer, in open and paid orders together. */
    customerLimit: p.integer().nullable().check('customer_limit > 0'),
    methods: p.array<MethodName>().$type<MethodName[]>(),
    /** Envelope of what every buyer of an unlimited digital product gets. */
    content: p.blob().nullable(),
    active: p.boolean().default(true),
    position: p.integer().default(0),
    createdAt: p.datetime().defaultRaw('now()'),
  },
  indexes: [{ properties: ['shopId', 'active', 'categoryId'] }, { properties: ['pickupPointId'] }],
});
export class Product extends schema.class {}
schema.setClass(Product);
