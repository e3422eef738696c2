import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { claimedPrice, claimReminders, claimWakeAt, formatClaimCode, isUnderWarranty, parseClaimCode } from '../../domain/claim.ts';

const day = 86_400_000;

describe('the price of a claimed piece', () => {
  it('is its share of what was paid for the line, and all pieces together are never more', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1000 }), fc.nat(10_000_000), fc.nat(100), fc.boolean(), (quantity, price, percent, inStars) => {
        const off = Math.floor((price * quantity * percent) / 100);
        const line = { price, starsPrice: price, codeDiscount: off, codeStars: off, quantity };
        const one = claimedPrice(line, { pieces: 1, inStars });
        const total = price * quantity - off;
        expect(one * quantity).toBeLessThanOrEqual(total);
        expect(total - one * quantity).toBeLessThan(quantity);
        expect(claimedPrice(line, { pieces: quantity, inStars })).toBe(total);
      }),
    );
  });
});

describe('warranty and reminders', () => {
  it('end on the last millisecond of the last day', () => {
    const bought = { deliveredAt: 1_000, warrantyDays: 14 };
    expect(isUnderWarranty(bought, 1_000 + 14 * day)).toBe(true);
    expect(isUnderWarranty(bought, 1_001 + 14 * day)).toBe(false);
    expect(isUnderWarranty({ ...bought, warrantyDays: null }, 1_000)).toBe(false);
  });

  it('come later and later, and stop after four weeks', () => {
    expect(claimReminders(0, day - 1)).toBe(0);
    expect(claimWakeAt(0, 0)).toBe(day);
    expect(claimReminders(0, 3 * day)).toBe(3);
    expect(claimWakeAt(0, 28 * day)).toBeNull();
  });
});

it('a code is read as people write it, and nothing else is', () => {
  expect(parseClaimCode('k7q4-mx2p-C12')).toBe('K7Q4MX2P-c12');
  expect(formatClaimCode('K7Q4MX2P-c12')).toBe('K7Q4-MX2P-c12');
  for (const text of ['', 'K7Q4-MX2P', 'K7Q4-MX2P-c0', 'K7Q4-MX2P-r1', '-c1']) expect(parseClaimCode(text)).toBeUndefined();
});
