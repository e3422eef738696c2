import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decideVoucher,
  formatVoucherCode,
  isVoucherOver,
  makeVoucherCode,
  parseVoucherCode,
  splitGift,
  voucherStatuses,
} from '../../domain/voucher.ts';

describe('a voucher', () => {
  const state = fc.record({
    kind: fc.constantFrom('code' as const, 'link' as const),
    status: fc.constantFrom(...voucherStatuses),
    expiresAt: fc.option(fc.integer({ min: 0, max: 100 })),
    cancelled: fc.boolean(),
    booked: fc.boolean(),
  });

  it('that was claimed is booked and never goes back, whenever somebody looks; what is over asks for nothing', () => {
    fc.assert(
      fc.property(state, fc.integer({ min: 0, max: 200 }), (one, at) => {
        const decision = decideVoucher(one, at).do;
        if (one.status === 'claimed') expect(decision).toBe(one.booked ? 'nothing' : 'book');
        if (isVoucherOver(one)) expect(decision).toBe('nothing');
        if (decision === 'giveBack') expect([one.kind, one.status]).toEqual(['link', 'open']);
        const isDue = one.cancelled || (one.expiresAt !== null && at >= one.expiresAt);
        if (one.kind === 'link' && one.status === 'open') expect(decision).toBe(isDue ? 'giveBack' : 'nothing');
      }),
    );
  });

  it('is filled with bonus first, exactly, and by no wallet that is short or in debt', () => {
    const money = fc.integer({ min: 0, max: 10_000 });
    fc.assert(
      fc.property(
        fc.record({ cash: money, stars: money, bonus: money, debt: fc.constantFrom(0, 1) }),
        fc.integer({ min: 1, max: 25_000 }),
        (has, amount) => {
          const parts = splitGift(has, amount);
          const bonus = Math.min(has.bonus, amount);
          const rejected = has.debt > 0 ? 'WalletInDebt' : has.cash + has.bonus < amount ? 'InsufficientFunds' : undefined;
          expect(parts).toEqual(rejected ? { rejected } : { bonus, cash: amount - bonus });
        },
      ),
    );
  });

  it('has a code of twenty characters that is read however it is written, and nothing else is one', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 20, maxLength: 20 }), (bytes) => {
        const code = makeVoucherCode(bytes);
        expect(parseVoucherCode(` ${formatVoucherCode(code).toLowerCase()} `)).toBe(code);
      }),
    );
    for (const text of ['', 'K7Q4-MX2P', 'U'.repeat(20), '0'.repeat(19), '0'.repeat(21), 'SPRING-10'])
      expect(parseVoucherCode(text), text).toBeUndefined();
  });
});
