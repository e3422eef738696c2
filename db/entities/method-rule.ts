import { defineEntity, p } from '@mikro-orm/postgresql';
import type { MethodName } from '../../domain/payment.ts';
import { Shop } from './shop.ts';

/** A shop's rule for a method; absent means there is none. Amounts in minor units of what the method is paid in. */
const schema = defineEntity({
  name: 'MethodRule',
  tableName: 'method_rule',
  properties: {
    shopId: () => p.manyToOne(Shop).mapToPk().primary().fieldName('shop_id'),
    method: p.text().$type<MethodName>().primary(),
    minimum: p.bigint('number').nullable().check('minimum > 0'),
    maximum: p.bigint('number').nullable().check('maximum >= minimum'),
    accountDays: p.integer().default(0),
    deliveredOrders: p.integer().default(0),
    staffOnly: p.boolean().default(false),
    hidden: p.boolean().default(false),
    /** Whether wallets may be topped up by it; null: as the method has it. */
    deposits: p.boolean().nullable(),
  },
});
export class MethodRule extends schema.class {}
schema.setClass(MethodRule);

/** Openings of a method that failed in a row in a shop; absent means the last one worked. */
const healthSchema = defineEntity({
  name: 'MethodHealth',
  tableName: 'method_health',
  properties: {
    shopId: () => p.manyToOne(Shop).mapToPk().primary().fieldName('shop_id'),
    method: p.text().$type<MethodName>().primary(),
    failed: p.integer().check('failed > 0'),
    firstFailedAt: p.datetime(),
    /** Hidden by itself until then. */
    hiddenUntil: p.datetime().nullable(),
  },
});
export class MethodHealth extends healthSchema.class {}
healthSchema.setClass(MethodHealth);
