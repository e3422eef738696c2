import { setTimeout as sleep } from 'node:timers/promises';
import type { Update } from 'grammy/types';
import { describe, expect, test } from 'vitest';
import { createChatQueue, queueKeyOf } from '../../bot/chat-queue.ts';
import { createThrottle } from '../../bot/throttle.ts';

describe('updates of a chat', () => {
  test('are handled one after the other, those of another chat beside them', async () => {
    const enqueue = createChatQueue();
    const seen: string[] = [];
    const work = (name: string, ms: number) => async () => {
      await sleep(ms);
      seen.push(name);
    };
    await Promise.all([
      enqueue('a', work('a1', 60)),
      enqueue('a', work('a2', 1)),
      enqueue('b', work('b1', 5)),
      enqueue(undefined, work('free', 1)),
    ]);
    expect(seen).toEqual(['free', 'b1', 'a1', 'a2']);
  });

  test('a failure is told to its caller and holds up nothing', async () => {
    const enqueue = createChatQueue();
    const failed = enqueue('a', () => Promise.reject(new Error('no')));
    const next = enqueue('a', async () => undefined);
    await expect(failed).rejects.toThrow('no');
    await expect(next).resolves.toBeUndefined();
  });

  test('staff in one group do not wait for each other', () => {
    const press = (id: number) =>
      ({ update_id: 1, callback_query: { from: { id }, message: { chat: { id: -5, type: 'supergroup' } } } }) as unknown as Update;
    expect(queueKeyOf(press(1))).not.toBe(queueKeyOf(press(2)));
  });
});

describe('throttle', () => {
  test('lets two messages and five taps a second through, each person on their own', () => {
    const pace = createThrottle();
    expect(['message', 'message', 'message'].map(() => pace('a', 'message', 0))).toEqual(['go', 'go', 'ask']);
    expect(pace('b', 'message', 0)).toBe('go');
    expect(Array.from({ length: 6 }, () => pace('a', 'tap', 0))).toEqual(['go', 'go', 'go', 'go', 'go', 'ask']);
    expect(pace('a', 'message', 1001)).toBe('go');
  });

  test('asks once in a while, but answers every tap', () => {
    const pace = createThrottle();
    for (let index = 0; index < 2; index += 1) pace('a', 'message', 0);
    expect([10, 20, 999].map((at) => pace('a', 'message', at))).toEqual(['ask', 'ignore', 'ignore']);
    for (let index = 0; index < 5; index += 1) pace('a', 'tap', 0);
    expect([10, 20].map((at) => pace('a', 'tap', at))).toEqual(['ask', 'ask']);
  });
});
