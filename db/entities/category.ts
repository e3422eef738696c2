import { defineEntity, p } from '@mikro-orm/postgresql';
import { Shop } from './shop.ts';

const schema = defineEntity({
  name: 'Category',
  tableName: 'category',
  properties: {
    id: p.bigint('number').primary().autoincrement(),
    shopId: () => p.manyToOne(Shop).mapToPk().fieldName('shop_id'),
    name: p.text(),
    position: p.integer().default(0),
  },
  uniques: [{ properties: ['shopId', 'name'] }],
});
export class Category extends schema.class {}
schema.setClass(Category);
