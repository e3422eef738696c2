import { defineEntity, p } from '@mikro-orm/postgresql';
import { Shop } from './shop.ts';

/** A Telegram user in one shop. */
const schema = defineEntity({
  name: 'Customer',
  tableName: 'customer',
  properties: {
    id: p.bigint('number').primary().autoincrement(),
    shopId: () => p.manyToOne(Shop).mapToPk().fieldName('shop_id'),
    telegramUserId: p.bigint('number'),
    chatId: p.bigint('number'),
    /** `en | ru | pl`. */
    language: p.text().default('en'),
    /** Envelope of the name Telegram gave. */
    name: p.blob().nullable(),
    /** The customer blocked the bot; deliveries wait. */
    blockedAt: p.datetime().nullable(),
    bannedAt: p.datetime().nullable(),
    createdAt: p.datetime().defaultRaw('now()'),
  },
  uniques: [{ properties: ['shopId', 'telegramUserId'] }],
});
export class Customer extends schema.class {}
schema.setClass(Customer);
