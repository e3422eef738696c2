import { defineEntity, p } from '@mikro-orm/postgresql';
import { Shop } from './shop.ts';

/** Who did what, with before and after; the long history of an order. Inserted, never changed. No secrets, no names. */
const schema = defineEntity({
  name: 'Audit',
  tableName: 'audit',
  properties: {
    id: p.bigint('number').primary().autoincrement(),
    shopId: () => p.manyToOne(Shop).mapToPk().nullable().fieldName('shop_id'),
    /** `customer:<id>`, `staff:<id>`, `provider:<name>`, `cli`, `system`. */
    actor: p.text(),
    action: p.text(),
    /** `order`, `refund`, `setting`, ... and its business id. */
    subject: p.text(),
    subjectId: p.text(),
    before: p.json<unknown>().nullable(),
    after: p.json<unknown>().nullable(),
    at: p.datetime(),
  },
  indexes: [{ properties: ['subject', 'subjectId', 'id'] }, { properties: ['shopId', 'id'] }],
});
export class Audit extends schema.class {}
schema.setClass(Audit);
