/** What a shop's Mini App calls: paying a basket or a product, topping up the wallet, and what became of it. */
import { randomBytes } from 'node:crypto';
import { type Context, Hono } from 'hono';
import type { z } from 'zod';
import type { Payable } from '../../domain/payment.ts';
import { issueNonce } from '../../db/repositories/nonce.ts';
import { type PaymentState, readPaymentStates } from '../../db/repositories/payment-state.ts';
import { openBotToken } from '../../db/repositories/shop.ts';
import { createInvoiceLinks } from '../../gateways/telegram/invoice-links.ts';
import { clientOf } from '../access.ts';
import { parseJson, readBody } from '../body.ts';
import type { ApiContext } from '../context.ts';
import { type MakeLink, toPaymentAnswer, toStatusAnswer } from '../payment/answer.ts';
import { claimCode, createOrder, createRefill, hashOf, untilReady } from '../payment/calls.ts';
import { createFeed } from '../payment/feed.ts';
import { createLimits, paymentLimits } from '../payment/limits.ts';
import { notReady } from '../payment/refusal.ts';
import { callHeaders, createBody, paymentPath, refillBody } from '../payment/schemas.ts';
import { streamStatus } from '../payment/stream.ts';
import { findVisitedShop, identify, type Visitor } from '../payment/visitor.ts';
import { notFound, Problem, toProblem } from '../problem.ts';

const mostBodyBytes = 64 * 1024;

/** Relative to `/api` (the deployment's default shop) and to `/api/shops/:shop`. */
export function createPaymentRoutes(context: ApiContext) {
  const { config, db, secrets, telegram, signal = new AbortController().signal } = context;
  const limits = createLimits(context.limits ?? paymentLimits);
  const feed = createFeed(context);
  const linkOf = createInvoiceLinks();
  const publicHost = new URL(config.publicUrl).host;

  function makeLinkFor({ shop }: Visitor): MakeLink {
    return async (invoice) => {
      const token = openBotToken(secrets, shop);
      return token === undefined ? undefined : linkOf(telegram.bot(token), shop.botId ?? 0, invoice);
    };
  }

  /** Every call: within the limits, from a page of ours or from no page, by a customer of the shop. */
  async function visit(c: Context): Promise<Visitor> {
    const client = clientOf(c);
    await limits.fromAddress(client);
    requireOwnOrigin(c, publicHost);
    const shop = await findVisitedShop(context, c.req.param('shop'));
    try {
      const visitor = await identify(context, shop, c.req.header('x-telegram-init-data'));
      await limits.ofCustomer(visitor.customer.id);
      return visitor;
    } catch (err) {
      if (err instanceof Problem && err.status === 401) await limits.noteRefused(client);
      throw err;
    }
  }

  /** A call that moves money: what is asked, and the code of its order or deposit. */
  async function readCall<Body>(
    c: Context,
    noun: Payable['noun'],
    schema: z.ZodType<Body>,
  ): Promise<{ visitor: Visitor; body: Body; code: string }> {
    const visitor = await visit(c);
    await limits.ofMoney(visitor.customer.id);
    const headers = callHeaders.safeParse({ 'x-nonce': c.req.header('x-nonce'), 'idempotency-key': c.req.header('idempotency-key') });
    if (!headers.success) throw toProblem(headers.error, 'x-nonce');
    if (!/^application\/json(?:\s*;|$)/i.test(c.req.header('content-type') ?? '')) {
      throw new Problem(415, 'Not JSON', 'content-type: application/json is needed', { field: 'content-type' });
    }
    const body = schema.safeParse(parseJson(await readBody(c.req.raw, mostBodyBytes)));
    if (!body.success) throw toProblem(body.error, 'body');
    const call = { nonce: headers.data['x-nonce'], key: headers.data['idempotency-key'], noun, asked: body.data };
    return { visitor, body: body.data, code: await claimCode(context, visitor, call) };
  }

  async function answer(c: Context, visitor: Visitor, state: PaymentState): Promise<Response> {
    const ready = await untilReady(context, state);
    const told = await toPaymentAnswer(ready, makeLinkFor(visitor));
    if (!told) throw notReady({ payment_id: ready.id });
    return c.json(told);
  }

  /** A payment of this customer: one of somebody else is as unknown as none. */
  async function findOwn(c: Context): Promise<{ visitor: Visitor; state: PaymentState }> {
    const visitor = await visit(c);
    const path = paymentPath.safeParse({ id: c.req.param('id') });
    if (!path.success) throw toProblem(path.error, 'id');
    const [state] = await readPaymentStates(db.em.fork(), [path.data.id]);
    if (!state || state.shopId !== visitor.shop.id || state.customerId !== visitor.customer.id) throw notFound('id');
    return { visitor, state };
  }

  return new Hono()
    .use('/payment/*', async (c, next) => {
      await next();
      c.res.headers.set('cache-control', 'no-store');
    })
    .post('/payment/nonce', async (c) => {
      const { shop, customer } = await visit(c);
      await limits.ofMoney(customer.id);
      const nonce = randomBytes(32).toString('base64url');
      const expiresAt = await issueNonce(db.em.fork(), { hash: hashOf(nonce), shopId: shop.id, customerId: customer.id, at: new Date() });
      return c.json({ nonce, expires_at: expiresAt.toISOString() });
    })
    .post('/payment/create', async (c) => {
      const { visitor, body, code } = await readCall(c, 'order', createBody);
      return answer(c, visitor, await createOrder(context, visitor, code, body));
    })
    .post('/payment/refill', async (c) => {
      const { visitor, body, code } = await readCall(c, 'deposit', refillBody);
      return answer(c, visitor, await createRefill(context, visitor, code, body));
    })
    .get('/payment/status/:id', async (c) => {
      const { visitor, state } = await findOwn(c);
      return c.json(await toStatusAnswer(state, makeLinkFor(visitor)));
    })
    .get('/payment/status/:id/events', async (c) => {
      const { visitor, state } = await findOwn(c);
      const ended = limits.beginStream(visitor.customer.id);
      return streamStatus(c, { state, feed, makeLink: makeLinkFor(visitor), signal, ended });
    });
}

/** Pages of other sites may not ask, not even in the name of whoever looks at them. */
function requireOwnOrigin(c: Context, publicHost: string): void {
  const origin = c.req.header('origin');
  if (origin === undefined) return;
  const host = URL.canParse(origin) ? new URL(origin).host : undefined;
  if (host === undefined || (host !== publicHost && host !== c.req.header('host'))) {
    throw new Problem(403, 'Not allowed', 'origin: only the shop’s own pages may ask', { field: 'origin' });
  }
}
