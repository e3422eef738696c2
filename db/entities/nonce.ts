import { defineEntity, p } from '@mikro-orm/postgresql';
import { Customer } from './customer.ts';
import { Shop } from './shop.ts';

/** What a call that moves money is about. */
export const calledNouns = ['order', 'deposit', 'voucher'] as const;
export type CalledNoun = (typeof calledNouns)[number];

/**
 * A number the server gave a customer for one call that moves money. Used, it is that call's memory: the key the caller repeats it by, what
 * was asked, and the code of the order, deposit or voucher it became.
 */
const schema = defineEntity({
  name: 'Nonce',
  tableName: 'nonce',
  properties: {
    id: p.bigint('number').primary().autoincrement(),
    /** SHA-256 of the number, which is known to its customer alone. */
    hash: p.text().unique(),
    shopId: () => p.manyToOne(Shop).mapToPk().fieldName('shop_id'),
    customerId: () => p.manyToOne(Customer).mapToPk().fieldName('customer_id'),
    issuedAt: p.datetime(),
    expiresAt: p.datetime(),
    usedAt: p.datetime().nullable(),
    /** The caller's `Idempotency-Key`. */
    key: p.text().nullable(),
    /** SHA-256 of what was asked. */
    askedHash: p.text().nullable(),
    noun: p
      .enum([...calledNouns])
      .$type<CalledNoun>()
      .nullable(),
    /** Of what it is about, which may not stand (yet). */
    code: p.text().nullable(),
  },
  uniques: [{ properties: ['customerId', 'key'] }],
  checks: [{ name: 'nonce_used', expression: 'num_nulls(used_at, "key", asked_hash, noun, code) in (0, 5)' }],
});
export class Nonce extends schema.class {}
schema.setClass(Nonce);
