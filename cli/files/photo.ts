/** Pictures of a catalogue: files beside the one that names them, drawn anew so that nothing but pixels is kept. */
import { createHash } from 'node:crypto';
import { readFile, realpath, stat } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { fileTypeFromBuffer } from 'file-type';
import sharp from 'sharp';
import { CellMisfit } from '../../domain/cell.ts';

export const mostPhotoBytes = 10 * 1024 * 1024;
/** A small file can unfold into a picture that fills the memory. */
const mostPixels = 60_000_000;
/** What Telegram shows at most. */
const mostPixelsAside = 2_560;

/** Reads pictures out of the folder of `path`, and of none above it. */
export function createPhotoLoader(path: string) {
  let folder: Promise<string> | undefined;
  return async (name: string) => {
    folder ??= realpath(dirname(path));
    const root = await folder;
    const file = await realpath(join(root, name)).catch(() => undefined);
    if (file === undefined || !file.startsWith(root + sep)) throw new CellMisfit(`there is no ${JSON.stringify(name)} beside the file`);
    const { size } = await stat(file);
    if (size > mostPhotoBytes) throw new CellMisfit(`${JSON.stringify(name)} is larger than 10 MB`);
    const bytes = await readFile(file).catch(() => undefined);
    const type = bytes && (await fileTypeFromBuffer(bytes))?.mime;
    if (!bytes || (type !== 'image/jpeg' && type !== 'image/png' && type !== 'image/webp')) {
      throw new CellMisfit(`${JSON.stringify(name)} is no JPEG, PNG or WebP picture`);
    }
    return { digest: createHash('sha256').update(bytes).digest('hex'), draw: () => draw(name, bytes, type === 'image/jpeg') };
  };
}

async function draw(name: string, bytes: Uint8Array, isPhoto: boolean) {
  try {
    const picture = sharp(bytes, { limitInputPixels: mostPixels, failOn: 'error', animated: false })
      .rotate()
      .resize({ width: mostPixelsAside, height: mostPixelsAside, fit: 'inside', withoutEnlargement: true })
      .toColourspace('srgb');
    const drawn = isPhoto ? await picture.jpeg({ quality: 90 }).toBuffer() : await picture.png().toBuffer();
    if (drawn.byteLength > mostPhotoBytes) throw new Error('Too large');
    return { mediaType: isPhoto ? ('image/jpeg' as const) : ('image/png' as const), bytes: drawn };
  } catch {
    throw new CellMisfit(`${JSON.stringify(name)} cannot be read as a picture of at most 10 MB`);
  }
}
