/** The Mini App's page at `/app` (the deployment's default shop) and `/app/<shop>`: a frame that is drawn at once, and one island. */
import { fileURLToPath } from 'node:url';
import { Hono } from 'hono';
import { html } from 'hono/html';
import type { Logger } from 'pino';
import type { Config } from '../../config.ts';
import { languages } from '../../domain/language.ts';
import { type Asset, bundle, makeAsset, serveAsset } from '../bundle.ts';
import { readAppTexts } from './texts.ts';

const root = '/app/assets';
const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export interface AppAssets {
  readonly script: Asset;
  readonly style: Asset;
  /** Texts by language, each its own file: nobody loads those they do not read. */
  readonly texts: Readonly<Record<string, Asset>>;
}

/** Bundles the island and its style, and picks the app's texts. */
export async function bundleApp(): Promise<AppAssets> {
  const made = await bundle({ scripts: { app: here('island/main.tsx') }, styles: { app: here('styles/app.css') }, root });
  const [script, style] = [made.get('app.js'), made.get('app.css')];
  if (!script || !style) throw new Error('the Mini App was bundled to something else');
  const texts = languages.map((language) => [language, makeAsset(root, `texts-${language}`, 'ftl', readAppTexts(language))]);
  return { script, style, texts: Object.fromEntries(texts) };
}

/** Nothing from a third host but Telegram's own script, and frames only where Telegram shows Mini Apps. */
function contentPolicy({ telegramScript, frames }: Config['miniApp']): string {
  return [
    "default-src 'none'",
    `script-src 'self' ${telegramScript}`,
    "style-src 'self'",
    "img-src 'self' data: blob:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    `frame-ancestors ${frames.join(' ')}`,
  ].join('; ');
}

interface ShellProps {
  readonly assets: AppAssets;
  readonly telegramScript: string;
  readonly api: string;
}

function Shell({ assets, telegramScript, api }: ShellProps) {
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover, interactive-widget=resizes-content" />
        <meta name="color-scheme" content="light dark" />
        <title>Shop</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href={assets.style.path} />
        <script defer src={telegramScript} />
        <script type="module" src={assets.script.path} />
      </head>
      <body>
        <div
          id="app"
          data-api={api}
          data-texts={JSON.stringify(Object.fromEntries(Object.entries(assets.texts).map(([name, { path }]) => [name, path])))}
        >
          <div class="frame" aria-hidden="true">
            <div class="bone search-bone" />
            <div class="grid">
              {[1, 2, 3, 4].map(() => (
                <div class="bone card-bone" />
              ))}
            </div>
          </div>
        </div>
        <noscript>
          <p class="alone">This page needs JavaScript.</p>
        </noscript>
      </body>
    </html>
  );
}

/** Routes relative to `/app`. Bundling begins at once; the first request waits for it. */
export function createAppPages({ config, log }: { config: Pick<Config, 'miniApp'>; log: Pick<Logger, 'error'> }): Hono {
  const bundled = bundleApp();
  // Without this a failing bundle would end the process before a request can say what is wrong.
  bundled.catch((err: unknown) => log.error({ err }, 'the Mini App was not bundled'));
  const policy = contentPolicy(config.miniApp);
  const { telegramScript } = config.miniApp;

  return new Hono()
    .get('/assets/:name', async (c) => {
      const { script, style, texts } = await bundled;
      const path = `${root}/${c.req.param('name')}`;
      const asset = [script, style, ...Object.values(texts)].find((one) => one.path === path);
      return asset ? serveAsset(asset, c.req.header('accept-encoding')) : c.notFound();
    })
    .get('/:shop{[a-z0-9][a-z0-9-]{0,39}}?', async (c) => {
      const shop = c.req.param('shop');
      c.header('content-security-policy', policy);
      c.header('cache-control', 'no-store');
      c.header('referrer-policy', 'no-referrer');
      c.header('x-content-type-options', 'nosniff');
      c.header('permissions-policy', 'camera=(), microphone=(), geolocation=(), payment=()');
      const api = shop === undefined ? '/api' : `/api/shops/${shop}`;
      return c.html(html`<!doctype html>${<Shell assets={await bundled} telegramScript={telegramScript} api={api} />}`);
    });
}
