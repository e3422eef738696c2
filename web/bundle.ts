/** Scripts and styles of a page, bundled in memory at start (about 50 ms) and served under a hash of their content. */
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { build, stop } from 'esbuild';

export interface Asset {
  /** Path under the page's origin, with the content's hash. */
  readonly path: string;
  readonly type: string;
  readonly body: string;
  readonly gzipped: Uint8Array<ArrayBuffer>;
}

export interface BundleOptions {
  /** Files by the name they are served under. A script and a style may have the same. */
  readonly scripts: Readonly<Record<string, string>>;
  readonly styles: Readonly<Record<string, string>>;
  /** Where they are served, e.g. `/assets`. */
  readonly root: string;
  /** `iife` for a script that is no module. */
  readonly format?: 'esm' | 'iife';
}

const types = { js: 'text/javascript; charset=utf-8', css: 'text/css; charset=utf-8', ftl: 'text/plain; charset=utf-8' } as const;

/** Builds that run now: whoever ends esbuild's process ends those of others with it. */
let running = 0;

/** @returns assets by their name with its ending, e.g. `chat.js` @throws what esbuild found wrong */
export async function bundle({ scripts, styles, root, format = 'esm' }: BundleOptions): Promise<ReadonlyMap<string, Asset>> {
  const entries = [...Object.entries(scripts), ...Object.entries(styles)];
  running += 1;
  const result = await build({
    entryPoints: entries.map(([out, file]) => ({ in: file, out })),
    bundle: true,
    minify: true,
    write: false,
    outdir: '/',
    format,
    target: 'es2022',
    loader: { '.svg': 'dataurl' },
    jsx: 'automatic',
    jsxImportSource: 'hono/jsx/dom',
    legalComments: 'none',
    logLevel: 'silent',
    tsconfigRaw: {},
  }).finally(() => {
    running -= 1;
  });
  // Its process would stay for as long as ours.
  if (running === 0) await stop();
  const files = result.outputFiles.map(({ path, text }): [string, Asset] => {
    const name = path.slice(1);
    const ending = name.endsWith('.css') ? 'css' : 'js';
    return [name, makeAsset(root, name.slice(0, -ending.length - 1), ending, text)];
  });
  return new Map(files);
}

/** A text that is served under a hash of it. */
export function makeAsset(root: string, name: string, ending: keyof typeof types, body: string): Asset {
  const hash = createHash('sha256').update(body).digest('hex').slice(0, 12);
  return { path: `${root}/${name}-${hash}.${ending}`, type: types[ending], body, gzipped: new Uint8Array(gzipSync(body, { level: 9 })) };
}

/** An asset never changes under its address. @param encodings `accept-encoding` of whoever asks */
export function serveAsset({ type, body, gzipped }: Asset, encodings = ''): Response {
  const headers = { 'content-type': type, 'cache-control': 'public, max-age=31536000, immutable', 'x-content-type-options': 'nosniff' };
  return /\bgzip\b/.test(encodings)
    ? new Response(gzipped, { headers: { ...headers, 'content-encoding': 'gzip', vary: 'accept-encoding' } })
    : new Response(body, { headers: { ...headers, vary: 'accept-encoding' } });
}
