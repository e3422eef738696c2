/** Whoever holds the webhook's secret may still send nonsense: it is refused by name or kept as nothing of ours, never a 5xx. */
import { createHmac } from 'node:crypto';
import type { Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createOrderActivities } from '../../activities/order.ts';
import { from, makeTestApi } from '../support/api.ts';
import { takeFingerprint } from '../support/fingerprint.ts';
import { assigned, lighterValues } from '../support/nasty.ts';
import { makeTestShop, newCode, type TestShop } from '../support/shop.ts';

let world: TestShop;
let app: Hono;
let orderCode: string;
let steps: ReturnType<typeof createOrderActivities>;
let events = 0;

beforeAll(async () => {
  world = await makeTestShop();
  app = makeTestApi(world).app;
  orderCode = newCode();
  steps = createOrderActivities({ db: world.db });
  const place = world.placing(await world.addCustomer(), await world.addProduct(), { method: 'card' });
  await steps.open({ orderCode, place, at: Date.now() });
});
afterAll(() => world.close());

type Path = readonly string[];

/** What each kind of event is about; every event is signed. Disputes and refunds made elsewhere do not echo our payment id. */
const objects: Readonly<Record<string, () => Record<string, unknown>>> = {
  'payment_intent.succeeded': () => ({ id: `pi_${events}`, amount_received: 5_000, currency: 'pln', metadata: metadata() }),
  'checkout.session.completed': () => ({
    id: `cs_${events}`,
    mode: 'payment',
    payment_status: 'paid',
    payment_intent: `pi_${events}`,
    amount_total: 5_000,
    currency: 'pln',
    metadata: metadata(),
  }),
  'refund.updated': () => ({ id: `re_${events}`, amount: 5_000, currency: 'pln', status: 'succeeded', payment_intent: `pi_${events}` }),
  'charge.dispute.created': () => ({ id: `dp_${events}`, amount: 5_000, currency: 'pln', charge: `ch_${events}` }),
  'radar.early_fraud_warning.created': () => ({ id: `issfr_${events}` }),
  'customer.created': () => ({ id: `cus_${events}`, metadata: metadata() }),
};

/** A payment this order does not have. */
const metadata = () => ({ tillflow_payment_id: `${orderCode}-9`, shop_id: '999999' });

function eventOf(type: string): Record<string, unknown> {
  events += 1;
  const envelope = { id: `evt_${events}`, object: 'event', type, created: Math.floor(Date.now() / 1_000), livemode: false };
  return { ...envelope, api_version: '2026-08-26.dahlia', data: { object: objects[type]?.() ?? {} } };
}

/** Every field of an event, however deep. */
function pathsOf(value: unknown, path: Path = []): Path[] {
  const inside = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  return [...(path.length > 0 ? [path] : []), ...inside.flatMap(([key, one]) => pathsOf(one, [...path, key]))];
}

/** The event with nonsense at one place, and with what only we may say around it. */
function put(value: unknown, [key = '', ...rest]: Path, nasty: unknown): unknown {
  const inside = value as Record<string, unknown>;
  // Metadata is text.
  const ours =
    'tillflow_payment_id' in inside ? Object.fromEntries(Object.entries(assigned).map(([name, one]) => [name, String(one)])) : assigned;
  return { ...ours, ...inside, [key]: rest.length === 0 ? nasty : put(inside[key], rest, nasty) };
}

async function send(event: unknown): Promise<Response> {
  const body = JSON.stringify(event);
  const at = Math.floor(Date.now() / 1_000);
  const signature = createHmac('sha256', `whsec_${world.shop.botId}`).update(`${at}.${body}`).digest('hex');
  return app.request(
    '/webhooks/stripe',
    { method: 'POST', body, headers: { 'stripe-signature': `t=${at},v1=${signature}` } },
    from('127.0.0.1'),
  );
}

const cases = Object.keys(objects).flatMap((type) => pathsOf(eventOf(type)).map((path) => ({ type, path, field: path.join('.') })));
/** The envelope is the same for all; it is tried with the first. */
const tried = cases.filter(({ type, path }) => path.length > 2 || type === cases[0]?.type);

/** Told as deep as the nonsense has a depth; a paid session's fields are told by themselves. */
function names(path: Path, field: string): boolean {
  const full = path.join('.');
  return field === full || field.startsWith(`${full}.`) || full.startsWith(`${field}.`) || field === path.at(-1);
}

/** Money rows of verified events: their content is what a test with the right secret may add. */
const moved = () => takeFingerprint(world.db.em.fork()).then(({ inbox: _, ...rest }) => rest);

describe('a signed event', () => {
  test.each(tried)('$type with nonsense as its $field moves nothing', async ({ type, path }) => {
    const before = await moved();
    const refused = await Promise.all(
      lighterValues.map(async ({ name, value }) => {
        const response = await send(put(eventOf(type), path, value));
        return { name, status: response.status, told: await response.text() };
      }),
    );
    for (const { name, status, told } of refused.filter((one) => one.status !== 200)) {
      expect([name, status], told.slice(0, 300)).toEqual([name, 400]);
      const { field } = JSON.parse(told) as { field: string };
      expect(names(path, field), `${name}: ${told.slice(0, 300)}`).toBe(true);
    }
    expect(await moved()).toEqual(before);
  });

  test('is refused by name when a field of it has a name no row can hold', async () => {
    const response = await send({
      ...eventOf('payment_intent.succeeded'),
      data: { object: { ...objects['payment_intent.succeeded']?.(), metadata: { 'a\u0000\ud800b': 5 } } },
    });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ field: 'data.object.metadata.a??b' });
  });

  test('leaves no row that could settle an order, and the order as it was', async () => {
    const [row] = await world.db.em.fork().execute('select count(*)::int as count from inbox where order_id is not null');
    expect(row?.count).toBe(0);
    expect(await steps.settle({ orderCode, at: Date.now() })).toMatchObject({ status: 'awaitingPayment' });
  });
});
