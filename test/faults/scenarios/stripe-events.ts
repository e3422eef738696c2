/** Stripe's events in the hands of a scenario: held back, sent in any order, said otherwise. */
import assert from 'node:assert/strict';
import { waitFor } from '../../support/wait.ts';
import type { World } from '../../support/world.ts';

export interface StripeEvent {
  readonly id: string;
  readonly type: string;
}

/** Everything Stripe has to say of a payment, newest first. */
export async function eventsOf(world: World, intent: string): Promise<StripeEvent[]> {
  return (await world.control<{ events: StripeEvent[] }>(`/stripe/events?object=${intent}&limit=5000`)).events;
}

/** Whether the shop is told at its own address, and which further ones are. */
export async function setEndpoints(
  world: World,
  { told, endpoints = [] }: { readonly told: boolean; readonly endpoints?: readonly { readonly url: string; readonly secret: string }[] },
): Promise<void> {
  const account = await world.one("select endpoint_id from provider_account where shop_id = ? and provider = 'stripe'", [world.shop.id]);
  await world.control('/stripe/accounts', {
    secretKey: `sk_test_${world.shop.botId}`,
    webhookSecret: `whsec_${world.shop.botId}`,
    webhookUrl: told ? `${world.apiOrigin}/webhooks/stripe/${account.endpoint_id}` : null,
    endpoints,
  });
}

/** Sends an event that says something else. @returns its id */
export async function alter(world: World, { id }: StripeEvent, facts: Readonly<Record<string, unknown>>): Promise<string> {
  return (await world.control<{ event: string }>(`/stripe/events/${id}/resend`, { alter: facts })).event;
}

/** Waits until the shop has taken every copy of an event. */
export function untilTaken(world: World, eventId: string): Promise<void> {
  const look = async () => assert.ok(!world.sandbox.deliveries.list().some(({ key }) => key === eventId), `${eventId} is not taken`);
  return waitFor(look, { timeout: 30_000, interval: 20 });
}
