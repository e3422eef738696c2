import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { together } from '../../db/together.ts';

/** Doubles numbers; keeps what was asked in one go. Negative ones it cannot do, and then does none. */
function doubling(tookMs = 5) {
  const asked: (readonly number[])[] = [];
  const double = together(async (numbers: readonly number[]) => {
    asked.push(numbers);
    await sleep(numbers.includes(13) ? 300 : tookMs);
    if (numbers.some((number) => number < 0)) throw new Error(`cannot double ${numbers.join()}`);
    return numbers.map((number) => 2 * number);
  });
  return { asked, double };
}

it('asks alone what comes alone, and together what comes meanwhile, each with its own answer', async () => {
  const { asked, double } = doubling();
  const first = double(1);
  await sleep(0);
  expect(await Promise.all([first, double(2), double(2), double(3)])).toEqual([2, 4, 4, 6]);
  expect(await double(4)).toBe(8);
  expect(asked).toEqual([[1], [2, 2, 3], [4]]);
});

it('asks at most 64 in one go', async () => {
  const { asked, double } = doubling();
  const numbers = Array.from({ length: 150 }, (_, index) => index);
  expect(await Promise.all(numbers.map(double))).toEqual(numbers.map((number) => 2 * number));
  expect(asked.map(({ length }) => length)).toEqual([64, 64, 22]);
});

it('lets what failed together fail or pass alone', async () => {
  const { double } = doubling();
  const answers = await Promise.allSettled([double(1), double(-1), double(2)]);
  expect(answers).toMatchObject([{ value: 2 }, { reason: { message: 'cannot double -1' } }, { value: 4 }]);
});

it('is held up by a slow answer for a moment only', async () => {
  const { double } = doubling();
  const slow = double(13);
  await sleep(0);
  const begun = performance.now();
  expect(await double(1)).toBe(2);
  expect(performance.now() - begun).toBeLessThan(200);
  expect(await slow).toBe(26);
});
