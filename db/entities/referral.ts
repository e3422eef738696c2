import { defineEntity, p } from '@mikro-orm/postgresql';
import { Customer } from './customer.ts';
import { Shop } from './shop.ts';

/** A customer who has a link of their own, made when they first ask for it and never changed. */
const referrerSchema = defineEntity({
  name: 'Referrer',
  tableName: 'referrer',
  properties: {
    customerId: () =>
      p.oneToOne(Customer).mapToPk().primary().owner().updateRule('no action').deleteRule('no action').fieldName('customer_id'),
    shopId: () => p.manyToOne(Shop).mapToPk().fieldName('shop_id'),
    /** What stands in their link: 60 random bits. */
    code: p.text().unique().check("code ~ '^[0-9A-HJKMNP-TV-Z]{12}$'"),
    /** Commissions less those taken back, minor units of the shop's currency. */
    earnings: p.bigint('number').default(0).check('earnings >= 0'),
  },
  indexes: [{ properties: ['shopId', 'earnings'] }],
});
export class Referrer extends referrerSchema.class {}
referrerSchema.setClass(Referrer);

/** Who brought a customer: written with the customer's own row, never changed. Whoever brings was there first, so nobody can bring in a circle. */
const referralSchema = defineEntity({
  name: 'Referral',
  tableName: 'referral',
  properties: {
    customerId: () =>
      p.oneToOne(Customer).mapToPk().primary().owner().updateRule('no action').deleteRule('no action').fieldName('customer_id'),
    shopId: () => p.manyToOne(Shop).mapToPk().fieldName('shop_id'),
    referrerId: () => p.manyToOne(Customer).mapToPk().fieldName('referrer_id'),
    attachedAt: p.datetime().defaultRaw('now()'),
  },
  indexes: [{ properties: ['referrerId', 'customerId'] }],
  checks: [{ name: 'referral_referrer_was_first', expression: 'referrer_id < customer_id' }],
});
export class Referral extends referralSchema.class {}
referralSchema.setClass(Referral);
