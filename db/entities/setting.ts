import { defineEntity, p } from '@mikro-orm/postgresql';
import { Shop } from './shop.ts';

/** A shop's own value for a setting of domain/setting.ts; absent means the default. */
const schema = defineEntity({
  name: 'Setting',
  tableName: 'setting',
  properties: {
    shopId: () => p.manyToOne(Shop).mapToPk().primary().fieldName('shop_id'),
    key: p.text().primary(),
    value: p.integer(),
  },
});
export class Setting extends schema.class {}
schema.setClass(Setting);
