/** What one customer, and one address, may ask: beyond it 429 with the time to come again, and everybody else goes on. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type VisitLimits, visitLimits } from '../../api/visitor/limits.ts';
import type { Customer } from '../../db/entities/customer.ts';
import { createOrderActivities } from '../../activities/order.ts';
import { from, makeTestApi } from '../support/api.ts';
import { noLimits, signFor } from '../support/mini-app.ts';
import { makeTestShop, newCode, type TestShop } from '../support/shop.ts';

let world: TestShop;
let [ada, bob]: Customer[] = [];
beforeAll(async () => {
  world = await makeTestShop();
  [ada, bob] = [await world.addCustomer(), await world.addCustomer()];
});
afterAll(() => world.close());

const ending: AbortController[] = [];
afterEach(() => {
  for (const controller of ending.splice(0)) controller.abort();
});

function api(limits: Partial<VisitLimits>) {
  const { app } = makeTestApi(world, { limits: { ...noLimits, ...limits } });
  return async (customer: Customer | undefined, address: string, path = '/api/payment/nonce', headers: Record<string, string> = {}) => {
    const signed = customer ? signFor(world.shop, customer) : 'user=%7B%22id%22%3A1%7D&auth_date=1&hash=00';
    const init = { method: path.includes('nonce') ? 'POST' : 'GET', headers: { 'x-telegram-init-data': signed, ...headers } };
    return app.request(path, init, from(address));
  };
}

async function statuses(times: number, ask: () => Promise<Response>): Promise<number[]> {
  const all: number[] = [];
  for (let time = 0; time < times; time += 1) all.push((await ask()).status);
  return all;
}

describe('too many', () => {
  test('calls of one customer, from wherever: 429 with the time to come again; another customer goes on', async () => {
    const ask = api({ customer: 3 });
    expect(await statuses(3, () => ask(ada, '203.0.113.1'))).toEqual([200, 200, 200]);
    const refused = await ask(ada, '203.0.113.2');
    expect([refused.status, refused.headers.get('content-type')]).toEqual([429, 'application/problem+json']);
    expect(await refused.json()).toMatchObject({ field: 'customer', reason: 'TooMany' });
    expect(Number(refused.headers.get('retry-after'))).toSatisfy((seconds: number) => seconds >= 1 && seconds <= 60);
    expect((await ask(bob, '203.0.113.1')).status).toBe(200);
  });

  test('calls about money, while status is still answered', async () => {
    const ask = api({ money: 2 });
    expect(await statuses(3, () => ask(ada, '203.0.113.1'))).toEqual([200, 200, 429]);
    expect((await ask(ada, '203.0.113.1', '/api/payment/status/AAAAAAAA-1')).status).toBe(404);
  });

  test('calls from one address, whoever makes them; of IPv6 from one network', async () => {
    const ask = api({ address: 2 });
    expect(await statuses(3, () => ask(ada, '203.0.113.1'))).toEqual([200, 200, 429]);
    expect((await ask(ada, '203.0.113.2')).status).toBe(200);
    const addresses = ['2001:db8::1', '2001:db8:0:0:ffff::2', '2001:DB8::3', '2001:db8:0:1::1'];
    expect(await Promise.all(addresses.map(async (address) => (await ask(bob, address)).status))).toEqual([200, 200, 429, 200]);
  });

  test('guesses from one address: then it is not even asked who', async () => {
    const ask = api({ refused: 3 });
    expect(await statuses(4, () => ask(undefined, '203.0.113.1'))).toEqual([401, 401, 401, 429]);
    expect((await ask(ada, '203.0.113.1')).status).toBe(429);
    expect((await ask(ada, '203.0.113.2')).status).toBe(200);
  });

  test('calls behind proxies count for whom they forward; what a caller claims from outside does not', async () => {
    const ask = api({ address: 1 });
    const forwarded = async (peer: string, header: string) => (await ask(ada, peer, undefined, { 'x-forwarded-for': header })).status;
    expect(await forwarded('10.0.0.5', '198.51.100.1')).toBe(200);
    expect(await forwarded('10.0.0.5', '1.2.3.4, 198.51.100.1')).toBe(429);
    expect(await forwarded('10.0.0.5', '198.51.100.1, 172.18.0.1')).toBe(429);
    expect(await forwarded('10.0.0.5', '198.51.100.2, 172.18.0.1')).toBe(200);
    expect(await forwarded('::1', '2001:db8::1, 192.168.0.1')).toBe(200);
    expect(await forwarded('203.0.113.9', '198.51.100.3')).toBe(200);
    expect(await forwarded('203.0.113.9', '198.51.100.4')).toBe(429);
  });

  test('a proxy that names nobody is not taken for one caller', async () => {
    const ask = api({ address: 1, refused: 1 });
    const forwarded = async (customer: Customer | undefined, header: string) =>
      (await ask(customer, '10.0.0.6', undefined, { 'x-forwarded-for': header })).status;
    for (const header of ['nonsense', '', '192.168.0.7', '198.51.100.9, nonsense']) {
      expect([header, await forwarded(undefined, header), await forwarded(ada, header), await forwarded(ada, header)]).toEqual([
        header,
        401,
        200,
        200,
      ]);
    }
  });
});

describe('streams', () => {
  test('of one customer are few at once, and a place is free when one ends', async () => {
    const { app } = makeTestApi(world, { limits: { ...noLimits, streams: 2 } });
    const orderCode = newCode();
    const place = world.placing(ada as Customer, await world.addProduct(), { method: 'stars' });
    await createOrderActivities({ db: world.db }).open({ orderCode, place, at: Date.now() });
    const open = async () => {
      const controller = new AbortController();
      ending.push(controller);
      const headers = { 'x-telegram-init-data': signFor(world.shop, ada as Customer) };
      const response = await app.request(
        `/api/payment/status/${orderCode}-1/events`,
        { headers, signal: controller.signal },
        from('203.0.113.1'),
      );
      return { response, end: () => response.body?.cancel() };
    };
    const [first, second] = [await open(), await open()];
    expect([first.response.status, second.response.status]).toEqual([200, 200]);
    const third = await open();
    expect([third.response.status, third.response.headers.get('retry-after')]).toEqual([429, '5']);
    await first.end();
    await sleep(100);
    expect((await open()).response.status).toBe(200);
    await second.end();
  });

  test('what is usual bounds everything', () => {
    for (const limit of Object.values(visitLimits)) expect(limit).toSatisfy((value: number) => value > 0 && value <= 2_000);
  });
});
