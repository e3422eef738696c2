/** A cancel in the Temporal UI in the instant of a wish: no worker runs, and the next one meets both in one workflow task. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { resendOrder } from '../../temporal/delivery.ts';
import { placeOrder } from '../../temporal/order.ts';
import { deliveryWorkflowId } from '../../workflows/messages/delivery.ts';
import { orderWorkflowId } from '../../workflows/messages/order.ts';
import { resultOf } from '../support/ending.ts';
import { newCode } from '../support/shop.ts';
import { freeUnits, isGreen, placeOne, untilStatus } from '../support/story.ts';
import { startWorld, type World } from '../support/world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
}, 120_000);
afterAll(() => world?.close());

/** What was asked is answered although its workflow is cancelled before it began. */
async function askAndCancel<Answer>(workflowId: string, ask: () => Promise<Answer>): Promise<Answer> {
  await world.stopWorker();
  const asked = ask();
  // Started by what was asked, a moment later.
  await vi.waitFor(() => world.door.client.workflow.getHandle(workflowId).cancel(), { timeout: 5_000, interval: 20 });
  await world.startWorker();
  return asked;
}

describe('a cancel in the Temporal UI in the instant of a wish', () => {
  it('fails no tap: the order is placed, cancelled, and its unit is free', async () => {
    const product = await world.addProduct({ units: 1 });
    const customer = await world.addPerson();
    const orderCode = newCode();
    const place = world.placing(customer, product, { method: 'stars' });
    expect(await askAndCancel(orderWorkflowId(orderCode), () => placeOrder(world.door, orderCode, place))).toMatchObject({ ok: true });
    await untilStatus(world, orderCode, ['cancelled']);
    expect(await freeUnits(world, product.id)).toBe(1);
  });

  it('fails nobody who wants goods again', async () => {
    const { orderCode, customer } = await placeOne(world, { method: 'wallet', cash: 5000 });
    expect(await resultOf(world, orderWorkflowId(orderCode))).toBe('delivered');
    const wish = { orderCode, actor: `customer:${customer.id}` };
    expect(await askAndCancel(deliveryWorkflowId(orderCode), () => resendOrder(world.door, wish))).toEqual({ ok: true });
    await isGreen(world);
  });
});
