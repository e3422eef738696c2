/** A receipt as it is kept: its type told by its bytes, pictures drawn anew so that nothing but pixels is left, and what it is compared by. */
import { createHash } from 'node:crypto';
import { fileTypeFromBuffer } from 'file-type';
import sharp from 'sharp';
import type { ReceiptFile } from '../db/repositories/transfer-receipt.ts';

/** Telegram hands out twice as much; a receipt is far smaller. */
export const mostReceiptBytes = 10 * 1024 * 1024;
const pictureTypes = ['image/jpeg', 'image/png', 'image/webp'];
/** Enough to read small print of a whole page. */
const mostPixelsAside = 2_400;
/** A small file can unfold into a picture that fills the memory. */
const mostPixels = 60_000_000;

/** @returns undefined when it is neither a picture nor a PDF that can be read */
export async function readReceiptFile(bytes: Uint8Array): Promise<ReceiptFile | undefined> {
  const type = (await fileTypeFromBuffer(bytes))?.mime;
  const fileHash = hash(bytes);
  if (type === 'application/pdf') return { mediaType: type, bytes, fileHash, pixelHash: null };
  if (type === undefined || !pictureTypes.includes(type)) return undefined;
  try {
    const picture = sharp(bytes, { limitInputPixels: mostPixels, failOn: 'error', animated: false })
      .rotate()
      .resize({ width: mostPixelsAside, height: mostPixelsAside, fit: 'inside', withoutEnlargement: true })
      .flatten({ background: '#fff' })
      .toColourspace('srgb');
    const { data, info } = await picture.raw().toBuffer({ resolveWithObject: true });
    const raw = { width: info.width, height: info.height, channels: info.channels };
    // Metadata stays behind with the file: what is written here comes from pixels alone.
    const drawn = await sharp(data, { raw }).jpeg({ quality: 82 }).toBuffer();
    return { mediaType: 'image/jpeg', bytes: drawn, fileHash, pixelHash: hash(data) };
  } catch {
    // It says it is a picture and is none, or one too large to unfold.
    return undefined;
  }
}

const hash = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
