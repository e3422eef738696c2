/** Payments, as far as anyone but the order's own steps touches them. */
import type { ProviderName } from '../../domain/payment.ts';
import type { EntityManager } from '../orm.ts';

/** Our payment whose attempt the provider knows by this id. */
export async function findPaymentOfObject(
  em: EntityManager,
  { shopId, provider, providerObject }: { readonly shopId: number; readonly provider: ProviderName; readonly providerObject: string },
): Promise<string | undefined> {
  const [row]: { id: string }[] = await em.execute(
    'select id from payment where shop_id = ? and provider = ? and provider_object = ? order by opened_at limit 1',
    [shopId, provider, providerObject],
  );
  return row?.id;
}

/** What Telegram asks before it takes Stars. Amount in Stars. */
export interface PreCheckout {
  readonly shopId: number;
  /** The invoice's payload. */
  readonly paymentId: string;
  readonly telegramUserId: number;
  readonly amount: number;
  readonly currency: string;
  /** By the bot's clock, which may only refuse. */
  readonly at: Date;
}

export type PreCheckoutVerdict = 'approved' | 'notYours' | 'over' | 'other';

/** What an order or a deposit must be for its Stars to be taken, twice by the bot's clock. */
const isPayable = `(
  exists (select from "order" o where o.id = p.order_id and o.status = 'awaitingPayment' and o.hold_ends_at > ?)
  or exists (select from deposit d where d.id = p.deposit_id and d.status in ('opened', 'waiting', 'seen') and d.expires_at > ?))`;

/**
 * Approves a payment in Stars in one conditional UPDATE: right person, amount and currency, the attempt in force, an order or a deposit still
 * waiting for its payment, and its time not over. Approved, it is `processing`, so the money is awaited beyond that time.
 */
export async function markPreCheckout(em: EntityManager, ask: PreCheckout): Promise<PreCheckoutVerdict> {
  const approved: unknown[] = await em.execute(
    `update payment p set status = 'processing', seen_at = ?
       from customer c
      where p.id = ? and p.shop_id = ? and p.provider = 'stars' and p.amount = ? and p.currency = ? and p.currency = 'XTR'
        and p.status in ('pending', 'processing')
        and ${isPayable}
        and c.id = p.customer_id and c.telegram_user_id = ? and c.banned_at is null
      returning p.id`,
    [ask.at, ask.paymentId, ask.shopId, ask.amount, ask.currency, ask.at, ask.at, ask.telegramUserId],
  );
  if (approved.length > 0) return 'approved';
  const [row]: { ours: boolean; over: boolean }[] = await em.execute(
    `select c.telegram_user_id = ? as ours, not ${isPayable} as over
       from payment p join customer c on c.id = p.customer_id where p.id = ? and p.shop_id = ?`,
    [ask.telegramUserId, ask.at, ask.at, ask.paymentId, ask.shopId],
  );
  if (!row) return 'other';
  return row.ours ? (row.over ? 'over' : 'other') : 'notYours';
}
