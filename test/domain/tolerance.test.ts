import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shareOf } from '../../domain/coin.ts';
import { isEnoughUnits, leastUnits } from '../../domain/tolerance.ts';

const digits = fc.integer({ min: 1, max: 1_000_000_000_000 });
const amount = fc.integer({ min: 1, max: 100_000_000 });
/** Basis points, and the most in minor units. */
const bounds = fc.tuple(fc.nat(200), fc.nat(1_000));

describe('tolerance of coins', () => {
  it.each([
    // Units, minor units, basis points, the most, decimals; what settles, and one unit less.
    ['a half percent of 100.00', '0.0005', 10_000, 50, 500, 8, '0.0004975', '0.00049749'],
    ['two percent', '0.0005', 10_000, 200, 500, 8, '0.00049', '0.00048999'],
    ['1.00 EUR of 1,000.00 EUR, which is less than a half percent', '0.02', 100_000, 50, 100, 8, '0.01998', '0.01997999'],
    ['what does not come out is rounded up', '0.00012345', 2_469, 50, 500, 8, '0.00012284', '0.00012283'],
    ['Ether, to its 18th decimal', '0.04', 10_000, 50, 500, 18, '0.0398', '0.039799999999999999'],
    ['Tether, to its 6th', '25.1', 10_000, 50, 500, 6, '24.9745', '24.974499'],
    ['none', '0.0005', 10_000, 0, 500, 8, '0.0005', '0.00049999'],
    ['no rate of the day', '0.0005', 10_000, 50, 0, 8, '0.0005', '0.00049999'],
  ] as const)('%s: exactly there settles, one unit below does not', (_name, units, amount, basisPoints, most, decimals, least, below) => {
    expect(leastUnits(units, { amount, basisPoints, most, decimals })).toBe(least);
    expect(isEnoughUnits(least, least)).toBe(true);
    expect(isEnoughUnits(below, least)).toBe(false);
  });

  it('is never more than its part and its most, whatever is asked; nor does anything less than the least settle', () =>
    fc.assert(
      fc.property(digits, amount, bounds, (units, asked, [part, cap]) => {
        const text = `${Math.floor(units / 1e8)}.${String(units % 1e8).padStart(8, '0')}`;
        const least = leastUnits(text, { amount: asked, basisPoints: part, most: cap, decimals: 8 });
        const short = asked - (shareOf(asked, least, text) as number);
        expect(short).toBeLessThanOrEqual(Math.min(cap, Math.ceil((asked * part) / 10_000)));
        expect(isEnoughUnits(text, least)).toBe(true);
      }),
    ));

  it('takes no text that is no number', () => {
    for (const wrong of ['', '-1', 'NaN', '0x1', '1'.repeat(99)]) expect(isEnoughUnits(wrong, '0')).toBe(false);
  });
});
