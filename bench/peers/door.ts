/** The web's side of peers that are libraries: three addresses, on loopback. */
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import type { PeerTap } from './shop.ts';

export interface PeerDoor {
  /** Resolves when the hold is known and the way to pay is ready. */
  place(tap: PeerTap): Promise<void>;
  /** The provider tells: the money came. */
  pay(orderCode: string): Promise<void>;
  /** Waits for the end. @returns how the order ended */
  result(orderCode: string): Promise<string>;
}

export async function serveDoor(port: number, door: PeerDoor): Promise<void> {
  const app = new Hono();
  app.get('/health', (c) => c.json({ status: 'ok' }));
  app.post('/orders', async (c) => {
    await door.place(await c.req.json<PeerTap>());
    return c.json({ ok: true });
  });
  app.post('/orders/:code/pay', async (c) => {
    await door.pay(c.req.param('code'));
    return c.json({ ok: true });
  });
  app.get('/orders/:code/result', async (c) => c.json({ status: await door.result(c.req.param('code')) }));
  app.onError((err, c) => c.json({ error: err.message }, 500));
  await new Promise<void>((resolve) => {
    serve({ fetch: app.fetch, hostname: '127.0.0.1', port }, () => resolve());
  });
}
