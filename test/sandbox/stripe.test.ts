/** The sandbox's Stripe behaves as Stripe does where the shop could tell the difference. */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Stripe from 'stripe';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createStripeGateway } from '../../gateways/payments/stripe.ts';
import { demoSecretKey, demoWebhookSecret, sandboxApiVersion } from '../../sandbox/stripe/demo.ts';
import { FormError, parseForm } from '../../sandbox/stripe/form.ts';
import { signWebhook } from '../../sandbox/stripe/webhooks.ts';
import { type StripeFarEnd, serveStripe } from '../support/stripe-far-end.ts';

let stripe: StripeFarEnd;
beforeEach(async () => {
  stripe = await serveStripe();
});
afterEach(() => stripe.stop());

const basic: [string, string][] = [
  ['mode', 'payment'],
  ['success_url', 'https://shop.example.org/thanks?session={CHECKOUT_SESSION_ID}'],
  ['line_items[0][price_data][currency]', 'pln'],
  ['line_items[0][price_data][unit_amount]', '2500'],
  ['line_items[0][price_data][product_data][name]', 'Coffee <b>"beans"</b>'],
  ['line_items[0][quantity]', '2'],
  ['payment_method_types[0]', 'card'],
  ['payment_method_types[1]', 'blik'],
  ['payment_method_types[2]', 'sepa_debit'],
  ['payment_intent_data[metadata][tillflow_payment_id]', 'p1'],
  ['metadata[tillflow_payment_id]', 'p1'],
];

interface Answer {
  status: number;
  headers: Headers;
  json: Record<string, unknown> & { error?: Record<string, unknown>; id?: string; data?: { id: string }[] };
}

async function call(method: string, path: string, form: [string, string][] = [], headers: Record<string, string> = {}): Promise<Answer> {
  const body = new URLSearchParams(form).toString();
  const answer = await fetch(`${stripe.apiRoot}${path}`, {
    method,
    headers: { authorization: `Bearer ${demoSecretKey}`, 'content-type': 'application/x-www-form-urlencoded', ...headers },
    body: method === 'POST' ? body : undefined,
  });
  return { status: answer.status, headers: answer.headers, json: (await answer.json()) as Answer['json'] };
}

const without = (name: string) => basic.filter(([key]) => key !== name);
const changed = (name: string, value: string): [string, string][] => [...without(name), [name, value]];

async function openSession(form = basic): Promise<string> {
  return (await call('POST', '/v1/checkout/sessions', form)).json.id as string;
}

describe('requests', () => {
  it('are for holders of a known key, given as Bearer or Basic', async () => {
    expect((await call('GET', '/v1/account')).json).toMatchObject({ object: 'account', charges_enabled: true });
    const basicAuth = { authorization: `Basic ${Buffer.from(`${demoSecretKey}:`).toString('base64')}` };
    expect((await call('GET', '/v1/account', [], basicAuth)).status).toBe(200);
    expect((await call('GET', '/v1/account', [], { authorization: '' })).status).toBe(401);
    const wrong = await call('GET', '/v1/account', [], { authorization: 'Bearer sk_test_somebodyelse' });
    expect(wrong).toMatchObject({ status: 401, json: { error: { type: 'invalid_request_error' } } });
    expect(JSON.stringify(wrong.json)).not.toContain('somebodyelse');
  });
  it("cannot see another account's objects", async () => {
    const id = await openSession();
    await stripe.control('/accounts', { secretKey: 'sk_test_other', webhookSecret: 'whsec_other', webhookUrl: null });
    const other = { authorization: 'Bearer sk_test_other' };
    expect(await call('GET', `/v1/checkout/sessions/${id}`, [], other)).toMatchObject({
      status: 404,
      json: { error: { code: 'resource_missing' } },
    });
    expect((await call('GET', '/v1/checkout/sessions', [], other)).json.data).toEqual([]);
    expect((await call('POST', `/v1/checkout/sessions/${id}/expire`, [], other)).status).toBe(404);
  });
  it.each([
    ['a missing parameter', without('success_url'), 'success_url', 'parameter_missing'],
    ['a missing nested one', without('line_items[0][price_data][currency]'), 'line_items[0][price_data][currency]', 'parameter_missing'],
    ['an unknown one', [...basic, ['colour', 'red']], 'colour', 'parameter_unknown'],
    ['a negative price', changed('line_items[0][price_data][unit_amount]', '-1'), 'line_items[0][price_data][unit_amount]', undefined],
    ['a fractional price', changed('line_items[0][price_data][unit_amount]', '1.5'), 'line_items[0][price_data][unit_amount]', undefined],
    ['no quantity at all', changed('line_items[0][quantity]', '0'), 'line_items[0][quantity]', undefined],
    ['a page nobody can open', changed('success_url', 'javascript:alert(1)'), 'success_url', undefined],
    ['an end too near', [...basic, ['expires_at', String(Math.floor(Date.now() / 1000) + 60)]], 'expires_at', undefined],
    ['an end too far', [...basic, ['expires_at', String(Math.floor(Date.now() / 1000) + 90_000)]], 'expires_at', undefined],
    ['BLIK in euro', changed('line_items[0][price_data][currency]', 'eur'), 'payment_method_types', undefined],
  ] as [string, [string, string][], string, string | undefined][])('are refused with %s, naming it', async (_, form, param, code) => {
    const { status, json } = await call('POST', '/v1/checkout/sessions', form);
    expect([status, json.error?.type, json.error?.param, json.error?.code]).toEqual([400, 'invalid_request_error', param, code]);
    expect((await call('GET', '/v1/checkout/sessions')).json.data).toEqual([]);
  });
  it('are answered with the version asked for and an id', async () => {
    const { headers } = await call('GET', '/v1/account', [], { 'stripe-version': sandboxApiVersion });
    expect(headers.get('stripe-version')).toBe(sandboxApiVersion);
    expect(headers.get('request-id')).toMatch(/^req_/);
    expect((await call('GET', '/v1/account', [], { 'stripe-version': 'yesterday' })).status).toBe(400);
  });
  it('to unknown addresses say so', async () => {
    expect(await call('GET', '/v1/nothing')).toMatchObject({
      status: 404,
      json: { error: { message: expect.stringContaining('GET: /v1/nothing') } },
    });
  });
});

describe('idempotency keys', () => {
  const keyed = { 'idempotency-key': 'k1' };
  it('repeat the first answer and do the work once', async () => {
    const first = await call('POST', '/v1/checkout/sessions', basic, keyed);
    const again = await call('POST', '/v1/checkout/sessions', basic, keyed);
    expect(again.json).toEqual(first.json);
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect(first.headers.get('idempotent-replayed')).toBeNull();
    expect((await call('GET', '/v1/checkout/sessions')).json.data).toHaveLength(1);
  });
  it('belong to their parameters', async () => {
    await call('POST', '/v1/checkout/sessions', basic, keyed);
    expect(await call('POST', '/v1/checkout/sessions', changed('line_items[0][quantity]', '3'), keyed)).toMatchObject({
      status: 400,
      json: { error: { type: 'idempotency_error' } },
    });
  });
  it('repeat even a 500, and forget a request that was refused before it began', async () => {
    stripe.fail('500', 'POST /v1/checkout/sessions');
    expect((await call('POST', '/v1/checkout/sessions', basic, keyed)).status).toBe(500);
    const again = await call('POST', '/v1/checkout/sessions', basic, keyed);
    expect([again.status, again.headers.get('idempotent-replayed')]).toEqual([500, 'true']);
    const other = { 'idempotency-key': 'k2' };
    expect((await call('POST', '/v1/checkout/sessions', without('mode'), other)).status).toBe(400);
    expect((await call('POST', '/v1/checkout/sessions', basic, other)).status).toBe(200);
  });
});

describe('lists, expansion and search', () => {
  it('page newest first without losing or repeating one', async () => {
    const made: string[] = [];
    for (let index = 0; index < 5; index++) made.unshift(await openSession());
    const client = new Stripe(demoSecretKey, {
      host: '127.0.0.1',
      port: new URL(stripe.origin).port,
      protocol: 'http',
      httpClient: Stripe.createFetchHttpClient((address: string | URL | Request, init?: RequestInit) =>
        fetch(String(address).replace('/v1/', '/stripe/v1/'), init),
      ),
    });
    const seen: string[] = [];
    for await (const session of client.checkout.sessions.list({ limit: 2 })) seen.push(session.id);
    expect(seen).toEqual(made);
  });
  it('expand what is asked for and nothing else', async () => {
    const id = await openSession();
    await stripe.control(`/sessions/${id}/pay`, {});
    const plain = (await call('GET', `/v1/checkout/sessions/${id}`)).json;
    expect(plain.payment_intent).toMatch(/^pi_/);
    expect(plain).not.toHaveProperty('line_items');
    const whole = (await call('GET', `/v1/checkout/sessions/${id}?expand[]=payment_intent.latest_charge&expand[]=line_items`)).json;
    expect(whole).toMatchObject({
      payment_intent: { object: 'payment_intent', amount_received: 5000, latest_charge: { object: 'charge', paid: true } },
      line_items: { data: [{ quantity: 2 }] },
    });
    expect((await call('GET', `/v1/checkout/sessions/${id}?expand[]=shoe_size`)).json.error?.message).toContain('shoe_size');
  });
  it('find a PaymentIntent by its metadata', async () => {
    const id = await openSession();
    const { json } = await stripe.control(`/sessions/${id}/pay`, {});
    const query = encodeURIComponent(`metadata['tillflow_payment_id']:'p1' AND status:'succeeded'`);
    expect((await call('GET', `/v1/payment_intents/search?query=${query}`)).json.data).toMatchObject([{ id: json.paymentIntent }]);
    expect((await call('GET', `/v1/payment_intents/search?query=${query.replace('p1', 'p2')}`)).json.data).toEqual([]);
  });
});

describe('pay page', () => {
  const page = (id: string) => `${stripe.apiRoot}/pay/${id}`;
  const submit = (address: string, fields: Record<string, string>) =>
    fetch(address, { method: 'POST', body: new URLSearchParams(fields), redirect: 'manual' });
  const statusOf = async (id: string) => (await call('GET', `/v1/checkout/sessions/${id}`)).json;

  it('is where the API says it is, shows what is bought literally, and says that no money is real', async () => {
    const id = await openSession();
    expect((await statusOf(id)).url).toBe(page(id));
    const text = await (await fetch(page(id))).text();
    expect(text).toContain('Coffee &lt;b&gt;&quot;beans&quot;&lt;/b&gt;');
    expect(text).toContain('PLN&nbsp;50.00'.replace('&nbsp;', '\u00a0'));
    expect(text).toContain('Sandbox, no real money');
  });
  it('takes a test card and sends the customer back', async () => {
    const id = await openSession();
    const answer = await submit(page(id), { method: 'card', cardNumber: '4242 4242 4242 4242' });
    expect([answer.status, answer.headers.get('location')]).toEqual([303, `https://shop.example.org/thanks?session=${id}`]);
    expect(await statusOf(id)).toMatchObject({ status: 'complete', payment_status: 'paid', url: null });
    expect(await (await fetch(page(id))).text()).toContain('data-testid="paid"');
  });
  it('declines, lets the customer try again, and takes no card that is not a test card', async () => {
    const id = await openSession();
    expect(await (await submit(page(id), { cardNumber: '4000000000000002' })).text()).toContain('Your card was declined.');
    expect(await (await submit(page(id), { cardNumber: '4111111111111111' })).text()).toContain('not a test card');
    expect(await statusOf(id)).toMatchObject({ status: 'open', payment_status: 'unpaid' });
    expect(stripe.told()).toContain('payment_intent.payment_failed');
    await submit(page(id), { method: 'blik' });
    expect(await statusOf(id)).toMatchObject({ payment_status: 'paid' });
  });
  it('asks for 3-D Secure: approved pays, refused does not', async () => {
    for (const [verdict, status] of [
      ['approve', 'paid'],
      ['refuse', 'unpaid'],
    ] as const) {
      const id = await openSession();
      const asked = await submit(page(id), { cardNumber: '4000 0025 0000 3155' });
      expect(asked.status).toBe(303);
      expect(await (await fetch(page(id))).text()).toContain('data-testid="approve"');
      expect((await statusOf(id)).payment_status).toBe('unpaid');
      await submit(`${page(id)}/approve`, { verdict });
      expect((await statusOf(id)).payment_status).toBe(status);
    }
  });
  it('does not pay when the session expired while the customer was thinking', async () => {
    const id = await openSession();
    await submit(page(id), { cardNumber: '4000002500003155' });
    await call('POST', `/v1/checkout/sessions/${id}/expire`);
    await submit(`${page(id)}/approve`, { verdict: 'approve' });
    expect(await statusOf(id)).toMatchObject({ status: 'expired', payment_status: 'unpaid' });
    expect(await (await fetch(page(id))).text()).toContain('data-testid="expired"');
    expect(stripe.told()).not.toContain('payment_intent.succeeded');
  });
  it('speaks the language of the session', async () => {
    const id = await openSession([...basic, ['locale', 'pl']]);
    expect(await (await fetch(page(id))).text()).toContain('Do zapłaty');
  });
  it('knows no page of an unknown session', async () => {
    expect((await fetch(page('cs_test_nothing'))).status).toBe(404);
  });
});

describe('by itself', () => {
  it('expires a session at its end, once, and says so', async () => {
    const id = await openSession([...basic, ['expires_at', String(Math.floor(Date.now() / 1000) + 31 * 60)]]);
    stripe.forward(30 * 60_000);
    expect((await call('GET', `/v1/checkout/sessions/${id}`)).json.status).toBe('open');
    stripe.forward(61_000);
    expect((await call('GET', `/v1/checkout/sessions/${id}`)).json.status).toBe('expired');
    expect((await stripe.control(`/sessions/${id}/pay`, {})).status).toBe(409);
    expect(stripe.told().filter((type) => type === 'checkout.session.expired')).toHaveLength(1);
  });
  it('comes back from its file with sessions, payments, idempotency keys and webhooks not yet taken', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'stripe-file-'));
    const before = stripe;
    try {
      stripe = await serveStripe(join(folder, 'sandbox.db'));
      const keyed = { 'idempotency-key': 'k1' };
      const { json } = await call('POST', '/v1/checkout/sessions', basic, keyed);
      const paid = await stripe.control(`/sessions/${json.id}/pay`, {});
      const waiting = stripe.told();
      await stripe.stop();
      stripe = await serveStripe(join(folder, 'sandbox.db'));
      expect((await call('POST', '/v1/checkout/sessions', basic, keyed)).json.id).toBe(json.id);
      expect((await call('GET', `/v1/payment_intents/${paid.json.paymentIntent}`)).json.status).toBe('succeeded');
      expect(waiting).toEqual(['payment_intent.succeeded', 'checkout.session.completed']);
      expect(stripe.told()).toEqual(waiting);
      await stripe.stop();
    } finally {
      stripe = before;
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe('webhooks', () => {
  it('are signed so that Stripe’s own library accepts them', async () => {
    const id = await openSession();
    await stripe.control(`/sessions/${id}/pay`, {});
    const delivery = stripe.webhooks().at(-1);
    const header = signWebhook(delivery?.body ?? '', delivery?.secret ?? '', Math.floor(Date.now() / 1000));
    const event = Stripe.webhooks.constructEvent(delivery?.body ?? '', header, demoWebhookSecret);
    expect(event).toMatchObject({ type: 'checkout.session.completed', api_version: sandboxApiVersion, data: { object: { id } } });
    expect(event.data.object).not.toHaveProperty('line_items');
  });
  it('go where the account says, and nowhere without an address', async () => {
    const account = { secretKey: demoSecretKey, webhookSecret: 'whsec_new', webhookUrl: 'http://127.0.0.1:4321/webhooks/stripe/abc' };
    await stripe.control('/accounts', account);
    await stripe.control(`/sessions/${await openSession()}/pay`, {});
    expect(stripe.webhooks().at(-1)).toMatchObject({ url: account.webhookUrl, secret: 'whsec_new' });
    const count = stripe.webhooks().length;
    await stripe.control('/accounts', { ...account, webhookUrl: null });
    await stripe.control(`/sessions/${await openSession()}/pay`, {});
    expect(stripe.webhooks()).toHaveLength(count);
  });
  it('reach the shop signed, five times when asked, and again when lost or the shop was down', async () => {
    const gateway = createStripeGateway();
    const received: { eventId: string; verdict: string }[] = [];
    let down = true;
    const shop = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const raw = Buffer.concat(chunks);
        const headers = { 'stripe-signature': String(request.headers['stripe-signature']) };
        const parsed = gateway.parse(raw, headers, stripe.credentials, Date.now());
        if (!down) received.push({ eventId: (JSON.parse(raw.toString()) as { id: string }).id, verdict: parsed.verdict });
        response.writeHead(down ? 503 : 200).end();
        down = false;
      });
    });
    await new Promise<void>((resolve) => shop.listen(0, '127.0.0.1', resolve));
    try {
      const webhookUrl = `http://127.0.0.1:${(shop.address() as AddressInfo).port}/webhooks/stripe`;
      const enabledEvents = ['checkout.session.completed'];
      await stripe.control('/accounts', { secretKey: demoSecretKey, webhookSecret: demoWebhookSecret, webhookUrl, enabledEvents });
      await stripe.control(`/sessions/${await openSession()}/pay`, {});
      const [{ key } = { key: '' }] = stripe.webhooks();
      stripe.context.deliveries.start();
      // The first attempt met a shop that was down; the second is the real sender's, a second later.
      await vi.waitFor(() => expect(received).toEqual([{ eventId: key, verdict: 'verified' }]), { timeout: 5000 });
      stripe.context.faults.add({ target: 'webhook', kind: 'duplicate', times: 5 });
      await stripe.control(`/events/${key}/resend`, {});
      await vi.waitFor(() => expect(received).toHaveLength(6), { timeout: 5000 });
      stripe.context.faults.add({ target: 'webhook', kind: 'wrongSignature', times: 1 });
      await stripe.control(`/events/${key}/resend`, {});
      await vi.waitFor(() => expect(received.at(-1)?.verdict).toBe('refused'), { timeout: 5000 });
      stripe.context.faults.add({ target: 'webhook', kind: 'reserialised', times: 1 });
      await stripe.control(`/events/${key}/resend`, {});
      await vi.waitFor(() => expect(received.map(({ verdict }) => verdict).slice(7)).toEqual(['refused']), { timeout: 5000 });
      expect(new Set(received.map((each) => each.eventId))).toEqual(new Set([key]));
    } finally {
      await new Promise((resolve) => shop.close(resolve));
    }
  });
  it('go to every endpoint of the account, each with its own secret', async () => {
    const [webhookUrl, second] = ['http://127.0.0.1:9/webhooks/stripe', 'http://127.0.0.1:9/webhook'];
    const account = { secretKey: demoSecretKey, webhookSecret: demoWebhookSecret, webhookUrl };
    await stripe.control('/accounts', { ...account, endpoints: [{ url: second, secret: 'whsec_second' }] });
    await stripe.control(`/sessions/${await openSession()}/pay`, {});
    const sent = stripe.webhooks().map(({ url, secret, key }) => ({ url, secret, key }));
    const keys = [...new Set(sent.map(({ key }) => key))];
    expect(sent).toEqual(
      keys.flatMap((key) => [
        { url: webhookUrl, secret: demoWebhookSecret, key },
        { url: second, secret: 'whsec_second', key },
      ]),
    );
    await stripe.control('/accounts', account);
    expect(stripe.context.store.db.prepare('SELECT count(*) AS n FROM stripe_endpoint').get()?.n).toBe(0);
  });
  it('may say something else than what happened, as an event of its own', async () => {
    const { json } = await stripe.control(`/sessions/${await openSession()}/pay`, {});
    const { events } = (await stripe.control(`/events?object=${json.paymentIntent}`)).json as { events: { id: string; type: string }[] };
    const id = events.find(({ type }) => type === 'payment_intent.succeeded')?.id;
    const alter = { amount: 1, currency: 'usd', livemode: true, created: 1 };
    const { event } = (await stripe.control(`/events/${id}/resend`, { alter })).json;
    expect(event).not.toBe(id);
    const told = JSON.parse(stripe.webhooks().at(-1)?.body ?? '{}');
    expect(told).toMatchObject({ id: event, livemode: true, created: 1, data: { object: { amount_received: 1, currency: 'usd' } } });
    expect((await stripe.control(`/events/${id}/resend`, { alter: { colour: 1 } })).json.error).toContain('alter');
  });
  it('never leave this machine', async () => {
    const account = { secretKey: 'sk_test_far', webhookSecret: 'whsec_far', webhookUrl: 'http://shop.example.org/webhooks/stripe' };
    expect(await stripe.control('/accounts', account)).toMatchObject({
      status: 400,
      json: { error: expect.stringContaining('webhookUrl') },
    });
  });
  it('are sent again as often as asked', async () => {
    await stripe.control(`/sessions/${await openSession()}/pay`, {});
    const { id } = JSON.parse(stripe.webhooks().at(-1)?.body ?? '{}') as { id: string };
    const count = stripe.webhooks().length;
    expect((await stripe.control(`/events/${id}/resend`, { times: 5, parallel: true })).json).toMatchObject({ sent: 5 });
    expect(
      stripe
        .webhooks()
        .slice(count)
        .map((each) => each.key),
    ).toEqual(Array(5).fill(id));
    expect((await stripe.control('/events/evt_nothing/resend', {})).status).toBe(404);
  });
});

describe('control', () => {
  it('pays another amount, and the event says so', async () => {
    const id = await openSession();
    await stripe.control(`/sessions/${id}/pay`, { amountOverride: 4999 });
    const event = JSON.parse(stripe.webhooks().at(-1)?.body ?? '{}') as { data: { object: { amount_total: number } } };
    expect(event.data.object.amount_total).toBe(4999);
  });
  it('pays an expired session only when forced', async () => {
    const id = await openSession();
    await stripe.control(`/sessions/${id}/expire`, {});
    expect((await stripe.control(`/sessions/${id}/pay`, {})).json).toEqual({ outcome: 'closed', status: 'expired' });
    expect((await stripe.control(`/sessions/${id}/pay`, { force: true })).json.outcome).toBe('paid');
    expect((await stripe.control(`/sessions/${id}/pay`, { force: true })).json).toEqual({ outcome: 'closed', status: 'complete' });
  });
  it('disputes a payment once and settles the dispute', async () => {
    const { json } = await stripe.control(`/sessions/${await openSession()}/pay`, {});
    const dispute = await stripe.control(`/payment-intents/${json.paymentIntent}/dispute`, {});
    expect(dispute.json).toMatchObject({ object: 'dispute', amount: 5000, status: 'needs_response' });
    expect((await stripe.control(`/payment-intents/${json.paymentIntent}/dispute`, {})).status).toBe(400);
    await stripe.control(`/disputes/${dispute.json.id}/close`, { status: 'won' });
    expect(stripe.told().filter((type) => type.startsWith('charge.dispute'))).toEqual([
      'charge.dispute.created',
      'charge.dispute.funds_withdrawn',
      'charge.dispute.funds_reinstated',
      'charge.dispute.closed',
    ]);
  });
  it('disputes a part, asks first, warns, and refunds as the dashboard does; every move is a balance transaction', async () => {
    const { json } = await stripe.control(`/sessions/${await openSession()}/pay`, {});
    const intent = `/payment-intents/${json.paymentIntent}`;
    expect((await stripe.control(`${intent}/warn`, {})).json).toMatchObject({ object: 'radar.early_fraud_warning', actionable: true });
    const inquiry = await stripe.control(`${intent}/dispute`, { amount: 1_000, inquiry: true });
    expect(inquiry.json).toMatchObject({ amount: 1_000, status: 'warning_needs_response', is_charge_refundable: true });
    expect((await stripe.control(`${intent}/refund`, { amount: 500 })).json).toMatchObject({ amount: 500, metadata: {} });
    const escalated = await stripe.control(`/disputes/${inquiry.json.id}/withdraw`, {});
    expect(escalated.json).toMatchObject({ status: 'needs_response', balance_transactions: [{ amount: -1_000, fee: 1_500 }] });
    expect((await stripe.control(`${intent}/refund`, {})).status).toBe(400);
    expect((await stripe.control(`${intent}/dispute`, { amount: 4_001 })).status).toBe(400);
    await stripe.control(`/disputes/${inquiry.json.id}/close`, { status: 'won' });
    const moves = stripe.farEnd.store
      .listEvery<{ reporting_category: string; amount: number; fee: number }>('balance_transaction', 4)
      .map(({ reporting_category, amount, fee }) => [reporting_category, amount, fee]);
    expect(moves).toEqual([
      ['dispute_reversal', 1_000, 0],
      ['dispute', -1_000, 1_500],
      ['refund', -500, 0],
      ['charge', 5_000, 100],
    ]);
  });
  it.each([
    [{ card: '4111111111111111' }, 'card'],
    [{ amountOverride: -5 }, 'amountOverride'],
    [{ amountOverride: 1.5 }, 'amountOverride'],
    [{ colour: 'red' }, 'body'],
  ])('refuses %j, naming the field', async (body, field) => {
    const answer = await stripe.control(`/sessions/${await openSession()}/pay`, body);
    expect(answer).toMatchObject({ status: 400, json: { error: expect.stringContaining(field) } });
  });
});

describe('form bodies', () => {
  it('are read as Stripe reads them', () => {
    expect(parseForm('a=1&b[c][0]=x&b[c][1]=y&d[]=p&d[]=q&e[f]=%C5%81')).toEqual({
      a: '1',
      b: { c: ['x', 'y'] },
      d: ['p', 'q'],
      e: { f: 'Ł' },
    });
  });
  it.each(['[a]=1', 'a[b=1', 'a=1&a[b]=2', `a${'[b]'.repeat(20)}=1`])('%s is refused', (text) => {
    expect(() => parseForm(text)).toThrow(FormError);
  });
  it('cannot reach the prototype', () => {
    const form = parseForm('__proto__[polluted]=1&a[__proto__][polluted]=1');
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    expect(Object.getPrototypeOf(form)).toBe(Object.prototype);
  });
});
