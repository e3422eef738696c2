import { defineEntity, p } from '@mikro-orm/postgresql';
import type { MethodName } from '../../domain/payment.ts';
import { type ContentKind, contentKinds, type ProductKind, type ProductOption, type StockMode } from '../../domain/product.ts';
import { Category } from './category.ts';
import { Photo } from './photo.ts';
import { PickupPoint } from './pickup-point.ts';
import { Shop } from './shop.ts';

/**
 * Something sold, or shown for its variants: then it has `options` and is not sold itself. A variant is a product with units, price and methods
 * of its own, which no list shows. Money in minor units of the shop's currency.
 */
const schema = defineEntity({
  name: 'Product',
  tableName: 'product',
  properties: {
    id: p.bigint('number').primary().autoincrement(),
    shopId: () => p.manyToOne(Shop).mapToPk().fieldName('shop_id'),
    /** The shop's own name for it, by which files know it again; made up where nobody says one. */
    sku: p.text().defaultRaw('make_key()').check("sku <> '' and length(sku) <= 64"),
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
    /** From how many units on staff are told that it runs low; else the shop's `lowStockAt`. */
    lowStockAt: p.integer().nullable().check('low_stock_at >= 0'),
    methods: p.array<MethodName>().$type<MethodName[]>(),
    /** The product that is shown for it, and which of its options this one is, in their order. */
    variantOf: () => p.manyToOne(Product).mapToPk().nullable().deleteRule('no action').fieldName('variant_of'),
    optionValues: p.array().nullable(),
    options: p.json<ProductOption[]>().nullable(),
    /** For how many days after it was paid a faulty unit is replaced or paid back; frozen on the order's line. */
    warrantyDays: p.integer().nullable().check('warranty_days > 0'),
    /** Credits: how many one unit brings. */
    creditAmount: p.integer().nullable().check('credit_amount > 0'),
    /** Access: how long one unit lasts. */
    accessSeconds: p.integer().nullable().check('access_seconds > 0'),
    /** Donation: what one may be at least and at most. */
    donationMinimum: p.bigint('number').nullable().check('donation_minimum > 0'),
    donationMaximum: p.bigint('number').nullable(),
    /** Envelope of what every buyer of an unlimited digital product gets; of a file its bytes, and its name beside it. */
    content: p.blob().nullable().lazy(),
    contentKind: p.enum(contentKinds).$type<ContentKind>().default('line'),
    fileName: p.blob().nullable().lazy(),
    mediaType: p.text().nullable(),
    active: p.boolean().default(true),
    position: p.integer().default(0),
    createdAt: p.datetime().defaultRaw('now()'),
  },
  indexes: [{ properties: ['shopId', 'active', 'categoryId'] }, { properties: ['pickupPointId'] }, { properties: ['photoId'] }],
  uniques: [{ properties: ['variantOf', 'optionValues'] }, { properties: ['shopId', 'sku'] }],
  checks: [
    {
      name: 'product_variant_options',
      expression: '(variant_of is null) = (option_values is null) and (variant_of is null or options is null)',
    },
    // What has no content of its own is never unique, and what is given never ends: domain/product.ts.
    {
      name: 'product_stock',
      expression: "(stock_mode <> 'unique' or kind in ('digital', 'pickup')) and (kind <> 'donation' or stock_mode = 'unlimited')",
    },
    { name: 'product_credits', expression: "(kind = 'credits') = (credit_amount is not null)" },
    { name: 'product_access', expression: "(kind = 'access') = (access_seconds is not null)" },
    {
      name: 'product_donation',
      expression:
        "(kind = 'donation') = (donation_minimum is not null) and (donation_minimum is null) = (donation_maximum is null) and (kind <> 'donation' or (price >= donation_minimum and price <= donation_maximum and discount_percent = 0))",
    },
    {
      name: 'product_file',
      expression: "(content_kind = 'file') = (file_name is not null) and (file_name is null) = (media_type is null)",
    },
  ],
});
export class Product extends schema.class {}
schema.setClass(Product);

/** A further picture of a product, after `photoId`, in their order: ten in all are an album of Telegram's. */
const photoSchema = defineEntity({
  name: 'ProductPhoto',
  tableName: 'product_photo',
  properties: {
    productId: () => p.manyToOne(Product).mapToPk().primary().fieldName('product_id'),
    position: p.integer().primary().check('position >= 1 and position <= 9'),
    photoId: () => p.manyToOne(Photo).mapToPk().fieldName('photo_id'),
  },
  indexes: [{ properties: ['photoId'] }],
});
export class ProductPhoto extends photoSchema.class {}
photoSchema.setClass(ProductPhoto);

/** A lesson of a course, from 1, in their order. */
const lessonSchema = defineEntity({
  name: 'Lesson',
  tableName: 'lesson',
  properties: {
    productId: () => p.manyToOne(Product).mapToPk().primary().fieldName('product_id'),
    position: p.integer().primary().check('position > 0'),
    title: p.text().check("title <> ''"),
  },
});
export class Lesson extends lessonSchema.class {}
lessonSchema.setClass(Lesson);
