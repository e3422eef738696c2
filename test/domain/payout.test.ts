/** Payouts as rules: what of a wallet's cash is whose, when people are asked again, and how codes are read. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type CashMove,
  customerReminders,
  isNamingOver,
  isPayoutCode,
  nameUntil,
  parsePayoutCode,
  payoutWakeAt,
  readTransaction,
  restsOf,
  staffReminders,
} from '../../domain/payout.ts';

const came = (depositCode: string | null, amount: number): CashMove => ({ amount, depositCode, orderId: null });
const spent = (orderId: number | null, amount: number): CashMove => ({ amount: -amount, depositCode: null, orderId });
const rest = (moves: CashMove[], code: string) => restsOf(moves).get(code) ?? 0;

describe('what is left of a deposit', () => {
  it('is spent oldest first, so another rail’s money never leaves by it', () => {
    // Coins, all spent, then as much by card: the cash is the card's.
    const moves = [came('COINS', 5_000), spent(1, 5_000), came('CARD', 5_000)];
    expect(rest(moves, 'COINS')).toBe(0);
    expect(rest(moves, 'CARD')).toBe(5_000);
    expect(rest([came('COINS', 5_000), came('CARD', 5_000), spent(1, 2_000)], 'COINS')).toBe(3_000);
  });

  it('comes back with what an order gives back, the last spent first', () => {
    const moves = [came('ONE', 3_000), came('TWO', 3_000), spent(7, 4_000)];
    expect(rest(moves, 'ONE')).toBe(0);
    expect(rest([...moves, { amount: 1_500, depositCode: null, orderId: 7 }], 'TWO')).toBe(3_000);
    expect(rest([...moves, { amount: 1_500, depositCode: null, orderId: 7 }], 'ONE')).toBe(500);
    // More than the order took is nobody's deposit.
    expect(restsOf([came('ONE', 100), spent(7, 100), { amount: 500, depositCode: null, orderId: 7 }]).get('ONE')).toBe(100);
  });

  it('a payout and a reversal take their own deposit’s money first, and a failed payout gives it back', () => {
    const moves: CashMove[] = [came('OLD', 1_000), came('NEW', 1_000), { amount: -600, depositCode: 'NEW', orderId: null }];
    expect([rest(moves, 'OLD'), rest(moves, 'NEW')]).toEqual([1_000, 400]);
    expect(rest([...moves, came('NEW', 600)], 'NEW')).toBe(1_000);
  });

  it('is never more than came by it nor than the cash, whatever happens in whatever order', () => {
    const codes = ['A', 'B', 'C'];
    const act = fc.record({
      what: fc.constantFrom('come', 'gift', 'buy', 'refund', 'payout'),
      code: fc.constantFrom(...codes),
      order: fc.integer({ min: 1, max: 3 }),
      amount: fc.integer({ min: 1, max: 1_000 }),
    });
    void fc.assert(
      fc.property(fc.array(act, { maxLength: 40 }), (acts) => {
        const moves: CashMove[] = [];
        const brought = new Map<string, number>();
        const bought = new Map<number, number>();
        let cash = 0;
        for (const { what, code, order, amount } of acts) {
          const out = Math.min(amount, cash);
          if (what === 'come') {
            moves.push(came(code, amount));
            brought.set(code, (brought.get(code) ?? 0) + amount);
            cash += amount;
          } else if (what === 'gift') {
            moves.push(came(null, amount));
            cash += amount;
          } else if (what === 'buy' && out > 0) {
            moves.push(spent(order, out));
            bought.set(order, (bought.get(order) ?? 0) + out);
            cash -= out;
          } else if (what === 'refund') {
            const back = Math.min(amount, bought.get(order) ?? 0);
            if (back === 0) continue;
            moves.push({ amount: back, depositCode: null, orderId: order });
            bought.set(order, (bought.get(order) ?? 0) - back);
            cash += back;
          } else if (what === 'payout') {
            const left = Math.min(amount, rest(moves, code));
            if (left === 0) continue;
            moves.push({ amount: -left, depositCode: code, orderId: null });
            brought.set(code, (brought.get(code) ?? 0) - left);
            cash -= left;
          }
        }
        const rests = restsOf(moves);
        let sum = 0;
        for (const code of codes) {
          const left = rests.get(code) ?? 0;
          expect(left).toBeGreaterThanOrEqual(0);
          expect(left).toBeLessThanOrEqual(brought.get(code) ?? 0);
          sum += left;
        }
        expect(sum).toBeLessThanOrEqual(cash);
      }),
      { numRuns: 500 },
    );
  });
});

describe('time', () => {
  const day = 86_400_000;
  const at = (days: number) => days * day;

  it('asks the customer again four times, then gives up; staff are reminded once a day', () => {
    const naming = { stage: 'naming', requestedAt: 0, staffSince: 0 } as const;
    expect([0, 1, 2.5, 3, 7, 12, 13].map((days) => customerReminders(naming, at(days)))).toEqual([0, 1, 1, 2, 3, 4, 4]);
    expect(isNamingOver(naming, at(14) - 1)).toBe(false);
    expect(isNamingOver(naming, at(14))).toBe(true);
    const approval = { stage: 'approval', requestedAt: 0, staffSince: at(2) } as const;
    expect([2, 2.9, 3, 5].map((days) => staffReminders(approval, at(days)))).toEqual([0, 0, 1, 3]);
    expect(customerReminders(approval, at(13))).toBe(0);
    expect(payoutWakeAt({ ...approval, stage: 'failed' }, at(3))).toBeNull();
  });

  it('always looks again later than now, until it is over', () => {
    void fc.assert(
      fc.property(
        fc.constantFrom('naming', 'approval', 'second', 'sending', 'arrival'),
        fc.integer({ min: 0, max: 40 * day }),
        (stage, now) => {
          const times = { stage, requestedAt: 0, staffSince: 0 } as const;
          if (isNamingOver(times, now)) return;
          expect(payoutWakeAt(times, now)).toBeGreaterThan(now);
          if (stage === 'naming') expect(payoutWakeAt(times, now)).toBeLessThanOrEqual(nameUntil(0));
        },
      ),
    );
  });
});

describe('what people write', () => {
  it('codes are read with or without dashes, and nothing else is one', () => {
    expect(parsePayoutCode(' k7q4-mx2p-R1 ')).toBe('K7Q4MX2P-r1');
    expect(parsePayoutCode('K7Q4MX2P-p12')).toBe('K7Q4MX2P-p12');
    for (const text of ['', 'K7Q4-MX2P', 'K7Q4-MX2P-x1', 'K7Q4-MX2P-r0', 'K7Q4-MX2P-r1;', 'O7Q4-MX2P-r1', '\u202eK7Q4-MX2P-r1']) {
      expect(parsePayoutCode(text)).toBeUndefined();
    }
    expect(isPayoutCode('K7Q4MX2P-r1\n')).toBe(false);
  });

  it('a transaction is letters, digits and few signs', () => {
    expect(readTransaction(` ${'a'.repeat(64)} `)).toBe('a'.repeat(64));
    expect(readTransaction('4711/0815')).toBe('4711/0815');
    for (const text of ['', 'abc', 'a b c d', 'x'.repeat(129), 'abcd\u0000', "'; drop table payout", '🚀🚀🚀🚀']) {
      expect(readTransaction(text)).toBeUndefined();
    }
  });
});
