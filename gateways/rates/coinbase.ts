/**
 * Coinbase's public API: `GET /v2/exchange-rates?currency=USD` answers `{"data":{"currency":"USD","rates":{"EUR":"0.8","BTC":"0.00002"}}}`:
 * what one USD is in every other currency and coin, as strings. No key. Every pair is crossed through it.
 */
import { z } from 'zod';
import { dividePrices, pairsFor, toPrice } from '../../domain/rate.ts';
import { askSource, type RateSource } from './source.ts';

const answer = z.object({ data: z.object({ currency: z.literal('USD'), rates: z.record(z.string(), z.string()) }) });

export function createCoinbase({ apiRoot = 'https://api.coinbase.com' }: { apiRoot?: string | undefined }): RateSource {
  return {
    name: 'coinbase',
    async read(currencies) {
      const { data } = await askSource('coinbase', new URL(`${apiRoot}/v2/exchange-rates?currency=USD`), answer);
      const inDollar = (name: string) => toPrice(data.rates[name] ?? '');
      return Object.fromEntries(
        pairsFor(currencies).flatMap(({ base, quote }) => {
          const [over, under] = [inDollar(quote), inDollar(base)];
          const price = over === undefined || under === undefined ? undefined : dividePrices(over, under);
          return price === undefined ? [] : [[`${base}/${quote}`, price]];
        }),
      );
    },
  };
}
