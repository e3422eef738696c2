/** How an order ends that is paid as it was placed, or not at all. */
import { expect } from 'vitest';
import { cancelOrder, restartOrder, ringOrder } from '../../temporal/order.ts';
import { isRunning } from '../../temporal/visibility.ts';
import { orderWorkflowId } from '../../workflows/messages/order.ts';
import { type Ending, ended } from './ending.ts';
import { delivered, endedOrder, payByCard, placeOne, shortHold, untilStatus } from './story.ts';
import { untilAnswered } from './wait.ts';

export const orderEndings: readonly Ending[] = [
  {
    name: 'order-wallet-delivered',
    most: 10,
    run: async (world) => endedOrder(world, await placeOne(world, { method: 'wallet', cash: 5000 })),
  },
  {
    name: 'order-stars-delivered',
    most: 17,
    run: async (world) => endedOrder(world, await delivered(world, { method: 'stars' })),
  },
  {
    name: 'order-card-delivered',
    most: 21,
    run: async (world) => endedOrder(world, await delivered(world, { method: 'card' })),
  },
  {
    name: 'order-stars-expired',
    run: async (world) => endedOrder(world, await placeOne(world, { method: 'stars', holdSeconds: 2 })),
  },
  {
    name: 'order-card-expired',
    run: async (world) => endedOrder(world, await placeOne(world, { method: 'card', holdSeconds: 2 })),
  },
  {
    name: 'order-card-found-paid-when-closed',
    async run(world) {
      world.sandbox.faults.add({ target: 'webhook', kind: 'lose', method: 'stripe', times: 10 });
      const placed = await placeOne(world, { method: 'card', holdSeconds: shortHold() });
      await payByCard(world, placed.orderCode);
      const end = await endedOrder(world, placed);
      world.sandbox.faults.clear();
      return end;
    },
  },
  {
    name: 'order-cancelled-by-customer',
    async run(world) {
      const placed = await placeOne(world, { method: 'stars' });
      await untilAnswered(() => cancelOrder(world.door, placed.orderCode, { by: 'customer', actor: `customer:${placed.customer.id}` }));
      return endedOrder(world, placed);
    },
  },
  {
    name: 'order-card-cancelled-by-staff',
    async run(world) {
      const placed = await placeOne(world, { method: 'card' });
      await untilAnswered(() => cancelOrder(world.door, placed.orderCode, { by: 'staff', actor: 'cli' }));
      return endedOrder(world, placed);
    },
  },
  {
    name: 'order-cancelled-in-ui',
    async run(world) {
      const placed = await placeOne(world, { method: 'card' });
      await world.door.client.workflow.getHandle(orderWorkflowId(placed.orderCode)).cancel();
      return endedOrder(world, placed);
    },
  },
  {
    name: 'order-rejected-sold-out',
    async run(world) {
      const product = await world.addProduct({ units: 0 });
      const placed = await placeOne(world, { method: 'wallet', cash: 5000, product });
      expect(placed.answer).toEqual({ ok: false, rejected: placed.reasonLost ? 'UnknownOrder' : 'SoldOut' });
      return endedOrder(world, placed);
    },
  },
  {
    name: 'order-awaited-then-delivered',
    async run(world) {
      const placed = await placeOne(world, { method: 'card', holdSeconds: shortHold() });
      const intent = await payByCard(world, placed.orderCode, { async: true });
      await untilStatus(world, placed.orderCode, ['awaitingSettlement']);
      await world.control(`/stripe/payment-intents/${intent}/finish`, { outcome: 'succeeded' });
      return endedOrder(world, placed);
    },
  },
  {
    name: 'order-awaited-then-expired',
    async run(world) {
      const placed = await placeOne(world, { method: 'card', holdSeconds: shortHold() });
      const intent = await payByCard(world, placed.orderCode, { async: true });
      await untilStatus(world, placed.orderCode, ['awaitingSettlement']);
      await world.control(`/stripe/payment-intents/${intent}/finish`, { outcome: 'failed' });
      return endedOrder(world, placed);
    },
  },
  {
    name: 'order-unfulfillable-refunded',
    async run(world) {
      const placed = await placeOne(world, { method: 'card' });
      await world.db.em
        .fork()
        .execute(`update unit set state = 'withdrawn', order_line_id = null where product_id = ?`, [placed.product.id]);
      await payByCard(world, placed.orderCode);
      const end = await endedOrder(world, placed);
      await untilStatus(world, placed.orderCode, ['refunded']);
      return end;
    },
  },
  {
    name: 'order-started-again-from-its-row',
    async run(world) {
      const placed = await placeOne(world, { method: 'card' });
      const workflowId = orderWorkflowId(placed.orderCode);
      await world.door.client.workflow.getHandle(workflowId).terminate('lost');
      const { shop, customer, orderCode } = { ...world, ...placed };
      const again = { orderCode, shopId: shop.id, customerId: customer.id, method: 'card' as const, total: 5000 };
      // Beside a worker with its relay, that may have been quicker.
      expect((await restartOrder(world.door, again)) || (await isRunning(world.door, workflowId))).toBe(true);
      await payByCard(world, placed.orderCode);
      return ended(world, workflowId);
    },
  },
  {
    name: 'order-left-to-staff',
    long: true,
    slow: true,
    async run(world) {
      const customer = await world.addPerson({ cash: 5000 });
      await world.control('/chats/block', { bot: world.shop.botUsername, person: customer.telegramUserId, blocked: true });
      const placed = await placeOne(world, { method: 'wallet', customer });
      return endedOrder(world, placed);
    },
  },
  {
    name: 'order-reminded-then-expired',
    long: true,
    run: async (world) => endedOrder(world, await placeOne(world, { method: 'stars' })),
  },
  {
    name: 'order-awaited-in-vain',
    long: true,
    async run(world) {
      const placed = await placeOne(world, { method: 'card', holdSeconds: 60 });
      await world.say(placed.orderCode, { kind: 'seen', type: 'checkout.session.completed', amount: null, currency: null });
      await ringOrder(world.door, placed.orderCode);
      return endedOrder(world, placed);
    },
  },
];
