/** The whole shop loses its power at every step of an order or a top-up: worker, app, PostgreSQL and Temporal at once. The world outside stays. */
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
  { ending: 'deposit-card-credited', fate: 'pay', method: 'wallet', topsUp: true },
  { ending: 'order-stars-delivered', fate: 'pay', method: 'stars' },
  { ending: 'order-card-delivered', fate: 'pay', method: 'card' },
  { ending: 'order-card-expired', fate: 'leave', method: 'card' as MethodName },
  { ending: 'order-card-cancelled-by-staff', fate: 'cancel', method: 'card' as MethodName },
  { ending: 'order-card-then-wallet-delivered', fate: 'change', method: 'card' as MethodName },
];

export const shopKill: Scenario = {
  name: 'shop-kill',
  summary: 'worker, app, PostgreSQL and Temporal are killed together at every step of an order or a top-up: it goes on when they are back',
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
      return fits.length === 0 ? [] : (['before', 'after'] as const).map((side) => ({ point: `${side}:${activity}` as const, fits }));
    });
    const all = round.random.shuffle([...points, { point: 'after:sendMessage' as const, fits: ways.slice(0, 1) }]);
    const drawn = round.short ? all.slice(0, 2) : all;
    const missed: string[] = [];
    let orders = 0;
    for (const { point, fits } of drawn) {
      armKill(killFile, point);
      // A way may not come there this time, because something else was quicker: then another way does.
      for (const way of round.random.shuffle(fits)) {
        orders += 1;
        await runLoad(market, round.seed + orders, {
          orders: 1,
          buyers: 1,
          wish: way,
          async breaking(signal) {
            if (await untilKilled(killFile, signal)) cutPower(stack);
          },
        });
        if (!isKillArmed(killFile)) break;
      }
      if (isKillArmed(killFile)) missed.push(point);
      disarmKill(killFile);
    }
    if (missed.length > 0) round.say(`not reached this time: ${missed.join(', ')}`);
    return `${drawn.length - missed.length} of ${drawn.length} points struck`;
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
