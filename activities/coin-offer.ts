/** Asking a provider which coins a shop's account takes now. */
import { priceCurrencyOf } from '../domain/payment.ts';
import { Shop } from '../db/entities/shop.ts';
import { saveCoinOffers } from '../db/repositories/coin-offer.ts';
import { loadCredentials } from '../db/repositories/provider-account.ts';
import { GatewayError } from '../gateways/payments/provider.ts';
import type { CoinOffersInput } from '../workflows/messages/coin-offer.ts';
import type { ActivityContext } from './context.ts';
import { failing } from './failure.ts';

export function createCoinOfferActivities({ db, secrets, gateways }: Pick<ActivityContext, 'db' | 'secrets' | 'gateways'>) {
  return failing({
    /** Asks, and keeps the answer. `at`: workflow time, ms. */
    async askCoinOffers({ shopId, provider, at }: CoinOffersInput & { readonly at: number }): Promise<void> {
      const em = db.em.fork();
      const shop = await em.findOne(Shop, { id: shopId });
      const gateway = gateways[provider];
      const credentials = shop ? await loadCredentials(em, secrets, shopId, provider) : undefined;
      if (!shop || !credentials || !gateway?.listCoins) throw new GatewayError(`${provider} takes no coins here`, { retryable: false });
      const currency = priceCurrencyOf(provider, shop.currency);
      const coins = await gateway.listCoins(currency, credentials);
      await saveCoinOffers(em, credentials.accountId, { currency, at: new Date(at).toISOString(), coins });
    },
  });
}

export type CoinOfferActivities = ReturnType<typeof createCoinOfferActivities>;
