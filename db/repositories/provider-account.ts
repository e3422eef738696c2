/** A shop's accounts with providers, and their keys opened for one call. */
import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { type MethodName, methodNames, type ProviderName, providerOfMethod } from '../../domain/payment.ts';
import { missingForTransfer } from '../../domain/transfer.ts';
import type { EntityManager } from '../orm.ts';
import type { Secrets } from '../secrets.ts';
import { ProviderAccount } from '../entities/provider-account.ts';
import { Shop } from '../entities/shop.ts';

/** What a gateway is called with; the same shape as `ProviderCredentials` of the gateways. */
export interface Credentials {
  readonly shopId: number;
  readonly accountId: number;
  readonly liveMode: boolean;
  readonly keys: Readonly<Record<string, string>>;
}

const keysShape = z.record(z.string(), z.string());

export async function findAccount(em: EntityManager, shopId: number, provider: ProviderName): Promise<ProviderAccount | undefined> {
  return (await em.findOne(ProviderAccount, { shopId, provider })) ?? undefined;
}

export async function findAccountByEndpoint(
  em: EntityManager,
  provider: ProviderName,
  endpointId: string,
): Promise<ProviderAccount | undefined> {
  return (await em.findOne(ProviderAccount, { provider, endpointId })) ?? undefined;
}

/**
 * The account's keys and the shop's bot token (`botToken`), decrypted. A shop without keys has an empty record: its gateway says which
 * key is missing.
 * @throws SecretError when an envelope does not open
 */
export function openCredentials(secrets: Secrets, account: ProviderAccount, shop?: Pick<Shop, 'id' | 'botToken'>): Credentials {
  const sealed = account.keys;
  const keys =
    sealed == null ? {} : keysShape.parse(JSON.parse(secrets.open({ table: 'provider_account', column: 'keys', id: account.id }, sealed)));
  const token = shop?.botToken == null ? undefined : secrets.open({ table: 'shop', column: 'bot_token', id: shop.id }, shop.botToken);
  return {
    shopId: account.shopId,
    accountId: account.id,
    liveMode: account.liveMode,
    keys: token === undefined ? keys : { ...keys, botToken: token },
  };
}

/** Loads and opens the credentials of a shop with a provider, or undefined when it has no account with it. */
export async function loadCredentials(
  em: EntityManager,
  secrets: Secrets,
  shopId: number,
  provider: ProviderName,
): Promise<Credentials | undefined> {
  const account = await findAccount(em, shopId, provider);
  if (!account) return undefined;
  const shop = provider === 'stars' ? await em.findOne(Shop, { id: shopId }) : undefined;
  return openCredentials(secrets, account, shop ?? undefined);
}

/** Makes or replaces an account; a new one gets a random webhook address. Keys are by the provider's own names. */
export async function saveAccount(
  em: EntityManager,
  secrets: Secrets,
  wish: {
    shopId: number;
    provider: ProviderName;
    keys?: Readonly<Record<string, string>>;
    liveMode: boolean;
    enabled?: boolean;
    offReason?: string | null;
    /** The methods its keys are enough for; all of its provider when absent. */
    methods?: readonly MethodName[];
  },
): Promise<ProviderAccount> {
  let account = await em.findOne(ProviderAccount, { shopId: wish.shopId, provider: wish.provider });
  if (!account) {
    account = em.create(ProviderAccount, {
      shopId: wish.shopId,
      provider: wish.provider,
      endpointId: makeEndpointId(),
      liveMode: wish.liveMode,
    });
    em.persist(account);
    await em.flush();
  }
  account.liveMode = wish.liveMode;
  account.enabled = wish.enabled ?? true;
  account.offReason = wish.offReason ?? null;
  if (wish.methods) account.methods = [...wish.methods];
  if (wish.keys) account.keys = secrets.seal({ table: 'provider_account', column: 'keys', id: account.id }, JSON.stringify(wish.keys));
  await em.flush();
  return account;
}

/** The random part of a webhook address. */
export function makeEndpointId(): string {
  return randomBytes(18).toString('base64url');
}

/** Every shop with the state of its methods, for people who watch: names and reasons, no keys. */
export async function listAccountStates(
  em: EntityManager,
): Promise<{ shop: string; open: boolean; bot: boolean; providers: { provider: ProviderName; on: boolean; reason: string | null }[] }[]> {
  const shops = await em.find(Shop, {}, { orderBy: { id: 'asc' } });
  const accounts = await em.find(ProviderAccount, {}, { orderBy: { provider: 'asc' } });
  return shops.map((shop) => ({
    shop: shop.slug,
    open: shop.open,
    bot: shop.botToken != null,
    providers: accounts
      .filter((account) => account.shopId === shop.id)
      .map((account) => {
        const { provider, enabled, methods = null, offReason = null } = account;
        const keyless = provider !== 'stars' && account.keys == null;
        const on = enabled && !keyless && methods?.length !== 0;
        // Of a provider with several methods some may be on and others not.
        const missing =
          methods === null ? [] : methodNames.filter((method) => providerOfMethod[method] === provider && !methods.includes(method));
        const without = missing.map((method) => `${method}: ${missingForTransfer[method] ?? 'off'}`).join(', ');
        const reason = on ? without || null : (offReason ?? (keyless ? 'no keys' : without || 'switched off'));
        return { provider, on, reason };
      }),
  }));
}
