/** A picture as an answer: as what its bytes say it is, kept by browsers for ever, since another picture has another number. */
import { fileTypeFromBuffer } from 'file-type';
import type { Context } from 'hono';
import { notFound } from './problem.ts';

/** `who`: may keep it. @throws Problem 404 when there is none, or it is no picture */
export async function answerPicture(c: Context, photo: { readonly bytes: Uint8Array } | undefined, who: 'public' | 'private') {
  const type = photo && (await fileTypeFromBuffer(photo.bytes))?.mime;
  if (!photo || (type !== 'image/jpeg' && type !== 'image/png')) throw notFound('id');
  return c.body(new Uint8Array(photo.bytes), 200, {
    'content-type': type,
    'cache-control': `${who}, max-age=31536000, immutable`,
    'content-disposition': 'inline',
  });
}
