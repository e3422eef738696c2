/** Shops by the address Telegram calls, with the secret it must send back. */
import { readWebhookSecret } from '../db/repositories/receive.ts';
import { findShopByEndpoint, openWebhookSecret } from '../db/repositories/shop.ts';
import type { ApiContext } from './context.ts';

export interface BotAddress {
  readonly shopId: number;
  /** None while the shop has no webhook: then nobody is believed. */
  readonly secret: string | undefined;
}

/**
 * What an address means is remembered with its secret opened; whether both still stand is read for every update, so that a changed secret
 * counts at once.
 */
export function createBotAddresses({ db, secrets }: Pick<ApiContext, 'db' | 'secrets'>) {
  // Only addresses that exist are remembered, so there are as many as there are shops.
  const known = new Map<string, BotAddress & { readonly sealed: Uint8Array }>();

  return async function find(endpointId: string): Promise<BotAddress | undefined> {
    const em = db.em.fork();
    const before = known.get(endpointId);
    if (before) {
      const sealed = await readWebhookSecret(em, before.shopId, endpointId);
      if (sealed?.equals(before.sealed)) return before;
      known.delete(endpointId);
    }
    const shop = await findShopByEndpoint(em, endpointId);
    if (!shop) return undefined;
    const found = { shopId: shop.id, secret: openWebhookSecret(secrets, shop) };
    if (shop.webhookSecret) known.set(endpointId, { ...found, sealed: shop.webhookSecret });
    return found;
  };
}
