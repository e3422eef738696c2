/** The Mini App in the sandbox's chat page before a shop that is made up: for what the page is, without database and workers. */
import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { type Browser, chromium, type FrameLocator, type Page } from 'playwright-core';
import { readConfig } from '../../config.ts';
import { startSandbox } from '../../sandbox/server.ts';
import { createAppPages } from '../../web/app/pages.tsx';
import { findFreePorts } from '../../bench/ports.ts';
import { chromiumFlags } from './chromium.ts';

export const token = '100000001:sandboxDemoTokenAAAAAAAAAAAAAAAAAAAAA';
export const phone = { width: 390, height: 844 };
/** Anna of the sandbox, and the two who speak Russian and Polish. */
export const personOf = { en: 1001, ru: 1002, pl: 1003 } as const;

export interface AppStage {
  readonly appOrigin: string;
  readonly sandboxUrl: string;
  readonly browser: Browser;
  /** Opens the chat page at phone size and the Mini App in it. */
  open(person: number, scheme?: 'light' | 'dark'): Promise<AppView>;
  close(): Promise<void>;
}

export interface AppView {
  readonly page: Page;
  readonly app: FrameLocator;
  main(): ReturnType<Page['getByTestId']>;
  back(): Promise<void>;
  close(): Promise<void>;
}

/** @param api answers under `/api/shops/demo`, as the shop would give them */
export async function startAppStage(executablePath: string, api: Hono): Promise<AppStage> {
  const [sandboxPort, appPort] = await findFreePorts(2);
  const config = readConfig({ TILLFLOW_SANDBOX_PORT: String(sandboxPort), TILLFLOW_APP_PORT: String(appPort) });
  const sandbox = await startSandbox(config, { file: ':memory:' });
  const site = new Hono();
  site.route('/app', createAppPages({ config, log: console }));
  site.route('/api/shops/demo', api);
  const server = serve({ fetch: site.fetch, hostname: '127.0.0.1', port: appPort ?? 0 });
  await new Promise<void>((resolve) => server.once('listening', resolve));
  const appOrigin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const button = { type: 'web_app', text: 'Shop', web_app: { url: `${appOrigin}/app/demo` } };
  await fetch(`${sandbox.url}/telegram/bot${token}/setChatMenuButton`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ menu_button: button }),
  });
  const browser = await chromium.launch({ executablePath, args: [...chromiumFlags] });
  return {
    appOrigin,
    sandboxUrl: sandbox.url,
    browser,
    async open(person, scheme = 'light') {
      const context = await browser.newContext({ viewport: phone, colorScheme: scheme, reducedMotion: 'reduce', deviceScaleFactor: 2 });
      const page = await context.newPage();
      page.setDefaultTimeout(15_000);
      await page.goto(`${sandbox.url}/?person=${person}&chat=${person}`);
      await page.getByTestId('menu-button').click();
      return {
        page,
        app: page.frameLocator('[data-testid="mini-app-frame"]'),
        main: () => page.getByTestId('mini-app-main'),
        back: () => page.getByTestId('mini-app-back').click(),
        close: () => context.close(),
      };
    },
    async close() {
      await browser.close();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      if ('closeAllConnections' in server) server.closeAllConnections();
      await closed;
      await sandbox.stop();
    },
  };
}
