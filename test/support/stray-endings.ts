/** How money ends that no open order waits for. */
import { expect } from 'vitest';
import { startStray } from '../../temporal/stray.ts';
import { orderWorkflowId } from '../../workflows/messages/order.ts';
import { strayWorkflowId } from '../../workflows/messages/stray.ts';
import { type Ending, ended, resultOf } from './ending.ts';
import { delivered, payByCard, placeOne } from './story.ts';
import { waitFor } from './wait.ts';
import type { World } from './world.ts';

/** A webhook's ring; a server that is busy is rung again. */
function untilRung({ door, shop }: World, provider: string, objectId: string): Promise<void> {
  return waitFor(() => startStray(door, { shopId: shop.id, provider, objectId }), { timeout: 10_000 });
}

/** Waits until money has its outcome, and so its workflow exists. */
async function untilOutcome(world: World, objectId: string): Promise<void> {
  await waitFor(
    async () => {
      const rows: { outcome: string | null }[] = await world.db.em
        .fork()
        .execute(`select outcome from inbox where object_id = ? and kind = 'settled'`, [objectId]);
      expect(rows.some((row) => row.outcome !== null)).toBe(true);
    },
    { timeout: 15_000, interval: 100 },
  );
}

export const strayEndings: readonly Ending[] = [
  {
    name: 'stray-late-card-to-wallet',
    async run(world) {
      const placed = await placeOne(world, { method: 'card', holdSeconds: 1 });
      await resultOf(world, orderWorkflowId(placed.orderCode));
      const intent = await payByCard(world, placed.orderCode, { force: true });
      const workflowId = strayWorkflowId('stripe', intent);
      await untilOutcome(world, intent);
      return ended(world, workflowId);
    },
  },
  {
    name: 'stray-second-stars-back',
    async run(world) {
      const placed = await delivered(world, { method: 'stars' });
      const objectId = `second_${placed.orderCode}`;
      await world.say(placed.orderCode, { provider: 'stars', objectId });
      await untilRung(world, 'stars', objectId);
      return ended(world, strayWorkflowId('stars', objectId));
    },
  },
  {
    name: 'stray-of-nobody',
    async run(world) {
      const objectId = `pi_nobody_${Date.now()}`;
      await world.say('NOBODYXX', { objectId });
      await untilRung(world, 'stripe', objectId);
      return ended(world, strayWorkflowId('stripe', objectId));
    },
  },
];
