/** A worker that keeps two workflows in memory forgets the others between their events and knows them again from their histories. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { cancelOrder, payOrder } from '../../temporal/order.ts';
import { orderWorkflowId } from '../../workflows/messages/order.ts';
import { eventNames, historyOf } from '../support/history.ts';
import { invoiceOf, isGreen, payByCard, payByStars, type Placed, placeOne, runBots, viewOf } from '../support/story.ts';
import { startWorld, type World } from '../support/world.ts';

let world: World;
let stopBots: () => Promise<void>;
beforeAll(async () => {
  world = await startWorld({ worker: false });
  await world.startWorker({ maxCachedWorkflows: 2 });
  stopBots = await runBots(world);
}, 120_000);
afterAll(async () => {
  await stopBots?.();
  await world?.close();
});

const placeAll = <Key extends string>(wishes: Record<Key, Parameters<typeof placeOne>[1]>) =>
  Promise.all(
    (Object.entries(wishes) as [Key, Parameters<typeof placeOne>[1]][]).map(
      async ([key, wish]) => [key, await placeOne(world, wish)] as const,
    ),
  ).then((entries) => Object.fromEntries(entries) as Record<Key, Placed>);

it('eight orders at once end as they would with all of them in memory', async () => {
  const orders = await placeAll({
    wallet: { method: 'wallet', cash: 5_000 },
    stars: { method: 'stars' },
    card: { method: 'card' },
    changed: { method: 'card', cash: 5_000 },
    cancelled: { method: 'card' },
    cancelledInUi: { method: 'stars' },
    expired: { method: 'stars', holdSeconds: 2 },
    overpaid: { method: 'card' },
  });
  await Promise.all([
    payByStars(world, orders.stars.customer, await invoiceOf(world, orders.stars.orderCode)),
    payByCard(world, orders.card.orderCode),
    payByCard(world, orders.overpaid.orderCode, { amountOverride: 7_000 }),
    payOrder(world.door, orders.changed.orderCode, { method: 'wallet', customerId: orders.changed.customer.id, attempt: 2 }),
    cancelOrder(world.door, orders.cancelled.orderCode, { by: 'staff', actor: 'cli' }),
    world.door.client.workflow.getHandle(orderWorkflowId(orders.cancelledInUi.orderCode)).cancel(),
  ]);
  const ends = Object.entries(orders).map(async ([name, { orderCode }]) => {
    await world.door.client.workflow
      .getHandle(orderWorkflowId(orderCode))
      .result()
      .catch((err: unknown) => {
        if (name !== 'cancelledInUi') throw err;
      });
    return [name, (await viewOf(world, orderCode)).status] as const;
  });
  expect(Object.fromEntries(await Promise.all(ends))).toEqual({
    wallet: 'delivered',
    stars: 'delivered',
    card: 'delivered',
    changed: 'delivered',
    cancelled: 'cancelled',
    cancelledInUi: 'cancelled',
    expired: 'expired',
    overpaid: 'delivered',
  });
  for (const { orderCode } of Object.values(orders)) {
    expect(eventNames(await historyOf(world, orderWorkflowId(orderCode)))).not.toContain('WorkflowTaskFailed');
  }
  await isGreen(world);
}, 60_000);
