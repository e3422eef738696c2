/** Events that say something else than what happened: what a shop must not believe only because it is rightly signed. */
import { z } from 'zod';
import { makeId } from './objects.ts';
import type { StoredObject } from './store.ts';

export const alteration = z.strictObject({
  /** Stripe's minor units. */
  amount: z.number().int().nonnegative().optional(),
  currency: z
    .string()
    .regex(/^[a-z]{3}$/)
    .optional(),
  livemode: z.boolean().optional(),
  /** Another money object than the one paid. */
  object: z.string().min(1).max(255).optional(),
  /** Unix time of what happened. */
  created: z.number().int().nonnegative().optional(),
});

export type StoredEvent = StoredObject & {
  readonly livemode: boolean;
  readonly type: string;
  readonly data: { readonly object: Record<string, unknown> };
};

const amounts = ['amount', 'amount_received', 'amount_total', 'amount_captured'];

/** A new event with other facts. */
export function alterEvent(
  event: StoredEvent,
  { amount, currency, livemode, object: id, created }: z.infer<typeof alteration>,
): StoredEvent {
  const object = { ...event.data.object };
  if (amount !== undefined) for (const name of amounts.filter((one) => typeof object[one] === 'number')) object[name] = amount;
  if (currency !== undefined) object.currency = currency;
  if (livemode !== undefined) object.livemode = livemode;
  if (id !== undefined) object[typeof object.payment_intent === 'string' ? 'payment_intent' : 'id'] = id;
  return {
    ...event,
    id: makeId('evt_1'),
    created: created ?? event.created,
    livemode: livemode ?? event.livemode,
    data: { ...event.data, object },
  };
}
