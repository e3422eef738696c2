/** A payment as a Checkout Session: what is sent, and what an answered session says. */
import type Stripe from 'stripe';
import type { PaymentRequest, ProviderEvent } from '../provider.ts';
import { fromStripeAmount, requireStripeAmount, toStripeAmount } from './amounts.ts';

/** Metadata key with our payment id, on sessions, PaymentIntents and refunds. */
export const paymentIdKey = 'tillflow_payment_id';
/** Metadata key with our refund id. */
export const refundIdKey = 'tillflow_refund_id';

/** Stripe refuses a session that would expire within 30 minutes; one more absorbs our clock and the way there. */
const shortestSeconds = 31 * 60;
/** When even that came too late (the first try failed for minutes): past any hold, which is 60 minutes at most. */
const lateSeconds = 95 * 60;

const restOfOrder: Readonly<Record<string, string>> = { en: 'Rest of order', ru: 'Доплата за заказ', pl: 'Dopłata do zamówienia' };

/** What may vary between two tries of the same session; each variant has its own idempotency key. */
export interface SessionVariant {
  readonly cardOnly: boolean;
  readonly late: boolean;
  readonly round: number;
}

/** The same request for the same payment and variant, whenever it is asked: a key allows no other. */
export function toSessionParams(payment: PaymentRequest, { cardOnly, late }: SessionVariant): Stripe.Checkout.SessionCreateParams {
  const metadata = { [paymentIdKey]: payment.paymentId, [`${payment.noun}_code`]: payment.code, shop_id: String(payment.shopId) };
  const opened = Math.floor(payment.openedAt / 1000);
  const methods = ['card', 'link', ...(payment.amount.currency === 'PLN' ? ['blik'] : [])];
  return {
    mode: 'payment',
    // Only methods that answer at once: a hold cannot wait for a bank transfer.
    payment_method_types: cardOnly ? ['card'] : methods,
    adaptive_pricing: { enabled: false },
    expires_at: late ? opened + lateSeconds : Math.max(opened + shortestSeconds, Math.ceil(payment.endsAt / 1000) + 60),
    client_reference_id: payment.paymentId,
    metadata,
    payment_intent_data: { metadata, description: `${payment.noun === 'order' ? 'Order' : 'Deposit'} ${payment.code}` },
    line_items: toLineItems(payment),
    locale: ['en', 'ru', 'pl'].includes(payment.language) ? payment.language : 'auto',
    success_url: payment.returnUrl,
    cancel_url: payment.returnUrl,
  };
}

/** The frozen lines (`amount` is the price of one unit) when they add up to what is due; else one line of the rest. */
function toLineItems(payment: PaymentRequest): Stripe.Checkout.SessionCreateParams.LineItem[] {
  const { amount: due, lines } = payment;
  const total = requireStripeAmount(due, 'amount');
  const item = (name: string, unitAmount: number, quantity: number) => ({
    price_data: { currency: due.currency.toLowerCase(), unit_amount: unitAmount, product_data: { name: [...name].slice(0, 250).join('') } },
    quantity,
  });
  const sum = lines.reduce(
    (rest, line) => (line.amount.currency === due.currency ? rest + line.amount.amount * line.quantity : Number.NaN),
    0,
  );
  if (sum !== due.amount) {
    return [item(`${restOfOrder[payment.language] ?? restOfOrder.en} ${payment.code}`, total, 1)];
  }
  const items = lines.map((line) => {
    const unit = toStripeAmount(line.amount);
    return unit === undefined ? undefined : item(line.title.trim() || payment.code, unit, line.quantity);
  });
  const whole = items.length > 0 && items.length <= 100 && items.every((each) => each !== undefined);
  return whole ? items : [item(payment.title.trim() || payment.code, total, 1)];
}

export interface SessionState {
  readonly status: 'pending' | 'paid' | 'processing' | 'closed';
  readonly events: readonly ProviderEvent[];
}

/** What a session, retrieved with `payment_intent.latest_charge` expanded, says of the payment. */
export function readSession(session: Stripe.Checkout.Session, payment: PaymentRequest): SessionState {
  const intent = typeof session.payment_intent === 'object' ? session.payment_intent : null;
  const charge = typeof intent?.latest_charge === 'object' ? intent.latest_charge : null;
  if (intent?.status === 'succeeded') {
    const money = fromStripeAmount(intent.amount_received, intent.currency);
    return { status: 'paid', events: [toAsked(session, payment, 'settled', intent.id, intent.status, charge, money)] };
  }
  if (session.status === 'expired') return { status: 'closed', events: [] };
  const failed = intent?.status === 'requires_payment_method' || intent?.status === 'canceled';
  const objectId = intent?.id ?? session.id;
  if (session.status === 'complete' && failed) {
    return { status: 'closed', events: [toAsked(session, payment, 'failed', objectId, intent.status, charge)] };
  }
  // Complete but unpaid, or confirmed and not complete yet: money is on its way.
  if (session.status === 'complete' || intent?.status === 'processing') {
    return { status: 'processing', events: [toAsked(session, payment, 'seen', objectId, intent?.status ?? 'complete', charge)] };
  }
  return { status: 'pending', events: [] };
}

function toAsked(
  session: Stripe.Checkout.Session,
  payment: PaymentRequest,
  kind: ProviderEvent['kind'],
  objectId: string,
  status: string,
  charge: Stripe.Charge | null,
  money?: ProviderEvent['money'],
): ProviderEvent {
  return {
    eventId: `${objectId}:${status}`,
    kind,
    objectId,
    paymentId: session.metadata?.[paymentIdKey] ?? payment.paymentId,
    money,
    // The provider's time. Without a charge nothing has moved before now.
    at: charge ? charge.created * 1000 : Date.now(),
    liveMode: session.livemode,
    type: `asked.${status}`,
  };
}
