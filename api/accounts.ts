/** Accounts of providers by the address that is called, remembered with their keys opened: a webhook needs them before it is believed. */
import type { ProviderName } from '../domain/payment.ts';
import type { ProviderAccount } from '../db/entities/provider-account.ts';
import { type Credentials, findAccount, findAccountByEndpoint, openCredentials } from '../db/repositories/provider-account.ts';
import { areAsRead } from '../db/repositories/receive.ts';
import { defaultShop } from '../db/repositories/shop.ts';
import { together } from '../db/together.ts';
import type { ApiContext } from './context.ts';

export interface KnownAccount {
  readonly account: ProviderAccount;
  readonly credentials: Credentials;
  /** It was read for an earlier request and may have changed since. */
  readonly remembered: boolean;
}

export interface Accounts {
  /**
   * The account at an address, or of the default shop without one. What is remembered must not be believed: who stores by it says which
   * keys it was verified with, and who refuses by it asks whether it stands.
   */
  find(provider: ProviderName, endpointId?: string): Promise<KnownAccount | undefined>;
  /** Whether the address and the keys of an account are as they were read. */
  stands(found: KnownAccount): Promise<boolean>;
  /** As it stands now. */
  read(provider: ProviderName, endpointId?: string): Promise<KnownAccount | undefined>;
}

export function createAccounts({ db, secrets }: Pick<ApiContext, 'db' | 'secrets'>): Accounts {
  // Only what exists is remembered, so there are as many as there are accounts.
  const known = new Map<string, KnownAccount>();
  const keyOf = (provider: ProviderName, endpointId?: string) => `${provider}:${endpointId ?? ''}`;

  const load = async (provider: ProviderName, endpointId?: string): Promise<ProviderAccount | undefined> => {
    const em = db.em.fork();
    if (endpointId !== undefined) return findAccountByEndpoint(em, provider, endpointId);
    const shop = await defaultShop(em);
    return shop && findAccount(em, shop.id, provider);
  };

  const read: Accounts['read'] = async (provider, endpointId) => {
    const key = keyOf(provider, endpointId);
    const account = await load(provider, endpointId);
    if (!account) return void known.delete(key);
    const found = { account, credentials: openCredentials(secrets, account), remembered: false };
    known.set(key, { ...found, remembered: true });
    return found;
  };

  const isAsRead = together((accounts: readonly ProviderAccount[]) => areAsRead(db.em.fork(), accounts));

  return {
    read,
    stands: ({ account }) => isAsRead(account),
    find: async (provider, endpointId) => known.get(keyOf(provider, endpointId)) ?? read(provider, endpointId),
  };
}
