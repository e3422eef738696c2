/** Temporal dies, stays away, forgets everything or a part, and is meddled with by hand. The rows say what is; the relay starts it again. */
import { copyFileSync, existsSync, rmSync } from 'node:fs';
import type { Market } from '../harness/market.ts';
import { makeRandom } from '../harness/random.ts';
import type { FaultStack } from '../harness/stack.ts';
import type { Scenario } from '../harness/scenario.ts';
import { orderWorkflowId } from '../../../workflows/messages/order.ts';
import { marketOf, pause, runLoad, strikeEvery, tellPurchases } from './load.ts';

const storeParts = ['', '-wal', '-shm'];

/** Orders that are under way. */
async function openOrders({ stack }: Market): Promise<string[]> {
  const rows: { code: string }[] = await stack.db.em
    .fork()
    .execute(`select code from "order" where status in ('awaitingPayment', 'awaitingSettlement', 'paid') order by placed_at`);
  return rows.map(({ code }) => code);
}

const temporalKill: Scenario = {
  name: 'temporal-kill',
  summary: 'Temporal is killed every 5 to 15 seconds under load: orders go on where they were',
  rounds: 1,
  async run(round) {
    const market = await marketOf(round);
    const random = makeRandom(round.seed);
    let kills = 0;
    const purchases = await runLoad(market, round.seed, {
      orders: round.short ? 16 : 300,
      buyers: 16,
      async breaking(signal) {
        kills = await strikeEvery(random, round.short ? [3_000, 8_000] : [5_000, 15_000], signal, () =>
          market.stack.members.temporal.kill(),
        );
      },
    });
    return `${kills} kills; ${tellPurchases(purchases)}`;
  },
};

const temporalAway: Scenario = {
  name: 'temporal-away',
  summary: 'Temporal is away for 5 minutes while customers tap and pay: who tapped is served when it is back',
  beside: true,
  rounds: 1,
  async run(round) {
    const market = await marketOf(round);
    const { temporal } = market.stack.members;
    const awaySeconds = round.short ? 15 : 300;
    const purchases = await runLoad(market, round.seed, {
      orders: round.short ? 12 : 100,
      buyers: 12,
      wish: { deadlineMs: (awaySeconds + 240) * 1_000 },
      async breaking(signal) {
        await pause(3_000, signal);
        await temporal.stop();
        await pause(awaySeconds * 1_000, new AbortController().signal);
        temporal.start();
      },
    });
    return `away ${awaySeconds} s; ${tellPurchases(purchases)}`;
  },
};

/** Takes the store away, or puts an older one back, while Temporal is down. */
async function exchangeStore(stack: FaultStack, older?: string): Promise<void> {
  await stack.members.temporal.stop();
  for (const part of storeParts) {
    rmSync(`${stack.temporalFile}${part}`, { force: true });
    if (older !== undefined && existsSync(`${older}${part}`)) copyFileSync(`${older}${part}`, `${stack.temporalFile}${part}`);
  }
  stack.members.temporal.start();
  await stack.untilReady(['temporal']);
}

async function copyStore(stack: FaultStack, to: string): Promise<void> {
  await stack.members.temporal.stop();
  for (const part of storeParts) {
    rmSync(`${to}${part}`, { force: true });
    if (existsSync(`${stack.temporalFile}${part}`)) copyFileSync(`${stack.temporalFile}${part}`, `${to}${part}`);
  }
  stack.members.temporal.start();
  await stack.untilReady(['temporal']);
}

const temporalLost: Scenario = {
  name: 'temporal-lost',
  summary: "Temporal's file is lost under load: the relay starts every open order again from its row",
  rounds: 2,
  async run(round) {
    const market = await marketOf(round);
    let lost = 0;
    const purchases = await runLoad(market, round.seed, {
      orders: round.short ? 12 : 100,
      buyers: 16,
      async breaking(signal) {
        await pause(4_000, signal);
        lost = (await openOrders(market)).length;
        await exchangeStore(market.stack);
      },
    });
    return `lost with ${lost} open orders; ${tellPurchases(purchases)}`;
  },
};

const temporalOlder: Scenario = {
  name: 'temporal-older',
  summary:
    "an older copy of Temporal's file is put back under load: what it forgot is started again, what it remembers wrongly does nothing twice",
  rounds: 3,
  async run(round) {
    const market = await marketOf(round);
    const { stack } = market;
    const copy = `${stack.temporalFile}.older`;
    let lost = 0;
    const purchases = await runLoad(market, round.seed, {
      orders: round.short ? 16 : 150,
      buyers: 16,
      async breaking(signal) {
        await pause(3_000, signal);
        await copyStore(stack, copy);
        await pause(round.short ? 3_000 : 8_000, signal);
        lost = (await openOrders(market)).length;
        await exchangeStore(stack, copy);
      },
    });
    return `older copy with ${lost} open orders; ${tellPurchases(purchases)}`;
  },
};

/** The last open order would be struck every second for ever: whatever it does takes longer. */
const mostPerOrder = 8;

const temporalByHand: Scenario = {
  name: 'temporal-by-hand',
  summary: 'open orders are terminated and reset by hand under load: the relay starts them again, and they end as they would have',
  rounds: 2,
  async run(round) {
    const market = await marketOf(round);
    const random = makeRandom(round.seed);
    const { client, connection } = market.stack.door;
    const counts = { terminated: 0, reset: 0 };
    const meddledWith = new Map<string, number>();
    const purchases = await runLoad(market, round.seed, {
      orders: round.short ? 12 : 100,
      buyers: 16,
      async breaking(signal) {
        while (await pause(random.whole(200, 1_000), signal)) {
          const open = (await openOrders(market)).filter((code) => (meddledWith.get(code) ?? 0) < mostPerOrder);
          if (open.length === 0) continue;
          const code = random.pick(open);
          meddledWith.set(code, (meddledWith.get(code) ?? 0) + 1);
          const workflowId = orderWorkflowId(code);
          try {
            if (random.chance(0.5)) {
              await client.workflow.getHandle(workflowId).terminate('by hand');
              counts.terminated += 1;
            } else {
              await connection.workflowService.resetWorkflowExecution({
                namespace: client.options.namespace,
                workflowExecution: { workflowId },
                reason: 'by hand',
                // The first workflow task: everything after it is forgotten.
                workflowTaskFinishEventId: 4 as never,
                requestId: `${workflowId}-${counts.reset}`,
              });
              counts.reset += 1;
            }
          } catch {
            // It closed meanwhile, or has not come to its first answer yet.
          }
        }
      },
    });
    return `${counts.terminated} terminated, ${counts.reset} reset; ${tellPurchases(purchases)}`;
  },
};

export const temporalFails: readonly Scenario[] = [temporalKill, temporalAway, temporalLost, temporalOlder, temporalByHand];
