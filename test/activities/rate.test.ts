/** What two sources' prices become in the database: a rate, or a reason why not, and an alert when that changes. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createRateActivities } from '../../activities/rate.ts';
import { checkDatabase } from '../../db/check.ts';
import { readRate } from '../../db/repositories/rate.ts';
import { createShop } from '../../db/repositories/shop.ts';
import type { PriceList } from '../../gateways/rates/source.ts';
import { makeTestShop, type TestShop } from '../support/shop.ts';

let world: TestShop;
const minute = 60_000;
let now = Date.parse('2026-11-26T12:00:00Z');

beforeAll(async () => {
  world = await makeTestShop();
  const other = { slug: 'other', title: 'Other', currency: 'EUR', language: 'ru', actor: 'test' };
  await createShop(world.db.em.fork(), world.secrets, other);
});
afterAll(() => world.close());
afterEach(async () => {
  expect((await checkDatabase(world.db.em.fork(), { now: new Date(now) })).findings).toEqual([]);
  // A test begins with nothing to jump from.
  now += 180 * minute;
});

const prices = (btc: string | undefined, rest: PriceList = {}): PriceList => ({
  ...(btc === undefined ? {} : { 'BTC/PLN': btc }),
  ...rest,
});
const keep = (coingecko: PriceList | undefined, coinbase: PriceList | undefined, at = now) =>
  createRateActivities({ db: world.db, rates: {} as never }).keepRates({ at, prices: { coingecko, coinbase } });
const both = (btc: string, at = now) => keep(prices(btc), prices(btc), at);
const read = (at = now, base = 'BTC', quote = 'PLN') => readRate(world.db.em.fork(), { base, quote, at: new Date(at) });
const last = () =>
  world.one(`select rate, coingecko, coinbase, fault from rate where base = 'BTC' and quote = 'PLN' order by at desc limit 1`);
const alertsAbout = (what: string) =>
  world.db.em
    .fork()
    .execute<{ kind: string; shops: number }[]>(
      `select kind, count(*)::int as shops from alert where params->>'what' like ? group by kind, raised_at order by raised_at, kind`,
      [`%${what}%`],
    );
const forget = () => world.db.em.fork().execute('update alert set params = ?::jsonb', ['{"what":""}']);

describe('a rate', () => {
  it('is the middle of both sources, kept with what each said', async () => {
    await keep(prices('200000.10'), prices('200002.30'));
    expect(await read()).toEqual({ rate: '200001.2', at: new Date(now) });
    expect(await last()).toMatchObject({ coingecko: '200000.100000000000000000', coinbase: '200002.300000000000000000', fault: null });
  });

  it('prices for 60 minutes and no longer, and nothing before it was known', async () => {
    await both('200000');
    expect((await read(now + 60 * minute))?.rate).toBe('200000');
    expect(await read(now + 60 * minute + 1)).toBeUndefined();
    expect(await read(now - 1)).toBeUndefined();
  });

  it('goes on while a source is away, until it is too old', async () => {
    await both('200000');
    await keep(prices('201000'), undefined, now + 10 * minute);
    expect(await last()).toMatchObject({ rate: null, fault: 'missing' });
    expect((await read(now + 15 * minute))?.rate).toBe('200000');
    await keep(undefined, undefined, now + 61 * minute);
    expect(await read(now + 61 * minute)).toBeUndefined();
  });

  it('is none at once when the sources are more than 2 % apart, and again one when they agree', async () => {
    await both('200000');
    await keep(prices('200000'), prices('204001'), now + 10 * minute);
    expect(await last()).toMatchObject({ rate: null, fault: 'apart' });
    expect(await read(now + 11 * minute)).toBeUndefined();
    // A source that is away afterwards does not bring the old rate back.
    await keep(prices('200000'), undefined, now + 20 * minute);
    expect(await read(now + 21 * minute)).toBeUndefined();
    await both('201000', now + 30 * minute);
    expect((await read(now + 30 * minute))?.rate).toBe('201000');
  });

  it('is none after a jump of more than 20 % until it is back, or has stood for an hour', async () => {
    await both('200000');
    await both('240001', now + 10 * minute);
    expect(await last()).toMatchObject({ rate: null, fault: 'jump' });
    expect(await read(now + 10 * minute)).toBeUndefined();
    await both('240001', now + 20 * minute);
    expect(await read(now + 20 * minute)).toBeUndefined();
    await both('201000', now + 30 * minute);
    expect((await read(now + 30 * minute))?.rate).toBe('201000');
    await both('300000', now + 40 * minute);
    await both('300000', now + 80 * minute);
    expect(await read(now + 80 * minute)).toBeUndefined();
    await both('300000', now + 91 * minute);
    expect((await read(now + 91 * minute))?.rate).toBe('300000');
    now += 91 * minute;
  });

  it('of a currency in itself is 1, and of a pair nobody knows none', async () => {
    expect(await read(now, 'PLN', 'PLN')).toMatchObject({ rate: '1' });
    expect(await read(now, 'DOGE', 'PLN')).toBeUndefined();
    expect(await read(now, `BTC'; drop table rate; --`, 'PLN')).toBeUndefined();
  });

  it('is kept once by its time, however often a step is repeated, also side by side', async () => {
    await Promise.all(Array.from({ length: 5 }, () => both('200000')));
    await both('210000');
    expect(
      await world.one(`select count(*)::int as rows from rate where base = 'BTC' and quote = 'PLN' and at = ?`, [new Date(now)]),
    ).toEqual({ rows: 1 });
    expect((await read())?.rate).toBe('200000');
  });

  it('is never changed or deleted by the application', async () => {
    await both('200000');
    await expect(world.db.em.fork().execute('update rate set rate = 1')).rejects.toThrow(/permission denied/);
    await expect(world.db.em.fork().execute('delete from rate')).rejects.toThrow(/permission denied/);
  });
});

describe('staff', () => {
  it('of every shop hear once when a rate fails and once when it is back, not at every refresh', async () => {
    await both('200000');
    await forget();
    for (const after of [10, 20, 30]) await keep(prices('200000'), prices('210000'), now + after * minute);
    expect(await alertsAbout('BTC')).toEqual([{ kind: 'ratesApart', shops: 2 }]);
    for (const after of [40, 50]) await both('200000', now + after * minute);
    expect(await alertsAbout('BTC')).toEqual([
      { kind: 'ratesApart', shops: 2 },
      { kind: 'ratesBack', shops: 2 },
    ]);
    now += 50 * minute;
  });

  it('hear nothing of a source that is away for a while, and once when nothing prices for an hour', async () => {
    await both('200000');
    await forget();
    for (const after of [10, 30, 60]) await keep(undefined, prices('200000'), now + after * minute);
    expect(await alertsAbout('BTC')).toEqual([]);
    for (const after of [70, 80]) await keep(undefined, prices('200000'), now + after * minute);
    expect(await alertsAbout('BTC')).toEqual([{ kind: 'ratesStale', shops: 2 }]);
    now += 80 * minute;
  });
});
