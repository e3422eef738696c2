/** The whole shop loses its power at every step of an order: worker, app, PostgreSQL and Temporal at once. The world outside stays. */
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { MethodName } from '../../../domain/payment.ts';
import type { FaultStack } from '../harness/stack.ts';
import type { Scenario } from '../harness/scenario.ts';
import type { PurchaseWish } from '../harness/purchase.ts';
import { listActivities, recordedIn } from './kill-stories.ts';
import { marketOf, runLoad } from './load.ts';

/** What happens of a purchase, by the ending that recorded it. */
const ways: readonly (PurchaseWish & { readonly ending: string })[] = [
  { ending: 'order-wallet-delivered', fate: 'pay', method: 'wallet' },
  { ending: 'order-stars-delivered', fate: 'pay', method: 'stars' },
  { ending: 'order-card-delivered', fate: 'pay', method: 'card' },
  { ending: 'order-card-expired', fate: 'leave', method: 'card' as MethodName },
  { ending: 'order-card-cancelled-by-staff', fate: 'cancel', method: 'card' as MethodName },
  { ending: 'order-card-then-wallet-delivered', fate: 'change', method: 'card' as MethodName },
];

export const shopKill: Scenario = {
  name: 'shop-kill',
  summary: 'worker, app, PostgreSQL and Temporal are killed together at every step of an order: it goes on when they are back',
  rounds: 3,
  async run(round) {
    const market = await marketOf(round, { stalls: 1 });
    const { stack } = market;
    const marker = join(stack.folder, 'killed');
    const points = listActivities().flatMap((activity) => {
      const fits = ways.filter(({ ending }) => recordedIn(ending).has(activity));
      return fits.length === 0
        ? []
        : (['before', 'after'] as const).map((side) => ({ point: `${side}:${activity}`, way: round.random.pick(fits) }));
    });
    const drawn = round.random.shuffle([...points, { point: 'after:sendMessage', way: ways[0] as (typeof ways)[number] }]);
    let struck = 0;
    for (const { point, way } of round.short ? drawn.slice(0, 2) : drawn) {
      rmSync(marker, { force: true });
      Object.assign(stack.workerEnv, { TILLFLOW_TEST_KILL_POINT: point, TILLFLOW_TEST_KILL_MARKER: marker });
      await stack.workers[0]?.restart();
      await runLoad(market, round.seed + struck, {
        orders: 1,
        buyers: 1,
        wish: way,
        async breaking(signal) {
          if (!(await untilKilled(marker, signal))) return;
          struck += 1;
          cutPower(stack);
        },
      });
    }
    return `${struck} of ${round.short ? 2 : drawn.length} points struck`;
  },
};

async function untilKilled(marker: string, signal: AbortSignal): Promise<boolean> {
  while (!existsSync(marker)) {
    if (signal.aborted) return false;
    await sleep(5);
  }
  return true;
}

function cutPower({ members, workers }: FaultStack): void {
  for (const one of [...workers, members.app, members.postgres, members.temporal]) one.kill();
}
