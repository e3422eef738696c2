/** How an order ends whose customer takes another method, or pays another amount than was asked. */
import { expect } from 'vitest';
import { payOrder } from '../../temporal/order.ts';
import type { Ending } from './ending.ts';
import { endedOrder, invoiceOf, payByCard, payByStars, type Placed, placeOne, shortHold, viewOf } from './story.ts';
import { untilAnswered, waitFor } from './wait.ts';
import type { World } from './world.ts';

async function pay(world: World, { orderCode, customer }: Placed, method: 'wallet' | 'stars' | 'card', attempt = 2): Promise<void> {
  const answer = await untilAnswered(() => payOrder(world.door, orderCode, { method, customerId: customer.id, attempt }));
  // Asked again because its worker died, it may come when the first asking has ended the order: then the row is the answer.
  if ('closed' in answer) expect((await viewOf(world, orderCode)).method).toBe(method);
  else expect(answer).toMatchObject({ ok: true });
}

export const orderPaymentEndings: readonly Ending[] = [
  {
    name: 'order-stars-then-wallet-delivered',
    most: 17,
    async run(world) {
      const placed = await placeOne(world, { method: 'stars', cash: 5000 });
      await pay(world, placed, 'wallet');
      return endedOrder(world, placed);
    },
  },
  {
    name: 'order-card-then-wallet-delivered',
    most: 23,
    async run(world) {
      const placed = await placeOne(world, { method: 'card', cash: 5000 });
      await pay(world, placed, 'wallet');
      return endedOrder(world, placed);
    },
  },
  {
    name: 'order-card-then-stars-delivered',
    // A page that was opened and must be closed again costs a call more.
    most: 28,
    async run(world) {
      const placed = await placeOne(world, { method: 'card' });
      await pay(world, placed, 'stars');
      await payByStars(world, placed.customer, await invoiceOf(world, placed.orderCode));
      return endedOrder(world, placed);
    },
  },
  {
    name: 'order-stars-then-card-delivered',
    most: 27,
    async run(world) {
      const placed = await placeOne(world, { method: 'stars' });
      await pay(world, placed, 'card');
      await payByCard(world, placed.orderCode, { attempt: 2 });
      return endedOrder(world, placed);
    },
  },
  {
    name: 'order-partial-then-wallet-delivered',
    async run(world) {
      const placed = await placeOne(world, { method: 'card', cash: 5000 });
      await payByCard(world, placed.orderCode, { amountOverride: 3000 });
      await waitFor(async () => expect((await viewOf(world, placed.orderCode)).held).toBe(3000), { timeout: 10_000 });
      await pay(world, placed, 'wallet');
      return endedOrder(world, placed);
    },
  },
  {
    name: 'order-partial-expired',
    async run(world) {
      const placed = await placeOne(world, { method: 'card', holdSeconds: shortHold() });
      await payByCard(world, placed.orderCode, { amountOverride: 3000 });
      return endedOrder(world, placed);
    },
  },
  {
    name: 'order-overpaid-delivered',
    async run(world) {
      const placed = await placeOne(world, { method: 'card' });
      await payByCard(world, placed.orderCode, { amountOverride: 7000 });
      return endedOrder(world, placed);
    },
  },
];
