/** Photos: bytes of ours until Telegram has a name for them. */
import { Photo } from '../entities/photo.ts';
import type { EntityManager } from '../orm.ts';

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
