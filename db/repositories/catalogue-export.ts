/** The catalogue as records, of one instant, read a page at a time. */
import { IsolationLevel } from '@mikro-orm/core';
import type { RecordName } from '../../domain/catalogue-file.ts';
import type { Shop } from '../entities/shop.ts';
import type { EntityManager } from '../orm.ts';
import { run } from '../prepared.ts';
import type { Secrets } from '../secrets.ts';

export interface ExportedRecord {
  readonly record: RecordName;
  /** By column of the file; photos as digests of their bytes. */
  readonly values: Readonly<Record<string, unknown>>;
}

export interface ExportWish {
  readonly shop: Pick<Shop, 'id'>;
  /** Also what every buyer of an unlimited digital product gets. */
  readonly secrets?: Secrets | undefined;
  /** Gets every photo that a record shows; without it records say nothing of photos. @returns the name it has in the file */
  readonly savePhoto?: ((photo: { mediaType: string; bytes: Uint8Array; digest: string }) => Promise<string>) | undefined;
  readonly only?: RecordName | undefined;
  readonly each: (record: ExportedRecord) => Promise<void>;
}

const pageSize = 500;

type Row = Readonly<Record<string, unknown>> & { readonly id: string };

const pages: readonly { readonly record: RecordName; readonly sql: string }[] = [
  { record: 'category', sql: `select id, name as title, position from category where shop_id = $1 and id > $2 order by id limit $3` },
  {
    record: 'pickup_point',
    sql: `select id, key as sku, name as title, city, district, address, hours, latitude, longitude, instructions, array_remove(array[photo_id], null) as photos
            from pickup_point where shop_id = $1 and id > $2 order by id limit $3`,
  },
  {
    record: 'product',
    sql: `select p.id, p.sku, p.kind, p.stock_mode, p.title, p.description, c.name as category, pt.key as pickup_point, p.price, p.discount_percent,
                 p.tax_rate as tax_percent, p.stars_price, p.customer_limit, p.low_stock_at, p.methods, p.active, p.position,
                 s.sku as variant_of, p.option_values, p.options, p.warranty_days, p.credit_amount, p.access_seconds, p.donation_minimum,
                 p.donation_maximum, p.content_kind, case when p.content_kind <> 'file' then p.content end as content,
                 array(select l.title from lesson l where l.product_id = p.id order by l.position) as lessons,
                 array_remove(p.photo_id || array(select a.photo_id from product_photo a where a.product_id = p.id order by a.position), null) as photos
            from product p left join category c on c.id = p.category_id left join pickup_point pt on pt.id = p.pickup_point_id
            left join product s on s.id = p.variant_of
           where p.shop_id = $1 and p.id > $2 order by p.id limit $3`,
  },
];
/** `bigint`, which the driver reads as text. */
const numbers = ['price', 'stars_price', 'donation_minimum', 'donation_maximum'];

/** @returns how many records there were */
export async function exportCatalogue(em: EntityManager, wish: ExportWish): Promise<number> {
  return em.transactional(
    async (tx) => {
      await tx.execute('set transaction read only');
      let count = 0;
      for (const { record, sql } of pages.filter((one) => wish.only === undefined || one.record === wish.only)) {
        for (let after = 0; ; ) {
          const rows = await run<Row>(tx, sql, [wish.shop.id, after, pageSize]);
          if (rows.length === 0) break;
          after = Number(rows.at(-1)?.id);
          for (const row of rows) await wish.each({ record, values: await toValues(tx, wish, row) });
          count += rows.length;
        }
      }
      return count;
    },
    { isolationLevel: IsolationLevel.REPEATABLE_READ },
  );
}

async function toValues(em: EntityManager, { secrets, savePhoto }: ExportWish, row: Row): Promise<Record<string, unknown>> {
  const { id, content, photos, ...rest } = row;
  const values: Record<string, unknown> = rest;
  for (const name of numbers) if (typeof values[name] === 'string') values[name] = Number(values[name]);
  if (secrets && content !== undefined) {
    const place = { table: 'product', column: 'content', id: Number(id) };
    values.content = content === null ? null : secrets.open(place, content as Buffer);
  }
  if (savePhoto && photos !== undefined) {
    const names: string[] = [];
    for (const photoId of photos as string[]) {
      const [photo] = await run<{ media_type: string; bytes: Buffer; digest: string }>(
        em,
        `select media_type, bytes, encode(sha256(bytes), 'hex') as digest from photo where id = $1`,
        [photoId],
      );
      if (photo) names.push(await savePhoto({ mediaType: photo.media_type, bytes: photo.bytes, digest: photo.digest }));
    }
    values.photos = names;
  }
  return values;
}
