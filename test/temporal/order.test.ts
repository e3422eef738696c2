import { afterAll, beforeAll, expect, it } from 'vitest';
import { placeOrder, restartOrder } from '../../temporal/order.ts';
import { orderWorkflowId } from '../../workflows/messages/order.ts';
import { newCode } from '../support/shop.ts';
import { startWorld, type World } from '../support/world.ts';

let world: World;

beforeAll(async () => {
  world = await startWorld();
}, 120_000);
afterAll(() => world?.close());

/** A tap that may be repeated, and its order. */
async function tap(units: number) {
  const [product, customer, orderCode] = [await world.addProduct({ units }), await world.addPerson({ cash: 5_000 }), newCode()];
  const place = world.placing(customer, product);
  return { orderCode, place, again: () => placeOrder(world.door, orderCode, place) };
}

it('a tap that was rejected and did not hear it hears the same reason when it is repeated', async () => {
  const { again } = await tap(0);
  expect(await again()).toEqual({ ok: false, rejected: 'SoldOut' });
  expect(await again()).toEqual({ ok: false, rejected: 'SoldOut' });
});

it('a tap whose order is over hears again that it was placed', async () => {
  const { orderCode, again } = await tap(1);
  const first = await again();
  expect(first).toMatchObject({ ok: true, orderCode });
  expect(await world.resultOf(orderCode)).toEqual({ status: 'delivered' });
  expect(await again()).toEqual(first);
});

it('a tap whose order went on from its row is left to that row', async () => {
  const { orderCode, place, again } = await tap(1);
  await again();
  await world.resultOf(orderCode);
  await restartOrder(world.door, { ...place, orderCode, total: place.shownTotal });
  await world.door.client.workflow.getHandle(orderWorkflowId(orderCode)).result();
  expect(await again()).toEqual({ closed: true });
});
