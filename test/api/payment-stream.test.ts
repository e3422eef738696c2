/** A payment's stream: every change once, in order, on from where its reader was; many of them cost one statement a second. */
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { createOrderActivities } from '../../activities/order.ts';
import type { StatusAnswer } from '../../api/payment/schemas.ts';
import type { Customer } from '../../db/entities/customer.ts';
import type { Database } from '../../db/orm.ts';
import { from, makeTestApi } from '../support/api.ts';
import { noLimits, signFor } from '../support/mini-app.ts';
import { makeTestShop, newCode, type TestShop } from '../support/shop.ts';

let world: TestShop;
let customer: Customer;
let steps: ReturnType<typeof createOrderActivities>;
beforeAll(async () => {
  world = await makeTestShop();
  customer = await world.addCustomer();
  steps = createOrderActivities({ db: world.db });
});
afterAll(() => world.close());

/** An unpaid order of somebody. */
async function place(by = customer): Promise<string> {
  const orderCode = newCode();
  const order = world.placing(by, await world.addProduct(), { method: 'card' });
  expect((await steps.open({ orderCode, place: order, at: Date.now() })).rejected).toBeNull();
  return orderCode;
}

const cancel = (orderCode: string) => steps.cancel({ orderCode, by: 'staff', actor: 'staff:1', at: Date.now(), closed: true });

function watch(api: ReturnType<typeof makeTestApi>, orderCode: string, { by = customer, after }: { by?: Customer; after?: string } = {}) {
  const headers = { 'x-telegram-init-data': signFor(world.shop, by), ...(after === undefined ? {} : { 'last-event-id': after }) };
  return api.app.request(`/api/payment/status/${orderCode}-1/events`, { headers }, from('127.0.0.1'));
}

/** Reads on behind a stream. `ended` once it did. */
function read(response: Response) {
  const told: { id: string; status: StatusAnswer }[] = [];
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  const reading = { told, ended: false, end: () => reader?.cancel() };
  void (async () => {
    let text = '';
    for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
      text += part.value;
      const events = text.split('\n\n');
      text = events.pop() ?? '';
      for (const event of events) {
        const id = /^id: (.*)$/m.exec(event)?.[1];
        if (id !== undefined) told.push({ id, status: JSON.parse(/^data: (.*)$/m.exec(event)?.[1] ?? '') as StatusAnswer });
      }
    }
    reading.ended = true;
  })();
  return reading;
}

const soon = { timeout: 10_000, interval: 50 };

describe('a stream', () => {
  test('tells how it stands, what changes, and ends when nothing more is to come', async () => {
    const api = makeTestApi(world, { limits: noLimits });
    const orderCode = await place();
    const reading = read(await watch(api, orderCode));
    await vi.waitFor(() => expect(reading.told.length).toBe(1), soon);
    expect(reading.told[0]?.status).toMatchObject({
      status: 'pending',
      final: false,
      order: { code: orderCode, status: 'awaitingPayment' },
    });
    await cancel(orderCode);
    await vi.waitFor(() => expect(reading.ended).toBe(true), soon);
    expect(reading.told.map(({ status }) => [status.order?.status, status.final])).toEqual([
      ['awaitingPayment', false],
      ['cancelled', true],
    ]);
  });

  test('goes on after the last event its reader saw: nothing twice, nothing missed', async () => {
    const api = makeTestApi(world, { limits: noLimits });
    const orderCode = await place();
    const first = read(await watch(api, orderCode));
    await vi.waitFor(() => expect(first.told.length).toBe(1), soon);
    await first.end();
    const seen = first.told[0]?.id as string;
    const second = read(await watch(api, orderCode, { after: seen }));
    await cancel(orderCode);
    await vi.waitFor(() => expect(second.ended).toBe(true), soon);
    expect(second.told.map(({ status }) => status.order?.status)).toEqual(['cancelled']);
    // What happened while nobody read is told at once, and who saw the end is sent away for good.
    const late = read(await watch(api, orderCode, { after: seen }));
    await vi.waitFor(() => expect(late.ended).toBe(true), soon);
    expect(late.told.map(({ id }) => id)).toEqual([second.told[0]?.id]);
    expect((await watch(api, orderCode, { after: second.told[0]?.id as string })).status).toBe(204);
  });

  test('ends when the process stops', async () => {
    const stopping = new AbortController();
    const api = makeTestApi(world, { limits: noLimits, signal: stopping.signal });
    const orderCode = await place();
    const reading = read(await watch(api, orderCode));
    await vi.waitFor(() => expect(reading.told.length).toBe(1), soon);
    stopping.abort();
    await vi.waitFor(() => expect(reading.ended).toBe(true), soon);
    await cancel(orderCode);
  });
});

/** The database, counting the looks of the feed, and failing some. */
function counting(db: Database) {
  const counted = { looks: 0, failing: false };
  const em = new Proxy(db.em, {
    get(target, name) {
      if (name !== 'fork') return Reflect.get(target, name);
      return (...args: Parameters<typeof target.fork>) => {
        const fork = target.fork(...args);
        const kysely = fork.getKysely.bind(fork);
        fork.getKysely = ((...of: Parameters<typeof kysely>) => {
          counted.looks += 1;
          if (counted.failing) throw new Error('The database is away');
          return kysely(...of);
        }) as typeof fork.getKysely;
        return fork;
      };
    },
  });
  return { db: new Proxy(db, { get: (target, name) => (name === 'em' ? em : Reflect.get(target, name)) }) as Database, counted };
}

describe('two hundred streams', () => {
  test('of forty people are fed by one statement a second, each with its own payment, also after the database was away', async () => {
    const { db, counted } = counting(world.db);
    const api = makeTestApi(world, { limits: noLimits, db });
    const people = await Promise.all(Array.from({ length: 40 }, () => world.addCustomer()));
    const codes = await Promise.all(people.map((person) => place(person)));
    const readings = await Promise.all(
      people.flatMap((by, index) => Array.from({ length: 5 }, async () => read(await watch(api, codes[index] as string, { by })))),
    );
    await vi.waitFor(() => expect(readings.every(({ told }) => told.length === 1)).toBe(true), soon);
    counted.looks = 0;
    const startedAt = performance.now();
    await vi.waitFor(() => expect(performance.now() - startedAt).toBeGreaterThan(4_000), { timeout: 6_000 });
    expect(counted.looks).toBeGreaterThanOrEqual(2);
    expect(counted.looks, 'a statement a second, however many watch').toBeLessThanOrEqual(5);
    counted.failing = true;
    await Promise.all(codes.map(cancel));
    await vi.waitFor(() => expect(counted.looks).toBeGreaterThan(6), soon);
    counted.failing = false;
    await vi.waitFor(() => expect(readings.every(({ ended }) => ended)).toBe(true), soon);
    expect(readings.map(({ told }) => told.at(-1)?.status.order)).toEqual(
      codes.flatMap((code) => Array.from({ length: 5 }, () => ({ code, status: 'cancelled' }))),
    );
    const before = counted.looks;
    await vi.waitFor(() => expect(performance.now() - startedAt).toBeGreaterThan(9_000), { timeout: 12_000 });
    expect(counted.looks - before, 'nobody watches, nobody looks').toBeLessThanOrEqual(1);
  });
});
