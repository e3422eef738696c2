/** Where customers want money sent: published addresses are taken, and one wrong character is not. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readDestination } from '../../db/destination.ts';
import { isNetworkCoin, type NetworkCoin } from '../../domain/coin.ts';
import type { Rail } from '../../domain/payout.ts';

const address = (coin: NetworkCoin): Rail => ({ kind: 'address', coin });
const account: Rail = { kind: 'account', coin: null };
const phone: Rail = { kind: 'phone', coin: null };

/** Published: BIP 173 and 350, Litecoin's and Tron's documents, EIP-55, Solana's token programs' mints, TON's documents. */
const published: Readonly<Record<string, readonly string[]>> = {
  BTC: [
    '1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa',
    '3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy',
    'BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4',
    'bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0',
  ],
  ETH: ['0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed', '0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359'],
  USDT_BEP20: ['0x52908400098527886E0F7030069857D2E4169EE7', '0xde709f2102306220921060314715629080e2fb77'],
  USDT_TRC20: ['TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t'],
  SOL: ['EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v'],
  USDC_SOL: ['Es9vMFrzaCERmJfrF4H2FYD4KCoNkY11McCe8BenwNYB'],
  TON: ['EQDKbjIcfM6ezt8KjKJJLshZJJSqX7XOA4ff-W72r5gqPrHF', 'UQDKbjIcfM6ezt8KjKJJLshZJJSqX7XOA4ff-W72r5gqPuwA'],
};

describe('addresses', () => {
  it('published ones are taken', () => {
    for (const [coin, texts] of Object.entries(published)) {
      for (const text of texts) {
        if (!isNetworkCoin(coin)) throw new Error(coin);
        expect([coin, text, readDestination(` ${text}\n`, address(coin)).ok]).toEqual([coin, text, true]);
      }
    }
    expect(readDestination('BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4', address('BTC'))).toEqual({
      ok: true,
      destination: 'bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4',
    });
  });

  it('with one wrong character are not taken where the network has check digits', () => {
    const checked = Object.entries(published).filter(([coin]) => !coin.endsWith('SOL'));
    const letters = '123456789abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ';
    void fc.assert(
      fc.property(fc.nat(), fc.nat(), fc.nat(), fc.nat(), (which, one, at, letter) => {
        const [coin = '', texts = []] = checked[which % checked.length] ?? [];
        const text = texts[one % texts.length] ?? '';
        // In one case Ethereum's addresses have no checksum.
        if (!isNetworkCoin(coin) || /^0x[0-9a-f]+$/.test(text) || /^0x[0-9A-F]+$/.test(text)) return;
        const index = 3 + (at % (text.length - 3));
        const other = letters[letter % letters.length] ?? '';
        if (text[index]?.toLowerCase() === other.toLowerCase()) return;
        const wrong = `${text.slice(0, index)}${other}${text.slice(index + 1)}`;
        expect([wrong, readDestination(wrong, address(coin)).ok]).toEqual([wrong, false]);
      }),
      { numRuns: 2_000 },
    );
    expect(readDestination('0x5aAeb6053F3E94C9b9A09f33669435E7Ef1Beaed', address('ETH'))).toEqual({ ok: false, misfit: 'checksum' });
    expect(readDestination('1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb', address('BTC'))).toEqual({ ok: false, misfit: 'checksum' });
  });

  it('of another network or coin are not taken', () => {
    const own: Readonly<Record<string, string>> = { USDT_BEP20: 'evm', ETH: 'evm', SOL: 'sol', USDC_SOL: 'sol' };
    for (const [coin, texts] of Object.entries(published)) {
      for (const other of Object.keys(published)) {
        if (coin === other || (own[coin] !== undefined && own[coin] === own[other]) || !isNetworkCoin(other)) continue;
        for (const text of texts) expect([text, other, readDestination(text, address(other)).ok]).toEqual([text, other, false]);
      }
    }
    const testnet = 'tb1qw508d6qejxtdg4y5r3zarvary0c5xw7kxpjzsx';
    expect(readDestination(testnet, address('BTC')).ok).toBe(false);
    expect(readDestination(testnet, address('BTC'), 'test').ok).toBe(true);
    // Ambiguous with Bitcoin's: coins sent to the wrong chain are lost.
    expect(readDestination('3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy', address('LTC')).ok).toBe(false);
  });
});

describe('accounts and phones', () => {
  it('an IBAN is taken however it is spaced, a Polish one without its letters too', () => {
    const iban = { ok: true, destination: 'PL61109010140000071219812874' };
    expect(readDestination('pl61 1090 1014 0000 0712 1981 2874', account)).toEqual(iban);
    expect(readDestination('61 1090 1014 0000 0712 1981 2874', account)).toEqual(iban);
    expect(readDestination('DE89370400440532013000', account).ok).toBe(true);
    expect(readDestination('PL61109010140000071219812875', account)).toEqual({ ok: false, misfit: 'checksum' });
    expect(readDestination('12345', account)).toEqual({ ok: false, misfit: 'malformed' });
  });

  it('a phone is a Polish mobile number, and a BLIK code is none', () => {
    expect(readDestination('500 000 001', phone)).toEqual({ ok: true, destination: '+48500000001' });
    expect(readDestination('+48 (500) 000-001', phone)).toEqual({ ok: true, destination: '+48500000001' });
    for (const text of ['123456', '123 456', '+49 500000001', '112', '00485000000011']) expect(readDestination(text, phone).ok).toBe(false);
  });
});

it('whatever is written, is judged without throwing and never taken when it is no text of one line', () => {
  const rails: Rail[] = [account, phone, ...Object.keys(published).map((coin) => address(coin as NetworkCoin))];
  const nasty = ['', '\u0000', '💸'.repeat(60), 'x'.repeat(100_000), "'; drop table payout; --", '\u202e0x', 'bc1', '0x', 'T', '\ud800'];
  void fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom(...nasty)), fc.constantFrom(...rails), (text, rail) => {
      const read = readDestination(text, rail);
      if (read.ok) expect(read.destination).toMatch(/^[\w+/-]+$/);
    }),
    { numRuns: 1_000 },
  );
});
