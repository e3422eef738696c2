/** Photos of imported records: the one a record shows already stays when its file comes again, so that Telegram's name for it stays too. */
import { createHash } from 'node:crypto';
import type { RecordName } from '../../../domain/catalogue-file.ts';
import { Photo } from '../../entities/photo.ts';
import type { EntityManager } from '../../orm.ts';
import { run } from '../../prepared.ts';
import type { ImportWish } from '../catalogue-import.ts';
import type { PhotoFile } from './stage.ts';

const shown: Readonly<Record<Exclude<RecordName, 'category'>, string>> = {
  product: 'select p.photo_id from product p where p.id = $1 union all select a.photo_id from product_photo a where a.product_id = $1',
  pickup_point: 'select p.photo_id from pickup_point p where p.id = $1',
};

const digestOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

export function createAlbums(em: EntityManager, { shop, loadPhoto }: Pick<ImportWish, 'shop' | 'loadPhoto'>) {
  /** Made in this import, by digest of what was given. */
  const made = new Map<string, number>();

  async function photoOf(file: PhotoFile, standing: ReadonlyMap<string, number>): Promise<number> {
    const known = standing.get(file.digest) ?? made.get(file.digest);
    if (known !== undefined) return known;
    const { mediaType, bytes } = await file.draw();
    const id = standing.get(digestOf(bytes)) ?? (await insert(mediaType, bytes));
    made.set(file.digest, id);
    return id;
  }

  async function insert(mediaType: 'image/jpeg' | 'image/png', bytes: Uint8Array): Promise<number> {
    const photo = em.create(Photo, { shopId: shop.id, mediaType, bytes: Buffer.from(bytes) });
    await em.persist(photo).flush();
    // Pictures are large: nobody needs it in memory any more.
    em.clear();
    return photo.id;
  }

  return {
    /** Ids of photos for these files. `id`: of the record, when it stands. @throws CellMisfit when a file is no picture */
    async photosOf(record: Exclude<RecordName, 'category'>, id: number | undefined, names: readonly string[]): Promise<number[]> {
      const rows =
        id === undefined || names.length === 0
          ? []
          : await run<{ id: string; digest: string }>(
              em,
              `select ph.id, encode(sha256(ph.bytes), 'hex') as digest from photo ph where ph.id in (${shown[record]})`,
              [id],
            );
      const standing = new Map(rows.map((row) => [row.digest, Number(row.id)]));
      const ids: number[] = [];
      for (const name of names) ids.push(await photoOf(await loadPhoto(name), standing));
      return ids;
    },
  };
}
