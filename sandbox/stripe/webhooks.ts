/** Webhooks: one delivery per event, to the address of the account, signed as Stripe signs. */
import { createHmac } from 'node:crypto';
import type { StripeAccount } from './store.ts';
import type { StripeWorld } from './world.ts';

/** Queues an event's webhook; accounts without an address get none, as at Stripe. */
export function enqueueWebhook(world: StripeWorld, account: StripeAccount, eventId: string, body: string, delaySeconds = 0): void {
  if (account.webhookUrl === null) return;
  world.deliver({ url: account.webhookUrl, body, secret: account.webhookSecret, eventId, delaySeconds });
}

/** The `Stripe-Signature` header. @param seconds Unix time of sending */
export function signWebhook(body: string, secret: string, seconds: number): string {
  return `t=${seconds},v1=${createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')}`;
}

/** The sandbox sends to this machine only. */
export function isLoopback(address: string): boolean {
  return URL.canParse(address) && ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(address).hostname);
}
