/** Goods sent again and handed over, on a real server. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PickupPoint } from '../../db/entities/pickup-point.ts';
import { handOverOrder, resendOrder } from '../../temporal/delivery.ts';
import { requestRefund } from '../../temporal/refund.ts';
import { deliveryWorkflowId, handoverWorkflowId } from '../../workflows/messages/delivery.ts';
import { orderWorkflowId } from '../../workflows/messages/order.ts';
import { refundWorkflowId } from '../../workflows/messages/refund.ts';
import { resultOf } from '../support/ending.ts';
import { freeUnits, isGreen, type Placed, placeOne, viewOf } from '../support/story.ts';
import { startWorld, type World } from '../support/world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
}, 120_000);
afterAll(() => world?.close());

async function buy(product?: Placed['product']): Promise<Placed> {
  const placed = await placeOne(world, { method: 'wallet', cash: 5000, product });
  expect(await resultOf(world, orderWorkflowId(placed.orderCode))).toBe('delivered');
  return placed;
}

async function addPickup() {
  const em = world.db.em.fork();
  const place = { city: 'Warsaw', district: 'Center', name: 'Corner shop', address: 'Nowy Swiat 1', hours: '10-18', instructions: 'Ring.' };
  const point = em.create(PickupPoint, { shopId: world.shop.id, ...place });
  em.persist(point);
  await em.flush();
  return world.addProduct({ kind: 'pickup', stockMode: 'counter', methods: ['wallet'], pickupPointId: point.id, units: 1 });
}

const secretsIn = async ({ customer }: Placed) => (await world.chat(customer)).filter((line) => line.text.includes('SECRET-')).length;

describe('goods', () => {
  it('are sent again for their customer and for staff, once a wish, and for nobody else', async () => {
    const placed = await buy();
    const { orderCode, customer } = placed;
    const again = (actor: string) => resendOrder(world.door, { orderCode, actor });
    expect(await Promise.all([again(`customer:${customer.id}`), again(`customer:${customer.id}`)])).toEqual([{ ok: true }, { ok: true }]);
    expect(await resultOf(world, deliveryWorkflowId(orderCode))).toBe('sent');
    const afterFirst = await secretsIn(placed);
    expect(afterFirst).toBeGreaterThanOrEqual(2);
    expect(afterFirst).toBeLessThanOrEqual(3);
    expect(await again('staff:1')).toEqual({ ok: true });
    expect(await resultOf(world, deliveryWorkflowId(orderCode))).toBe('sent');
    expect(await secretsIn(placed)).toBe(afterFirst + 1);
    expect(await again(`customer:${customer.id + 1}`)).toEqual({ ok: false, rejected: 'NotYours' });
    expect(await secretsIn(placed)).toBe(afterFirst + 1);
    expect((await viewOf(world, orderCode)).status).toBe('delivered');
  });

  it('of an order that is not paid, or not there, are not sent', async () => {
    const { orderCode } = await placeOne(world, { method: 'stars' });
    expect(await resendOrder(world.door, { orderCode, actor: 'cli' })).toEqual({ ok: false, rejected: 'NotPaid' });
    expect(await resendOrder(world.door, { orderCode: 'ZZZZZZZZ', actor: 'cli' })).toEqual({ ok: false, rejected: 'UnknownOrder' });
  });

  it('are handed over once, and a refund afterwards leaves them sold', async () => {
    const product = await addPickup();
    const { orderCode } = await buy(product);
    const [line] = (await viewOf(world, orderCode)).lines;
    const wish = { orderCode, orderLineId: line?.id ?? 0, actor: 'staff:1' };
    expect(await Promise.all([handOverOrder(world.door, wish), handOverOrder(world.door, wish)])).toEqual([{ ok: true }, { ok: true }]);
    expect(await resultOf(world, handoverWorkflowId(orderCode, wish.orderLineId))).toBe('handedOver');
    expect((await viewOf(world, orderCode)).lines[0]?.delivery?.status).toBe('handedOver');
    await requestRefund(world.door, { orderCode, number: 1, actor: 'cli', reason: 'test' });
    expect(await resultOf(world, refundWorkflowId(`${orderCode}-r1`))).toBe('succeeded');
    expect(await freeUnits(world, product.id)).toBe(0);
  });

  it('never collected go back to the shelf with the refund, and can no longer be handed over', async () => {
    const product = await addPickup();
    const { orderCode } = await buy(product);
    const [line] = (await viewOf(world, orderCode)).lines;
    await requestRefund(world.door, { orderCode, number: 1, actor: 'cli', reason: 'test' });
    expect(await resultOf(world, refundWorkflowId(`${orderCode}-r1`))).toBe('succeeded');
    expect(await freeUnits(world, product.id)).toBe(1);
    const wish = { orderCode, orderLineId: line?.id ?? 0, actor: 'staff:1' };
    expect(await handOverOrder(world.door, wish)).toEqual({ ok: false, rejected: 'NothingToSend' });
  });

  it('leave nothing the checker would name', () => isGreen(world));
});
