/**
 * CoinGecko's keyless API: `GET /api/v3/simple/price?ids=bitcoin,...&vs_currencies=eur,...&include_last_updated_at=true&precision=full`
 * answers `{"bitcoin":{"eur":40000.12,"last_updated_at":1732600000}}`. A coin or currency it does not know is left out. 429 when asked too
 * often (10 to 30 calls a minute an address). Currencies in one another are crossed through Bitcoin.
 */
import { z } from 'zod';
import { type CoinName, coins, dividePrices, pairsFor, rateLifeSeconds, toPrice } from '../../domain/rate.ts';
import { askSource, type RateSource, writtenNumber } from './source.ts';

const idOfCoin: Readonly<Record<CoinName, string>> = {
  BTC: 'bitcoin',
  ETH: 'ethereum',
  LTC: 'litecoin',
  TON: 'the-open-network',
  SOL: 'solana',
  USDT: 'tether',
  USDC: 'usd-coin',
};

/** A price it does not have is null. */
const answer = z.record(z.string(), z.record(z.string(), writtenNumber.nullable()));

export function createCoinGecko({
  apiRoot = 'https://api.coingecko.com',
  clock,
}: {
  apiRoot?: string | undefined;
  clock: () => number;
}): RateSource {
  return {
    name: 'coingecko',
    async read(currencies) {
      const pairs = pairsFor(currencies);
      const url = new URL(`${apiRoot}/api/v3/simple/price`);
      url.searchParams.set('ids', Object.values(idOfCoin).join(','));
      url.searchParams.set('vs_currencies', [...new Set(pairs.map(({ quote }) => quote.toLowerCase()))].join(','));
      url.searchParams.set('include_last_updated_at', 'true');
      url.searchParams.set('precision', 'full');
      const told = await askSource('coingecko', url, answer);
      const oldest = clock() / 1_000 - rateLifeSeconds;
      const priceOf = (coin: CoinName, currency: string): string | undefined => {
        const prices = told[idOfCoin[coin]];
        const at = Number(prices?.last_updated_at ?? Number.NaN);
        return prices && at >= oldest ? toPrice(prices[currency.toLowerCase()] ?? '') : undefined;
      };
      const isCoin = (base: string): base is CoinName => coins.includes(base as CoinName);
      return Object.fromEntries(
        pairs.flatMap(({ base, quote }) => {
          const price = isCoin(base) ? priceOf(base, quote) : cross(priceOf('BTC', quote), priceOf('BTC', base));
          return price === undefined ? [] : [[`${base}/${quote}`, price]];
        }),
      );
    },
  };
}

function cross(quote: string | undefined, base: string | undefined): string | undefined {
  return quote === undefined || base === undefined ? undefined : dividePrices(quote, base);
}
