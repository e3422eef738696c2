/** The coins a shop's account takes now, with the least of each: asked of the provider when somebody wants to pay, and kept for a while. */
import { z } from 'zod';
import { type CoinOffer, isNetworkCoin, type NetworkCoin, type ToldOffers } from '../../domain/coin.ts';
import { coinMinimumInEur } from '../../domain/payment.ts';
import { convert, multiplyPrices, toPrice } from '../../domain/rate.ts';
import { ProviderAccount } from '../entities/provider-account.ts';
import type { EntityManager } from '../orm.ts';
import { readRate } from './rate.ts';

/** Older ones are asked for anew before they are shown, ms. */
const freshMs = 5 * 60_000;
/** Older ones are not believed any more, ms. */
const lifeMs = 24 * 3_600_000;

const shape = z.object({
  currency: z.string(),
  at: z.iso.datetime(),
  coins: z.array(
    z.object({
      coin: z.custom<NetworkCoin>(isNetworkCoin),
      minimum: z.int().nonnegative(),
      price: z.string().transform(toPrice).optional(),
    }),
  ),
});

export async function saveCoinOffers(em: EntityManager, accountId: number, offers: ToldOffers): Promise<void> {
  await em.execute('update provider_account set coin_offers = ?::jsonb where id = ?', [JSON.stringify(offers), accountId]);
}

/** Whether the account's offers should be asked for. */
export async function areOffersOld(em: EntityManager, accountId: number, at: Date): Promise<boolean> {
  const told = await readTold(em, accountId);
  return !told || at.getTime() - Date.parse(told.at) > freshMs;
}

/** What may be offered: the least of each coin in minor units of `currency`, never under 5.00 EUR. Nothing while no rate prices it. */
export async function readCoinOffers(
  em: EntityManager,
  { accountId, currency, at }: { readonly accountId: number | null; readonly currency: string; readonly at: Date },
): Promise<CoinOffer[]> {
  const told = accountId === null ? undefined : await readTold(em, accountId);
  if (!told || at.getTime() - Date.parse(told.at) > lifeMs) return [];
  const [floorRate, rate] = await Promise.all([
    readRate(em, { base: 'EUR', quote: currency, at }),
    readRate(em, { base: told.currency, quote: currency, at }),
  ]);
  if (!floorRate || !rate) return [];
  const inShop = (amount: number, from: string, by: string) => convert(amount, { from, to: currency, rate: by, round: 'up' });
  const floor = inShop(coinMinimumInEur, 'EUR', floorRate.rate);
  return told.coins.map(({ coin, minimum, price }) => ({
    coin,
    minimum: Math.max(floor, inShop(minimum, told.currency, rate.rate)),
    price: price === undefined ? undefined : multiplyPrices(price, rate.rate),
  }));
}

async function readTold(em: EntityManager, accountId: number): Promise<ToldOffers | undefined> {
  const account = await em.findOne(ProviderAccount, { id: accountId }, { refresh: true });
  const parsed = shape.safeParse(account?.coinOffers);
  return parsed.success ? parsed.data : undefined;
}
