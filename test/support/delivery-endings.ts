/** How a re-send and a handover end. */
import { expect } from 'vitest';
import { PickupPoint } from '../../db/entities/pickup-point.ts';
import { handOverOrder, resendOrder } from '../../temporal/delivery.ts';
import { deliveryWorkflowId, handoverWorkflowId } from '../../workflows/messages/delivery.ts';
import { type Ending, ended } from './ending.ts';
import { delivered, viewOf } from './story.ts';
import { untilAnswered } from './wait.ts';
import type { World } from './world.ts';

async function pickupPoint(world: World): Promise<number> {
  const em = world.db.em.fork();
  const point = em.create(PickupPoint, {
    shopId: world.shop.id,
    city: 'Warsaw',
    district: 'Center',
    name: 'Corner shop',
    address: 'Nowy Swiat 1',
    hours: '10-18',
    instructions: 'Ring twice.',
  });
  em.persist(point);
  await em.flush();
  return point.id;
}

export const deliveryEndings: readonly Ending[] = [
  {
    name: 'delivery-sent-again',
    async run(world) {
      const { orderCode, customer } = await delivered(world, { method: 'wallet', cash: 5000 });
      expect(await untilAnswered(() => resendOrder(world.door, { orderCode, actor: `customer:${customer.id}` }))).toEqual({ ok: true });
      return ended(world, deliveryWorkflowId(orderCode));
    },
  },
  {
    name: 'delivery-not-yours',
    async run(world) {
      const { orderCode, customer } = await delivered(world, { method: 'wallet', cash: 5000 });
      expect(await untilAnswered(() => resendOrder(world.door, { orderCode, actor: `customer:${customer.id + 1}` }))).toEqual({
        ok: false,
        rejected: 'NotYours',
      });
      return ended(world, deliveryWorkflowId(orderCode));
    },
  },
  {
    name: 'handover-handed-over',
    async run(world) {
      const product = await world.addProduct({
        kind: 'pickup',
        methods: ['wallet'],
        pickupPointId: await pickupPoint(world),
        stockMode: 'counter',
      });
      const { orderCode } = await delivered(world, { method: 'wallet', cash: 5000, product });
      const [line] = (await viewOf(world, orderCode)).lines;
      const wish = { orderCode, orderLineId: line?.id ?? 0, actor: 'cli' };
      expect(await untilAnswered(() => handOverOrder(world.door, wish))).toEqual({ ok: true });
      return ended(world, handoverWorkflowId(orderCode, wish.orderLineId));
    },
  },
];
