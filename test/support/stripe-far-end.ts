/** The sandbox's Stripe served on a free port, its clock, faults and webhooks in the test's hands. */
import type { AddressInfo } from 'node:net';
import { DatabaseSync } from 'node:sqlite';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { demoSecretKey, demoWebhookSecret } from '../../sandbox/stripe/demo.ts';
import { farEndOf } from '../../sandbox/stripe/far-end.ts';
import { createStripeControlOn, createStripeOn } from '../../sandbox/stripe/index.ts';
import type { StripeFault, StripeWorld, WebhookDelivery } from '../../sandbox/stripe/world.ts';

export type StripeFarEnd = Awaited<ReturnType<typeof serveStripe>>;

/** @param path the sandbox's file; serve the same file again to see what survives a kill */
export async function serveStripe(path = ':memory:') {
  const db = new DatabaseSync(path);
  const delivered: WebhookDelivery[] = [];
  /** Taken by one request each; `none` lets one pass. */
  const faults: (StripeFault | 'none')[] = [];
  const requests: { method: string; path: string; idempotencyKey: string | undefined; body: string }[] = [];
  const state = { aheadMs: 0 };
  const world: StripeWorld = {
    clock: () => Date.now() + state.aheadMs,
    db,
    migrate: (name, sql) => {
      db.exec('CREATE TABLE IF NOT EXISTS migrated (name TEXT PRIMARY KEY)');
      if (db.prepare('INSERT OR IGNORE INTO migrated VALUES (?)').run(name).changes > 0) db.exec(sql);
    },
    appPort: 1,
    deliver: (delivery) => delivered.push(delivery),
    takeFault: () => {
      const fault = faults.shift();
      return fault === 'none' ? undefined : fault;
    },
  };
  const app = new Hono();
  app.use('/stripe/v1/*', async (c, next) => {
    const body = await c.req.raw.clone().text();
    requests.push({ method: c.req.method, path: c.req.path, idempotencyKey: c.req.header('idempotency-key'), body });
    await next();
  });
  app.route('/stripe', createStripeOn(world));
  app.route('/sandbox/stripe', createStripeControlOn(world));
  const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 });
  await new Promise<void>((resolve) => server.once('listening', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  return {
    origin,
    apiRoot: `${origin}/stripe`,
    farEnd: farEndOf(world),
    delivered,
    faults,
    requests,
    credentials: {
      shopId: 7,
      accountId: 1,
      liveMode: false,
      keys: { secretKey: demoSecretKey, webhookSecret: demoWebhookSecret } as Record<string, string>,
    },
    /** Sets the far end's clock ahead. */
    forward: (ms: number) => {
      state.aheadMs += ms;
    },
    /** Types of the events told so far. */
    told: () => delivered.map((each) => (JSON.parse(each.body) as { type: string }).type),
    async control(path: string, body?: object): Promise<{ status: number; json: Record<string, unknown> }> {
      const answer = await fetch(`${origin}/sandbox/stripe${path}`, body && { method: 'POST', body: JSON.stringify(body) });
      return { status: answer.status, json: (await answer.json()) as Record<string, unknown> };
    },
    async stop() {
      farEndOf(world).stop();
      await new Promise((resolve) => {
        server.close(resolve);
        if ('closeAllConnections' in server) server.closeAllConnections();
      });
      db.close();
    },
  };
}
