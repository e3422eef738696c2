/** A payment as NOWPayments tells it, in notifications and answers alike, and what it means in our words. */
import { z } from 'zod';
import { readDecimal, writeDecimal } from '../../../domain/decimal.ts';
import { type InboxEventKind, isPaymentId } from '../../../domain/payment.ts';
import type { ProviderEvent } from '../provider.ts';
import { coinOf } from './coins.ts';

const nineStatuses = [
  'waiting',
  'confirming',
  'confirmed',
  'sending',
  'partially_paid',
  'finished',
  'failed',
  'refunded',
  'expired',
] as const;
export type PaymentState = (typeof nineStatuses)[number];

const kindOfStatus: Readonly<Record<PaymentState, InboxEventKind>> = {
  waiting: 'other',
  confirming: 'seen',
  confirmed: 'confirming',
  sending: 'confirming',
  partially_paid: 'settled',
  finished: 'settled',
  failed: 'failed',
  expired: 'failed',
  refunded: 'refunded',
};

/** Ids are plain: what the database cannot hold, or would hold as something else, is none. */
export const paymentIdText = z.string().regex(/^[\w-]{1,64}$/, 'an id of at most 64 letters and digits');
const ticker = z.string().regex(/^[A-Za-z0-9]{2,20}$/, 'a name of a currency');
const plain = z.string().regex(/^[\x21-\x7e]{1,255}$/);
/** Before the year 10000: what a date can hold. */
const latest = 253_402_300_799_999;

/** An amount as text, however its number was written; without decimals that say nothing. */
export const amountText = z.string().transform((text, ctx) => {
  const decimal = readDecimal(text);
  if (decimal && decimal.decimals <= 30) return writeDecimal(decimal.digits, decimal.decimals);
  ctx.addIssue({ code: 'custom', message: 'a plain amount that is not negative' });
  return z.NEVER;
});

/** ISO 8601, or milliseconds since epoch; what is no time is none. */
const time = z
  .string()
  .transform((text) => (/^\d{1,15}$/.test(text) ? Number(text) : Date.parse(text)))
  .transform((at) => (Number.isFinite(at) && at > 0 && at <= latest ? at : undefined))
  .nullish()
  .catch(undefined);

/** Expects JSON whose numbers are texts (`parseExactly`). */
export const paymentShape = z.object({
  payment_id: paymentIdText,
  parent_payment_id: paymentIdText.nullish(),
  payment_status: z.string().regex(/^[\w ]{1,40}$/),
  price_amount: amountText,
  price_currency: ticker,
  pay_amount: amountText,
  pay_currency: ticker,
  actually_paid: amountText.nullish(),
  outcome_amount: amountText.nullish(),
  outcome_currency: ticker.nullish(),
  /** Ours only when it is plain: another system of the same account may write anything there. */
  order_id: plain.nullish().catch(null),
  payment_extra_ids: z.array(paymentIdText).max(100).nullish().catch(null),
  updated_at: time,
});
export type ToldPayment = z.infer<typeof paymentShape>;

/** What a payment says, as an event. One that says the same again has the same id, whether it was told or asked for. */
export function toEvent(told: ToldPayment, prefix: 'ipn' | 'asked', receivedAt: number): ProviderEvent {
  const { payment_id: object, parent_payment_id: parent, payment_status: status, outcome_currency: outcomeTicker } = told;
  const paid = told.actually_paid ?? '0';
  const kind = kindOfStatus[status as PaymentState] ?? 'other';
  return {
    eventId: [object, status, paid, told.outcome_amount ?? ''].join(':'),
    kind,
    // What is received may grow: each sum is money of its own.
    objectId: kind === 'settled' ? `${object}:${paid}` : object,
    // Another system of the same account may call its orders anything.
    paymentId: told.order_id != null && isPaymentId(told.order_id) ? told.order_id : undefined,
    parentObject: parent ?? undefined,
    coins: {
      object,
      parent: parent ?? null,
      status,
      payCoin: coinOf(told.pay_currency) ?? told.pay_currency.toUpperCase(),
      payUnits: told.pay_amount,
      paidUnits: paid,
      price: told.price_amount,
      priceCurrency: told.price_currency.toUpperCase(),
      outcomeCoin: outcomeTicker ? (coinOf(outcomeTicker) ?? outcomeTicker.toUpperCase()) : null,
      outcomeUnits: told.outcome_amount ?? null,
    },
    at: told.updated_at ?? receivedAt,
    type: `${prefix}.${status}`,
  };
}

/** What became of the attempt. */
export function statusOf(status: string): 'pending' | 'paid' | 'processing' | 'closed' {
  switch (kindOfStatus[status as PaymentState]) {
    case 'seen':
    case 'confirming':
      return 'processing';
    case 'settled':
      return 'paid';
    case 'failed':
    case 'refunded':
      return 'closed';
    default:
      return 'pending';
  }
}
