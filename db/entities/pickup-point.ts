import { defineEntity, p } from '@mikro-orm/postgresql';
import { Photo } from './photo.ts';
import { Shop } from './shop.ts';

/** A place of the shop where customers collect what they bought. */
const schema = defineEntity({
  name: 'PickupPoint',
  tableName: 'pickup_point',
  properties: {
    id: p.bigint('number').primary().autoincrement(),
    shopId: () => p.manyToOne(Shop).mapToPk().fieldName('shop_id'),
    /** The shop's own name for it, by which files know it again; made up where nobody says one. */
    key: p.text().defaultRaw('make_key()').check("key <> '' and length(key) <= 64"),
    city: p.text(),
    district: p.text(),
    name: p.text(),
    address: p.text(),
    hours: p.text(),
    /** The map pin, degrees. */
    latitude: p.double().$type<number>().nullable(),
    longitude: p.double().$type<number>().nullable(),
    photoId: () => p.manyToOne(Photo).mapToPk().nullable().fieldName('photo_id'),
    instructions: p.text().default(''),
  },
  uniques: [{ properties: ['shopId', 'key'] }],
  indexes: [{ properties: ['shopId', 'city', 'district'] }],
});
export class PickupPoint extends schema.class {}
schema.setClass(PickupPoint);
