import { defineEntity, p } from '@mikro-orm/postgresql';
import { Customer } from './customer.ts';
import { Shop } from './shop.ts';

/** A link that staff made for one customer to top up by; it opens once, within a day. Amount in minor units of the shop's currency. */
const schema = defineEntity({
  name: 'RefillLink',
  tableName: 'refill_link',
  properties: {
    id: p.bigint('number').primary().autoincrement(),
    /** SHA-256 of the link's id, which is known to whoever has the link. */
    hash: p.text().unique(),
    shopId: () => p.manyToOne(Shop).mapToPk().fieldName('shop_id'),
    customerId: () => p.manyToOne(Customer).mapToPk().fieldName('customer_id'),
    amount: p.bigint('number').check('amount > 0'),
    /** Who made it, as in the audit. */
    actor: p.text(),
    madeAt: p.datetime(),
    expiresAt: p.datetime(),
    usedAt: p.datetime().nullable(),
  },
  indexes: [{ properties: ['customerId'] }],
});
export class RefillLink extends schema.class {}
schema.setClass(RefillLink);
