/** Stripe's webhooks: verified on the raw bytes, then put into our words. */
import Stripe from 'stripe';
import { z } from 'zod';
import type { ParsedWebhook, ProviderEvent } from '../provider.ts';
import { fromStripeAmount } from './amounts.ts';
import { paymentIdKey } from './session.ts';

/** The version every request and every webhook endpoint is pinned to. */
export const apiVersion = '2026-08-26.dahlia';

/** Age at which a signature is refused, as in Stripe's own libraries. */
const toleranceSeconds = 300;

/** Ids and names of Stripe's are plain: what the database cannot hold, or would hold as something else, is none. */
const id = z.string().regex(/^[\x21-\x7e]{1,255}$/, 'a plain text of at most 255 characters');
/** Some fields hold an id, or the object when expanded. */
const reference = z.union([id, z.object({ id }).transform((object) => object.id)]).nullish();
const metadata = z.record(z.string(), z.string()).nullish();
const amount = z.number().int().nonnegative();
/** Seconds since epoch, before the year 10000: what a date can hold. */
const seconds = z.number().int().nonnegative().max(253_402_300_799);
const currency = z.string().regex(/^[a-z]{3}$/);

const envelope = z.object({
  id,
  object: z.literal('event'),
  type: id,
  created: seconds,
  livemode: z.boolean(),
  api_version: z.string().nullish(),
  data: z.object({ object: z.record(z.string(), z.unknown()) }),
});
/** Schemas of objects within their event, so that what does not fit is named by its whole path. */
const within = <Shape extends z.ZodType>(object: Shape) => z.object({ data: z.object({ object }) });
const session = z.object({
  id,
  mode: z.string(),
  payment_status: z.enum(['paid', 'unpaid', 'no_payment_required']),
  payment_intent: reference,
  amount_total: amount.nullish(),
  currency: currency.nullish(),
  metadata,
});
const sessionEvent = within(session);
const intentEvent = within(z.object({ id, amount_received: amount, currency, metadata }));
const refundEvent = within(z.object({ id, amount, currency, status: z.string().nullish(), payment_intent: reference, metadata }));
/** What a dispute took from our balance, or gave again; its fee is in the balance's currency. */
const balanceTransaction = z.object({ id, fee: z.number().int(), currency });
const disputeEvent = within(
  z.object({
    id,
    amount,
    currency,
    status: z.string().nullish(),
    is_charge_refundable: z.boolean().nullish(),
    payment_intent: reference,
    balance_transactions: z.array(balanceTransaction).nullish(),
    metadata,
  }),
);
const warningEvent = within(z.object({ id, payment_intent: reference }));

type Envelope = z.infer<typeof envelope>;
type Told = Pick<ProviderEvent, 'kind' | 'objectId' | 'paymentId' | 'moneyObject' | 'money'>;

/** Verifies and normalises. Two secrets are valid while one replaces the other. Never throws on bad input. */
export function parseWebhook(
  rawBody: Uint8Array,
  headers: Readonly<Record<string, string | undefined>>,
  keys: Readonly<Record<string, string>>,
  receivedAt: number,
): ParsedWebhook {
  const refusal = refuseSignature(rawBody, headers, keys, receivedAt);
  if (refusal) return { verdict: 'refused', reason: refusal };
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder().decode(rawBody));
  } catch {
    return { verdict: 'refused', reason: 'body: not JSON' };
  }
  try {
    const event = envelope.parse(json);
    return { verdict: 'verified', events: toProviderEvents(event) };
  } catch (err) {
    if (err instanceof z.ZodError) return { verdict: 'refused', reason: explain(err) };
    throw err;
  }
}

/** Why the signature does not hold, or undefined when it does. */
function refuseSignature(
  rawBody: Uint8Array,
  headers: Readonly<Record<string, string | undefined>>,
  keys: Readonly<Record<string, string>>,
  receivedAt: number,
): string | undefined {
  const name = Object.keys(headers).find((key) => key.toLowerCase() === 'stripe-signature');
  const header = name === undefined ? undefined : headers[name];
  if (!header) return 'stripe-signature: header is missing';
  if (rawBody.length === 0) return 'body: empty';
  const timestamp = /(?:^|,)t=(\d{1,12})(?:,|$)/.exec(header);
  if (!timestamp) return 'stripe-signature: no timestamp `t`';
  if (!/(?:^|,)v1=[0-9a-f]+(?:,|$)/.test(header)) return 'stripe-signature: no signature `v1`';
  const secrets = [keys.webhookSecret, keys.nextWebhookSecret].filter((secret) => secret !== undefined && secret !== '');
  if (secrets.length === 0) return 'webhookSecret: none is set for this account';
  const matches = secrets.some((secret) => isSignedBy(rawBody, header, secret as string));
  if (!matches) return 'stripe-signature: signature does not match the body';
  const ageSeconds = Math.floor(receivedAt / 1000) - Number(timestamp[1]);
  if (ageSeconds > toleranceSeconds) return `stripe-signature: timestamp is ${ageSeconds} s old`;
  return undefined;
}

function isSignedBy(rawBody: Uint8Array, header: string, secret: string): boolean {
  try {
    // Tolerance 0: age is judged apart, by the time of receipt, so that the reason can say which of the two it was.
    return Stripe.webhooks.signature?.verifyHeader(Buffer.from(rawBody), header, secret, 0) === true;
  } catch (err) {
    if (err instanceof Stripe.errors.StripeSignatureVerificationError) return false;
    throw err;
  }
}

/** @throws ZodError when the object lacks what its type promises. */
function toProviderEvents(event: Envelope): ProviderEvent[] {
  const common = {
    at: event.created * 1000,
    liveMode: event.livemode,
    type: event.type,
    versionMismatch: event.api_version !== apiVersion,
  };
  const fees = feesOf(event).map((fee) => ({ eventId: `${event.id}:${fee.objectId}`, ...fee, ...common }));
  return [{ eventId: event.id, ...tell(event), ...common }, ...fees];
}

function tell(event: Envelope): Told {
  switch (event.type) {
    case 'checkout.session.completed':
    case 'checkout.session.async_payment_succeeded':
    case 'checkout.session.async_payment_failed':
    case 'checkout.session.expired':
      return tellSession(event.type, sessionEvent.parse(event).data.object);
    case 'payment_intent.succeeded': {
      const it = intentEvent.parse(event).data.object;
      return { kind: 'settled', objectId: it.id, paymentId: paymentIdOf(it), money: fromStripeAmount(it.amount_received, it.currency) };
    }
    case 'refund.created':
    case 'refund.updated':
    case 'refund.failed': {
      const it = refundEvent.parse(event).data.object;
      const kind = refundKinds.get(it.status ?? '') ?? 'other';
      const moneyObject = it.payment_intent ?? undefined;
      return { kind, objectId: it.id, paymentId: paymentIdOf(it), moneyObject, money: fromStripeAmount(it.amount, it.currency) };
    }
    case 'radar.early_fraud_warning.created': {
      const it = warningEvent.parse(event).data.object;
      return { kind: 'warned', objectId: it.id, paymentId: undefined, moneyObject: it.payment_intent ?? undefined, money: undefined };
    }
  }
  if (event.type.startsWith('charge.dispute.')) {
    const it = disputeEvent.parse(event).data.object;
    return {
      kind: disputeKind(event.type, it),
      objectId: it.id,
      paymentId: paymentIdOf(it),
      moneyObject: it.payment_intent ?? undefined,
      money: fromStripeAmount(it.amount, it.currency),
    };
  }
  return { kind: 'other', objectId: objectIdOf(event), paymentId: paymentIdOf(event.data.object), money: undefined };
}

const refundKinds: ReadonlyMap<string, 'refunded' | 'refundFailed'> = new Map([
  ['succeeded', 'refunded'],
  ['failed', 'refundFailed'],
  ['canceled', 'refundFailed'],
]);

/** The clearing account moves on `funds_*` only; the others say whether goods and refunds wait. */
function disputeKind(type: string, it: z.infer<typeof disputeEvent>['data']['object']): ProviderEvent['kind'] {
  if (type.endsWith('.funds_withdrawn')) return 'withdrawn';
  if (type.endsWith('.funds_reinstated')) return 'reinstated';
  if (it.status === 'won' || it.status === 'warning_closed') return 'cleared';
  if (it.status === 'lost') return 'lost';
  return it.is_charge_refundable ? 'warned' : 'disputed';
}

/** What a dispute itself cost, by its balance transactions: told with every word of it, booked once by their ids. */
function feesOf(event: Envelope): Told[] {
  if (!event.type.startsWith('charge.dispute.funds_')) return [];
  const it = disputeEvent.parse(event).data.object;
  return (it.balance_transactions ?? [])
    .filter(({ fee }) => fee > 0)
    .map((transaction) => ({
      kind: 'fee',
      objectId: transaction.id,
      paymentId: paymentIdOf(it),
      moneyObject: it.payment_intent ?? undefined,
      money: fromStripeAmount(transaction.fee, transaction.currency),
    }));
}

function tellSession(type: string, it: z.infer<typeof session>): Told {
  // The PaymentIntent is the money; a session that never got one stands for itself.
  const told = { objectId: it.payment_intent ?? it.id, paymentId: paymentIdOf(it), money: undefined };
  if (it.mode !== 'payment') return { ...told, kind: 'other' };
  if (type === 'checkout.session.expired' || type === 'checkout.session.async_payment_failed') return { ...told, kind: 'failed' };
  if (it.payment_status === 'no_payment_required') return { ...told, kind: 'other' };
  if (it.payment_status === 'unpaid') return { ...told, kind: 'seen' };
  const paid = z
    .object({ payment_intent: id, amount_total: amount, currency })
    .parse({ payment_intent: it.payment_intent, amount_total: it.amount_total, currency: it.currency });
  return { ...told, kind: 'settled', objectId: paid.payment_intent, money: fromStripeAmount(paid.amount_total, paid.currency) };
}

/** Ours only by the metadata we set: another system of the same account may use any reference of its own. */
function paymentIdOf(object: { metadata?: unknown }): string | undefined {
  const parsed = metadata.safeParse(object.metadata);
  const named = id.safeParse(parsed.data?.[paymentIdKey]);
  return named.success ? named.data : undefined;
}

function objectIdOf(event: Envelope): string {
  const parsed = id.safeParse(event.data.object.id);
  return parsed.success ? parsed.data : event.id;
}

/** It is stored: what a sender calls its fields is not. */
function explain(err: z.ZodError): string {
  const words = err.issues.map((issue) => `${issue.path.join('.') || 'body'}: ${issue.message}`).join('; ');
  return words.replace(/[^\x20-\x7e]/g, '?').slice(0, 500);
}
