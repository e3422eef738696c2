/** What a Stripe webhook may say, and what it must not be able to say. */
import { createHmac } from 'node:crypto';
import Stripe from 'stripe';
import { describe, expect, it } from 'vitest';
import type { ParsedWebhook, ProviderCredentials, ProviderEvent } from '../../gateways/payments/provider.ts';
import { createStripeGateway } from '../../gateways/payments/stripe.ts';

const gateway = createStripeGateway();
const receivedAt = Date.UTC(2026, 10, 21, 12, 0, 0);
const seconds = receivedAt / 1000;
const keys = { secretKey: 'sk_test_x', webhookSecret: 'whsec_now' };
const credentials: ProviderCredentials = { shopId: 1, accountId: 1, liveMode: false, keys };

const sessionObject = {
  id: 'cs_test_1',
  object: 'checkout.session',
  mode: 'payment',
  payment_status: 'paid',
  payment_intent: 'pi_1',
  amount_total: 1999,
  currency: 'eur',
  client_reference_id: 'payment-1',
  metadata: { tillflow_payment_id: 'payment-1', order_code: 'K7Q4MX2P', shop_id: '1' },
};
const intentObject = {
  id: 'pi_1',
  object: 'payment_intent',
  amount: 1999,
  amount_received: 1999,
  currency: 'eur',
  metadata: { tillflow_payment_id: 'payment-1' },
};
const refundObject = {
  id: 're_1',
  object: 'refund',
  amount: 500,
  currency: 'eur',
  status: 'succeeded',
  payment_intent: 'pi_1',
  metadata: { tillflow_payment_id: 'payment-1', tillflow_refund_id: 'refund-1' },
};

function event(type: string, object: unknown, more: object = {}): string {
  const base = { id: 'evt_1', object: 'event', api_version: '2026-08-26.dahlia', created: seconds - 5, livemode: false, type };
  return JSON.stringify({ ...base, data: { object }, ...more }, null, 2);
}

function sign(payload: string, secret = keys.webhookSecret, timestamp = seconds): string {
  return Stripe.webhooks.generateTestHeaderString({ payload, secret, timestamp });
}

function parse(payload: string | Uint8Array, header: string | undefined, given = keys as Record<string, string>): ParsedWebhook {
  const body = typeof payload === 'string' ? new TextEncoder().encode(payload) : payload;
  return gateway.parse(body, { 'stripe-signature': header }, { ...credentials, keys: given }, receivedAt);
}

function parseOne(payload: string): ProviderEvent {
  const parsed = parse(payload, sign(payload));
  if (parsed.verdict !== 'verified') throw new Error(parsed.reason);
  expect(parsed.events).toHaveLength(1);
  return parsed.events[0] as ProviderEvent;
}

describe('signature', () => {
  const payload = event('checkout.session.completed', sessionObject);

  it("accepts Stripe's documented scheme: HMAC-SHA256 of `<t>.<body>` as v1", () => {
    const digest = createHmac('sha256', keys.webhookSecret).update(`${seconds}.${payload}`).digest('hex');
    expect(parse(payload, `t=${seconds},v1=${digest},v0=${'0'.repeat(64)}`).verdict).toBe('verified');
  });
  it('accepts one good signature among several, as sent while a secret is rolled', () => {
    const digest = createHmac('sha256', keys.webhookSecret).update(`${seconds}.${payload}`).digest('hex');
    expect(parse(payload, `t=${seconds},v1=${'a'.repeat(64)},v1=${digest}`).verdict).toBe('verified');
  });
  it('accepts either of two secrets while rotating, and no third', () => {
    const rotating = { ...keys, nextWebhookSecret: 'whsec_next' };
    expect(parse(payload, sign(payload, 'whsec_next'), rotating).verdict).toBe('verified');
    expect(parse(payload, sign(payload), rotating).verdict).toBe('verified');
    expect(parse(payload, sign(payload, 'whsec_other'), rotating)).toMatchObject({ verdict: 'refused' });
  });
  it('finds the header whatever its case', () => {
    const body = new TextEncoder().encode(payload);
    expect(gateway.parse(body, { 'Stripe-Signature': sign(payload) }, credentials, receivedAt).verdict).toBe('verified');
  });
  it.each([
    ['no header', undefined, 'stripe-signature: header is missing'],
    ['an empty header', '', 'stripe-signature: header is missing'],
    ['nonsense', 'hello', 'stripe-signature: no timestamp'],
    ['no v1', `t=${seconds},v0=abc`, 'stripe-signature: no signature'],
    ['a timestamp that is no number', 't=NaN,v1=abc', 'stripe-signature: no timestamp'],
    ['the wrong secret', sign(payload, 'whsec_wrong'), 'signature does not match'],
    ['a signature of another body', sign(`${payload} `), 'signature does not match'],
    ['a timestamp changed after signing', sign(payload).replace(/t=\d+/, `t=${seconds + 1}`), 'signature does not match'],
    ['a signature of 301 seconds ago', sign(payload, keys.webhookSecret, seconds - 301), '301 s old'],
  ])('refuses %s and says so', (_, header, reason) => {
    expect(parse(payload, header)).toMatchObject({ verdict: 'refused', reason: expect.stringContaining(reason) });
  });
  it('accepts a signature of 300 seconds ago: age counts at receipt', () => {
    expect(parse(payload, sign(payload, keys.webhookSecret, seconds - 300)).verdict).toBe('verified');
  });
  it('refuses everything when the account has no webhook secret, an empty one included', () => {
    expect(parse(payload, sign(payload, ''), { secretKey: 'sk_test_x', webhookSecret: '' })).toMatchObject({
      verdict: 'refused',
      reason: expect.stringContaining('webhookSecret'),
    });
  });
  it('never repeats a secret in a reason', () => {
    const refused = parse(payload, sign(payload, 'whsec_wrong'), { ...keys, nextWebhookSecret: 'whsec_next' });
    expect(JSON.stringify(refused)).not.toMatch(/whsec_/);
  });
});

describe('body', () => {
  it.each([
    ['an empty body', '', 'body: empty'],
    ['no JSON', '{"id":', 'body: not JSON'],
    ['an array', '[]', 'body'],
    ['null', 'null', 'body'],
    ['no id', event('x', {}, { id: undefined }), 'id'],
    ['a fractional amount', event('payment_intent.succeeded', { ...intentObject, amount_received: 19.99 }), 'data.object.amount_received'],
    ['a negative amount', event('payment_intent.succeeded', { ...intentObject, amount_received: -1 }), 'data.object.amount_received'],
    ['an amount as text', event('checkout.session.completed', { ...sessionObject, amount_total: '1999' }), 'data.object.amount_total'],
    [
      'a paid session without its PaymentIntent',
      event('checkout.session.completed', { ...sessionObject, payment_intent: null }),
      'payment_intent',
    ],
    ['a data object that is none', event('checkout.session.completed', 'x'), 'data.object'],
    ['a currency that is none', event('payment_intent.succeeded', { ...intentObject, currency: 'euro' }), 'data.object.currency'],
  ])('refuses %s, naming the field', (_, payload, reason) => {
    expect(parse(payload, sign(payload))).toMatchObject({ verdict: 'refused', reason: expect.stringContaining(reason) });
  });
  it('refuses bytes that are not UTF-8 instead of guessing', () => {
    const payload = event('checkout.session.completed', sessionObject);
    const bytes = new Uint8Array([...new TextEncoder().encode(payload), 0xff]);
    const digest = createHmac('sha256', keys.webhookSecret).update(`${seconds}.`).update(bytes).digest('hex');
    expect(parse(bytes, `t=${seconds},v1=${digest}`)).toMatchObject({ verdict: 'refused' });
  });
});

describe('meaning', () => {
  it('counts a completed session and its succeeded PaymentIntent as the same money', () => {
    const session = parseOne(event('checkout.session.completed', sessionObject));
    const intent = parseOne(event('payment_intent.succeeded', intentObject, { id: 'evt_2' }));
    expect(session).toMatchObject({ kind: 'settled', objectId: 'pi_1', paymentId: 'payment-1', money: { amount: 1999, currency: 'EUR' } });
    expect([intent.kind, intent.objectId, intent.paymentId, intent.money]).toEqual([
      session.kind,
      session.objectId,
      session.paymentId,
      session.money,
    ]);
    expect(session.eventId).not.toBe(intent.eventId);
  });
  it("tells Stripe's time in milliseconds and its mode", () => {
    expect(parseOne(event('checkout.session.completed', sessionObject, { livemode: true }))).toMatchObject({
      at: (seconds - 5) * 1000,
      liveMode: true,
      type: 'checkout.session.completed',
    });
  });
  it('notices an event of another API version', () => {
    const payload = (version: string | null) => event('checkout.session.completed', sessionObject, { api_version: version });
    expect(parseOne(payload('2026-08-26.dahlia')).versionMismatch).toBe(false);
    expect(parseOne(payload('2024-06-20')).versionMismatch).toBe(true);
    expect(parseOne(payload(null)).versionMismatch).toBe(true);
  });
  it.each([
    ['checkout.session.completed', { ...sessionObject, payment_status: 'unpaid' }, 'seen', 'pi_1'],
    ['checkout.session.completed', { ...sessionObject, payment_status: 'no_payment_required', payment_intent: null }, 'other', 'cs_test_1'],
    ['checkout.session.completed', { ...sessionObject, mode: 'subscription', payment_intent: null }, 'other', 'cs_test_1'],
    ['checkout.session.async_payment_succeeded', sessionObject, 'settled', 'pi_1'],
    ['checkout.session.async_payment_failed', { ...sessionObject, payment_status: 'unpaid' }, 'failed', 'pi_1'],
    ['checkout.session.expired', { ...sessionObject, payment_status: 'unpaid', payment_intent: null }, 'failed', 'cs_test_1'],
    ['payment_intent.succeeded', intentObject, 'settled', 'pi_1'],
    ['payment_intent.payment_failed', { ...intentObject, amount_received: 0 }, 'other', 'pi_1'],
    ['refund.created', { ...refundObject, status: 'pending' }, 'other', 're_1'],
    ['refund.created', refundObject, 'refunded', 're_1'],
    ['refund.updated', refundObject, 'refunded', 're_1'],
    ['refund.updated', { ...refundObject, status: 'canceled' }, 'refundFailed', 're_1'],
    ['refund.failed', { ...refundObject, status: 'failed' }, 'refundFailed', 're_1'],
  ])('%s is %#', (type, object, kind, objectId) => {
    expect(parseOne(event(type, object))).toMatchObject({ kind, objectId, paymentId: 'payment-1' });
  });
  const disputeObject = { id: 'du_1', object: 'dispute', amount: 1999, currency: 'eur', payment_intent: 'pi_1', metadata: {} };
  it.each([
    ['created', { status: 'needs_response' }, 'disputed'],
    ['created', { status: 'warning_needs_response', is_charge_refundable: true }, 'warned'],
    ['updated', { status: 'under_review' }, 'disputed'],
    ['updated', { status: 'lost' }, 'lost'],
    ['funds_withdrawn', { status: 'needs_response' }, 'withdrawn'],
    ['funds_reinstated', { status: 'won' }, 'reinstated'],
    ['closed', { status: 'won' }, 'cleared'],
    ['closed', { status: 'warning_closed' }, 'cleared'],
    ['closed', { status: 'lost' }, 'lost'],
  ])('charge.dispute.%s with %j is %s, with its amount and the money it is about', (what, more, kind) => {
    expect(parseOne(event(`charge.dispute.${what}`, { ...disputeObject, ...more }))).toMatchObject({
      kind,
      objectId: 'du_1',
      moneyObject: 'pi_1',
      money: { amount: 1999, currency: 'EUR' },
    });
  });
  it('the funds of a dispute tell its fee, by its balance transaction', () => {
    const withdrawn = { id: 'txn_1', amount: -1999, fee: 1500, currency: 'eur', reporting_category: 'dispute' };
    const reinstated = { id: 'txn_2', amount: 1999, fee: 0, currency: 'eur', reporting_category: 'dispute_reversal' };
    const object = { ...disputeObject, balance_transactions: [withdrawn, reinstated] };
    const body = event('charge.dispute.funds_reinstated', object);
    const parsed = parse(body, sign(body));
    expect(parsed.verdict === 'verified' && parsed.events.slice(1)).toEqual([
      expect.objectContaining({ kind: 'fee', objectId: 'txn_1', moneyObject: 'pi_1', money: { amount: 1500, currency: 'EUR' } }),
    ]);
  });
  it('an early fraud warning is a warning without money', () => {
    const warning = { id: 'issfr_1', object: 'radar.early_fraud_warning', payment_intent: 'pi_1' };
    const told = parseOne(event('radar.early_fraud_warning.created', warning));
    expect(told).toMatchObject({ kind: 'warned', objectId: 'issfr_1', moneyObject: 'pi_1' });
    expect(told.money).toBeUndefined();
  });
  it('keeps what it does not know as other', () => {
    expect(parseOne(event('customer.created', { id: 'cus_1', object: 'customer', metadata: null }))).toMatchObject({
      kind: 'other',
      objectId: 'cus_1',
    });
    expect(parseOne(event('balance.available', { object: 'balance' }))).toMatchObject({ kind: 'other', objectId: 'evt_1' });
  });
  it('claims no payment for an object of another system, whatever its reference says', () => {
    const foreign = { ...sessionObject, metadata: {}, client_reference_id: 'payment-1' };
    expect(parseOne(event('checkout.session.completed', foreign)).paymentId).toBeUndefined();
  });
  it('reads an expanded PaymentIntent as its id', () => {
    const told = parseOne(event('checkout.session.completed', { ...sessionObject, payment_intent: intentObject }));
    expect(told.objectId).toBe('pi_1');
  });
  it.each([
    ['jpy', 500, { amount: 500, currency: 'JPY' }],
    ['kwd', 1230, { amount: 1230, currency: 'KWD' }],
    ['isk', 50_000, { amount: 500, currency: 'ISK' }],
    ['pln', 12_345, { amount: 12_345, currency: 'PLN' }],
  ])('reads %s %d in its own minor units', (currency, amount, money) => {
    expect(parseOne(event('payment_intent.succeeded', { ...intentObject, currency, amount_received: amount })).money).toEqual(money);
  });
});
