import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { postRefundToWallet, postSettle, splitWalletPayment } from '../../domain/ledger.ts';
import { parseAmount, toDecimal } from '../../domain/money.ts';
import { formatOrderCode, makeOrderCode, parseOrderCode } from '../../domain/order-code.ts';
import { cutText, makeInvoice } from '../../domain/payment.ts';
import { mayAct } from '../../domain/staff.ts';

describe('amounts', () => {
  it('survive being written and read, in currencies of 0, 2 and 3 decimals', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_000_000_000_000 }), fc.constantFrom('EUR', 'JPY', 'KWD', 'XTR'), (amount, currency) => {
        expect(parseAmount(toDecimal({ amount, currency }), currency)).toBe(amount);
      }),
    );
  });

  it.each(['', '-1', '1e3', '1.234', 'NaN', '0x10', '1,2,3', '99999999999999', '１', '1 000'])('refuse %j', (text) => {
    expect(parseAmount(text, 'EUR')).toBeUndefined();
  });

  it('know a comma as a decimal point', () => {
    expect(parseAmount('1,5', 'EUR')).toBe(150);
  });
});

describe('order codes', () => {
  it('are read however a person types them', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 8, maxLength: 8 }), (bytes) => {
        const code = makeOrderCode(bytes);
        expect(parseOrderCode(formatOrderCode(code).toLowerCase())).toBe(code);
        expect(code).not.toMatch(/[ILOU]/);
      }),
    );
    expect(parseOrderCode('o1i1-l111')).toBe('01111111');
    for (const wrong of ['', 'K7Q4', 'K7Q4-MX2U', 'K7Q4-MX2P1', '../../etc']) expect(parseOrderCode(wrong)).toBeUndefined();
  });
});

describe('postings', () => {
  it('of a settlement move exactly the total, and no empty leg', () => {
    fc.assert(
      fc.property(fc.nat(1_000_000), fc.nat(1_000_000), fc.nat(1_000_000), (total, part, short) => {
        const [tax, tolerated] = [Math.min(total, part), Math.min(total, short)];
        const legs = postSettle(1, { total, tax, tolerated });
        const sumOf = (side: 'debit' | 'credit', kind: string) =>
          legs.filter((leg) => leg[side].kind === kind).reduce((sum, leg) => sum + leg.amount, 0);
        // The order gives what it held, the shop the rest; revenue and tax are those of the price.
        expect([sumOf('debit', 'held'), sumOf('debit', 'expense:tolerance')]).toEqual([total - tolerated, tolerated]);
        expect([sumOf('credit', 'revenue'), sumOf('credit', 'tax:payable')]).toEqual([total - tax, tax]);
        expect(legs.every((leg) => leg.amount > 0)).toBe(true);
      }),
    );
  });

  it('of a wallet refund return every unit to the bucket it came from', () => {
    fc.assert(
      fc.property(fc.nat(10_000), fc.nat(10_000), fc.nat(20_000), (cash, bonus, part) => {
        const legs = postRefundToWallet(7, { cash, bonus, tax: Math.min(part, cash + bonus) });
        const into = (kind: string) => legs.filter((leg) => leg.credit.kind === kind).reduce((sum, leg) => sum + leg.amount, 0);
        expect([into('cash'), into('bonus')]).toEqual([cash, bonus]);
      }),
    );
  });

  it('spend bonus before cash, and nothing from a wallet in debt or short of money', () => {
    expect(splitWalletPayment({ cash: 100, bonus: 30, debt: 0 }, 50)).toEqual({ bonus: 30, cash: 20 });
    expect(splitWalletPayment({ cash: 100, bonus: 30, debt: 1 }, 50)).toBeUndefined();
    expect(splitWalletPayment({ cash: 100, bonus: 30, debt: 0 }, 131)).toBeUndefined();
  });
});

describe('an invoice', () => {
  it("keeps Telegram's limits without splitting a character, and its start parameter is never empty", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme', maxLength: 80 }), { maxLength: 5 }), (titles) => {
        const invoice = makeInvoice({ id: 'K7Q4MX2P-1', amount: 40, orderCode: 'K7Q4MX2P', titles });
        expect(invoice.title.length).toBeLessThanOrEqual(32);
        expect(invoice.description.length).toBeLessThanOrEqual(255);
        expect(invoice.startParameter).not.toBe('');
        expect(invoice.title.isWellFormed()).toBe(true);
      }),
    );
    expect(cutText('👍👍👍', 4)).toBe('👍…');
  });
});

describe('staff', () => {
  it('of support re-send and hand over, managers and owners also cancel and refund', () => {
    expect(mayAct('support', 'refund')).toBe(false);
    expect(mayAct('support', 'cancel')).toBe(false);
    expect(mayAct('support', 'resend')).toBe(true);
    expect(mayAct('manager', 'refund')).toBe(true);
  });
});
