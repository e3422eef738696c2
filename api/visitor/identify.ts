/** Who calls from a Mini App: a customer of one shop, as Telegram signed it. */
import { botLink } from '../../domain/link.ts';
import { ExpiredError, validate } from '@tma.js/init-data-node';
import { z } from 'zod';
import type { Customer } from '../../db/entities/customer.ts';
import type { Shop } from '../../db/entities/shop.ts';
import { findCustomer } from '../../db/repositories/customer.ts';
import type { Buyer } from '../../db/repositories/offered-method.ts';
import { defaultShop, findShopBySlug, openBotToken } from '../../db/repositories/shop.ts';
import type { ApiContext } from '../context.ts';
import { notFound, Problem } from '../problem.ts';
import { shopPath, visitHeaders } from './schemas.ts';

export interface Visitor {
  readonly shop: Shop;
  readonly customer: Customer;
}

export const buyerOf = ({ shop, customer }: Visitor): Buyer => ({ shop, customerId: customer.id });

/** Honest clients show what Telegram signed when the Mini App was opened, a day ago at most. */
const initDataSeconds = 86_400;
const field = 'x-telegram-init-data';
const user = z.looseObject({ id: z.int().positive() });

/** The shop named in the path, or the deployment's default shop without one. @throws Problem 404 */
export async function findVisitedShop({ db }: Pick<ApiContext, 'db'>, slug: string | undefined): Promise<Shop> {
  const em = db.em.fork();
  const named = slug === undefined ? undefined : shopPath.safeParse({ shop: slug });
  if (named && !named.success) throw notFound('shop');
  const shop = await (named ? findShopBySlug(em, named.data.shop) : defaultShop(em));
  if (!shop) throw notFound('shop');
  return shop;
}

/**
 * The customer of `shop` whom the header names. Another bot's signature is as wrong as none, so initData of one shop opens no other.
 * @throws Problem 401 when Telegram did not sign it for this shop's bot, or too long ago; 403 when the person is no customer, or banned
 */
export async function identify(
  { db, secrets }: Pick<ApiContext, 'db' | 'secrets'>,
  shop: Shop,
  header: string | undefined,
): Promise<Visitor> {
  const telegramUserId = readUser(header, openBotToken(secrets, shop));
  const customer = await findCustomer(db.em.fork(), shop.id, telegramUserId);
  if (!customer) {
    const bot = shop.botUsername == null ? undefined : botLink(shop.botUsername, 'app');
    const detail = 'We have not met yet: press Start in the shop’s chat, then come back.';
    throw new Problem(403, 'Not met yet', detail, { field, more: { reason: 'UnknownCustomer', ...(bot ? { start: bot } : {}) } });
  }
  if (customer.bannedAt)
    throw new Problem(403, 'Not allowed', 'The shop does not serve you.', { field, more: { reason: 'CustomerBanned' } });
  return { shop, customer };
}

function readUser(header: string | undefined, token: string | undefined): number {
  const given = visitHeaders.safeParse({ [field]: header });
  if (!given.success || token === undefined) throw refused('is needed as Telegram gives it');
  const initData = given.data[field];
  try {
    validate(initData, token, { expiresIn: initDataSeconds });
  } catch (err) {
    throw refused(ExpiredError.is(err) ? 'is older than a day: open the Mini App again' : 'is not signed for this shop’s bot');
  }
  // Names are signed with their values line by line, so nothing that holds a line break says what it seems to say.
  const entries = [...new URLSearchParams(initData)];
  const users = entries.filter(([name]) => name === 'user');
  if (users.length !== 1 || entries.some((pair) => pair.join('').includes('\n'))) throw refused('names nobody');
  try {
    return user.parse(JSON.parse(users[0]?.[1] ?? '')).id;
  } catch {
    throw refused('names nobody');
  }
}

const refused = (why: string) =>
  new Problem(401, 'Not signed', `${field}: ${why}`, {
    field,
    headers: { 'www-authenticate': 'TelegramInitData' },
    more: { reason: 'InitDataRefused' },
  });
