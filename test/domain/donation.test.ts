import { expect, it } from 'vitest';
import { isAmountAllowed, usualAmounts } from '../../domain/donation.ts';

const donation = { kind: 'donation', price: 1000, donationMinimum: 500, donationMaximum: 5000 } as const;

it('usual amounts are round multiples of the smallest, as far as the bounds allow', () => {
  expect(usualAmounts(donation)).toEqual([1000, 2000, 5000]);
  expect(usualAmounts({ ...donation, donationMaximum: 1000 })).toEqual([1000]);
});

it('an amount is a whole one within its bounds, and of what has a price nobody names one', () => {
  expect([499, 500, 5000, 5001, 700.5, Number.NaN].map((amount) => isAmountAllowed(donation, amount))).toEqual([
    false,
    true,
    true,
    false,
    false,
    false,
  ]);
  expect(isAmountAllowed({ kind: 'digital', price: 1000 }, 1000)).toBe(false);
  expect(isAmountAllowed({ kind: 'digital', price: 1000 }, undefined)).toBe(true);
});
