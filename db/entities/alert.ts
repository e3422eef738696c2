import { defineEntity, p } from '@mikro-orm/postgresql';
import type { AlertKind, AlertParams } from '../../domain/alert.ts';
import { Shop } from './shop.ts';

/** Something a shop's staff are told once. `key` says what it is about: the same twice is one. */
const schema = defineEntity({
  name: 'Alert',
  tableName: 'alert',
  properties: {
    id: p.bigint('number').primary().autoincrement(),
    shopId: () => p.manyToOne(Shop).mapToPk().fieldName('shop_id'),
    key: p.text(),
    kind: p.text().$type<AlertKind>(),
    params: p.json<AlertParams>(),
    raisedAt: p.datetime(),
    toldAt: p.datetime().nullable(),
    /** Its message in the staff chat; none when the chat cannot be written to. */
    messageId: p.bigint('number').nullable(),
  },
  uniques: [{ properties: ['shopId', 'key'] }],
  indexes: [{ name: 'alert_untold', properties: ['shopId', 'id'], where: 'told_at is null' }],
});
export class Alert extends schema.class {}
schema.setClass(Alert);
