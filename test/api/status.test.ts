import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createOrderActivities } from '../../activities/order.ts';
import { Audit } from '../../db/entities/audit.ts';
import { formatOrderCode } from '../../domain/order-code.ts';
import { from, makeTestApi } from '../support/api.ts';
import { makeTestShop, newCode, type TestShop } from '../support/shop.ts';

let world: TestShop;
const here = from('127.0.0.1');
const local = { headers: { host: '127.0.0.1:8080' } };

beforeAll(async () => {
  world = await makeTestShop();
});
afterAll(() => world.close());

describe('ready', () => {
  test('with database, Temporal and a worker that polls', async () => {
    const { app } = makeTestApi(world);
    const response = await app.request('/ready');
    expect([response.status, await response.json()]).toEqual([
      200,
      { ready: true, checks: { database: 'ok', temporal: 'ok', workers: 'ok' } },
    ]);
  });

  test.each([
    ['nobody polls', undefined, false, 'workers'],
    ['the last poll was minutes ago', Date.now() / 1_000 - 300, false, 'workers'],
    ['Temporal is away', Date.now() / 1_000, true, 'temporal'],
  ])('not when %s', async (_name, polledAt, away, what) => {
    const { app, door } = makeTestApi(world);
    Object.assign(door, { polledAt, away });
    const response = await app.request('/ready');
    expect(response.status).toBe(503);
    const { checks } = (await response.json()) as { checks: Record<string, string> };
    expect(checks[what]).not.toBe('ok');
    expect(checks.database).toBe('ok');
  });
});

describe('numbers are not for the public', () => {
  const statusToken = 'a-long-status-token';
  const live = () => makeTestApi(world, { mode: 'live', statusToken }).app;

  test.each(['/metrics', '/status'])('%s', async (path) => {
    const app = live();
    expect((await app.request(path, {}, from('203.0.113.9'))).status).toBe(401);
    expect((await app.request(path, {}, from('10.1.2.3'))).status).toBe(200);
    expect((await app.request(path, {}, from('::ffff:192.168.1.4'))).status).toBe(200);
    // Behind a proxy the peer is always private.
    expect((await app.request(path, { headers: { 'x-forwarded-for': '203.0.113.9' } }, from('10.1.2.3'))).status).toBe(401);
    expect((await app.request(path, { headers: { authorization: 'Bearer wrong' } }, from('203.0.113.9'))).status).toBe(401);
    const allowed = await app.request(path, { headers: { authorization: `Bearer ${statusToken}` } }, from('203.0.113.9'));
    expect(allowed.status).toBe(200);
  });

  test('metrics name routes, never the addresses asked for', async () => {
    const { app } = makeTestApi(world);
    await app.request('/webhooks/stripe/secret-endpoint', { method: 'POST', body: '{}' });
    await app.request('/some/unknown/path');
    const text = await (await app.request('/metrics')).text();
    expect(text).toContain('tillflow_orders{status="paid"}');
    expect(text).toContain('tillflow_inbox_waiting 0');
    expect(text).not.toMatch(/secret-endpoint|unknown\/path/);
  });
});

describe('errors are problem documents', () => {
  test('that name what is wrong', async () => {
    const { app } = makeTestApi(world);
    const response = await app.request('/nothing/here');
    expect(response.status).toBe(404);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(await response.json()).toMatchObject({ status: 404, title: 'Not found', field: 'path', instance: '/nothing/here' });
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  });
});

describe('the sandbox’s addresses', () => {
  test('do not exist in live mode', async () => {
    const { app } = makeTestApi(world, { mode: 'live' });
    expect((await app.request('/dev/hold', local, here)).status).toBe(404);
  });

  test.each([
    ['another machine', {}, '10.0.0.9'],
    ['a page of another site', { origin: 'https://evil.example' }, '127.0.0.1'],
    ['a name that resolves to us', { host: 'evil.example' }, '127.0.0.1'],
    ['a proxy', { 'x-forwarded-for': '203.0.113.9' }, '127.0.0.1'],
  ])('refuse %s', async (_name, headers, address) => {
    const { app } = makeTestApi(world);
    const request = { method: 'PUT', body: '{"holdSeconds":10}', headers: { ...local.headers, ...headers } as Record<string, string> };
    expect((await app.request('/dev/hold', request, from(address))).status).toBe(403);
  });

  test('change the hold within its bounds and leave an audit entry', async () => {
    const { app } = makeTestApi(world);
    const put = (body: string) => app.request('/dev/hold', { ...local, method: 'PUT', body }, here);
    expect(await (await app.request('/dev/hold', local, here)).json()).toEqual({ holdSeconds: 900 });
    expect((await put('{"holdSeconds":30}')).status).toBe(200);
    expect(await (await app.request('/dev/hold', local, here)).json()).toEqual({ holdSeconds: 30 });
    for (const bad of ['{"holdSeconds":9}', '{"holdSeconds":3601}', '{"holdSeconds":12.5}', '{"holdSeconds":"30"}', '{}', 'x']) {
      const response = await put(bad);
      expect(response.status, bad).toBe(400);
      expect(await response.json()).toHaveProperty('field');
    }
    const entries = await world.db.em.fork().find(Audit, { subject: 'setting', subjectId: 'holdSeconds' });
    expect(entries.map((entry) => [entry.before, entry.after])).toEqual([[900, 30]]);
  });

  test('tell an order’s timeline and what a person began', async () => {
    const { app } = makeTestApi(world);
    const customer = await world.addCustomer({ cash: 9_000 });
    const product = await world.addProduct();
    const code = newCode();
    await createOrderActivities({ db: world.db }).open({ orderCode: code, place: world.placing(customer, product), at: Date.now() });
    const response = await app.request(`/dev/timelines/${formatOrderCode(code).toLowerCase()}`, local, here);
    const timeline = (await response.json()) as {
      code: string;
      status: string;
      steps: { at: string; what: string }[];
      temporalUrl: string;
    };
    expect(timeline).toMatchObject({
      noun: 'order',
      code: formatOrderCode(code),
      status: 'paid',
      total: { amount: 5_000, currency: 'PLN' },
      payUntil: null,
    });
    expect(timeline.temporalUrl).toBe(`http://127.0.0.1:8233/namespaces/default/workflows/order%3A${code}`);
    expect(timeline.steps[0]?.what).toBe('Order placed');
    expect(timeline.steps.map((step) => step.what)).toContain('Paid: the goods are the customer’s');
    expect(timeline.steps.map((step) => step.at)).toEqual(timeline.steps.map((step) => step.at).toSorted());
    const recent = await app.request(`/dev/timelines?telegramUserId=${customer.telegramUserId}`, local, here);
    expect(await recent.json()).toMatchObject([{ noun: 'order', code: formatOrderCode(code), status: 'paid' }]);
    expect((await app.request('/dev/timelines/ZZZZ-ZZZZ', local, here)).status).toBe(404);
    expect((await app.request('/dev/timelines/nonsense!', local, here)).status).toBe(400);
    expect((await app.request('/dev/timelines?telegramUserId=-1', local, here)).status).toBe(400);
  });
});
