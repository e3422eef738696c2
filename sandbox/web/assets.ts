/** The page's script and style, bundled in memory at start and served under a hash of their content. */
import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { build, stop } from 'esbuild';

export interface Asset {
  /** Path under the page's origin, with the content's hash. */
  path: string;
  type: string;
  body: string;
}

export interface Assets {
  script: Asset;
  style: Asset;
}

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Bundles the island and the style sheet (about 50 ms). */
export async function bundleAssets(): Promise<Assets> {
  const result = await build({
    entryPoints: { chat: here('island/main.tsx'), style: here('styles/chat.css') },
    bundle: true,
    minify: true,
    write: false,
    outdir: '/',
    format: 'esm',
    target: 'es2022',
    loader: { '.svg': 'dataurl' },
    jsx: 'automatic',
    jsxImportSource: 'hono/jsx/dom',
    legalComments: 'none',
    logLevel: 'silent',
    tsconfigRaw: {},
  });
  // Its process would stay for as long as ours.
  await stop();
  const find = (ending: string) => {
    const file = result.outputFiles.find((output) => output.path.endsWith(ending));
    if (!file) throw new Error(`the bundle has no ${ending} file`);
    return file.text;
  };
  return {
    script: named('chat', 'js', 'text/javascript; charset=utf-8', find('.js')),
    style: named('chat', 'css', 'text/css; charset=utf-8', find('.css')),
  };
}

function named(name: string, ending: string, type: string, body: string): Asset {
  const hash = createHash('sha256').update(body).digest('hex').slice(0, 12);
  return { path: `/assets/${name}-${hash}.${ending}`, type, body };
}
