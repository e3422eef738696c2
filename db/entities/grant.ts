import { defineEntity, p } from '@mikro-orm/postgresql';
import type { ProductKind } from '../../domain/product.ts';
import { Customer } from './customer.ts';
import { OrderLine } from './order.ts';
import { Product } from './product.ts';
import { Shop } from './shop.ts';

/**
 * What a paid order line lets its customer do from then on: credits, access, a course. Written in the transaction that settles the order, once
 * a line; whoever unlocks something reads these rows alone. It counts unless it is revoked, and rests while it is held.
 */
const schema = defineEntity({
  name: 'Grant',
  tableName: 'grant',
  properties: {
    id: p.bigint('number').primary().autoincrement(),
    shopId: () => p.manyToOne(Shop).mapToPk().fieldName('shop_id'),
    customerId: () => p.manyToOne(Customer).mapToPk().fieldName('customer_id'),
    orderLineId: () => p.oneToOne(OrderLine).mapToPk().fieldName('order_line_id'),
    productId: () => p.manyToOne(Product).mapToPk().fieldName('product_id'),
    kind: p.text().$type<ProductKind>(),
    /** Of all units of the line together. */
    credits: p.bigint('number').nullable().check('credits > 0'),
    accessSeconds: p.bigint('number').nullable().check('access_seconds > 0'),
    /** Workflow time. */
    grantedAt: p.datetime(),
    /** Its money is disputed: it rests. */
    heldAt: p.datetime().nullable(),
    /** Its money went back, and when of credits so many as were unspent. */
    revokedAt: p.datetime().nullable(),
    creditsBack: p.bigint('number').default(0),
  },
  indexes: [{ properties: ['customerId', 'kind'] }],
  checks: [
    { name: 'grant_credits', expression: "(kind = 'credits') = (credits is not null)" },
    { name: 'grant_access', expression: "(kind = 'access') = (access_seconds is not null)" },
    {
      name: 'grant_back',
      expression: 'credits_back >= 0 and credits_back <= coalesce(credits, 0) and (credits_back = 0 or revoked_at is not null)',
    },
  ],
});
export class Grant extends schema.class {}
schema.setClass(Grant);
