import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { coinUri } from '../../domain/coin.ts';
import { readDecimal, toScale } from '../../domain/decimal.ts';

describe('a decimal string', () => {
  test('is read as it is written, also as JSON writes small and large numbers; what is no number is none', () => {
    expect(readDecimal('0.17070286')).toEqual({ digits: 17_070_286n, decimals: 8 });
    expect(readDecimal('6.2e-7')).toEqual({ digits: 62n, decimals: 8 });
    expect(readDecimal('1e+21')).toEqual({ digits: 10n ** 21n, decimals: 0 });
    for (const text of ['', '-1', '.5', '1.', '1,5', 'Infinity', 'NaN', '0x10', ' 1', '1e999', '9'.repeat(61)])
      expect(readDecimal(text), text).toBeUndefined();
  });

  test('is brought to a number of places exactly, rounded as asked', () => {
    const whole = fc.bigInt({ min: 0n, max: 10n ** 30n });
    void fc.assert(
      fc.property(whole, fc.integer({ min: 0, max: 18 }), fc.integer({ min: 0, max: 18 }), (digits, decimals, kept) => {
        const [down, up] = [toScale({ digits, decimals }, kept, 'down'), toScale({ digits, decimals }, kept, 'up')];
        expect(down * 10n ** BigInt(decimals) <= digits * 10n ** BigInt(kept)).toBe(true);
        expect(up * 10n ** BigInt(decimals) >= digits * 10n ** BigInt(kept)).toBe(true);
        expect(up - down <= 1n).toBe(true);
      }),
    );
  });
});

describe('the QR code of an address', () => {
  const to = { address: 'addr1', units: '0.001', memo: null };

  test('names the amount where wallets agree how, and is the bare address elsewhere', () => {
    expect(coinUri({ ...to, coin: 'BTC' })).toBe('bitcoin:addr1?amount=0.001');
    expect(coinUri({ ...to, coin: 'LTC' })).toBe('litecoin:addr1?amount=0.001');
    expect(coinUri({ ...to, coin: 'SOL' })).toBe('solana:addr1?amount=0.001');
    expect(coinUri({ ...to, coin: 'TON', memo: '77 a' })).toBe('ton://transfer/addr1?amount=1000000&text=77%20a');
    for (const coin of ['ETH', 'USDT_TRC20', 'USDC_SOL'] as const) expect(coinUri({ ...to, coin })).toBe('addr1');
  });
});
