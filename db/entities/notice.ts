import { defineEntity, p } from '@mikro-orm/postgresql';
import type { NoticeContent } from '../../domain/notice.ts';
import { Customer } from './customer.ts';
import { Shop } from './shop.ts';

/** Something a customer is told once. Written in the transaction of what it is about. */
const schema = defineEntity({
  name: 'Notice',
  tableName: 'notice',
  properties: {
    id: p.bigint('number').primary().autoincrement(),
    shopId: () => p.manyToOne(Shop).mapToPk().fieldName('shop_id'),
    customerId: () => p.manyToOne(Customer).mapToPk().fieldName('customer_id'),
    /** What it is about, for whom: the same is never told twice. */
    key: p.text(),
    content: p.json<NoticeContent>(),
    createdAt: p.datetime().defaultRaw('now()'),
    toldAt: p.datetime().nullable(),
  },
  uniques: [{ properties: ['shopId', 'key'] }],
  indexes: [{ name: 'notice_untold', properties: ['customerId', 'id'], where: 'told_at is null' }],
});
export class Notice extends schema.class {}
schema.setClass(Notice);
