/** What a shop's Mini App calls about money: paying a basket or a product, topping up the wallet, and what became of it. */
import { randomBytes } from 'node:crypto';
import { Hono } from 'hono';
import type { z } from 'zod';
import type { Payable } from '../../domain/payment.ts';
import { issueNonce } from '../../db/repositories/nonce.ts';
import { type PaymentState, readPaymentStates } from '../../db/repositories/payment-state.ts';
import { openBotToken } from '../../db/repositories/shop.ts';
import { createInvoiceLinks } from '../../gateways/telegram/invoice-links.ts';
import type { ApiContext } from '../context.ts';
import { inBody, inHeaders, inPath } from '../input.ts';
import { type MakeLink, toPaymentAnswer, toStatusAnswer } from '../payment/answer.ts';
import { claimCode, createOrder, createRefill, hashOf, untilReady } from '../payment/calls.ts';
import { createFeed } from '../payment/feed.ts';
import { notReady } from '../payment/refusal.ts';
import { callHeaders, createBody, type PaymentAnswer, paymentPath, refillBody } from '../payment/schemas.ts';
import { streamStatus } from '../payment/stream.ts';
import { notFound } from '../problem.ts';
import type { Visitor } from '../visitor/identify.ts';
import type { Limits } from '../visitor/limits.ts';
import type { Entrance } from '../visitor/visit.ts';

export function createPaymentRoutes(context: ApiContext, { visit, aboutMoney }: Entrance, limits: Limits) {
  const { db, secrets, telegram, signal = new AbortController().signal } = context;
  const feed = createFeed(context);
  const linkOf = createInvoiceLinks();
  const inCall = inHeaders(callHeaders, 'x-nonce');

  function makeLinkFor({ shop }: Visitor): MakeLink {
    return async (invoice) => {
      const token = openBotToken(secrets, shop);
      return token === undefined ? undefined : linkOf(telegram.bot(token), shop.botId ?? 0, invoice);
    };
  }

  /** Of a call that moves money: the code of its order or deposit. */
  function claim(visitor: Visitor, noun: Payable['noun'], headers: z.infer<typeof callHeaders>, asked: unknown): Promise<string> {
    return claimCode(context, visitor, { nonce: headers['x-nonce'], key: headers['idempotency-key'], noun, asked });
  }

  async function answer(visitor: Visitor, state: PaymentState): Promise<PaymentAnswer> {
    const ready = await untilReady(context, state);
    const told = await toPaymentAnswer(ready, makeLinkFor(visitor));
    if (!told) throw notReady({ payment_id: ready.id });
    return told;
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
      return c.json(await answer(visitor, await createOrder(context, visitor, code, body)));
    })
    .post('/payment/refill', visit, aboutMoney, inCall, inBody(refillBody), async (c) => {
      const [{ visitor }, body] = [c.var, c.req.valid('json')];
      const code = await claim(visitor, 'deposit', c.req.valid('header'), body);
      return c.json(await answer(visitor, await createRefill(context, visitor, code, body)));
    })
    .get('/payment/status/:id', visit, inPath(paymentPath), async (c) => {
      const { visitor } = c.var;
      return c.json(await toStatusAnswer(await findOwn(visitor, c.req.valid('param').id), makeLinkFor(visitor)));
    })
    .get('/payment/status/:id/events', visit, inPath(paymentPath), async (c) => {
      const { visitor } = c.var;
      const state = await findOwn(visitor, c.req.valid('param').id);
      const ended = limits.beginStream(visitor.customer.id);
      return streamStatus(c, { state, feed, makeLink: makeLinkFor(visitor), signal, ended });
    });
}
