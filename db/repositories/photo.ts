/** Photos: bytes of ours until Telegram has a name for them. */
import { Photo } from '../entities/photo.ts';
import type { EntityManager } from '../orm.ts';
import { run } from '../prepared.ts';

export type PhotoToSend = {
  readonly id: number;
  readonly source: { readonly fileId: string } | { readonly bytes: Uint8Array; readonly mediaType: 'image/jpeg' | 'image/png' };
};

/** A photo of this shop; its bytes are read only when Telegram does not know it yet. */
export async function loadPhoto(em: EntityManager, shopId: number, id: number): Promise<PhotoToSend | undefined> {
  const known = await em.findOne(Photo, { id, shopId });
  if (!known) return undefined;
  if (known.telegramFileId) return { id, source: { fileId: known.telegramFileId } };
  const photo = await em.fork().findOneOrFail(Photo, { id, shopId }, { populate: ['bytes'] });
  return { id, source: { bytes: photo.bytes, mediaType: photo.mediaType } };
}

/** What Telegram calls it from now on. */
export async function rememberPhoto(em: EntityManager, id: number, telegramFileId: string): Promise<void> {
  await em.execute('update photo set telegram_file_id = ? where id = ? and telegram_file_id is null', [telegramFileId, id]);
}

/** A picture of a product that is on sale in this shop: what everybody may see. Those of places are for who bought there. */
export async function findShownPhoto(em: EntityManager, shopId: number, id: number): Promise<{ readonly bytes: Uint8Array } | undefined> {
  const [photo] = await run<{ bytes: Buffer }>(
    em,
    `select f.bytes from photo f where f.id = $1 and f.shop_id = $2
        and (exists (select from product p where p.photo_id = f.id and p.shop_id = f.shop_id and p.active)
          or exists (select from product_photo a join product p on p.id = a.product_id
                      where a.photo_id = f.id and p.shop_id = f.shop_id and p.active))`,
    [id, shopId],
  );
  return photo;
}

/** The bytes of a picture of this shop. Whoever asks has looked that it may be seen. */
export async function findPhoto(em: EntityManager, shopId: number, id: number): Promise<{ readonly bytes: Uint8Array } | undefined> {
  const [photo] = await run<{ bytes: Buffer }>(em, 'select bytes from photo where id = $1 and shop_id = $2', [id, shopId]);
  return photo;
}

/** What Telegram calls those of these photos that it knows. */
export async function listTelegramFiles(em: EntityManager, shopId: number, ids: readonly number[]): Promise<Map<number, string>> {
  const known = ids.length > 0 ? await em.find(Photo, { id: { $in: [...ids] }, shopId }, { fields: ['telegramFileId'] }) : [];
  return new Map(known.flatMap(({ id, telegramFileId }) => (telegramFileId ? [[id, telegramFileId]] : [])));
}
