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

/**
 * Approves a payment in Stars in one conditional UPDATE: right person, amount and currency, the attempt in force, an order still waiting
 * for its payment, and its hold not over. Approved, it is `processing`, so the money is awaited beyond the hold.
 */
export async function markPreCheckout(em: EntityManager, ask: PreCheckout): Promise<PreCheckoutVerdict> {
  const approved: unknown[] = await em.execute(
    `update payment p set status = 'processing', seen_at = ?
       from "order" o, customer c
      where p.id = ? and p.shop_id = ? and p.provider = 'stars' and p.amount = ? and p.currency = ? and p.currency = 'XTR'
        and p.status in ('pending', 'processing')
        and o.id = p.order_id and o.status = 'awaitingPayment' and o.hold_ends_at > ?
        and c.id = p.customer_id and c.telegram_user_id = ? and c.banned_at is null
      returning p.id`,
    [ask.at, ask.paymentId, ask.shopId, ask.amount, ask.currency, ask.at, ask.telegramUserId],
  );
  if (approved.length > 0) return 'approved';
  const [row]: { ours: boolean; over: boolean }[] = await em.execute(
    `select c.telegram_user_id = ? as ours, o.status <> 'awaitingPayment' or o.hold_ends_at <= ? as over
       from payment p join "order" o on o.id = p.order_id join customer c on c.id = p.customer_id where p.id = ? and p.shop_id = ?`,
    [ask.telegramUserId, ask.at, ask.paymentId, ask.shopId],
  );
  if (!row) return 'other';
  return row.ours ? (row.over ? 'over' : 'other') : 'notYours';
}
