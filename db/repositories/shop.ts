/** Shops: found by the address a provider calls, listed, made. */
import { randomBytes } from 'node:crypto';
import { isShopCurrency } from '../../domain/money.ts';
import { Audit } from '../entities/audit.ts';
import { Shop } from '../entities/shop.ts';
import type { EntityManager } from '../orm.ts';
import { run } from '../prepared.ts';
import { type Json, readRecord } from '../records.ts';
import { drawIds, type Secrets } from '../secrets.ts';
import { makeEndpointId } from './provider-account.ts';

/** For each id its shop. Every update of every bot asks for one. */
export async function findShops(em: EntityManager, ids: readonly number[]): Promise<(Shop | undefined)[]> {
  const rows = await run<{ id: string; row: Json }>(em, 'select s.id, to_jsonb(s) as row from shop s where s.id = any($1::bigint[])', [
    [...new Set(ids)],
  ]);
  const found = new Map(rows.map(({ id, row }) => [Number(id), readRecord(em, Shop, row)]));
  return ids.map((id) => found.get(id));
}

export async function findShopBySlug(em: EntityManager, slug: string): Promise<Shop | undefined> {
  return (await em.findOne(Shop, { slug })) ?? undefined;
}

/** The shop whose Telegram webhook address this is. */
export async function findShopByEndpoint(em: EntityManager, endpointId: string): Promise<Shop | undefined> {
  return (await em.findOne(Shop, { webhookEndpointId: endpointId })) ?? undefined;
}

/** The deployment's default shop: the first one made. */
export async function defaultShop(em: EntityManager): Promise<Shop | undefined> {
  return (await em.find(Shop, {}, { orderBy: { id: 'asc' }, limit: 1 }))[0];
}

export async function listShops(em: EntityManager): Promise<Shop[]> {
  return em.find(Shop, {}, { orderBy: { id: 'asc' } });
}

/** A shop cannot be made as asked; the message names the field. */
export class ShopError extends Error {}

export interface NewShop {
  readonly slug: string;
  readonly title: string;
  readonly currency: string;
  readonly timeZone?: string | undefined;
  readonly language?: string | undefined;
  readonly botToken?: string | undefined;
  readonly botUsername?: string | undefined;
  /** Who makes it, for the audit. */
  readonly actor: string;
}

/** The bot's Telegram id: the part of its token before the colon. @throws ShopError when it is no token */
export function botIdOf(token: string): number {
  const match = /^(\d{5,15}):[\w-]{30,50}$/.exec(token);
  if (!match) throw new ShopError('token: a bot token looks like 123456789:AA... with 35 characters after the colon.');
  return Number(match[1]);
}

/** Makes a shop with its bot token sealed and a random webhook address and secret. @throws ShopError naming the field that does not fit */
export async function createShop(em: EntityManager, secrets: Secrets, wish: NewShop): Promise<Shop> {
  checkShop(wish);
  const botId = wish.botToken === undefined ? undefined : botIdOf(wish.botToken);
  if (await findShopBySlug(em, wish.slug)) throw new ShopError(`slug: there is a shop ${wish.slug} already.`);
  if (botId !== undefined && (await em.findOne(Shop, { botId }))) throw new ShopError('token: this bot serves another shop already.');
  const [id] = await drawIds(em, 'shop');
  if (id === undefined) throw new Error('No id for the shop');
  const shop = em.create(Shop, {
    id,
    slug: wish.slug,
    title: wish.title,
    currency: wish.currency,
    timeZone: wish.timeZone ?? 'UTC',
    language: wish.language ?? 'en',
    open: true,
    botToken: wish.botToken === undefined ? null : secrets.seal({ table: 'shop', column: 'bot_token', id }, wish.botToken),
    botId: botId ?? null,
    botUsername: wish.botUsername ?? null,
    webhookEndpointId: makeEndpointId(),
    webhookSecret: secrets.seal({ table: 'shop', column: 'webhook_secret', id }, randomBytes(32).toString('base64url')),
  });
  em.persist(shop);
  await em.flush();
  const after = { slug: wish.slug, currency: wish.currency };
  em.persist(
    em.create(Audit, {
      shopId: id,
      actor: wish.actor,
      action: 'shop.create',
      subject: 'shop',
      subjectId: String(id),
      before: null,
      after,
      at: new Date(),
    }),
  );
  await em.flush();
  return shop;
}

function checkShop(wish: NewShop): void {
  if (!/^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/.test(wish.slug)) {
    throw new ShopError('slug: 1 to 40 small letters, digits and dashes, e.g. north-shop.');
  }
  if (wish.title.trim() === '' || wish.title.length > 100) throw new ShopError('title: 1 to 100 characters.');
  if (!isShopCurrency(wish.currency)) throw new ShopError('currency: three capital letters, e.g. EUR.');
  if (wish.timeZone !== undefined && !isTimeZone(wish.timeZone)) throw new ShopError('timeZone: a name such as Europe/Warsaw.');
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** The bot token of a shop, opened; undefined when it has no bot yet. */
export function openBotToken(secrets: Secrets, shop: Pick<Shop, 'id' | 'botToken'>): string | undefined {
  return shop.botToken == null ? undefined : secrets.open({ table: 'shop', column: 'bot_token', id: shop.id }, shop.botToken);
}

/** The secret Telegram sends back in a header of this shop's webhook. */
export function openWebhookSecret(secrets: Secrets, shop: Shop): string | undefined {
  return shop.webhookSecret == null
    ? undefined
    : secrets.open({ table: 'shop', column: 'webhook_secret', id: shop.id }, shop.webhookSecret);
}
