/**
 * The peer of `webhooks`, a process of its own: Hono on node-server with the signature checks any such route has, and one insert into a
 * table like the inbox. It looks nothing up, resolves no order, rings nobody and keeps nothing of what it refuses.
 */
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import pg from 'pg';
import Stripe from 'stripe';
import { z } from 'zod';

const { port, databaseUrl, stripeSecret, telegramSecret, shopId, accountId } = z
  .object({
    port: z.number(),
    databaseUrl: z.string(),
    stripeSecret: z.string(),
    telegramSecret: z.string(),
    shopId: z.number(),
    accountId: z.number(),
  })
  .parse(JSON.parse(process.env.WEBHOOKS_BARE ?? '{}'));
const pool = new pg.Pool({ connectionString: databaseUrl, max: 8 });
const { webhooks } = new Stripe('sk_test_bare');

const insert = `insert into bare_inbox (shop_id, provider, account_id, source, event_id, type, verdict, kind, object_id, provider_at, received_at, body, headers)
  values ($1, $2, $3, $4, $5, $6, 'verified', 'other', $7, $8, now(), $9, $10) on conflict (provider, shop_id, event_id, verdict) do nothing`;

const app = new Hono()
  .post('/stripe', async (c) => {
    const body = await c.req.text();
    const signature = c.req.header('stripe-signature') ?? '';
    let event: Stripe.Event;
    try {
      event = webhooks.constructEvent(body, signature, stripeSecret);
    } catch {
      return c.json({ error: 'signature' }, 400);
    }
    const object = event.data.object as { id?: string };
    const at = new Date(event.created * 1_000);
    const headers = JSON.stringify({ 'stripe-signature': signature });
    await pool.query(insert, [
      shopId,
      'stripe',
      accountId,
      'webhook',
      event.id,
      event.type,
      object.id ?? '',
      at,
      Buffer.from(body),
      headers,
    ]);
    return c.json({ received: true });
  })
  .post('/telegram', async (c) => {
    if (c.req.header('x-telegram-bot-api-secret-token') !== telegramSecret) return c.json({ error: 'secret' }, 403);
    const body = await c.req.text();
    const update = JSON.parse(body) as { update_id: number };
    await pool.query(insert, [
      shopId,
      'stars',
      null,
      'update',
      String(update.update_id),
      'update',
      '',
      new Date(),
      Buffer.from(body),
      '{}',
    ]);
    return c.json({ ok: true });
  })
  .get('/ready', (c) => c.json({ ok: true }));

serve({ fetch: app.fetch, hostname: '127.0.0.1', port });
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => process.exit(0));
