/** The public sources of rates, each asked once for every pair. */
import type { Config } from '../config.ts';
import type { RateSourceName } from '../domain/rate.ts';
import { createCoinbase } from './rates/coinbase.ts';
import { createCoinGecko } from './rates/coingecko.ts';
import type { RateSource } from './rates/source.ts';

export type RateSources = Readonly<Record<RateSourceName, RateSource>>;

export function createRateSources({ config, clock = Date.now }: { config: Pick<Config, 'farEnds'>; clock?: () => number }): RateSources {
  return {
    coingecko: createCoinGecko({ apiRoot: config.farEnds.coingecko, clock }),
    coinbase: createCoinbase({ apiRoot: config.farEnds.coinbase }),
  };
}
