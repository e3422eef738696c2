/** Customers: who writes to a shop's bot. */
import type { Language } from '../../domain/language.ts';
import { Customer } from '../entities/customer.ts';
import type { EntityManager } from '../orm.ts';
import { run } from '../prepared.ts';
import { drawIds, type Secrets } from '../secrets.ts';
import { attachReferrer } from './referral.ts';

export interface Visitor {
  readonly shopId: number;
  readonly telegramUserId: number;
  readonly chatId: number;
  readonly name: string;
  /** Taken at the first visit only; later the customer decides. */
  readonly language: Language;
  /** Of the link they came by; counts at the first visit only. */
  readonly referralCode?: string | undefined;
}

/** The customer behind an update, made at the first one. The name is sealed, and written again only when it changed. */
export async function visitCustomer(em: EntityManager, secrets: Secrets, visitor: Visitor): Promise<Customer> {
  const { shopId, telegramUserId, chatId, name, language, referralCode } = visitor;
  const known = await em.findOne(Customer, { shopId, telegramUserId });
  if (known) {
    const place = { table: 'customer', column: 'name', id: known.id };
    const sameName = known.name != null && secrets.isCurrent(known.name) && secrets.open(place, known.name) === name;
    if (!sameName) known.name = secrets.seal(place, name);
    known.chatId = chatId;
    // Whoever writes does not block us.
    known.blockedAt = null;
    await em.flush();
    return known;
  }
  const [id] = await drawIds(em, 'customer');
  if (id === undefined) throw new Error('No id for the customer');
  await em.transactional(async (tx) => {
    const inserted = await run(
      tx,
      `insert into customer (id, shop_id, telegram_user_id, chat_id, language, name) values ($1, $2, $3, $4, $5, $6)
       on conflict (shop_id, telegram_user_id) do nothing returning id`,
      [id, shopId, telegramUserId, chatId, language, secrets.seal({ table: 'customer', column: 'name', id }, name)],
    );
    // With the customer or never: a later link finds them here already.
    if (inserted.length > 0 && referralCode !== undefined) await attachReferrer(tx, { shopId, customerId: id, code: referralCode });
  });
  return em.findOneOrFail(Customer, { shopId, telegramUserId });
}

export async function findCustomer(em: EntityManager, shopId: number, telegramUserId: number): Promise<Customer | undefined> {
  return (await em.findOne(Customer, { shopId, telegramUserId })) ?? undefined;
}

export async function setCustomerLanguage(em: EntityManager, customerId: number, language: Language): Promise<void> {
  await em.execute('update customer set language = ? where id = ?', [language, customerId]);
}

/** The person blocked the bot, or let it back in (`blockedAt` null). */
export async function markBlocked(
  em: EntityManager,
  where: { shopId: number; telegramUserId: number },
  blockedAt: Date | null,
): Promise<void> {
  await run(
    em,
    'update customer set blocked_at = $1 where shop_id = $2 and telegram_user_id = $3 and blocked_at is distinct from $1::timestamptz',
    [blockedAt, where.shopId, where.telegramUserId],
  );
}
