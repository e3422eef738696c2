import { defineEntity, p } from '@mikro-orm/postgresql';
import { type PromoCodeKind, promoCodeKinds } from '../../domain/promo-code.ts';
import { Category } from './category.ts';
import { Customer } from './customer.ts';
import { Product } from './product.ts';
import { Shop } from './shop.ts';

/** What customers type to pay less. Made and stopped by staff; what it takes off never changes. Money in minor units of the shop's currency. */
const schema = defineEntity({
  name: 'PromoCode',
  tableName: 'promo_code',
  properties: {
    id: p.bigint('number').primary().autoincrement(),
    shopId: () => p.manyToOne(Shop).mapToPk().fieldName('shop_id'),
    /** In capital letters. */
    code: p.text(),
    description: p.text().default(''),
    kind: p.enum(promoCodeKinds).$type<PromoCodeKind>(),
    /** Whole percent, or minor units. */
    value: p.bigint('number').check('value > 0'),
    useLimit: p.integer().nullable().check('use_limit > 0'),
    /** Uses left of `useLimit`; null when there is none. */
    remaining: p.integer().nullable().check('remaining >= 0 and remaining <= use_limit'),
    customerLimit: p.integer().nullable().check('customer_limit > 0'),
    firstOrderOnly: p.boolean().default(false),
    productId: () => p.manyToOne(Product).mapToPk().nullable().deleteRule('no action').fieldName('product_id'),
    categoryId: () => p.manyToOne(Category).mapToPk().nullable().deleteRule('no action').fieldName('category_id'),
    minimumTotal: p.bigint('number').default(0).check('minimum_total >= 0'),
    startsAt: p.datetime().nullable(),
    endsAt: p.datetime().nullable(),
    stoppedAt: p.datetime().nullable(),
    createdAt: p.datetime(),
  },
  uniques: [{ properties: ['shopId', 'code'] }],
  checks: [
    { name: 'promo_code_percent', expression: "kind <> 'percent' or value <= 100" },
    { name: 'promo_code_limited', expression: '(use_limit is null) = (remaining is null)' },
    { name: 'promo_code_window', expression: 'starts_at < ends_at' },
  ],
});
export class PromoCode extends schema.class {}
schema.setClass(PromoCode);

/** Whom a code is for; everybody when it names nobody. */
const customerSchema = defineEntity({
  name: 'PromoCodeCustomer',
  tableName: 'promo_code_customer',
  properties: {
    promoCodeId: () =>
      p.manyToOne(PromoCode).mapToPk().primary().updateRule('no action').deleteRule('no action').fieldName('promo_code_id'),
    customerId: () => p.manyToOne(Customer).mapToPk().primary().updateRule('no action').deleteRule('no action').fieldName('customer_id'),
  },
});
export class PromoCodeCustomer extends customerSchema.class {}
customerSchema.setClass(PromoCodeCustomer);

/** The code a customer has entered, and whether their next words are one. One row a customer. */
const appliedSchema = defineEntity({
  name: 'AppliedCode',
  tableName: 'applied_code',
  properties: {
    customerId: () =>
      p.oneToOne(Customer).mapToPk().primary().owner().updateRule('no action').deleteRule('no action').fieldName('customer_id'),
    promoCodeId: () => p.manyToOne(PromoCode).mapToPk().nullable().deleteRule('no action').fieldName('promo_code_id'),
    /** Asked for a code at, and what to show when it is written: the button's data. */
    askedAt: p.datetime().nullable(),
    askedFor: p.text().nullable(),
  },
});
export class AppliedCode extends appliedSchema.class {}
appliedSchema.setClass(AppliedCode);

/** A code that was tried and is none: guesses are counted. */
const trySchema = defineEntity({
  name: 'CodeTry',
  tableName: 'code_try',
  properties: {
    id: p.bigint('number').primary().autoincrement(),
    customerId: () => p.manyToOne(Customer).mapToPk().fieldName('customer_id'),
    at: p.datetime(),
  },
  indexes: [{ properties: ['customerId', 'at'] }],
});
export class CodeTry extends trySchema.class {}
trySchema.setClass(CodeTry);
