import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { commissionOf } from '../../domain/commission.ts';
import { settings } from '../../domain/setting.ts';
import { nextTier, tierDiscountKeys, tierNames, tierOf, tierThreshold } from '../../domain/tier.ts';

describe('tiers', () => {
  test.each([
    ['PLN', 100],
    ['JPY', 1],
    ['KWD', 1_000],
  ])('change at exactly 100, 500, 1000 and 5000 of %s', (currency, unit) => {
    const begins = [100, 500, 1_000, 5_000].map((whole) => whole * unit);
    expect(tierNames.slice(1).map((tier) => tierThreshold(tier, currency))).toEqual(begins);
    expect([0, ...begins.map((begin) => begin - 1)].map((earnings) => tierOf(earnings, currency))).toEqual([
      'bronze',
      ...tierNames.slice(0, 4),
    ]);
    expect(begins.map((begin) => tierOf(begin, currency))).toEqual(tierNames.slice(1));
  });

  test('follow each other to the highest', () => {
    expect(tierNames.map(nextTier)).toEqual([...tierNames.slice(1), undefined]);
  });

  test('have a discount each, none lower than that of the tier before', () => {
    const discounts = tierNames.map((tier) => settings[tierDiscountKeys[tier]].fallback);
    expect(discounts).toEqual(discounts.toSorted((one, other) => one - other));
    for (const tier of tierNames) expect(settings[tierDiscountKeys[tier]]).toMatchObject({ min: 0, max: 100 });
  });
});

const amount = fc.integer({ min: 1, max: 100_000_000 });
const rate = fc.integer({ min: 0, max: 2_000 });

describe('a commission', () => {
  test.each([
    [10_000, 0, 300],
    [9_999, 0, 299],
    [33, 0, 0],
    [34, 0, 1],
    [10_000, 1, 299],
    [10_000, 10_000, 0],
    [10_000, 12_000, 0],
  ])('of %i less %i is %i: rounded down once', (credited, reversed, paid) => {
    expect(commissionOf({ rate: 300, credited, reversed, eligible: credited })).toBe(paid);
  });

  test('is never negative, never above the rate of what stayed, and less when more was taken back', () => {
    void fc.assert(
      fc.property(amount, amount, amount, rate, fc.nat({ max: 100 }), (credited, one, other, basisPoints, share) => {
        const eligible = Math.floor((credited * share) / 100);
        const of = (reversed: number) => commissionOf({ rate: basisPoints, credited, reversed, eligible });
        const [less, more] = [Math.min(one, other), Math.max(one, other)];
        expect(of(less)).toBeGreaterThanOrEqual(of(more));
        expect(of(more)).toBeGreaterThanOrEqual(0);
        expect(of(less)).toBeLessThanOrEqual((Math.max(0, credited - less) * basisPoints) / 10_000);
      }),
    );
  });
});
