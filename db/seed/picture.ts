/** Small pleasant pictures made in code, so that the demo shop needs no files: a soft sky, a motif, a PNG. */
import { crc32, deflateSync } from 'node:zlib';

type Colour = readonly [number, number, number];
export type Motif = 'storefront' | 'cup' | 'disc' | 'box' | 'shirt';

export interface Picture {
  readonly motif: Motif;
  /** Colours of the sky from top to bottom, and of the motif. */
  readonly from: Colour;
  readonly to: Colour;
  readonly main: Colour;
  readonly accent: Colour;
}

const width = 480;
const height = 320;
const white: Colour = [252, 250, 246];
const ink: Colour = [54, 52, 66];

/** Draws a picture. @returns PNG bytes, 480 x 320 */
export function drawPicture(picture: Picture): Buffer {
  const rows = Buffer.alloc(height * (1 + width * 3));
  let at = 0;
  for (let y = 0; y < height; y++) {
    rows[at++] = 0;
    for (let x = 0; x < width; x++) {
      const sum = [0, 0, 0];
      // Four samples a pixel make edges soft.
      for (const [dx, dy] of [
        [0.25, 0.25],
        [0.75, 0.25],
        [0.25, 0.75],
        [0.75, 0.75],
      ] as const) {
        const colour = colourAt(picture, x + dx, y + dy);
        for (let channel = 0; channel < 3; channel++) sum[channel] = (sum[channel] ?? 0) + (colour[channel] ?? 0);
      }
      for (const value of sum) rows[at++] = Math.round(value / 4);
    }
  }
  return encodePng(rows);
}

function colourAt(picture: Picture, x: number, y: number): Colour {
  const motif = motifs[picture.motif](x, y, picture);
  if (motif) return motif;
  if (y > 272) return mix(picture.to, ink, 0.18 + (y - 272) / 600);
  return mix(picture.from, picture.to, y / 272);
}

const motifs: Readonly<Record<Motif, (x: number, y: number, picture: Picture) => Colour | undefined>> = {
  storefront(x, y, { main, accent }) {
    if (x < 110 || x > 370 || y < 84 || y > 272) return undefined;
    if (y < 140) {
      const stripe = Math.floor((x - 110) / 37.2);
      const colour = stripe % 2 === 0 ? main : white;
      if (y < 124) return colour;
      const middle = 110 + stripe * 37.2 + 18.6;
      return Math.hypot(x - middle, y - 124) < 18.6 ? colour : undefined;
    }
    if (x < 126 || x > 354) return undefined;
    if (x > 272 && x < 330 && y > 172) return Math.hypot(x - 320, y - 224) < 4 ? accent : mix(main, ink, 0.35);
    if (x > 146 && x < 250 && y > 166 && y < 238)
      return Math.abs(x - 198) < 3 || Math.abs(y - 202) < 2 ? white : mix(accent, white, (238 - y) / 110);
    return white;
  },
  cup(x, y, { main, accent }) {
    const inside = x > 160 && x < 300 && y > 140 && y < 262 && Math.abs(x - 230) < 70 - Math.max(0, y - 226) * 0.9;
    if (inside) return y > 186 && y < 214 ? accent : main;
    const handle = Math.hypot(x - 302, y - 188);
    if (x > 296 && handle > 20 && handle < 34) return main;
    if (Math.abs(y - 266) < 6 && Math.abs(x - 230) < 104) return mix(main, ink, 0.25);
    for (const start of [196, 230, 264]) if (y > 76 && y < 126 && Math.abs(x - start - Math.sin(y / 9) * 6) < 3.5) return white;
    return undefined;
  },
  disc(x, y, { main, accent }) {
    const radius = Math.hypot(x - 240, y - 160);
    if (radius > 104) return undefined;
    if (radius < 6) return white;
    if (radius < 38) return radius < 12 ? accent : main;
    return mix(ink, white, Math.floor(radius / 5) % 2 === 0 ? 0.02 : 0.1);
  },
  shirt(x, y, { main, accent }) {
    const fromMiddle = Math.abs(x - 240);
    if (Math.hypot(x - 240, y - 62) < 30) return undefined;
    const isSleeve = fromMiddle >= 74 && fromMiddle < 128 && Math.abs(y - 64 - fromMiddle * 0.5) < 34;
    if (isSleeve) return mix(main, ink, 0.12);
    if (fromMiddle > 76 || y < 70 - Math.max(0, 34 - fromMiddle) * 0.1 || y > 274) return undefined;
    return Math.hypot(x - 240, y - 150) < 26 ? accent : main;
  },
  box(x, y, { main, accent }) {
    if (x < 140 || x > 340 || y < 120 || y > 268) return bow(x, y, accent);
    if (Math.abs(x - 240) < 16) return accent;
    if (y < 156) return mix(main, white, 0.25);
    return main;
  },
};

function bow(x: number, y: number, accent: Colour): Colour | undefined {
  const loop = Math.min(Math.hypot((x - 208) * 0.8, y - 98), Math.hypot((x - 272) * 0.8, y - 98));
  return loop > 12 && loop < 25 && y < 122 ? accent : undefined;
}

function mix(a: Colour, b: Colour, part: number): Colour {
  const share = Math.min(1, Math.max(0, part));
  return [a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share, a[2] + (b[2] - a[2]) * share];
}

function encodePng(rows: Buffer): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  // Eight bits a channel, red green blue.
  header.set([8, 2, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', deflateSync(rows, { level: 9 })), chunk('IEND', Buffer.alloc(0))]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  body.copy(framed, 4);
  framed.writeUInt32BE(crc32(body), body.length + 4);
  return framed;
}
