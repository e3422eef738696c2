/** The sandbox's chat page: one shell, one island, and the bar's window on the shop. */
import { Hono } from 'hono';
import { html } from 'hono/html';
import type { SandboxContext } from '../context.ts';
import { type Asset, type Assets, bundleAssets } from './assets.ts';
import { createBarRoutes } from './bar-routes.ts';

const icon =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E%3Crect width='32' height='32' rx='9' fill='%232f7cf6'/%3E%3Cpath d='M9 12h14l-1.4 11.2a2 2 0 0 1-2 1.8h-7.2a2 2 0 0 1-2-1.8zM12 12a4 4 0 0 1 8 0' fill='none' stroke='white' stroke-width='2.2' stroke-linejoin='round'/%3E%3C/svg%3E";

/** The page may load and call nothing but its own origin. */
const contentPolicy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

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

/** Routes of the page: `/`, `/assets/*` and `/bar/*`. Bundling begins at once; the first request waits for it. */
export function createChatPages(context: Pick<SandboxContext, 'config'>) {
  const bundled = bundleAssets();
  // Without this a failing bundle would end the process before a request can say what is wrong.
  bundled.catch(() => undefined);

  return new Hono()
    .get('/', async (c) => {
      c.header('content-security-policy', contentPolicy);
      c.header('cache-control', 'no-store');
      c.header('referrer-policy', 'no-referrer');
      c.header('x-content-type-options', 'nosniff');
      return c.html(html`<!doctype html>${<Shell assets={await bundled} />}`);
    })
    .get('/assets/:name', async (c) => {
      const path = `/assets/${c.req.param('name')}`;
      const asset = Object.values<Asset>({ ...(await bundled) }).find((candidate) => candidate.path === path);
      if (!asset) return c.notFound();
      return c.body(asset.body, 200, { 'content-type': asset.type, 'cache-control': 'public, max-age=31536000, immutable' });
    })
    .route('/bar', createBarRoutes(context));
}
