/**
 * The sandbox as one server on loopback: `/telegram`, `/stripe`, `/nowpayments`, `/coingecko`, `/coinbase`, `/chain`, `/sandbox`, the chat page
 * and a wallet of coins.
 */
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import type { AddressInfo } from 'node:net';
import type { z } from 'zod';
import { createChains } from './chain/index.ts';
import { createContext, type SandboxConfig, type SandboxContext } from './context.ts';
import { faultSchema } from './faults.ts';
import { nowPaymentsOf } from './nowpayments/far-end.ts';
import { createNowPayments, createNowPaymentsControl } from './nowpayments/index.ts';
import { createRates } from './rates/index.ts';
import { farEndOf } from './stripe/far-end.ts';
import { createStripe, createStripeControl } from './stripe/index.ts';
import { createTelegram } from './telegram/index.ts';

const host = '127.0.0.1';
const loopbackNames = new Set(['127.0.0.1', 'localhost', '[::1]']);

export interface Sandbox {
  /** e.g. `http://127.0.0.1:8081` */
  readonly url: string;
  readonly context: SandboxContext;
  stop(): Promise<void>;
}

export interface SandboxOptions {
  /** The chat page; it needs the load hook for `.tsx`. */
  readonly pages?: boolean;
  /** Another place for the sandbox's file. */
  readonly file?: string;
  readonly clock?: () => number;
}

/** Starts a sandbox. Port 0 takes any free one. @throws when the port is taken */
export async function startSandbox(config: SandboxConfig, { pages = true, ...options }: SandboxOptions = {}): Promise<Sandbox> {
  const context = createContext(config, options);
  const telegram = createTelegram(context);
  const rates = createRates(context);
  const chains = createChains(context);
  const app = new Hono();
  app.use(async (c, next) => {
    // A foreign name that points at this machine would let any web page in.
    const name = new URL(c.req.url).hostname;
    if (!loopbackNames.has(name)) return c.json({ error: 'host: the sandbox answers on this machine only' }, 403);
    await next();
  });
  app.use('/sandbox/*', async (c, next) => {
    const origin = c.req.header('origin');
    if (origin !== undefined && origin !== new URL(c.req.url).origin) return c.json({ error: 'origin: not the sandbox’s own page' }, 403);
    await next();
  });
  app.get('/health', (c) => c.json({ status: 'ok' }));
  app.route('/telegram', telegram.botApi);
  app.route('/stripe', createStripe(context));
  app.route('/sandbox/stripe', createStripeControl(context));
  app.route('/nowpayments', createNowPayments(context));
  app.route('/sandbox/nowpayments', createNowPaymentsControl(context));
  app.route('/coingecko', rates.coingecko);
  app.route('/coinbase', rates.coinbase);
  app.route('/sandbox/rates', rates.control);
  app.route('/chain', chains.esplora);
  app.route('/sandbox/chain', chains.control);
  app.route('/wallet', chains.page);
  app.route('/sandbox', createControl(context));
  app.route('/sandbox', telegram.chatApi);
  if (pages) {
    const { createChatPages } = await import('./web/pages.tsx');
    app.route('/', createChatPages(context));
  }

  const server = serve({ fetch: app.fetch, hostname: host, port: config.ports.sandbox });
  await new Promise<void>((resolve, reject) => {
    server.once('listening', resolve);
    server.once('error', reject);
  });
  context.deliveries.start();
  chains.start();
  return {
    url: `http://${host}:${(server.address() as AddressInfo).port}`,
    context,
    async stop() {
      telegram.stop();
      chains.stop();
      farEndOf(context).stop();
      nowPaymentsOf(context).stop();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      if ('closeAllConnections' in server) server.closeAllConnections();
      await Promise.all([closed, context.deliveries.stop()]);
      context.store.close();
    },
  };
}

/** Faults and webhooks on their way, relative to `/sandbox`. */
function createControl({ faults, deliveries }: SandboxContext): Hono {
  const app = new Hono();
  app.get('/faults', (c) => c.json(faults.list()));
  app.post('/faults', async (c) => {
    const parsed = faultSchema.safeParse(await c.req.json().catch(() => undefined));
    if (!parsed.success) {
      const words = parsed.error.issues.map((issue: z.core.$ZodIssue) => `${issue.path.join('.') || 'body'}: ${issue.message}`);
      return c.json({ error: words.join('; ') }, 400);
    }
    return c.json(faults.add(parsed.data), 201);
  });
  app.delete('/faults', (c) => {
    faults.clear();
    return c.json([]);
  });
  app.get('/deliveries', (c) =>
    c.json(deliveries.list().map(({ id, target, url, attempts, nextAt, lastError }) => ({ id, target, url, attempts, nextAt, lastError }))),
  );
  app.post('/deliveries/hurry', (c) => c.json({ hurried: deliveries.hurry() }));
  return app;
}
