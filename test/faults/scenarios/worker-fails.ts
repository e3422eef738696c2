/** Workers with a tiny cache, workers that come and go, and a deploy that should never have been. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { orderWorkflowId } from '../../../workflows/messages/order.ts';
import { makeRandom } from '../harness/random.ts';
import type { FaultStack } from '../harness/stack.ts';
import type { Scenario } from '../harness/scenario.ts';
import { marketOf, pause, runLoad, tellPurchases } from './load.ts';

const workerCache: Scenario = {
  name: 'worker-cache',
  summary: 'workers that keep 2 workflows in memory replay nearly every step: orders end as ever',
  rounds: 1,
  async run(round) {
    const market = await marketOf(round, { workerEnv: { TILLFLOW_TEST_CACHED_WORKFLOWS: '2' } });
    return tellPurchases(await runLoad(market, round.seed, { orders: round.short ? 20 : 300, buyers: 24 }));
  },
};

const workerRestarts: Scenario = {
  name: 'worker-restarts',
  summary: 'a third of the workers is restarted every 30 seconds, in order or by force, under load',
  rounds: 1,
  async run(round) {
    const market = await marketOf(round, { workers: 3 });
    const random = makeRandom(round.seed);
    const counts = { inOrder: 0, byForce: 0 };
    const purchases = await runLoad(market, round.seed, {
      orders: round.short ? 20 : 1_600,
      buyers: 16,
      async breaking(signal) {
        while (await pause(round.short ? 4_000 : 30_000, signal)) {
          const worker = random.pick(market.stack.workers);
          if (random.chance(0.5)) {
            counts.inOrder += 1;
            await worker.restart();
          } else if (worker.kill()) counts.byForce += 1;
        }
      },
    });
    return `${counts.inOrder} in order, ${counts.byForce} by force; ${tellPurchases(purchases)}`;
  },
};

const changedWorkflows = fileURLToPath(new URL('../../support/changed-workflows.ts', import.meta.url));

/** The bundle of a deploy that changes the order of commands without a patch. */
async function bundleChanged(folder: string): Promise<string> {
  const { code } = await bundleWorkflowCode({ workflowsPath: changedWorkflows, logger: new DefaultLogger('ERROR') });
  const path = join(folder, 'bundles', 'changed.js');
  mkdirSync(join(folder, 'bundles'), { recursive: true });
  writeFileSync(path, code);
  return path;
}

/** Orders whose history the running code cannot follow: their workflow task has failed. */
async function findWedged({ door, db }: FaultStack): Promise<string[]> {
  const rows: { code: string }[] = await db.em
    .fork()
    .execute(`select code from "order" where status not in ('delivered', 'expired', 'cancelled')`);
  const wedged: string[] = [];
  for (const { code } of rows) {
    const description = await door.client.workflow
      .getHandle(orderWorkflowId(code))
      .describe()
      .catch(() => undefined);
    const attempt = description?.raw.pendingWorkflowTask?.attempt ?? 0;
    if (description?.status.name === 'RUNNING' && Number(attempt) > 1) wedged.push(code);
  }
  return wedged;
}

/** Workflow ids of all orders that have a row. */
async function listRows({ db }: FaultStack): Promise<string[]> {
  const rows: { code: string }[] = await db.em.fork().execute('select code from "order"');
  return rows.map(({ code }) => orderWorkflowId(code));
}

/** Every run that is open, by what Temporal lists: also of orders that never got a row. */
async function listRunning({ door }: FaultStack): Promise<string[]> {
  const ids: string[] = [];
  for await (const { workflowId } of door.client.workflow.list({
    query: `WorkflowType = 'orderWorkflow' AND ExecutionStatus = 'Running'`,
  })) {
    ids.push(workflowId);
  }
  return ids;
}

const badDeploy: Scenario = {
  name: 'bad-deploy',
  summary: 'a deploy changes the order of commands without a patch, and is rolled back: orders stand still meanwhile, and none is lost',
  rounds: 1,
  async run(round) {
    const market = await marketOf(round);
    const { stack } = market;
    const bundle = await round.share('bundle', async () => ({ path: await bundleChanged(stack.folder), close: async () => undefined }));
    const [worker] = stack.workers;
    if (!worker) throw new Error('There is no worker');
    let stood = 0;
    let begun = 0;
    let rowless = 0;
    const purchases = await runLoad(market, round.seed, {
      orders: round.short ? 16 : 200,
      buyers: 16,
      wish: { deadlineMs: 300_000 },
      async breaking(signal) {
        await pause(3_000, signal);
        const before = new Set(await listRunning(stack));
        stack.workerEnv.TILLFLOW_TEST_BUNDLE = bundle.path;
        await worker.restart();
        await sleep(round.short ? 12_000 : 25_000);
        stood = (await findWedged(stack)).length;
        delete stack.workerEnv.TILLFLOW_TEST_BUNDLE;
        await worker.restart();
        // What began under the bad code cannot go on under the good one. The relay ends it and begins again from its row; what has no row is
        // terminated by hand, and begins again with its tap.
        const known = new Set(await listRows(stack));
        for (const workflowId of await listRunning(stack)) {
          if (before.has(workflowId)) continue;
          begun += 1;
          if (known.has(workflowId)) continue;
          rowless += 1;
          await stack.door.client.workflow
            .getHandle(workflowId)
            .terminate('begun by a deploy that was rolled back')
            .catch(() => undefined);
        }
      },
    });
    return `${stood} stood still, ${begun} begun meanwhile, ${rowless} without a row terminated; ${tellPurchases(purchases)}`;
  },
};

export const workerFails: readonly Scenario[] = [workerCache, workerRestarts, badDeploy];
