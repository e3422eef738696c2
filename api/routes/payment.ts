/** What a shop's Mini App calls about money: paying a basket or a product, topping up the wallet, and what became of it. */
import { randomBytes } from 'node:crypto';
import { Hono } from 'hono';
import type { z } from 'zod';
import type { Payable } from '../../domain/payment.ts';
import { issueNonce } from '../../db/repositories/nonce.ts';
import { type PaymentState, readPaymentStates } from '../../db/repositories/payment-state.ts';
import type { ApiContext } from '../context.ts';
import { inBody, inHeaders, inPath } from '../input.ts';
import { askProvider, claimCode, createOrder, createRefill, hashOf } from '../payment/calls.ts';
import { createFeed } from '../payment/feed.ts';
import { callHeaders, createBody, paymentPath, refillBody } from '../payment/schemas.ts';
import { streamStatus } from '../payment/stream.ts';
import type { Telling } from '../payment/telling.ts';
import { notFound } from '../problem.ts';
import type { Visitor } from '../visitor/identify.ts';
import type { Limits } from '../visitor/limits.ts';
import type { Entrance } from '../visitor/visit.ts';

export function createPaymentRoutes(context: ApiContext, { visit, aboutMoney }: Entrance, limits: Limits, telling: Telling) {
  const { db, signal = new AbortController().signal } = context;
  const { makeLinkFor, tellPayment, tellStatus } = telling;
  const feed = createFeed(context);
  const inCall = inHeaders(callHeaders, 'x-nonce');

  /** Of a call that moves money: the code of its order or deposit. */
  function claim(visitor: Visitor, noun: Payable['noun'], headers: z.infer<typeof callHeaders>, asked: unknown): Promise<string> {
    return claimCode(context, visitor, { nonce: headers['x-nonce'], key: headers['idempotency-key'], noun, asked });
  }

  /** A payment of this customer: one of somebody else is as unknown as none. */
  async function findOwn(visitor: Visitor, id: string): Promise<PaymentState> {
    const [state] = await readPaymentStates(db.em.fork(), [id]);
    if (!state || state.shopId !== visitor.shop.id || state.customerId !== visitor.customer.id) throw notFound('id');
    return state;
  }

  return new Hono()
    .post('/payment/nonce', visit, aboutMoney, async (c) => {
      const { shop, customer } = c.var.visitor;
      const nonce = randomBytes(32).toString('base64url');
      const expiresAt = await issueNonce(db.em.fork(), { hash: hashOf(nonce), shopId: shop.id, customerId: customer.id, at: new Date() });
      return c.json({ nonce, expires_at: expiresAt.toISOString() });
    })
    .post('/payment/create', visit, aboutMoney, inCall, inBody(createBody), async (c) => {
      const [{ visitor }, body] = [c.var, c.req.valid('json')];
      const code = await claim(visitor, 'order', c.req.valid('header'), body);
      return c.json(await tellPayment(visitor, await createOrder(context, visitor, code, body)));
    })
    .post('/payment/refill', visit, aboutMoney, inCall, inBody(refillBody), async (c) => {
      const [{ visitor }, body] = [c.var, c.req.valid('json')];
      const code = await claim(visitor, 'deposit', c.req.valid('header'), body);
      return c.json(await tellPayment(visitor, await createRefill(context, visitor, code, body)));
    })
    .get('/payment/status/:id', visit, inPath(paymentPath), async (c) => {
      const { visitor } = c.var;
      return c.json(await tellStatus(visitor, await findOwn(visitor, c.req.valid('param').id)));
    })
    .post('/payment/status/:id/ask', visit, aboutMoney, inPath(paymentPath), async (c) => {
      const { visitor } = c.var;
      const { id } = c.req.valid('param');
      await askProvider(context, await findOwn(visitor, id));
      return c.json(await tellStatus(visitor, await findOwn(visitor, id)));
    })
    .get('/payment/status/:id/events', visit, inPath(paymentPath), async (c) => {
      const { visitor } = c.var;
      const state = await findOwn(visitor, c.req.valid('param').id);
      const ended = limits.beginStream(visitor.customer.id);
      return streamStatus(c, { state, feed, makeLink: makeLinkFor(visitor), signal, ended });
    });
}
