import { expect, test } from 'vitest';
import { createConfirmCodes } from '../../bot/confirm-codes.ts';

const wish = { chatId: 1, lines: 'lines' };

test('the same lines in the same chat keep their code for a minute; of others, and later, nothing is known', () => {
  const codes = createConfirmCodes();
  const made = codes.make(wish, 0);
  expect(codes.find(wish, 60_000)).toBe(made);
  expect(codes.find({ ...wish, chatId: 2 }, 1)).toBeUndefined();
  expect(codes.find({ ...wish, lines: 'others' }, 1)).toBeUndefined();
  expect(codes.find(wish, 60_001)).toBeUndefined();
});

test('made anew, the new code is the one that is kept, for a minute from then', () => {
  const codes = createConfirmCodes();
  codes.make(wish, 0);
  const anew = codes.make(wish, 30_000);
  codes.make({ ...wish, chatId: 2 }, 40_000);
  expect(codes.find(wish, 90_000)).toBe(anew);
});

test('a code that was refused is known no more', () => {
  const codes = createConfirmCodes();
  codes.make(wish, 0);
  codes.drop(wish);
  expect(codes.find(wish, 1)).toBeUndefined();
});

test('however many people are buying, the codes of the last minute are kept', () => {
  const codes = createConfirmCodes();
  const made = codes.make(wish, 0);
  for (let chatId = 2; chatId <= 20_000; chatId += 1) codes.make({ ...wish, chatId }, chatId);
  expect(codes.find(wish, 60_000)).toBe(made);
});
