/** What is kept of a file somebody sends: pixels alone, and only of what is a picture or a PDF. */
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { readReceiptFile } from '../../bot/receipt-file.ts';

/** A receipt as banks' apps draw them: the same page, other words. */
function page(words: string, width = 800): Promise<Buffer> {
  const lines = words.split('|').map((line, index) => `<text x="60" y="${160 + index * 90}" font-size="44">${line}</text>`);
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 800 1200"><rect width="800" height="1200" fill="#fff"/>
    <rect width="800" height="90" fill="#036"/>${lines.join('')}</svg>`;
  return sharp(Buffer.from(svg)).resize(width).png().toBuffer();
}

const jpeg = (png: Buffer, quality: number) => sharp(png).jpeg({ quality }).toBuffer();
describe('a picture', () => {
  it('loses its metadata, and is the same picture with other metadata', async () => {
    const plain = await jpeg(await page('Przelew|50,00 PLN'), 90);
    const located = await sharp(plain)
      .keepMetadata()
      .withExif({ IFD0: { Artist: 'Jan Kowalski' }, IFD3: { GPSLatitude: '52/1 13/1 0/1' } })
      .toBuffer();
    expect((await sharp(located).metadata()).exif?.includes('Kowalski')).toBe(true);
    const kept = await readReceiptFile(located);
    expect((await sharp(kept?.bytes).metadata()).exif).toBeUndefined();
    expect(Buffer.from(kept?.bytes ?? []).includes('Kowalski')).toBe(false);
    const png = await page('Przelew|50,00 PLN');
    const commented = await sharp(png)
      .withExif({ IFD0: { Artist: 'Jan' } })
      .png()
      .toBuffer();
    const [one, other] = [await readReceiptFile(png), await readReceiptFile(commented)];
    expect(one?.fileHash).not.toBe(other?.fileHash);
    expect(one?.pixelHash).toBe(other?.pixelHash);
  });

  it('is turned the way its camera says, and made smaller when it is huge', async () => {
    const wide = await sharp({ create: { width: 4_000, height: 1_000, channels: 3, background: '#888' } })
      .jpeg()
      .withMetadata({ orientation: 6 })
      .toBuffer();
    const { width, height } = await sharp((await readReceiptFile(wide))?.bytes).metadata();
    expect([width, height]).toEqual([600, 2_400]);
  });
});

describe('what is refused', () => {
  const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>');
  const cut = async () => (await jpeg(await page('cut'), 80)).subarray(0, 900);
  it.each([
    ['nothing', async () => Buffer.alloc(0)],
    ['words', async () => Buffer.from('paid, promise')],
    ['a page', async () => Buffer.from('<!doctype html><script>alert(1)</script>')],
    ['an SVG', async () => svg],
    ['a program', async () => Buffer.concat([Buffer.from('MZ'), Buffer.alloc(2_000)])],
    ['an archive', async () => Buffer.from('504b0304140000000800', 'hex')],
    ['a picture that is cut off', cut],
    ['a name without a picture', async () => Buffer.concat([Buffer.from('ffd8ffe000104a46494600', 'hex'), Buffer.alloc(500)])],
  ])('%s', async (_name, make) => {
    expect(await readReceiptFile(await make())).toBeUndefined();
  });

  it('a small file that unfolds into more than memory should hold', async () => {
    const bomb = await sharp({ create: { width: 12_000, height: 12_000, channels: 3, background: '#fff' } })
      .png({ compressionLevel: 9 })
      .toBuffer();
    expect(bomb.length).toBeLessThan(2_000_000);
    expect(await readReceiptFile(bomb)).toBeUndefined();
  });

  it('nothing of a PDF: it is kept as it is', async () => {
    const pdf = Buffer.from('%PDF-1.7\n%âãÏÓ\n1 0 obj\n<<>>\nendobj\n');
    expect(await readReceiptFile(pdf)).toMatchObject({ mediaType: 'application/pdf', pixelHash: null });
  });
});
