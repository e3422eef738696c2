/** The coins a customer may pay an amount in now. */
import type { CoinOffer } from '../domain/coin.ts';
import { type MethodName, providerOfMethod } from '../domain/payment.ts';
import { areOffersOld, readCoinOffers } from '../db/repositories/coin-offer.ts';
import { findUsableMethod } from '../db/repositories/payment-account.ts';
import { askCoinOffers } from '../temporal/coin-offer.ts';
import type { CustomerVisit } from './context.ts';

/** Asked of the provider when what is known is old; what was known before is shown when it does not answer. */
export async function listCoinOffers({ em, shop, customer, services }: CustomerVisit, method: MethodName, at: Date): Promise<CoinOffer[]> {
  const provider = providerOfMethod[method];
  const account = await findUsableMethod(em(), shop, method, { customerId: customer.id, at });
  if (!account.usable || account.id === null) return [];
  if (await areOffersOld(em(), account.id, at)) {
    await askCoinOffers(services.door, { shopId: shop.id, provider }).catch((err: unknown) =>
      services.log.warn({ err, shopId: shop.id, provider }, 'coins not asked for'),
    );
  }
  return readCoinOffers(em(), { accountId: account.id, currency: shop.currency, at });
}
