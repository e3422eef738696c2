import { defineEntity, p } from '@mikro-orm/postgresql';
import { type StageSendStatus, stageSendStatuses } from '../../domain/stage.ts';
import { Customer } from './customer.ts';
import { Product } from './product.ts';
import { Shop } from './shop.ts';

/** A product as Telegram Stars sees it, one at a time. Removed it stays, because links of it do. */
const schema = defineEntity({
  name: 'Stage',
  tableName: 'stage',
  properties: {
    id: p.bigint('number').primary().autoincrement(),
    shopId: () => p.manyToOne(Shop).mapToPk().fieldName('shop_id'),
    productId: () => p.manyToOne(Product).mapToPk().fieldName('product_id'),
    title: p.text().check("title <> '' and length(title) <= 32"),
    description: p.text().check("description <> '' and length(description) <= 255"),
    label: p.text().check("label <> '' and length(label) <= 32"),
    photoUrl: p.text().nullable().check("photo_url ~ '^https://' and length(photo_url) <= 512"),
    /** By which it is the same stage wherever it is copied to; nobody can guess it. */
    payload: p.text().unique(),
    /** What stands behind `?start=` of its link. */
    startParameter: p.text().check("start_parameter ~ '^stage_[A-Za-z0-9_-]{1,58}$'"),
    createdAt: p.datetime(),
    updatedAt: p.datetime(),
    removedAt: p.datetime().nullable(),
  },
  indexes: [{ properties: ['shopId', 'id'] }],
  uniques: [
    { properties: ['shopId', 'startParameter'] },
    { name: 'stage_of_product', properties: ['productId'], where: 'removed_at is null' },
  ],
});
export class Stage extends schema.class {}
schema.setClass(Stage);

/** A message of a stage to one chat: written with the notice or alert that tells it, whose key is `stage:<id>`. */
const sendSchema = defineEntity({
  name: 'StageSend',
  tableName: 'stage_send',
  properties: {
    id: p.bigint('number').primary().autoincrement(),
    shopId: () => p.manyToOne(Shop).mapToPk().fieldName('shop_id'),
    stageId: () => p.manyToOne(Stage).mapToPk().fieldName('stage_id'),
    /** To whom; null: into the staff chat. */
    customerId: () => p.manyToOne(Customer).mapToPk().nullable().deleteRule('no action').fieldName('customer_id'),
    /** The caller's: the same again is the same message. */
    key: p.text().check("key <> '' and length(key) <= 200"),
    status: p.enum(stageSendStatuses).$type<StageSendStatus>().default('waiting'),
    actor: p.text(),
    askedAt: p.datetime(),
    closedAt: p.datetime().nullable(),
  },
  indexes: [{ properties: ['stageId'] }],
  uniques: [{ properties: ['shopId', 'key'] }],
  checks: [{ name: 'stage_send_closed', expression: "(status = 'waiting') = (closed_at is null)" }],
});
export class StageSend extends sendSchema.class {}
sendSchema.setClass(StageSend);

/** A customer who came by a stage's link, also after it was removed. */
const openSchema = defineEntity({
  name: 'StageOpen',
  tableName: 'stage_open',
  properties: {
    stageId: () => p.manyToOne(Stage).mapToPk().primary().fieldName('stage_id'),
    customerId: () => p.manyToOne(Customer).mapToPk().primary().fieldName('customer_id'),
    times: p.integer().default(1).check('times >= 1'),
    openedAt: p.datetime(),
    lastOpenedAt: p.datetime(),
  },
  indexes: [{ properties: ['customerId'] }],
});
export class StageOpen extends openSchema.class {}
openSchema.setClass(StageOpen);

/** Where an order began: the code on a confirm screen that was opened from a stage. The order of that code may not stand (yet). */
const orderSchema = defineEntity({
  name: 'StageOrder',
  tableName: 'stage_order',
  properties: {
    code: p.text().primary(),
    stageId: () => p.manyToOne(Stage).mapToPk().fieldName('stage_id'),
    customerId: () => p.manyToOne(Customer).mapToPk().fieldName('customer_id'),
    shownAt: p.datetime(),
  },
  indexes: [{ properties: ['stageId'] }, { properties: ['customerId', 'shownAt'] }],
});
export class StageOrder extends orderSchema.class {}
orderSchema.setClass(StageOrder);
