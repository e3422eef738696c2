/** The production gateway against the sandbox's Stripe: what it opens, closes, finds and gives back, whatever breaks in between. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { GatewayError, type PaymentGateway, type PaymentRequest, type RefundRequest } from '../../gateways/payments/provider.ts';
import { createStripeGateway } from '../../gateways/payments/stripe.ts';
import { signWebhook } from '../../sandbox/stripe/webhooks.ts';
import { makePaymentRequest } from '../support/payment-request.ts';
import { type StripeFarEnd, serveStripe } from '../support/stripe-far-end.ts';

let stripe: StripeFarEnd;
let gateway: PaymentGateway;
beforeEach(async () => {
  stripe = await serveStripe();
  gateway = createStripeGateway({ apiRoot: stripe.apiRoot });
});
afterEach(async () => {
  vi.restoreAllMocks();
  await stripe.stop();
});

const open = (payment: PaymentRequest) => gateway.open(payment, stripe.credentials);
const close = (payment: PaymentRequest) => gateway.close(payment, stripe.credentials);
const find = (payment: PaymentRequest) => gateway.find(payment, stripe.credentials);
const refund = (request: RefundRequest) => gateway.refund(request, stripe.credentials);

/** An open payment that knows its session. */
async function opened(more: Partial<PaymentRequest> = {}): Promise<PaymentRequest & { providerObject: string }> {
  const payment = makePaymentRequest(more);
  const { providerObject } = await open(payment);
  return { ...payment, providerObject: providerObject as string };
}

async function sessions() {
  return (await stripe.control('/sessions')).json.sessions as Record<string, unknown>[];
}

/** Opens, pays and returns the refund request for the money. */
async function paid(more: { card?: string; amount?: number } = {}): Promise<RefundRequest> {
  const payment = await opened();
  const { json } = await stripe.control(`/sessions/${payment.providerObject}/pay`, more.card ? { card: more.card } : {});
  const { paymentId } = payment;
  const amount = { amount: more.amount ?? 4990, currency: 'PLN' };
  return { refundId: `refund-${paymentId}`, paymentId, objectId: json.paymentIntent as string, amount };
}

describe('open', () => {
  it('offers a page where only methods that answer at once can be chosen, at frozen prices', async () => {
    const payment = await opened();
    const [session] = await sessions();
    expect(session).toMatchObject({
      id: payment.providerObject,
      mode: 'payment',
      amount_total: 4990,
      currency: 'pln',
      payment_method_types: ['card', 'link', 'blik'],
      adaptive_pricing: { enabled: false },
      client_reference_id: payment.paymentId,
      metadata: { tillflow_payment_id: payment.paymentId, order_code: 'K7Q4-MX2P', shop_id: '7' },
      locale: 'en',
      success_url: 'https://t.me/demo_tillflow_bot',
      cancel_url: 'https://t.me/demo_tillflow_bot',
      expires_at: Math.floor(payment.openedAt / 1000) + 31 * 60,
      line_items: {
        data: [
          { description: 'Coffee', quantity: 2, amount_total: 2990 },
          { description: 'Map <of> "Łódź"', quantity: 1, amount_total: 2000 },
        ],
      },
    });
  });
  it('offers BLIK for PLN only', async () => {
    await opened({ amount: { amount: 4990, currency: 'EUR' } });
    expect((await sessions())[0]?.payment_method_types).toEqual(['card', 'link']);
  });
  it('lets a session outlive a long hold by a minute', async () => {
    const openedAt = Date.now();
    await opened({ openedAt, endsAt: openedAt + 60 * 60_000 });
    expect((await sessions())[0]?.expires_at).toBe(Math.ceil((openedAt + 60 * 60_000) / 1000) + 60);
  });
  it("asks for the rest of an order as one line, in the customer's language", async () => {
    for (const [language, name] of [
      ['en', 'Rest of order K7Q4-MX2P'],
      ['ru', 'Доплата за заказ K7Q4-MX2P'],
      ['pl', 'Dopłata do zamówienia K7Q4-MX2P'],
    ] as const) {
      await opened({ language, amount: { amount: 1234, currency: 'PLN' } });
      const [session] = await sessions();
      expect(session).toMatchObject({ amount_total: 1234, line_items: { data: [{ description: name, amount_total: 1234 }] } });
    }
  });
  it('keeps the sum when Stripe cannot express the price of one unit', async () => {
    const lines = [{ title: 'Pair', quantity: 2, amount: { amount: 615, currency: 'KWD' } }];
    await opened({ amount: { amount: 1230, currency: 'KWD' }, lines, title: 'Demo shop' });
    expect((await sessions())[0]).toMatchObject({ amount_total: 1230, line_items: { data: [{ description: 'Demo shop', quantity: 1 }] } });
  });
  it.each([
    ['JPY', 500, 500],
    ['KWD', 1230, 1230],
    ['ISK', 500, 50_000],
    ['EUR', 1999, 1999],
  ])('sends %s %d as %d', async (currency, amount, sent) => {
    const money = { amount, currency };
    await opened({ amount: money, lines: [{ title: 'One', quantity: 1, amount: money }] });
    expect((await sessions())[0]?.amount_total).toBe(sent);
  });
  it('refuses a dinar amount Stripe cannot take, for good and naming the field', async () => {
    const error = await open(makePaymentRequest({ amount: { amount: 1235, currency: 'KWD' } })).catch((err) => err);
    expect(error).toBeInstanceOf(GatewayError);
    expect(error).toMatchObject({ retryable: false, message: expect.stringContaining('amount: 1235 KWD') });
    expect(stripe.requests).toHaveLength(0);
  });
  it('sends the pinned version and a key of its own with every session', async () => {
    const payment = await opened();
    expect(stripe.requests).toHaveLength(1);
    expect(stripe.requests[0]).toMatchObject({
      method: 'POST',
      idempotencyKey: `${payment.paymentId}:open`,
      version: '2026-08-26.dahlia',
    });
  });
  it('opens once, however often it is asked', async () => {
    const payment = makePaymentRequest();
    const [first, ...others] = await Promise.all(Array.from({ length: 5 }, () => open(payment)));
    for (const other of others) expect(other).toEqual(first);
    expect(await open({ ...payment, providerObject: first?.providerObject })).toEqual(first);
    expect(await sessions()).toHaveLength(1);
  });
  it('opens once when the answer of the first try is lost', async () => {
    const payment = makePaymentRequest();
    stripe.fail('timeoutAfter', 'POST /v1/checkout/sessions');
    await expect(open(payment)).rejects.toMatchObject({ name: 'GatewayError', retryable: true });
    expect(await sessions()).toHaveLength(1);
    const { providerObject } = await open(payment);
    expect(await sessions()).toMatchObject([{ id: providerObject }]);
  });
  it('opens once when the answer is lost and the key forgotten: it looks before it creates', async () => {
    const payment = makePaymentRequest({ openedAt: Date.now() - 2 * 60_000, endsAt: Date.now() + 30 * 60_000 });
    const { providerObject } = await open(payment);
    // Stripe forgets keys after a day.
    stripe.farEnd.store.forgetAnswers();
    expect((await open(payment)).providerObject).toBe(providerObject);
    expect(await sessions()).toHaveLength(1);
  });
  it('gets over a 500 that Stripe repeats for a day', async () => {
    const payment = makePaymentRequest();
    stripe.fail('500', 'POST /v1/checkout/sessions');
    await expect(open(payment)).rejects.toMatchObject({ retryable: true });
    const { providerObject } = await open(payment);
    expect(await sessions()).toMatchObject([{ id: providerObject }]);
    expect(stripe.requests.filter((each) => each.method === 'POST').map((each) => each.idempotencyKey)).toEqual([
      `${payment.paymentId}:open`,
      `${payment.paymentId}:open`,
      `${payment.paymentId}:open:2`,
    ]);
  });
  it('finds the session when its key was used with other parameters, as after a deploy', async () => {
    const payment = makePaymentRequest();
    const { providerObject } = await open(payment);
    expect((await open({ ...payment, title: 'New words', returnUrl: 'https://t.me/other_bot' })).providerObject).toBe(providerObject);
    expect(await sessions()).toHaveLength(1);
  });
  it('opens a later session when the first tries took too long for a short one', async () => {
    const openedAt = Date.now() - 5 * 60_000;
    await opened({ openedAt, endsAt: openedAt + 15 * 60_000 });
    expect((await sessions())[0]?.expires_at).toBe(Math.floor(openedAt / 1000) + 95 * 60);
  });
  it('asks for nothing once the session is complete or expired', async () => {
    const payment = await opened();
    await stripe.control(`/sessions/${payment.providerObject}/pay`, {});
    expect(await open(payment)).toEqual({ instructions: { kind: 'nothing' }, providerObject: payment.providerObject });
  });
});

describe('close', () => {
  it('expires the session: it can no longer be paid', async () => {
    const payment = await opened();
    expect(await close(payment)).toEqual({ status: 'closed', events: [] });
    expect((await stripe.control(`/sessions/${payment.providerObject}/pay`, {})).status).toBe(409);
    expect(await close(payment)).toEqual({ status: 'closed', events: [] });
  });
  it('is closed when nothing was ever opened', async () => {
    expect(await close(makePaymentRequest())).toEqual({ status: 'closed', events: [] });
  });
  it('closes a session whose opening was never noted', async () => {
    const payment = makePaymentRequest();
    await open(payment);
    expect((await close(payment)).status).toBe('closed');
    expect((await sessions())[0]?.status).toBe('expired');
  });
  it('answers paid, with the money, when the customer was faster', async () => {
    const payment = await opened();
    const before = Math.floor(Date.now() / 1000) * 1000;
    const { json } = await stripe.control(`/sessions/${payment.providerObject}/pay`, {});
    const closed = await close(payment);
    expect(closed).toMatchObject({
      status: 'paid',
      events: [
        {
          kind: 'settled',
          eventId: `${json.paymentIntent}:succeeded`,
          objectId: json.paymentIntent,
          paymentId: payment.paymentId,
          money: { amount: 4990, currency: 'PLN' },
          liveMode: false,
        },
      ],
    });
    expect(closed.events[0]?.at).toBeGreaterThanOrEqual(before);
    expect(closed.events[0]?.at).toBeLessThanOrEqual(Date.now());
  });
  it('paid while closing: exactly one of both happens, never neither', async () => {
    for (let round = 0; round < 10; round++) {
      const payment = await opened();
      const [closed, pay] = await Promise.all([close(payment), stripe.control(`/sessions/${payment.providerObject}/pay`, {})]);
      expect([closed.status, pay.json.outcome]).toEqual(closed.status === 'paid' ? ['paid', 'paid'] : ['closed', 'closed']);
    }
  });
  it('answers processing when the money is on its way, and paid or closed with its verdict', async () => {
    for (const [outcome, status, kind] of [
      ['succeeded', 'paid', 'settled'],
      ['failed', 'closed', 'failed'],
    ] as const) {
      const payment = await opened();
      const { json } = await stripe.control(`/sessions/${payment.providerObject}/pay`, { async: true });
      expect(await close(payment)).toMatchObject({ status: 'processing', events: [{ kind: 'seen', objectId: json.paymentIntent }] });
      await stripe.control(`/payment-intents/${json.paymentIntent}/finish`, { outcome });
      expect(await close(payment)).toMatchObject({ status, events: [{ kind, objectId: json.paymentIntent }] });
    }
  });
  it('can be asked again after a 500', async () => {
    const payment = await opened();
    stripe.fail('500', `POST /v1/checkout/sessions/${payment.providerObject}/expire`);
    await expect(close(payment)).rejects.toMatchObject({ retryable: true });
    expect((await close(payment)).status).toBe('closed');
  });
});

describe('find', () => {
  it('tells pending, declined or not, then paid, then closed after the end', async () => {
    const payment = await opened();
    expect(await find(payment)).toEqual({ status: 'pending', events: [] });
    await stripe.control(`/sessions/${payment.providerObject}/pay`, { card: '4000000000000002' });
    expect(await find(payment)).toEqual({ status: 'pending', events: [] });
    await stripe.control(`/sessions/${payment.providerObject}/pay`, { card: '4242 4242 4242 4242' });
    expect(await find(payment)).toMatchObject({ status: 'paid', events: [{ money: { amount: 4990 } }] });

    const other = await opened();
    stripe.forward(32 * 60_000);
    expect(await find(other)).toEqual({ status: 'closed', events: [] });
  });
  it('tells the amount that was received, not the one asked for', async () => {
    const payment = await opened();
    await stripe.control(`/sessions/${payment.providerObject}/pay`, { amountOverride: 4000 });
    expect(await find(payment)).toMatchObject({ status: 'paid', events: [{ money: { amount: 4000, currency: 'PLN' } }] });
  });
  it('tells the same event for the same state, so that it is stored once', async () => {
    const payment = await opened();
    await stripe.control(`/sessions/${payment.providerObject}/pay`, {});
    expect(await find(payment)).toEqual(await find(payment));
  });
});

describe('refund', () => {
  it('gives a part back, then the rest, and no more', async () => {
    const request = await paid();
    const part = { ...request, refundId: 'refund-part', amount: { amount: 1000, currency: 'PLN' } };
    expect(await refund(part)).toMatchObject({
      status: 'succeeded',
      event: { kind: 'refunded', paymentId: request.paymentId, money: { amount: 1000, currency: 'PLN' } },
    });
    expect((await refund({ ...request, amount: { amount: 3990, currency: 'PLN' } })).status).toBe('succeeded');
    const more = await refund({ ...request, refundId: 'refund-more', amount: { amount: 1, currency: 'PLN' } });
    expect(more).toMatchObject({ status: 'failed', reason: expect.stringContaining('already been refunded') });
  });
  it('gives back once, however often it is asked and whatever answer is lost', async () => {
    const request = await paid({ amount: 1000 });
    stripe.fail('timeoutAfter', 'POST /v1/refunds');
    await expect(refund(request)).rejects.toMatchObject({ retryable: true });
    stripe.farEnd.store.forgetAnswers();
    const results = await Promise.all([refund(request), refund(request), refund(request)]);
    expect(new Set(results.map((each) => ('refundId' in each ? each.refundId : each.reason))).size).toBe(1);
    expect(results[0]?.status).toBe('succeeded');
    expect((await stripe.control('/refunds')).json.refunds).toHaveLength(1);
  });
  it('gets over a 500 that Stripe repeats', async () => {
    const request = await paid();
    stripe.fail('500', 'POST /v1/refunds');
    await expect(refund(request)).rejects.toMatchObject({ retryable: true });
    expect((await refund(request)).status).toBe('succeeded');
    expect((await stripe.control('/refunds')).json.refunds).toHaveLength(1);
  });
  it('is sent while the bank takes its time, and succeeded when asked after', async () => {
    const request = await paid({ card: '4000000000007726' });
    expect((await refund(request)).status).toBe('sent');
    stripe.forward(4000);
    expect((await refund(request)).status).toBe('succeeded');
  });
  it('failed is failed, also when the bank changes its mind after success', async () => {
    const request = await paid({ card: '4000000000005126' });
    expect((await refund(request)).status).toBe('succeeded');
    stripe.forward(4000);
    expect(await refund(request)).toMatchObject({ status: 'failed', reason: expect.stringContaining('expired_or_canceled_card') });
    expect(stripe.told()).toContain('refund.failed');
  });
  it('a disputed payment is not refunded', async () => {
    const request = await paid({ card: '4000000000000259' });
    expect(await refund(request)).toMatchObject({ status: 'failed', reason: expect.stringContaining('charge_disputed') });
  });
});

describe('errors', () => {
  it('a wrong key fails for good and is not repeated to anyone', async () => {
    const keys = { secretKey: 'sk_test_wrongwrongwrongwrong' };
    const error = await gateway.open(makePaymentRequest(), { ...stripe.credentials, keys }).catch((err) => err);
    expect(error).toMatchObject({ name: 'GatewayError', retryable: false });
    expect(error.message).not.toContain('wrong');
    expect(error.cause).toBeUndefined();
  });
  it('no key at all is said so', async () => {
    await expect(gateway.open(makePaymentRequest(), { ...stripe.credentials, keys: {} })).rejects.toThrow(/^secretKey: /);
  });
  it('too many requests may be tried again after what Stripe says', async () => {
    stripe.fail('429', 'POST /v1/checkout/sessions');
    await expect(open(makePaymentRequest())).rejects.toMatchObject({ retryable: true, retryAfter: 1000 });
  });
  it('Stripe out of reach may be tried again', async () => {
    const away = createStripeGateway({ apiRoot: 'http://127.0.0.1:9/stripe' });
    await expect(away.open(makePaymentRequest(), stripe.credentials)).rejects.toMatchObject({ retryable: true });
  });
});

describe('webhooks of the far end', () => {
  it('are accepted by the gateway and count a payment once', async () => {
    const payment = await opened();
    const { json } = await stripe.control(`/sessions/${payment.providerObject}/pay`, {});
    expect(stripe.told()).toEqual(['payment_intent.succeeded', 'checkout.session.completed']);
    const events = stripe.webhooks().flatMap((delivery) => {
      const header = signWebhook(delivery.body, delivery.secret ?? '', Math.floor(Date.now() / 1000));
      const parsed = gateway.parse(new TextEncoder().encode(delivery.body), { 'stripe-signature': header }, stripe.credentials, Date.now());
      if (parsed.verdict !== 'verified') throw new Error(parsed.reason);
      return parsed.events;
    });
    const settled = events.filter((each) => each.kind === 'settled');
    expect(settled.map((each) => [each.objectId, each.paymentId, each.money?.amount, each.versionMismatch])).toEqual([
      [json.paymentIntent, payment.paymentId, 4990, false],
      [json.paymentIntent, payment.paymentId, 4990, false],
    ]);
    const asked = (await find(payment)).events[0];
    expect(asked).toMatchObject({ kind: 'settled', objectId: settled[0]?.objectId, money: settled[0]?.money });
  });
});
