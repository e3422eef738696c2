/** Ringing by update: as safe as a signal, without what a signal costs the server. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ringOrder } from '../../temporal/order.ts';
import { isGreen, payByCard, placeOne, viewOf } from '../support/story.ts';
import { startWorld, type World } from '../support/world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
}, 120_000);
afterAll(() => world?.close());

const signal = 'workflowExecutionSignaled';

it('a webhook’s ring is no event of its own in the history', async () => {
  const { orderCode } = await placeOne(world, { method: 'card' });
  await payByCard(world, orderCode);
  expect(await world.resultOf(orderCode)).toEqual({ status: 'delivered' });
  const events = await world.eventsOf(orderCode);
  expect(events).not.toContain(signal);
  expect(events.filter((event) => event === 'workflowExecutionUpdateAccepted')).toHaveLength(2);
  await isGreen(world);
});

it('thirty at once settle once, and one that is over says so', async () => {
  const { orderCode } = await placeOne(world, { method: 'card' });
  await world.say(orderCode, {});
  const rung = await Promise.all(Array.from({ length: 30 }, () => ringOrder(world.door, orderCode, 'update')));
  expect(rung).toContain(true);
  expect(await world.resultOf(orderCode)).toEqual({ status: 'delivered' });
  expect(await ringOrder(world.door, orderCode, 'update')).toBe(false);
  await isGreen(world);
});

it('without a worker it is left as a signal, and heard when there is one', async () => {
  const { orderCode } = await placeOne(world, { method: 'card' });
  await world.stopWorker();
  await world.say(orderCode, {});
  expect(await ringOrder(world.door, orderCode, 'update')).toBe(true);
  expect((await viewOf(world, orderCode)).status).toBe('awaitingPayment');
  expect(await world.eventsOf(orderCode)).toContain(signal);
  await world.startWorker();
  expect(await world.resultOf(orderCode)).toEqual({ status: 'delivered' });
  await isGreen(world);
});
