import { defineEntity, p } from '@mikro-orm/postgresql';
import type { ProductKind } from '../../domain/product.ts';
import { Product } from './product.ts';

/**
 * A product as lists and search see it; there while it is shown. Triggers of `product` write it, the application only reads it. So a change of
 * price touches no index of lists, and no list meets a product it does not show. What it repeats of its product has no foreign keys of its own.
 */
const schema = defineEntity({
  name: 'Listing',
  tableName: 'listing',
  properties: {
    productId: () => p.oneToOne(Product).mapToPk().primary().fieldName('product_id'),
    shopId: p.bigint('number'),
    kind: p.text().$type<ProductKind>(),
    categoryId: p.bigint('number').nullable(),
    pickupPointId: p.bigint('number').nullable(),
    position: p.integer(),
    /** The title as `search_name()` writes it: small letters without accents, words with one space between. */
    name: p.text().collation('C'),
  },
  indexes: [
    { name: 'listing_of_shop', properties: ['shopId', 'position', 'name', 'productId'] },
    {
      name: 'listing_of_category',
      properties: ['shopId', 'categoryId', 'position', 'name', 'productId'],
      include: ['kind', 'pickupPointId'],
    },
    { name: 'listing_of_kind', properties: ['shopId', 'kind', 'position', 'name', 'productId'] },
    { name: 'listing_at_point', properties: ['pickupPointId', 'position', 'name', 'productId'], include: ['kind', 'categoryId'] },
    { name: 'listing_by_name', properties: ['shopId', 'name', 'productId'], include: ['kind', 'categoryId', 'pickupPointId'] },
    {
      name: 'listing_elsewhere',
      expression:
        'create index "listing_elsewhere" on "listing" ("shop_id", "position", "name", "product_id") include ("kind") where category_id is null and pickup_point_id is null',
    },
  ],
});
export class Listing extends schema.class {}
schema.setClass(Listing);

/**
 * A word of a listing's name, cut to 32 characters, to be found by its beginning, and what lists are narrowed by: all of it in the key, so that what
 * does not fit is left out without a look at any row. Written by the same triggers.
 */
const wordSchema = defineEntity({
  name: 'ListingWord',
  tableName: 'listing_word',
  properties: {
    shopId: p.bigint('number').primary(),
    word: p.text().collation('C').primary(),
    productId: p.bigint('number').primary(),
    /** 0: of none. */
    categoryId: p.bigint('number').primary(),
    /** 0: nothing to collect. */
    pickupPointId: p.bigint('number').primary(),
    kind: p.text().$type<ProductKind>().primary(),
  },
});
export class ListingWord extends wordSchema.class {}
wordSchema.setClass(ListingWord);
