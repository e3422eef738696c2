/** The sandbox's chat page: one shell, one island, the bar's window on the shop, and the script Telegram hands to Mini Apps. */
import { fileURLToPath } from 'node:url';
import { Hono } from 'hono';
import { html } from 'hono/html';
import type { SandboxContext } from '../context.ts';
import { type Asset, bundle, serveAsset } from '../../web/bundle.ts';
import { createBarRoutes } from './bar-routes.ts';

const icon =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E%3Crect width='32' height='32' rx='9' fill='%232f7cf6'/%3E%3Cpath d='M9 12h14l-1.4 11.2a2 2 0 0 1-2 1.8h-7.2a2 2 0 0 1-2-1.8zM12 12a4 4 0 0 1 8 0' fill='none' stroke='white' stroke-width='2.2' stroke-linejoin='round'/%3E%3C/svg%3E";

/** The page may load and call nothing but its own origin, and show the shop's Mini App. */
const contentPolicy = (appOrigin: string) =>
  `default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; frame-src ${appOrigin}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

interface Assets {
  readonly script: Asset;
  readonly style: Asset;
  /** What a Mini App finds as `telegram-web-app.js`; no module, as Telegram's own is none. */
  readonly webApp: Asset;
}

async function bundleAssets(): Promise<Assets> {
  const page = await bundle({ scripts: { chat: here('island/main.tsx') }, styles: { chat: here('styles/chat.css') }, root: '/assets' });
  const script = { 'telegram-web-app': here('mini-app/web-app.ts') };
  const forApps = await bundle({ scripts: script, styles: {}, root: '/assets', format: 'iife' });
  const [chat, style, webApp] = [page.get('chat.js'), page.get('chat.css'), forApps.get('telegram-web-app.js')];
  if (!chat || !style || !webApp) throw new Error('the chat page was bundled to something else');
  return { script: chat, style, webApp };
}

function Shell({ assets }: { assets: Assets }) {
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover, interactive-widget=resizes-content" />
        <meta name="color-scheme" content="light dark" />
        <title>Tillflow sandbox</title>
        <link rel="icon" href={icon} />
        <link rel="stylesheet" href={assets.style.path} />
        <script type="module" src={assets.script.path} />
      </head>
      <body>
        <div id="page">
          <p class="boot">Opening the chat …</p>
        </div>
        <noscript>
          <p class="boot">The chat page needs JavaScript.</p>
        </noscript>
      </body>
    </html>
  );
}

/** Routes of the page: `/`, `/assets/*`, `/telegram-web-app.js` and `/bar/*`. Bundling begins at once; the first request waits for it. */
export function createChatPages(context: Pick<SandboxContext, 'config'>) {
  const bundled = bundleAssets();
  // Without this a failing bundle would end the process before a request can say what is wrong.
  bundled.catch(() => undefined);
  const policy = contentPolicy(new URL(context.config.publicUrl).origin);

  return (
    new Hono()
      .get('/', async (c) => {
        c.header('content-security-policy', policy);
        c.header('cache-control', 'no-store');
        c.header('referrer-policy', 'no-referrer');
        c.header('x-content-type-options', 'nosniff');
        return c.html(html`<!doctype html>${<Shell assets={await bundled} />}`);
      })
      .get('/assets/:name', async (c) => {
        const path = `/assets/${c.req.param('name')}`;
        const { script, style } = await bundled;
        const asset = [script, style].find((candidate) => candidate.path === path);
        return asset ? serveAsset(asset, c.req.header('accept-encoding')) : c.notFound();
      })
      // Telegram's own has no version in its address either.
      .get('/telegram-web-app.js', async (c) => {
        const { type, body } = (await bundled).webApp;
        return c.body(body, 200, { 'content-type': type, 'cache-control': 'no-cache' });
      })
      .route('/bar', createBarRoutes(context))
  );
}
