/** Temporal as the bot sees it: `place` runs the order's first step at once, or is not answered. */
import { createOrderActivities } from '../../activities/order.ts';
import type { Door } from '../../temporal/client.ts';
import type { OrderAnswer, OrderInput } from '../../workflows/messages/order.ts';
import { makeFakeDoor } from './fake-door.ts';
import type { TestShop } from './shop.ts';

export function makePlacingDoor(world: Pick<TestShop, 'db'>) {
  const fakeDoor = makeFakeDoor();
  const state = { silent: 0, placed: [] as OrderInput[] };
  const place = async (
    _update: unknown,
    { startWorkflowOperation: start }: { startWorkflowOperation: { options: { args: [OrderInput] } } },
  ): Promise<OrderAnswer> => {
    if (state.silent > 0) {
      state.silent -= 1;
      throw Object.assign(new Error('4 DEADLINE_EXCEEDED'), { code: 14 });
    }
    const [input] = start.options.args;
    state.placed.push(input);
    const row = await createOrderActivities({ db: world.db }).open({ ...input, at: Date.now() });
    if (row.existing)
      return { ok: true, orderCode: row.existing, status: row.existingStatus ?? 'awaitingPayment', version: 1, existing: row.existing };
    return row.rejected
      ? { ok: false, rejected: row.rejected }
      : { ok: true, orderCode: row.orderCode, status: row.status, version: row.version };
  };
  Object.assign(fakeDoor.door.client.workflow, { executeUpdateWithStart: place });
  return {
    ...fakeDoor,
    state,
    get door(): Door {
      return fakeDoor.door;
    },
  };
}
