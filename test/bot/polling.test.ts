import { setTimeout as sleep } from 'node:timers/promises';
import type { Update } from 'grammy/types';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { pollUpdates } from '../../bot/polling.ts';
import { type FakeTelegram, failure, ok, startFakeTelegram } from '../support/fake-telegram.ts';

const token = `200000001:${'t'.repeat(35)}`;

/** Telegram's side: keeps updates until an offset confirms them. */
function serveUpdates(fake: FakeTelegram) {
  const waiting: { update_id: number }[] = [];
  let confirmed = 0;
  fake.answer(async ({ method, body }) => {
    if (method !== 'getUpdates') return undefined;
    const { offset, timeout } = JSON.parse(body) as { offset: number; timeout: number };
    confirmed = Math.max(confirmed, offset);
    const found = () => waiting.filter(({ update_id: id }) => id >= offset);
    const until = performance.now() + Math.min(timeout * 1000, 300);
    while (found().length === 0 && performance.now() < until) await sleep(5);
    return ok(found());
  });
  return { add: (...ids: number[]) => waiting.push(...ids.map((id) => ({ update_id: id }))), confirmed: () => confirmed };
}

describe('polling', () => {
  let fake: FakeTelegram;
  let stop: AbortController;
  const log = pino({ level: 'silent' });
  const poll = (handle: (update: Update) => Promise<void>) =>
    pollUpdates({ token, apiRoot: fake.apiRoot, handle, log, signal: stop.signal });

  beforeEach(async () => {
    fake = await startFakeTelegram();
    stop = new AbortController();
  });
  afterEach(() => fake.close());

  test('an update is confirmed only when it and all before it were handled; newer ones are handled meanwhile', async () => {
    const telegram = serveUpdates(fake);
    telegram.add(10, 11);
    const slow = Promise.withResolvers<void>();
    const handled: number[] = [];
    const polling = poll(async ({ update_id: id }) => {
      if (id === 10) await slow.promise;
      handled.push(id);
    });
    await expect.poll(() => handled).toEqual([11]);
    telegram.add(12);
    await expect.poll(() => handled).toEqual([11, 12]);
    expect(telegram.confirmed()).toBeLessThanOrEqual(10);
    slow.resolve();
    await expect.poll(telegram.confirmed).toBe(13);
    expect(handled).toEqual([11, 12, 10]);
    stop.abort();
    await polling;
  });

  test('what could not be stored is handled again until it is, and never confirmed before', async () => {
    const telegram = serveUpdates(fake);
    telegram.add(5);
    let attempts = 0;
    const polling = poll(async () => {
      attempts += 1;
      if (attempts < 2) throw new Error('the database is away');
    });
    await expect.poll(() => attempts).toBe(1);
    expect(telegram.confirmed()).toBeLessThanOrEqual(5);
    await expect.poll(telegram.confirmed, { timeout: 5_000 }).toBe(6);
    expect(attempts).toBe(2);
    stop.abort();
    await polling;
  });

  test('a stop confirms what was handled and nothing else', async () => {
    const telegram = serveUpdates(fake);
    telegram.add(7, 8);
    const handled: number[] = [];
    const polling = poll(async ({ update_id: id }) => {
      if (id === 8) throw new Error('the database is away');
      handled.push(id);
    });
    await expect.poll(() => handled).toEqual([7]);
    stop.abort();
    await polling;
    expect(telegram.confirmed()).toBe(8);
  });

  test('an outage of Telegram is waited out, a token it does not know ends the polling', async () => {
    let calls = 0;
    fake.answer(() => {
      calls += 1;
      return calls === 1 ? failure(502, 'Bad Gateway') : failure(401, 'Unauthorized');
    });
    await expect(poll(async () => undefined)).rejects.toThrow(/401/);
    expect(calls).toBe(2);
  });
});
