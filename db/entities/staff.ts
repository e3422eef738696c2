import { defineEntity, p } from '@mikro-orm/postgresql';
import { Shop } from './shop.ts';

/** A user with a role in one shop. */
const schema = defineEntity({
  name: 'Staff',
  tableName: 'staff',
  properties: {
    id: p.bigint('number').primary().autoincrement(),
    shopId: () => p.manyToOne(Shop).mapToPk().fieldName('shop_id'),
    telegramUserId: p.bigint('number'),
    role: p.enum(['owner', 'manager', 'support'] as const),
    active: p.boolean().default(true),
    createdAt: p.datetime().defaultRaw('now()'),
  },
  uniques: [{ properties: ['shopId', 'telegramUserId'] }],
});
export class Staff extends schema.class {}
schema.setClass(Staff);
