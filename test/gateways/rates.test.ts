/** Both sources of rates against the sandbox's far ends, and against what a far end must never be believed. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it, test } from 'vitest';
import { rateSources } from '../../domain/rate.ts';
import { createRateSources } from '../../gateways/rates.ts';
import { serveSandbox, type TestSandbox } from '../support/sandbox.ts';

let sandbox: TestSandbox;
let hostile: Server;
let answer: { status: number; body: string; headers?: Record<string, string> };
const farEnds = (root: string) => ({ telegram: undefined, stripe: undefined, nowpayments: undefined, coingecko: root, coinbase: root });

beforeAll(async () => {
  sandbox = await serveSandbox();
  hostile = createServer((_, response) => void response.writeHead(answer.status, answer.headers).end(answer.body));
  await new Promise<void>((resolve) => hostile.listen(0, '127.0.0.1', () => resolve()));
});
afterAll(async () => {
  await sandbox.stop();
  hostile.close();
});
beforeEach(async () => {
  await sandbox.call('DELETE', '/faults');
  await sandbox.call('POST', '/rates', { base: 'BTC', usd: null });
});

const real = () =>
  createRateSources({
    config: { farEnds: { ...farEnds(''), coingecko: `${sandbox.url}/coingecko`, coinbase: `${sandbox.url}/coinbase` } as never },
  });
const lied = (clock = Date.now) =>
  createRateSources({ config: { farEnds: farEnds(`http://127.0.0.1:${(hostile.address() as AddressInfo).port}`) as never }, clock });

describe.each(rateSources)('%s', (name) => {
  it('prices every coin in every currency, and currencies in each other', async () => {
    const prices = await real()[name].read(['PLN', 'KWD']);
    expect(prices).toMatchObject({
      'BTC/PLN': '200000',
      'BTC/EUR': '40000',
      'EUR/PLN': '5',
      'PLN/EUR': '0.2',
      'TON/USD': '5',
      'EUR/KWD': '0.390625',
    });
    expect(Number(prices['USDT/USD'])).toBeCloseTo(0.9992, 12);
    expect(Object.keys(prices)).toHaveLength(7 * 4 + 4 * 3);
  });

  it('leaves out what the source does not have', async () => {
    const prices = await real()[name].read(['XAU']);
    expect(Object.keys(prices).filter((pair) => pair.includes('XAU'))).toEqual([]);
    expect(prices['BTC/EUR']).toBe('40000');
  });

  it.each(['429', '500', 'timeoutBefore', 'garbage'])('fails by its name on %s, and answers again after it', async (kind) => {
    await sandbox.fault({ target: name, kind });
    await expect(real()[name].read(['PLN'])).rejects.toMatchObject({
      name: 'GatewayError',
      retryable: true,
      message: expect.stringContaining(name),
    });
    expect((await real()[name].read(['PLN']))['BTC/PLN']).toBe('200000');
  });

  it('waits as long as it is told to, but not for hours', async () => {
    answer = { status: 429, body: '{}', headers: { 'retry-after': '7' } };
    await expect(lied()[name].read(['PLN'])).rejects.toMatchObject({ retryAfter: 7_000 });
    answer = { status: 429, body: '{}', headers: { 'retry-after': '999999' } };
    await expect(lied()[name].read(['PLN'])).rejects.toMatchObject({ retryAfter: 60_000 });
  });

  it.each([
    'null',
    '[]',
    '"1"',
    '7',
    '{"bitcoin":7}',
    '{"bitcoin":{"pln":"x"}}',
    '{"data":{"currency":"EUR","rates":{}}}',
    '{"data":{"currency":"USD","rates":{"EUR":1}}}',
    '',
    '{',
  ])('refuses %s', async (body) => {
    answer = { status: 200, body };
    const asked = lied()[name].read(['PLN']);
    // What the other source would say is no answer of this one either, or has no prices.
    await asked.then(
      (prices) => expect(prices).toEqual({}),
      (err: Error) => expect(err.message).toMatch(new RegExp(`^${name}: `)),
    );
  });

  it('follows no redirect, reads no endless answer', async () => {
    answer = { status: 302, body: '', headers: { location: `${sandbox.url}/${name}` } };
    await expect(lied()[name].read(['PLN'])).rejects.toThrow(`${name}: no connection`);
    answer = { status: 200, body: ' '.repeat(1_100_000) };
    await expect(lied()[name].read(['PLN'])).rejects.toThrow('longer than');
  });
});

test('prices of zero, below zero, absurd or an hour old are none', async () => {
  const now = 1_800_000_000;
  const prices = (btc: string, at = now) => `{"bitcoin":{"usd":${btc},"eur":40000.10000000000001,"pln":null,"last_updated_at":${at}}}`;
  const read = async (body: string) => {
    answer = { status: 200, body };
    return lied(() => now * 1_000).coingecko.read(['PLN']);
  };
  expect(await read(prices('50000.123456789012345678'))).toEqual({
    'BTC/USD': '50000.123456789012345678',
    'BTC/EUR': '40000.10000000000001',
    'EUR/USD': expect.any(String),
    'USD/EUR': expect.any(String),
  });
  for (const btc of ['0', '-1', '1e300', '0.0e5']) expect(Object.keys(await read(prices(btc)).catch(() => ({})))).not.toContain('BTC/USD');
  expect(await read(prices('50000', now - 3_601))).toEqual({});
  answer = {
    status: 200,
    body: '{"data":{"currency":"USD","rates":{"USD":"1.0","BTC":"-0.1","ETH":"0","EUR":"NaN","PLN":"4","TON":"1e999"}}}',
  };
  expect(Object.keys(await lied().coinbase.read(['PLN']))).toEqual(['PLN/USD', 'USD/PLN']);
});

test('a set price is what the named source says, and both when none is named', async () => {
  await sandbox.call('POST', '/rates', { base: 'BTC', usd: 60_000, source: 'coinbase' });
  expect(Number((await real().coinbase.read([]))['BTC/USD'])).toBeCloseTo(60_000, 6);
  expect((await real().coingecko.read([]))['BTC/USD']).toBe('50000');
  await expect(sandbox.call('POST', '/rates', { base: 'USD', usd: 2 })).rejects.toThrow('base');
  await expect(sandbox.call('POST', '/rates', { base: 'BTC', usd: -2 })).rejects.toThrow('usd');
});
