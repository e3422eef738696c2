import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { currencyDecimals } from '../../domain/money.ts';
import {
  coins,
  convert,
  dividePrices,
  judgePrices,
  pairsFor,
  toPrice,
  aboutUnits,
  multiplyPrices,
  unitsFor,
  valueOfUnits,
} from '../../domain/rate.ts';

const currency = fc.constantFrom('PLN', 'EUR', 'JPY', 'KWD');
const amount = fc.integer({ min: 0, max: 1_000_000_000_00 });
const decimal = (most: number, decimals: number) =>
  fc.tuple(fc.bigInt({ min: 0n, max: BigInt(most) }), fc.integer({ min: 0, max: decimals })).map(([digits, places]) => {
    const text = digits.toString().padStart(places + 1, '0');
    return places === 0 ? text : `${text.slice(0, -places)}.${text.slice(-places)}`;
  });
const rate = decimal(1e15, 12)
  .map((text) => toPrice(text))
  .filter((text) => text !== undefined);

/** A decimal string times 10^30, to compare exactly. */
function big(text: string): bigint {
  const [whole = '', fraction = ''] = text.split('.');
  return BigInt(whole + fraction.padEnd(30, '0'));
}

describe('what coins are worth', () => {
  test('half a thousandth of a Bitcoin at 200,000.00 PLN is 100.00 PLN, and the other way round', () => {
    expect(valueOfUnits('0.0005', '200000', 'PLN')).toBe(10_000);
    expect(unitsFor(10_000, 'PLN', '200000')).toBe('0.0005');
    expect(valueOfUnits('1', '0.009', 'EUR')).toBe(0);
    expect(unitsFor(1, 'EUR', '3')).toBe('0.00333334');
    expect(valueOfUnits('1.5', '150', 'JPY')).toBe(225);
    expect(unitsFor(1_500, 'KWD', '0.3')).toBe('5');
    expect(convert(500, { from: 'EUR', to: 'PLN', rate: '4.2501', round: 'up' })).toBe(2_126);
    expect(convert(500, { from: 'EUR', to: 'JPY', rate: '160.5', round: 'down' })).toBe(802);
  });

  test('a value is never above what the units make at the rate, and less than one minor unit below', () => {
    fc.assert(
      fc.property(decimal(1e12, 18), rate, currency, (units, price, code) => {
        const exact = big(units) * big(price) * 10n ** BigInt(currencyDecimals(code));
        fc.pre(exact < 10n ** 75n);
        const value = BigInt(valueOfUnits(units, price, code)) * 10n ** 60n;
        expect(value <= exact && exact < value + 10n ** 60n).toBe(true);
      }),
    );
  });

  test('the units asked for a price are worth it, and 0.00000001 less would not be', () => {
    fc.assert(
      fc.property(amount, currency, rate, (money, code, price) => {
        const units = big(unitsFor(money, code, price));
        const worth = (of: bigint) => of * big(price) * 10n ** BigInt(currencyDecimals(code));
        const asked = BigInt(money) * 10n ** 60n;
        expect(worth(units) >= asked).toBe(true);
        if (units > 0n) expect(worth(units - 10n ** 22n) < asked).toBe(true);
      }),
    );
  });

  test('about how many units is told in four digits, never less than they are and hardly more', () => {
    expect(aboutUnits(10_000, 'PLN', '200000')).toBe('0.0005');
    expect(aboutUnits(12_345, 'PLN', '200000')).toBe('0.0006173');
    expect(aboutUnits(1_234_567, 'PLN', '4')).toBe('3087');
    fc.assert(
      fc.property(amount, currency, rate, (money, code, price) => {
        const [about, exact] = [big(aboutUnits(money, code, price)), big(unitsFor(money, code, price))];
        expect(about >= exact && (about - exact) * 1_000n <= exact).toBe(true);
      }),
    );
    expect(multiplyPrices('40000', '5')).toBe('200000');
    expect(multiplyPrices('0.000000000000000001', '0.1')).toBeUndefined();
  });

  test('a customer never gains by a price there and back', () => {
    fc.assert(
      fc.property(amount, currency, rate, (money, code, price) => {
        fc.pre(big(price) < 10n ** 37n);
        expect(valueOfUnits(unitsFor(money, code, price), price, code)).toBeGreaterThanOrEqual(money);
      }),
    );
    fc.assert(
      fc.property(decimal(1e9, 8), currency, rate, (units, code, price) => {
        fc.pre(big(units) * big(price) < 10n ** 72n);
        expect(big(unitsFor(valueOfUnits(units, price, code), code, price)) <= big(units)).toBe(true);
      }),
    );
  });

  test.each(['', '-1', '1.', '.5', '1,5', 'NaN', 'Infinity', '1e400', '0x10', ' 1', '1\n', '1'.repeat(61), '１'])(
    '%j is no price',
    (text) => {
      expect(toPrice(text)).toBeUndefined();
      expect(() => valueOfUnits(text, '1', 'EUR')).toThrow(RangeError);
      expect(() => unitsFor(1, 'EUR', text)).toThrow(RangeError);
    },
  );

  test('a price is kept plain, however it was written', () => {
    expect(['1.0', '6.2e-7', '1e3', '0100.50', '0.0000000000000000004', '0', '9'.repeat(40)].map(toPrice)).toEqual([
      '1',
      '0.00000062',
      '1000',
      '100.5',
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe('the middle of two sources', () => {
  test('is between them, the same in either order, and none when they are more than 2 % apart', () => {
    fc.assert(
      fc.property(rate, rate, (one, other) => {
        const judged = judgePrices(one, other, undefined);
        expect(judgePrices(other, one, undefined)).toEqual(judged);
        const [low, high] = [big(one), big(other)].sort((a, b) => (a < b ? -1 : 1)) as [bigint, bigint];
        if ((high - low) * 100n > low * 2n) expect(judged).toEqual({ rate: null, fault: 'apart' });
        else expect(big(judged.rate as string) >= low && big(judged.rate as string) <= high).toBe(true);
      }),
    );
    expect(judgePrices('100', '102', undefined)).toEqual({ rate: '101', fault: null });
    expect(judgePrices('100', '102.000000000000000001', undefined)).toEqual({ rate: null, fault: 'apart' });
  });

  test('is none when it is more than 20 % from the rate before', () => {
    expect(judgePrices('120', '120', '100')).toEqual({ rate: '120', fault: null });
    expect(judgePrices('80', '80', '100')).toEqual({ rate: '80', fault: null });
    expect(judgePrices('120.01', '120.01', '100')).toEqual({ rate: null, fault: 'jump' });
    expect(judgePrices('79.99', '79.99', '100')).toEqual({ rate: null, fault: 'jump' });
    expect(judgePrices('1000', '1000', undefined)).toEqual({ rate: '1000', fault: null });
  });

  test('needs both', () => {
    expect(judgePrices('1', undefined, '1')).toEqual({ rate: null, fault: 'missing' });
    expect(judgePrices(undefined, undefined, undefined)).toEqual({ rate: null, fault: 'missing' });
  });
});

test('every coin is priced in every currency of a shop, every currency in every other, and a dollar coin is no dollar', () => {
  const pairs = pairsFor(['PLN', 'EUR', 'PLN']).map(({ base, quote }) => `${base}/${quote}`);
  expect(new Set(pairs).size).toBe(pairs.length);
  expect(pairs).toHaveLength(coins.length * 3 + 6);
  expect(pairs).toEqual(expect.arrayContaining(['BTC/PLN', 'USDT/USD', 'USDC/EUR', 'EUR/PLN', 'PLN/EUR']));
});

test('a quotient of prices comes back by its divisor, as near as 18 decimals are', () => {
  expect(dividePrices('4', '0.8')).toBe('5');
  expect(dividePrices('1', '3')).toBe('0.333333333333333333');
  expect(dividePrices('0.0000000000000000001', '1')).toBeUndefined();
});
