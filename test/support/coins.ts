/** A shop that takes coins: its account, the coins it takes, and rates that price them. */
import type { Database, EntityManager } from '../../db/orm.ts';
import { saveCoinOffers } from '../../db/repositories/coin-offer.ts';
import { findAccount, saveAccount } from '../../db/repositories/provider-account.ts';
import { appendRates } from '../../db/repositories/rate.ts';
import type { Secrets } from '../../db/secrets.ts';
import { pairsFor } from '../../domain/rate.ts';

/** What one unit costs in USD: one Bitcoin is 200,000 PLN, one EUR 5 PLN. */
const usd: Readonly<Record<string, number>> = {
  BTC: 50_000,
  ETH: 2_500,
  LTC: 80,
  TON: 5,
  SOL: 125,
  USDT: 1,
  USDC: 1,
  USD: 1,
  EUR: 1.25,
  PLN: 0.25,
  JPY: 0.00625,
};

/** Rates of `at`, on which both sources agree; `changed` prices in USD. */
export async function giveRates(em: EntityManager, at: Date, changed: Readonly<Record<string, number>> = {}): Promise<void> {
  const prices = { ...usd, ...changed };
  const pairs = pairsFor(['PLN', 'EUR', 'JPY']).map(({ base, quote }) => {
    const price = String(Number(((prices[base] as number) / (prices[quote] as number)).toPrecision(12)));
    return { base, quote, coingecko: price, coinbase: price };
  });
  await em.transactional((tx) => appendRates(tx, pairs, at));
}

export const coinKeysOf = ({ botId }: { botId?: number | null }) => ({ apiKey: `NP-${botId}-0000`, ipnSecret: `ipn_${botId}` });

/** An account with NOWPayments. @returns its id */
export async function giveCoinAccount(em: EntityManager, secrets: Secrets, shop: { id: number; botId?: number | null }): Promise<number> {
  const keys = coinKeysOf(shop);
  return (await saveAccount(em, secrets, { shopId: shop.id, provider: 'nowpayments', liveMode: false, keys })).id;
}

/** Bitcoin from 2.00 EUR and Tether on TRON from 20.00 EUR on. */
export async function giveOffers(em: EntityManager, accountId: number, at: Date): Promise<void> {
  const coins = [
    { coin: 'BTC', minimum: 200 },
    { coin: 'USDT_TRC20', minimum: 2_000 },
  ] as const;
  await saveCoinOffers(em, accountId, { currency: 'EUR', at: at.toISOString(), coins });
}

/** Rates and offers as of now on the world's server: skipped time has made those of its beginning too old. */
export async function renewQuotes(
  { db, shop }: { readonly db: Database; readonly shop: { readonly id: number } },
  env?: { currentTimeMs(): Promise<number> },
): Promise<void> {
  const em = db.em.fork();
  const at = new Date((await env?.currentTimeMs()) ?? Date.now());
  const account = await findAccount(em, shop.id, 'nowpayments');
  if (account) await giveOffers(em, account.id, at);
  await giveRates(em, at);
}
