/** How an order ends that is paid in coins. */
import { expect } from 'vitest';
import { renewQuotes } from './coins.ts';
import type { Ending } from './ending.ts';
import { endedOrder, type Placed, placeOne, viewOf } from './story.ts';
import { waitFor } from './wait.ts';
import type { World } from './world.ts';

export async function placeInCoins(world: World, holdSeconds: number): Promise<Placed> {
  const product = await world.addProduct({ units: 1, methods: ['crypto'] });
  return placeOne(world, { method: 'crypto', product, holdSeconds, place: { coin: 'BTC' } });
}

/** Coins arrive at the order's address. @returns the provider's payment */
export async function sendCoins(world: World, { orderCode }: Placed, wish: object = {}): Promise<{ payment_id: string }> {
  const { payments } = await world.control<{ payments: { payment_id: string }[] }>(`/nowpayments/payments?orderId=${orderCode}-1`);
  return world.control(`/nowpayments/payments/${payments.at(-1)?.payment_id}/send`, wish);
}

export const orderCoinsEndings: readonly Ending[] = [
  {
    name: 'order-coins-delivered',
    async run(world) {
      const placed = await placeInCoins(world, 900);
      await sendCoins(world, placed);
      return endedOrder(world, placed);
    },
  },
  {
    name: 'order-coins-found-while-awaited',
    long: true,
    async run(world, env) {
      await renewQuotes(world, env);
      const placed = await placeInCoins(world, 60);
      const { payment_id: id } = await sendCoins(world, placed, { until: 'confirming' });
      await waitFor(async () => expect((await viewOf(world, placed.orderCode)).onItsWay).toBe(true), { timeout: 15_000 });
      world.sandbox.faults.add({ target: 'webhook', kind: 'lose', method: 'nowpayments', times: 50 });
      await world.control(`/nowpayments/payments/${id}/become`, { status: 'finished' });
      const end = await endedOrder(world, placed);
      world.sandbox.faults.clear();
      return end;
    },
  },
];
