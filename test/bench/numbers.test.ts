import fc from 'fast-check';
import { expect, test } from 'vitest';
import { median, percentile, runAtOnce } from '../../bench/numbers.ts';

test('a percentile is the smallest value that enough of the others do not exceed', () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(percentile([10], 0.99)).toBe(10);
  expect(() => percentile([], 0.5)).toThrow(RangeError);
  const values = fc.array(fc.integer(), { minLength: 1, maxLength: 200 });
  fc.assert(
    fc.property(values, fc.double({ min: 0.01, max: 1, noNaN: true }), (all, share) => {
      const value = percentile(all, share);
      const below = all.filter((one) => one <= value).length;
      const strictlyBelow = all.filter((one) => one < value).length;
      expect(below).toBeGreaterThanOrEqual(share * all.length - 1e-9);
      expect(strictlyBelow).toBeLessThan(share * all.length + 1e-9);
    }),
  );
});

test('every task runs once, never more at once than asked, and the first error ends it', async () => {
  const done: number[] = [];
  let now = 0;
  let most = 0;
  await runAtOnce(20, 3, async (index) => {
    now += 1;
    most = Math.max(most, now);
    await new Promise((resolve) => setTimeout(resolve, 1));
    now -= 1;
    done.push(index);
  });
  expect(done.sort((one, other) => one - other)).toEqual(Array.from({ length: 20 }, (_, index) => index));
  expect(most).toBe(3);
  const failing = runAtOnce(5, 2, async (index) => {
    if (index === 1) throw new Error('second');
  });
  await expect(failing).rejects.toThrow('second');
});
