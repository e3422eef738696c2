/** Reading the sources of rates, one call each, and keeping what they say. */
import { ApplicationFailure } from '@temporalio/common';
import type { RateSourceName, RateTurn } from '../domain/rate.ts';
import { coins, pairsFor, rateSources } from '../domain/rate.ts';
import type { EntityManager } from '../db/orm.ts';
import { raiseAlert } from '../db/repositories/alert.ts';
import { appendRates, listShopCurrencies } from '../db/repositories/rate.ts';
import { listShops } from '../db/repositories/shop.ts';
import type { PriceList } from '../gateways/rates/source.ts';
import type { RatesKept } from '../workflows/messages/rate.ts';
import type { ActivityContext } from './context.ts';
import { failing } from './failure.ts';

export function createRateActivities({ db, rates }: Pick<ActivityContext, 'db' | 'rates'>) {
  return failing({
    /** What one source says about every pair the shops need. */
    async readPrices({ source }: { readonly source: RateSourceName }): Promise<PriceList> {
      if (!rateSources.includes(source)) throw ApplicationFailure.nonRetryable(`${source} is no source`, 'GatewayRefused');
      return rates[source].read(await listShopCurrencies(db.em.fork()));
    },

    /** Appends what both said, judged; and raises an alert in every shop for what begins or ceases to price something. `at`: workflow time, ms. */
    async keepRates({
      at,
      prices,
    }: {
      readonly at: number;
      readonly prices: Readonly<Partial<Record<RateSourceName, PriceList>>>;
    }): Promise<RatesKept> {
      return db.em.fork().transactional(async (em) => {
        const time = new Date(at);
        const pairs = pairsFor(await listShopCurrencies(em)).map(({ base, quote }) => {
          const pair = `${base}/${quote}`;
          return { base, quote, coingecko: prices.coingecko?.[pair], coinbase: prices.coinbase?.[pair] };
        });
        const turns = await appendRates(em, pairs, time);
        return { pairs: pairs.length, turns: turns.length, alerted: await alertShops(em, turns, time) };
      });
    },
  });
}

const kindOfTurn = { valid: 'ratesBack', apart: 'ratesApart', jump: 'ratesJump', stale: 'ratesStale' } as const;

/** @returns the shops that have something to be told */
async function alertShops(em: EntityManager, turns: readonly RateTurn[], at: Date): Promise<number[]> {
  if (turns.length === 0) return [];
  const shops = await listShops(em);
  for (const now of Object.keys(kindOfTurn) as RateTurn['now'][]) {
    const what = namePairs(turns.filter((turn) => turn.now === now));
    if (what === '') continue;
    const alert = { key: `rates:${now}:${at.toISOString()}`, kind: kindOfTurn[now], params: { what }, at };
    for (const shop of shops) await raiseAlert(em, { shopId: shop.id, ...alert });
  }
  return shops.map(({ id }) => id);
}

/** Coins by their name, currencies by the pair; the first of them when there are many. */
function namePairs(turns: readonly RateTurn[]): string {
  const names = [...new Set(turns.map(({ base, quote }) => (coins.some((coin) => coin === base) ? base : `${base}/${quote}`)))];
  return names.length > 12 ? `${names.slice(0, 12).join(', ')}…` : names.join(', ');
}

export type RateActivities = ReturnType<typeof createRateActivities>;
