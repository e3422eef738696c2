/** Payments, as far as anyone but the order's own steps touches them. */
import type { ProviderName } from '../../domain/payment.ts';
import type { EntityManager } from '../orm.ts';
import { run } from '../prepared.ts';

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

/** What an order or a deposit must be for its Stars to be taken, by the bot's clock. */
const isPayable = `(
  exists (select from "order" o where o.id = p.order_id and o.status = 'awaitingPayment' and o.hold_ends_at > $1)
  or exists (select from deposit d where d.id = p.deposit_id and d.status in ('opened', 'waiting', 'seen') and d.expires_at > $1))`;

const approving = `
  update payment p set status = 'processing', seen_at = $1
    from customer c
   where p.id = $2 and p.shop_id = $3 and p.provider = 'stars' and p.amount = $5 and p.currency = $6 and p.currency = 'XTR'
     and p.status in ('pending', 'processing')
     and ${isPayable}
     and c.id = p.customer_id and c.telegram_user_id = $4 and c.banned_at is null
  returning p.id`;

const refusing = `
  select c.telegram_user_id = $4 as ours, not ${isPayable} as over
    from payment p join customer c on c.id = p.customer_id where p.id = $2 and p.shop_id = $3`;

/**
 * Approves a payment in Stars in one conditional UPDATE: right person, amount and currency, the attempt in force, an order or a deposit still
 * waiting for its payment, and its time not over. Approved, it is `processing`, so the money is awaited beyond that time.
 */
export async function markPreCheckout(em: EntityManager, ask: PreCheckout): Promise<PreCheckoutVerdict> {
  const asked = [ask.at, ask.paymentId, ask.shopId, ask.telegramUserId];
  const approved = await run(em, approving, [...asked, ask.amount, ask.currency]);
  if (approved.length > 0) return 'approved';
  const [row] = await run<{ ours: boolean; over: boolean }>(em, refusing, asked);
  if (!row) return 'other';
  return row.ours ? (row.over ? 'over' : 'other') : 'notYours';
}
