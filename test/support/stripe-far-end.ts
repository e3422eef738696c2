/** The sandbox's Stripe served on a free port, its clock, faults and webhooks in the test's hands. */
import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { readConfig } from '../../config.ts';
import { createContext } from '../../sandbox/context.ts';
import type { Delivery } from '../../sandbox/deliveries.ts';
import { demoSecretKey, demoWebhookSecret } from '../../sandbox/stripe/demo.ts';
import { farEndOf } from '../../sandbox/stripe/far-end.ts';
import { createStripe, createStripeControl } from '../../sandbox/stripe/index.ts';

export type StripeFarEnd = Awaited<ReturnType<typeof serveStripe>>;

/** @param file the sandbox's file; serve the same file again to see what survives a kill */
export async function serveStripe(file = ':memory:') {
  const requests: { method: string; path: string; idempotencyKey: string | undefined; version: string | undefined }[] = [];
  const state = { aheadMs: 0 };
  const context = createContext(readConfig({}), { file, clock: () => Date.now() + state.aheadMs });
  const app = new Hono();
  app.use('/stripe/v1/*', async (c, next) => {
    const [idempotencyKey, version] = [c.req.header('idempotency-key'), c.req.header('stripe-version')];
    requests.push({ method: c.req.method, path: c.req.path, idempotencyKey, version });
    await next();
  });
  app.route('/stripe', createStripe(context));
  app.route('/sandbox/stripe', createStripeControl(context));
  const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 });
  await new Promise<void>((resolve) => server.once('listening', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  return {
    origin,
    apiRoot: `${origin}/stripe`,
    context,
    farEnd: farEndOf(context),
    requests,
    credentials: {
      shopId: 7,
      accountId: 1,
      liveMode: false,
      keys: { secretKey: demoSecretKey, webhookSecret: demoWebhookSecret } as Record<string, string>,
    },
    /** Strikes the next call of a method (`POST /v1/refunds`). */
    fail: (kind: '429' | '500' | 'timeoutBefore' | 'timeoutAfter', method: string) =>
      context.faults.add({ target: 'stripe', kind, method, times: 1 }),
    /** Sets the far end's clock ahead. */
    forward: (ms: number) => {
      state.aheadMs += ms;
    },
    /** Webhooks waiting to be sent, oldest first; nothing is sent unless the test starts `context.deliveries`. */
    webhooks: (): Delivery[] => context.deliveries.list(),
    /** Types of the events told to the shop so far. */
    told: () => context.deliveries.list().map((each) => (JSON.parse(each.body) as { type: string }).type),
    async control(path: string, body?: object): Promise<{ status: number; json: Record<string, unknown> }> {
      const answer = await fetch(`${origin}/sandbox/stripe${path}`, body && { method: 'POST', body: JSON.stringify(body) });
      return { status: answer.status, json: (await answer.json()) as Record<string, unknown> };
    },
    async stop() {
      farEndOf(context).stop();
      await context.deliveries.stop();
      await new Promise((resolve) => {
        server.close(resolve);
        if ('closeAllConnections' in server) server.closeAllConnections();
      });
      context.store.close();
    },
  };
}
