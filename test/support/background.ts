/** How what runs in the background ends. */
import { expect } from 'vitest';
import { raiseAlert } from '../../db/repositories/alert.ts';
import { startAlert } from '../../temporal/alert.ts';
import { ownId } from '../../temporal/client.ts';
import { refreshRates } from '../../temporal/rate.ts';
import { alertWorkflowId } from '../../workflows/messages/alert.ts';
import { ratesByHandWorkflowId } from '../../workflows/messages/rate.ts';
import { type Ending, ended } from './ending.ts';
import { untilAnswered, waitFor } from './wait.ts';
import type { World } from './world.ts';

async function refreshed(world: World): Promise<{ workflowId: string; status: string }> {
  const { status } = await untilAnswered(() => refreshRates(world.door));
  expect(status).toMatch(/^refreshed|^without/);
  return ended(world, ownId(world.door, ratesByHandWorkflowId));
}

export const backgroundEndings: readonly Ending[] = [
  { name: 'rates-refreshed', most: 20, run: refreshed },
  {
    name: 'rates-without-a-source',
    long: true,
    async run(world) {
      world.sandbox.faults.add({ target: 'coinbase', kind: '500', times: 100 });
      const end = await refreshed(world);
      world.sandbox.faults.clear();
      return end;
    },
  },
  {
    name: 'rates-apart-told',
    async run(world) {
      await refreshed(world);
      await world.control('/rates', { base: 'SOL', usd: 200, source: 'coinbase' });
      const end = await refreshed(world);
      await world.control('/rates', { base: 'SOL', usd: null });
      return end;
    },
  },
  {
    name: 'alert-told',
    async run(world) {
      const staff = await world.addPerson();
      const { id: shopId } = world.shop;
      await world.db.em.fork().execute('update shop set staff_chat_id = ? where id = ?', [staff.chatId, shopId]);
      // Those of earlier stories come first, one a second.
      await world.db.em.fork().execute('update alert set told_at = raised_at where shop_id = ? and told_at is null', [shopId]);
      const key = `alert of ${staff.id}`;
      await raiseAlert(world.db.em.fork(), { shopId, key, kind: 'ratesBack', params: { what: key }, at: new Date() });
      // An earlier story's may still be told, to the staff chat it had.
      await waitFor(async () => expect(await startAlert(world.door, shopId)).toBe(true), { timeout: 30_000 });
      await waitFor(async () => expect((await world.chat(staff)).filter(({ text }) => text.includes(key))).toHaveLength(1), {
        timeout: 15_000,
      });
      const end = await ended(world, ownId(world.door, alertWorkflowId(shopId)));
      await world.db.em.fork().execute('update shop set staff_chat_id = null where id = ?', [shopId]);
      return end;
    },
  },
];
