import { defineEntity, p } from '@mikro-orm/postgresql';
import { type AchievementName, achievementNames } from '../../domain/achievement.ts';
import { Customer } from './customer.ts';
import { Shop } from './shop.ts';

/** A badge of a customer: once, and kept. */
const schema = defineEntity({
  name: 'Achievement',
  tableName: 'achievement',
  properties: {
    customerId: () => p.manyToOne(Customer).mapToPk().primary().fieldName('customer_id'),
    name: p.enum(achievementNames).$type<AchievementName>().primary(),
    shopId: () => p.manyToOne(Shop).mapToPk().fieldName('shop_id'),
    awardedAt: p.datetime().defaultRaw('now()'),
  },
});
export class Achievement extends schema.class {}
schema.setClass(Achievement);
