/** The whole shop loses its power at every step of an order: worker, app, PostgreSQL and Temporal at once. The world outside stays. */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { MethodName } from '../../../domain/payment.ts';
import type { FaultStack } from '../harness/stack.ts';
import type { Scenario } from '../harness/scenario.ts';
import type { PurchaseWish } from '../harness/purchase.ts';
import { armKill, disarmKill, isKillArmed, killFileVariable } from '../../support/kill-point.ts';
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
  beside: true,
  rounds: 3,
  async run(round) {
    const market = await marketOf(round, { stalls: 1 });
    const { stack } = market;
    const killFile = join(stack.folder, 'kill-point');
    if (stack.workerEnv[killFileVariable] === undefined) {
      stack.workerEnv[killFileVariable] = killFile;
      await stack.workers[0]?.restart();
    }
    const points = listActivities().flatMap((activity) => {
      const fits = ways.filter(({ ending }) => recordedIn(ending).has(activity));
      return fits.length === 0
        ? []
        : (['before', 'after'] as const).map((side) => ({ point: `${side}:${activity}` as const, way: round.random.pick(fits) }));
    });
    const drawn = round.random.shuffle([...points, { point: 'after:sendMessage' as const, way: ways[0] as (typeof ways)[number] }]);
    let struck = 0;
    for (const { point, way } of round.short ? drawn.slice(0, 2) : drawn) {
      armKill(killFile, point);
      await runLoad(market, round.seed + struck, {
        orders: 1,
        buyers: 1,
        wish: way,
        async breaking(signal) {
          if (!(await untilKilled(killFile, signal))) return;
          struck += 1;
          cutPower(stack);
        },
      });
      disarmKill(killFile);
    }
    return `${struck} of ${round.short ? 2 : drawn.length} points struck`;
  },
};

async function untilKilled(killFile: string, signal: AbortSignal): Promise<boolean> {
  while (isKillArmed(killFile)) {
    if (signal.aborted) return false;
    await sleep(5);
  }
  return true;
}

function cutPower({ members, workers }: FaultStack): void {
  for (const one of [...workers, members.app, members.postgres, members.temporal]) one.kill();
}
