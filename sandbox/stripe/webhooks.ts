/** Webhooks: one delivery per event, to the address of the account, signed as Stripe signs. */
import { createHmac } from 'node:crypto';
import type { SandboxContext } from '../context.ts';
import type { StripeAccount, StripeEndpoint } from './store.ts';

/** Events a shop's endpoint is usually set up for; others are kept and listed, not sent. */
export const usualEvents: readonly string[] = [
  'checkout.session.completed',
  'checkout.session.async_payment_succeeded',
  'checkout.session.async_payment_failed',
  'checkout.session.expired',
  'payment_intent.succeeded',
  'payment_intent.payment_failed',
  'refund.created',
  'refund.updated',
  'refund.failed',
  'charge.dispute.created',
  'charge.dispute.updated',
  'charge.dispute.funds_withdrawn',
  'charge.dispute.funds_reinstated',
  'charge.dispute.closed',
  'radar.early_fraud_warning.created',
];

/** Queues an event's webhook for the account's address and its further ones; accounts without any get none, as at Stripe. */
export function enqueueWebhook(
  context: SandboxContext,
  { webhookUrl, webhookSecret, endpoints }: StripeAccount & { readonly endpoints: readonly StripeEndpoint[] },
  eventId: string,
  body: string,
  delaySeconds = 0,
): void {
  const own = webhookUrl === null ? [] : [{ url: webhookUrl, secret: webhookSecret }];
  for (const { url, secret } of [...own, ...endpoints]) {
    context.deliveries.enqueue({
      target: 'stripe',
      url,
      headers: { 'user-agent': 'Stripe/1.0 (sandbox)', 'content-type': 'application/json; charset=utf-8' },
      body,
      secret,
      key: eventId,
      delaySeconds,
    });
  }
}

/** Has each attempt signed anew, as Stripe does: the signature carries its time. */
export function signWebhooks(context: SandboxContext): void {
  context.deliveries.handle('stripe', {
    sign: (delivery, seconds) => ({ 'stripe-signature': signWebhook(delivery.body, delivery.secret ?? '', seconds) }),
  });
}

/** The `Stripe-Signature` header. @param seconds Unix time of sending */
export function signWebhook(body: string, secret: string, seconds: number): string {
  return `t=${seconds},v1=${createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')}`;
}
