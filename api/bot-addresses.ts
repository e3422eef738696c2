/** Shops by the address Telegram calls, with the secret it must send back. */
import { readWebhookSecrets } from '../db/repositories/receive.ts';
import { findShopByEndpoint, openWebhookSecret } from '../db/repositories/shop.ts';
import { together } from '../db/together.ts';
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

  const readSecret = together((addresses: readonly { shopId: number; endpointId: string }[]) =>
    readWebhookSecrets(db.em.fork(), addresses),
  );

  return async function find(endpointId: string): Promise<BotAddress | undefined> {
    const before = known.get(endpointId);
    if (before) {
      const sealed = await readSecret({ shopId: before.shopId, endpointId });
      if (sealed?.equals(before.sealed)) return before;
      known.delete(endpointId);
    }
    const shop = await findShopByEndpoint(db.em.fork(), endpointId);
    if (!shop) return undefined;
    const found = { shopId: shop.id, secret: openWebhookSecret(secrets, shop) };
    if (shop.webhookSecret) known.set(endpointId, { ...found, sealed: shop.webhookSecret });
    return found;
  };
}
