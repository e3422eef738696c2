import { defineEntity, p } from '@mikro-orm/postgresql';
import { Shop } from './shop.ts';

/** A picture of a product or pickup point: at most 10 MB, type sniffed, EXIF removed. */
const schema = defineEntity({
  name: 'Photo',
  tableName: 'photo',
  properties: {
    id: p.bigint('number').primary().autoincrement(),
    shopId: () => p.manyToOne(Shop).mapToPk().fieldName('shop_id'),
    mediaType: p.enum(['image/jpeg', 'image/png'] as const),
    bytes: p.blob().check('octet_length(bytes) >= 1 and octet_length(bytes) <= 10485760').lazy(),
    /** What Telegram calls it after the first upload by this shop's bot. */
    telegramFileId: p.text().nullable(),
    createdAt: p.datetime().defaultRaw('now()'),
  },
});
export class Photo extends schema.class {}
schema.setClass(Photo);
