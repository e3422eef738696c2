import { expect, test } from 'vitest';
import { createConfirmCodes } from '../../bot/confirm-codes.ts';

const wish = { chatId: 1, lines: 'lines' };
const none = async () => false;

test('the same lines in the same chat keep their code for a minute; others, and later, have another', async () => {
  const codes = createConfirmCodes();
  const made = await codes.take(wish, 0, none);
  expect(await codes.take(wish, 60_000, none)).toBe(made);
  const others = [await codes.take({ ...wish, chatId: 2 }, 1, none), await codes.take({ ...wish, lines: 'others' }, 1, none)];
  expect(new Set([made, ...others, await codes.take(wish, 60_001, none)]).size).toBe(4);
});

test('what stands under its code gives it up, and the new one is kept for a minute from then', async () => {
  const codes = createConfirmCodes();
  const first = await codes.take(wish, 0, none);
  const anew = await codes.take(wish, 30_000, async (code) => code === first);
  expect(anew).not.toBe(first);
  await codes.take({ ...wish, chatId: 2 }, 40_000, none);
  expect(await codes.take(wish, 90_000, none)).toBe(anew);
});

test('a code that was dropped is not shown again', async () => {
  const codes = createConfirmCodes();
  const first = await codes.take(wish, 0, none);
  codes.drop(wish);
  expect(await codes.take(wish, 1, none)).not.toBe(first);
});

test('however many people are buying, the codes of the last minute are kept', async () => {
  const codes = createConfirmCodes();
  const made = await codes.take(wish, 0, none);
  for (let chatId = 2; chatId <= 20_000; chatId += 1) await codes.take({ ...wish, chatId }, chatId, none);
  expect(await codes.take(wish, 60_000, none)).toBe(made);
});
