/** The worker killed at every step of every story: before it begins, and when its effect is there but its answer is not. */
import assert from 'node:assert/strict';
import type { Random } from '../harness/random.ts';
import type { Round, Scenario } from '../harness/scenario.ts';
import { isPaidFor } from './acts-of-orders.ts';
import type { KillPoint } from '../../support/kill-point.ts';
import { setPatience, waitFor } from '../../support/wait.ts';
import { openWorkerPark } from '../../support/worker-process.ts';
import type { World } from '../../support/world.ts';
import { runBots } from '../../support/story.ts';
import { listActivities, type Story, storiesOf } from './kill-stories.ts';

interface Killing {
  readonly point: KillPoint;
  readonly story: Story;
}

/** Each activity before and after, each time in a story that leads to it. A message that was sent and not noted is one point more. */
function drawKillings(random: Random): Killing[] {
  const points = listActivities().flatMap((activity) => {
    const stories = storiesOf(activity);
    return stories.length === 0 ? [] : (['before', 'after'] as const).map((side) => ({ point: `${side}:${activity}` as const, stories }));
  });
  const all = [...points, { point: 'after:sendMessage' as const, stories: storiesOf('tell') }];
  return random.shuffle(all).map(({ point, stories }) => ({ point, story: random.pick(stories) }));
}

/** Processes at work at once: most of their time is Temporal waiting for a worker that is dead. */
const width = 10;
const shortCount = 10;

export const workerKill: Scenario = {
  name: 'worker-kill',
  summary: 'the worker is killed at every step of an order, a refund, stray money, a re-send: another ends the story once',
  rounds: 25,
  async run(round) {
    setPatience(6);
    const world = await round.world();
    await round.share('bots', async () => ({ close: await runBots(world) }));
    const drawn = drawKillings(round.random);
    const killings = round.short ? drawn.filter(({ story }) => !story.alone).slice(0, shortCount) : drawn;
    const missed: string[] = [];
    const act = async (killing: Killing, index: number) => {
      const killed = await playThroughKill(world, killing, `r${round.number}-${index}`);
      if (!killed) missed.push(`${killing.point} in ${killing.story.name}`);
    };
    const beside = killings.filter(({ story }) => !story.alone);
    let next = 0;
    const lane = async () => {
      while (next < beside.length) {
        const index = next;
        next += 1;
        await act(beside[index] as Killing, index);
      }
    };
    await Promise.all(Array.from({ length: width }, lane));
    for (const [index, killing] of killings.filter(({ story }) => story.alone).entries()) await act(killing, beside.length + index);
    await isPaidFor(world);
    reportMissed(round, missed);
    return `${killings.length - missed.length} of ${killings.length} points struck`;
  },
};

function reportMissed(round: Round, missed: readonly string[]): void {
  if (missed.length > 0) round.say(`not reached this time: ${missed.join(', ')}`);
}

/** @returns whether the worker died at its point @throws when the story did not come to its end */
async function playThroughKill(world: World, { point, story }: Killing, name: string): Promise<boolean> {
  const park = openWorkerPark(world, name);
  try {
    const first = park.start(point);
    let over = false;
    const takenOver = first.ended.then((signal) => {
      if (!over) park.start();
      return signal;
    });
    await story.run(patient(park.world));
    over = true;
    await untilNothingRuns(park.world);
    const killed = await Promise.race([takenOver, Promise.resolve('alive' as const)]);
    if (killed !== 'alive') assert.equal(killed, 'SIGKILL', park.log());
    return killed !== 'alive';
  } catch (err) {
    throw new Error(`${point} in ${story.name}: ${err instanceof Error ? err.message : String(err)}\n${park.log()}`, { cause: err });
  } finally {
    await park.close();
  }
}

/** Setting up beside many others may hit the limits that statements have here; that is not what is tried. */
function patient(world: World): World {
  const again = <Args extends unknown[], Made>(make: (...args: Args) => Promise<Made>) => {
    return (...args: Args) => waitFor(() => make(...args), { timeout: 10_000, interval: 200 });
  };
  return { ...world, addProduct: again(world.addProduct), addPerson: again(world.addPerson) };
}

/** What a story began beside itself (a refund, a last screen) ends before its workers leave. */
async function untilNothingRuns({ door }: World): Promise<void> {
  await waitFor(
    async () => {
      const query = `TaskQueue = '${door.queues.orders}' AND ExecutionStatus = 'Running'`;
      const { count } = await door.client.workflow.count(query);
      assert.equal(count, 0, 'workflows that run still');
    },
    { timeout: 20_000, interval: 500 },
  );
}
