/** Control of the Stripe far end, for scripts, tests and the bar beside the chat. */
import type { Context } from 'hono';
import { Hono } from 'hono';
import { z } from 'zod';
import type { SandboxContext } from '../context.ts';
import { isLoopback } from '../deliveries.ts';
import { findCard } from './cards.ts';
import { StripeFarError } from './errors.ts';
import { farEndOf } from './far-end.ts';
import type { StoredRefund, StoredSession } from './objects.ts';
import { alteration, alterEvent, type StoredEvent } from './altered.ts';
import { usualEvents } from './webhooks.ts';

const webhookSecret = z.string().regex(/^whsec_[A-Za-z0-9+/=]+$/, 'a secret such as whsec_abc');
const webhookUrl = z.url({ protocol: /^http$/ }).refine(isLoopback, 'only loopback addresses');
const account = z.strictObject({
  secretKey: z.string().regex(/^(sk|rk)_test_[A-Za-z0-9]+$/, 'a test key such as sk_test_abc'),
  webhookSecret,
  webhookUrl: webhookUrl.nullable(),
  enabledEvents: z.array(z.string().min(1)).default([...usualEvents]),
  /** Webhooks beside the first, each told of everything. */
  endpoints: z
    .array(z.strictObject({ url: webhookUrl, secret: webhookSecret }))
    .max(10)
    .default([]),
});
const payment = z.strictObject({
  card: z.string().optional(),
  method: z.string().optional(),
  amountOverride: z.number().int().positive().optional(),
  async: z.boolean().optional(),
  force: z.boolean().optional(),
});
const verdict = z.strictObject({ outcome: z.enum(['succeeded', 'failed']) });
const amount = z.number().int().positive().optional();
const disputed = z.strictObject({ reason: z.string().default('fraudulent'), amount, inquiry: z.boolean().optional() });
const warned = z.strictObject({ fraudType: z.string().default('unauthorized_use_of_card') });
const refunded = z.strictObject({ amount });
const disputeEnd = z.strictObject({ status: z.enum(['won', 'lost']) });
const resend = z.strictObject({
  times: z.number().int().min(1).max(100).default(1),
  parallel: z.boolean().default(true),
  /** Sends an event of its own that says something else, rightly signed. */
  alter: alteration.optional(),
});

/** Routes relative to `/sandbox/stripe`. Errors are `{ error: string }`, naming the field. */
export function createStripeControl(context: SandboxContext): Hono {
  const farEnd = farEndOf(context);
  const { store } = farEnd;
  const app = new Hono();

  app.onError((err, c) => {
    if (err instanceof z.ZodError) {
      return c.json({ error: err.issues.map((issue) => `${issue.path.join('.') || 'body'}: ${issue.message}`).join('; ') }, 400);
    }
    if (err instanceof StripeFarError) return c.json({ error: err.body.message }, err.status);
    throw err;
  });
  const read = async <T extends z.ZodType>(schema: T, c: Context): Promise<z.infer<T>> => {
    const text = await c.req.text();
    try {
      return schema.parse(text === '' ? {} : JSON.parse(text));
    } catch (err) {
      if (err instanceof SyntaxError) throw new z.ZodError([{ code: 'custom', path: [], message: 'not JSON', input: undefined }]);
      throw err;
    }
  };
  app.use(async (_, next) => {
    farEnd.runDue();
    await next();
  });

  app.post('/accounts', async (c) => {
    const { endpoints, ...wanted } = await read(account, c);
    const { id } = store.saveAccount(wanted);
    store.saveEndpoints(id, endpoints);
    return c.json({ id }, 201);
  });
  app.get('/sessions', (c) => {
    const limit = z.coerce.number().int().min(1).max(500).default(50).parse(c.req.query('limit'));
    const paymentId = c.req.query('paymentId');
    const sessions = store.listEvery<StoredSession>('checkout.session', limit);
    return c.json({ sessions: sessions.filter((each) => paymentId === undefined || each.client_reference_id === paymentId) });
  });
  app.get('/sessions/:id', (c) => c.json(farEnd.requireSession(c.req.param('id')).session));
  app.post('/sessions/:id/pay', async (c) => {
    const wanted = await read(payment, c);
    const card = wanted.card === undefined ? undefined : findCard(wanted.card);
    if (wanted.card !== undefined && !card) return c.json({ error: 'card: not a test card' }, 400);
    const result = farEnd.pay(c.req.param('id'), { ...wanted, card });
    return c.json(result, result.outcome === 'closed' ? 409 : 200);
  });
  app.post('/sessions/:id/expire', (c) => {
    const { accountId, session } = farEnd.requireSession(c.req.param('id'));
    return c.json(farEnd.expireSession(accountId, session.id));
  });
  app.post('/payment-intents/:id/finish', async (c) => c.json(farEnd.finish(c.req.param('id'), (await read(verdict, c)).outcome)));
  app.post('/payment-intents/:id/dispute', async (c) => c.json(farEnd.dispute(c.req.param('id'), await read(disputed, c))));
  app.post('/payment-intents/:id/warn', async (c) => c.json(farEnd.warn(c.req.param('id'), (await read(warned, c)).fraudType)));
  // As the owner does in Stripe's dashboard: nothing of ours is on it.
  app.post('/payment-intents/:id/refund', async (c) =>
    c.json(farEnd.refundInDashboard(c.req.param('id'), (await read(refunded, c)).amount)),
  );
  app.post('/disputes/:id/withdraw', (c) => c.json(farEnd.withdraw(c.req.param('id'))));
  app.post('/disputes/:id/close', async (c) => c.json(farEnd.closeDispute(c.req.param('id'), (await read(disputeEnd, c)).status)));
  app.get('/refunds', (c) => c.json({ refunds: store.listEvery<StoredRefund>('refund', 100) }));
  app.post('/refunds/:id/finish', async (c) => c.json(farEnd.finishRefund(c.req.param('id'), (await read(verdict, c)).outcome)));
  app.get('/events', (c) => {
    const limit = z.coerce.number().int().min(1).max(5_000).default(200).parse(c.req.query('limit'));
    const about = c.req.query('object');
    const events = store.listEvery<StoredEvent>('event', limit);
    return c.json({ events: events.filter(({ data: { object } }) => !about || object.id === about || object.payment_intent === about) });
  });
  app.post('/events/:id/resend', async (c) => {
    const { times, parallel, alter } = await read(resend, c);
    const found = store.find<StoredEvent>('event', c.req.param('id'));
    if (!found) return c.json({ error: `No such event: ${c.req.param('id')}` }, 404);
    const owner = store.accountById(found.accountId);
    if (!owner?.webhookUrl) return c.json({ error: 'webhookUrl: none is set for this account' }, 409);
    const event = alter ? alterEvent(found.object, alter) : found.object;
    if (alter) store.put(owner.id, event);
    // One after the other: a second apart is far enough for a shop that answers in milliseconds.
    for (let index = 0; index < times; index++) farEnd.send(owner, event, parallel ? 0 : index);
    return c.json({ sent: times, event: event.id });
  });
  return app;
}
