import { defineEntity, p } from '@mikro-orm/postgresql';
import { type ContentKind, contentKinds } from '../../domain/product.ts';
import { OrderLine } from './order.ts';
import { Product } from './product.ts';

/**
 * One sellable piece of a product. *added = free + held + sold + withdrawn*: each unit is in exactly one state, and a unit is free exactly
 * when it stands in `free_unit`, the pool that buyers draw from. A held or sold unit names its order line; triggers keep both true.
 */
const schema = defineEntity({
  name: 'Unit',
  tableName: 'unit',
  properties: {
    id: p.bigint('number').primary().autoincrement(),
    productId: () => p.manyToOne(Product).mapToPk().fieldName('product_id'),
    state: p.enum(['free', 'held', 'sold', 'withdrawn'] as const).default('free'),
    orderLineId: () => p.manyToOne(OrderLine).mapToPk().nullable().fieldName('order_line_id'),
    /** Envelope of the text, key or link, or of a file's bytes with its name beside it; none in counter mode. */
    content: p.blob().nullable().lazy(),
    contentKind: p.enum(contentKinds).$type<ContentKind>().default('line'),
    fileName: p.blob().nullable().lazy(),
    mediaType: p.text().nullable(),
    createdAt: p.datetime().defaultRaw('now()'),
  },
  indexes: [{ properties: ['productId', 'state'] }, { properties: ['orderLineId'] }],
  checks: [
    { name: 'unit_state_line', expression: "(state in ('held', 'sold')) = (order_line_id is not null)" },
    { name: 'unit_file', expression: "(content_kind = 'file') = (file_name is not null) and (file_name is null) = (media_type is null)" },
  ],
});
export class Unit extends schema.class {}
schema.setClass(Unit);

const freeSchema = defineEntity({
  name: 'FreeUnit',
  tableName: 'free_unit',
  properties: {
    productId: () => p.manyToOne(Product).mapToPk().primary().fieldName('product_id'),
    unitId: () => p.oneToOne(Unit).mapToPk().primary().fieldName('unit_id'),
  },
});
export class FreeUnit extends freeSchema.class {}
freeSchema.setClass(FreeUnit);
