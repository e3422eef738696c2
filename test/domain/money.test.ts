import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  house,
  ofCustomer,
  postRefundToWallet,
  postSettle,
  postStarsDeposit,
  spendableOf,
  splitTaken,
  splitWalletPayment,
} from '../../domain/ledger.ts';
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
      fc.property(fc.nat(10_000), fc.nat(10_000), fc.nat(10_000), fc.nat(30_000), (cash, stars, bonus, part) => {
        const tax = Math.min(part, cash + stars + bonus);
        const legs = postRefundToWallet(7, { cash, stars, bonus, tax });
        const into = (kind: string) => legs.filter((leg) => leg.credit.kind === kind).reduce((sum, leg) => sum + leg.amount, 0);
        expect([into('cash'), into('stars'), into('bonus')]).toEqual([cash, stars, bonus]);
        expect(legs.filter(({ debit }) => debit.kind === 'tax:payable').reduce((sum, { amount }) => sum + amount, 0)).toBe(tax);
      }),
    );
  });

  it('spend bonus before cash, and nothing from a wallet in debt or short of money', () => {
    const wallet = { cash: 100, stars: 0, bonus: 30, debt: 0 };
    expect(splitWalletPayment(wallet, 50, true)).toEqual({ bonus: 30, stars: 0, cash: 20 });
    expect(splitWalletPayment({ ...wallet, debt: 1 }, 50, true)).toBeUndefined();
    expect(splitWalletPayment(wallet, 131, true)).toBeUndefined();
  });

  it('spend what came in Stars after bonus and before cash, and only on what Stars may buy', () => {
    const wallet = { cash: 100, stars: 40, bonus: 30, debt: 0 };
    expect(splitWalletPayment(wallet, 50, true)).toEqual({ bonus: 30, stars: 20, cash: 0 });
    expect(splitWalletPayment(wallet, 170, true)).toEqual({ bonus: 30, stars: 40, cash: 100 });
    expect(splitWalletPayment(wallet, 50, false)).toEqual({ bonus: 30, stars: 0, cash: 20 });
    expect(splitWalletPayment(wallet, 131, false)).toBeUndefined();
    fc.assert(
      fc.property(fc.nat(100), fc.nat(100), fc.nat(100), fc.nat(300), fc.boolean(), (cash, stars, bonus, amount, forStars) => {
        const balances = { cash, stars, bonus, debt: 0 };
        const split = splitWalletPayment(balances, amount, forStars);
        expect(split === undefined).toBe(spendableOf(balances, forStars) < amount);
        if (!split) return;
        expect(split.cash + split.stars + split.bonus).toBe(amount);
        expect(Object.values(split).every((part) => part >= 0)).toBe(true);
        expect(split.cash <= cash && split.stars <= stars && split.bonus <= bonus).toBe(true);
        if (!forStars) expect(split.stars).toBe(0);
      }),
    );
  });

  it('take back out of the bucket the money came into first, bonus last, and what is missing is a debt', () => {
    const wallet = { cash: 100, stars: 40, bonus: 30, debt: 0 };
    expect(splitTaken(wallet, 110)).toEqual({ cash: 100, stars: 10, bonus: 0, debt: 0 });
    expect(splitTaken(wallet, 50, 'stars')).toEqual({ cash: 10, stars: 40, bonus: 0, debt: 0 });
    expect(splitTaken(wallet, 200, 'stars')).toEqual({ cash: 100, stars: 40, bonus: 30, debt: 30 });
  });

  it('of Stars that become money carry all of both currencies, debt first', () => {
    expect(postStarsDeposit(7, 300, { stars: 40, money: 1_000 })).toEqual({
      stars: [{ leg: 'in', debit: house('clearing:stars'), credit: house('conversion'), amount: 40 }],
      money: [
        { leg: 'debt', debit: house('conversion'), credit: ofCustomer('debt', 7), amount: 300 },
        { leg: 'stars', debit: house('conversion'), credit: ofCustomer('stars', 7), amount: 700 },
      ],
    });
  });
});

describe('an invoice', () => {
  it("keeps Telegram's limits without splitting a character, and its start parameter is never empty", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme', maxLength: 80 }), { maxLength: 5 }), (titles) => {
        const invoice = makeInvoice({ id: 'K7Q4MX2P-1', amount: 40, noun: 'order', code: 'K7Q4MX2P', titles });
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
