/** Every ending acted out on real servers: what it answers, what it costs, what its history tells strangers. `npm run histories -- record` keeps them. */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Ending } from '../support/ending.ts';
import { endings } from '../support/endings.ts';
import { eventNames, historyOf, readableHistory, tellEvents, writeHistory } from '../support/history.ts';
import { isGreen, runBots } from '../support/story.ts';
import { timeSkipping } from '../support/temporal.ts';
import { waitFor } from '../support/wait.ts';
import { startWorld, type World } from '../support/world.ts';

const recording = process.env.RECORD_HISTORIES === '1';
const folder = fileURLToPath(new URL('../histories/', import.meta.url));
const told: string[] = [];

async function actOut(world: World, ending: Ending, env?: TestWorkflowEnvironment): Promise<void> {
  const { workflowId, status } = await ending.run(world, env);
  const history = await historyOf(world, workflowId);
  const events = eventNames(history).length;
  told.push(
    `${ending.name.padEnd(38)} ${String(events).padStart(3)} ${(ending.most ? `≤ ${ending.most}` : '').padEnd(5)} ${status.padEnd(20)} ${tellEvents(history)}`,
  );
  if (ending.most !== undefined) expect(events, tellEvents(history)).toBeLessThanOrEqual(ending.most);
  const json = writeHistory(history);
  const readable = readableHistory(json);
  for (const secret of secretsOf(world)) expect(readable).not.toContain(secret);
  if (recording) writeFileSync(`${folder}${ending.name}.json`, json.replaceAll(world.config.temporal.queuePrefix, ''));
}

function secretsOf({ shop }: World): string[] {
  return ['SECRET-', 't'.repeat(35), `sk_test_${shop.botId}`, `whsec_${shop.botId}`, 'Ada'];
}

afterAll(() => console.log(table()));

const table = () => `\nevents of every ending\n${[...told].sort().join('\n')}\n`;

describe('on the real server', () => {
  let world: World;
  let stopBots: () => Promise<void>;
  beforeAll(async () => {
    world = await startWorld();
    stopBots = await runBots(world);
  }, 120_000);
  afterAll(async () => {
    await stopBots?.();
    await world?.close();
  });

  it.each(endings.filter((ending) => !ending.long))('$name', (ending: Ending) => actOut(world, ending), 60_000);

  it('leaves nothing that runs', async () => {
    const { client, queues } = world.door;
    const query = `TaskQueue = '${queues.orders}' AND ExecutionStatus = 'Running'`;
    await waitFor(
      async () => {
        const running: string[] = [];
        for await (const { workflowId } of client.workflow.list({ query })) running.push(workflowId);
        expect(running).toEqual([]);
      },
      { timeout: 20_000, interval: 500 },
    );
  }, 40_000);

  it('leaves nothing the checker would name', () => isGreen(world));
});

describe('on a server that skips time', () => {
  let env: TestWorkflowEnvironment | undefined;
  let world: World;
  beforeAll(async () => {
    env = await timeSkipping();
    if (env) world = await startWorld({ env });
  }, 180_000);
  afterAll(async () => {
    await world?.close();
    await env?.teardown();
  });

  it.for(endings.filter((ending) => ending.long && (recording || !ending.slow)))(
    '$name',
    { timeout: 120_000 },
    async (ending: Ending, test) => {
      // A recording without an ending would be taken for all of them.
      if (!env && recording) throw new Error(`${ending.name} lasts for days: install Java 17 and Maven, or it cannot be recorded.`);
      if (!env) return test.skip();
      world.setFarClock(await env.currentTimeMs());
      await actOut(world, ending, env);
    },
  );
});
