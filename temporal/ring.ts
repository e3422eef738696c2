/** Ringing for what is in the inbox: what it is about, or the story of money that finds nothing open. */
import type { Payable } from '../domain/payment.ts';
import type { StrayInput } from '../workflows/messages/stray.ts';
import type { Door } from './client.ts';
import type { RingBy } from './closed.ts';
import { ringDeposit } from './deposit.ts';
import { ringOrder } from './order.ts';
import { startStray } from './stray.ts';

/** Money of a provider and what it pays; null when that is nothing of the shop's. */
export interface Rung extends StrayInput {
  readonly about: Payable | null;
}

/** Rings once; whoever reads the inbox then finds all there is. */
export async function ringFor(door: Door, { about, shopId, provider, objectId }: Rung, by?: RingBy): Promise<void> {
  if (about !== null && (await ringPayable(door, about, by))) return;
  await startStray(door, { shopId, provider, objectId });
}

/** @returns false when its workflow is closed or unknown */
function ringPayable(door: Door, about: Payable, by?: RingBy): Promise<boolean> {
  return about.noun === 'order' ? ringOrder(door, about.code, by) : ringDeposit(door, about, by);
}
