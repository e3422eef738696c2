/** The worker killed at every step of every story: before it begins, and when its effect is there but its answer is not. */
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Round, Scenario } from '../harness/scenario.ts';
import { eachOf } from './acts.ts';
import { isPaidFor } from './acts-of-orders.ts';
import type { KillPoint } from '../../support/kill-point.ts';
import { setPatience, waitFor } from '../../support/wait.ts';
import { openWorkerPark } from '../../support/worker-process.ts';
import { startWorld, type World } from '../../support/world.ts';
import { runBots } from '../../support/story.ts';
import { customerIdAttribute } from '../../../workflows/messages/search-attributes.ts';
import { listActivities, type Story, storiesOf } from './kill-stories.ts';

interface Killing {
  readonly point: KillPoint;
  readonly story: Story;
}

/** What no order passes through is killed at in one of so many rounds: all of it in all rounds takes hours. */
const turns = 5;

/**
 * Each activity before and after, each time in a story that leads to it. A message that was sent and not noted is one point more. What orders
 * pass through is killed at in every round, the rest in turn, by the seed.
 */
function drawKillings({ random, seed }: Pick<Round, 'random' | 'seed'>): Killing[] {
  const activities = listActivities().filter((activity) => storiesOf(activity).length > 0);
  const isOfOrders = (activity: string) => storiesOf(activity).some(({ name }) => name.startsWith('order-'));
  const others = activities.filter((activity) => !isOfOrders(activity));
  const drawn = others.filter((_, index) => index % turns === seed % turns);
  const points = [...activities.filter(isOfOrders), ...drawn].flatMap((activity) =>
    (['before', 'after'] as const).map((side) => ({ point: `${side}:${activity}` as const, stories: storiesOf(activity) })),
  );
  const all = [...points, { point: 'after:sendMessage' as const, stories: storiesOf('tell') }];
  return random.shuffle(all).map(({ point, stories }) => ({ point, story: random.pick(stories) }));
}

/** Stories at once: most of their time is Temporal waiting for a worker that is dead. With more, two cores keep its store waiting too long. */
const width = 8;
/** Worlds of their own for stories that nothing else may run beside. */
const aloneWidth = 4;
const shortCount = 10;
/** What takes longer is told. */
const slowSeconds = 90;
/** A story that has not ended by then never will. */
const storyMs = 240_000;
/** Workers that start all at once leave the servers no time to answer anybody. */
const betweenStartsMs = 500;

/** One story after another on a queue of its own; when a worker dies, its successor ends this story and serves the next. */
interface Lane {
  play(killing: Killing): Promise<boolean>;
  close(): Promise<void>;
}

export const workerKill: Scenario = {
  name: 'worker-kill',
  summary: 'the worker is killed at every step of every story, of customers, staff, providers and the clock: another ends it once',
  rounds: 25,
  async run(round) {
    setPatience(10);
    const world = await round.world();
    await round.share('bots', async () => ({ close: await runBots(world) }));
    const drawn = drawKillings(round);
    const killings = round.short ? drawn.filter(({ story }) => !story.alone).slice(0, shortCount) : drawn;
    const missed: string[] = [];
    const playAll = async (some: readonly Killing[], lanes: readonly Promise<Lane>[]) => {
      const free = [...lanes];
      await eachOf(some, lanes.length, async (killing) => {
        const lane = free.shift() as Promise<Lane>;
        const { play } = await lane;
        const begun = performance.now();
        // Something else may have been quicker: once more.
        if (!(await play(killing)) && !(await play(killing))) missed.push(`${killing.point} in ${killing.story.name}`);
        const seconds = Math.round((performance.now() - begun) / 1_000);
        if (seconds > slowSeconds) round.say(`${killing.point} in ${killing.story.name} took ${seconds} s`);
        free.push(lane);
      });
    };
    const [alone, beside] = [killings.filter(({ story }) => story.alone), killings.filter(({ story }) => !story.alone)];
    const besideLanes = Array.from({ length: Math.min(width, beside.length) }, (_, index) =>
      round.share(`lane ${index}`, async () => {
        await sleep(index * betweenStartsMs);
        return openLane(world, `lane${index}`);
      }),
    );
    const aloneLanes = Array.from({ length: Math.min(aloneWidth, alone.length) }, (_, index) =>
      round.share(`alone ${index}`, async () => {
        await sleep((width + index) * betweenStartsMs);
        return openLaneAlone(round);
      }),
    );
    const played = await Promise.allSettled([playAll(beside, besideLanes), playAll(alone, aloneLanes)]);
    for (const one of played) if (one.status === 'rejected') throw one.reason;
    await isPaidFor(world);
    reportMissed(round, missed);
    return `${killings.length - missed.length} of ${killings.length} points struck`;
  },
};

function reportMissed(round: Round, missed: readonly string[]): void {
  if (missed.length > 0) round.say(`not reached this time: ${missed.join(', ')}`);
}

/** A lane in a world nobody else is in, on the queue of its API and bots: what they start is killed too. */
async function openLaneAlone({ check }: Round): Promise<Lane> {
  const world = await startWorld({ worker: false });
  check(world.db);
  const stopBots = await runBots(world);
  const lane = openLane(world);
  return {
    play: lane.play,
    async close() {
      await lane.close();
      await stopBots();
      await world.close();
    },
  };
}

function openLane(world: World, name?: string): Lane {
  const park = openWorkerPark(world, name);
  let ends: Promise<NodeJS.Signals | null>[] = [];
  let closing = false;
  const begin = () => {
    const { ended } = park.start();
    const successor = ended.then((signal) => {
      if (!closing) begin();
      return signal;
    });
    ends.push(successor);
  };
  begin();
  return {
    /** @returns whether the worker died at its point @throws when the story did not come to its end */
    async play({ point, story }) {
      // The worker that is there, and those that follow it in this story.
      ends = ends.slice(-1);
      park.arm(point);
      try {
        const customers = new Set<string>();
        await inTime(story.run(patient(park.world, customers)));
        await untilNothingRuns(park.world, customers);
        const died = park.disarm();
        const signals = await Promise.all(ends.slice(0, died ? 1 : 0));
        assert.deepEqual([signals, ends.length], died ? [['SIGKILL'], 2] : [[], 1], 'workers died at their point and nowhere else');
        return died;
      } catch (err) {
        throw new Error(`${point} in ${story.name}: ${err instanceof Error ? err.message : String(err)}\n${park.log()}`, { cause: err });
      }
    },
    close() {
      closing = true;
      return park.close();
    },
  };
}

async function inTime(story: ReturnType<Story['run']>): Promise<void> {
  const over = new AbortController();
  const late = sleep(storyMs, undefined, { signal: over.signal }).then(() => {
    throw new Error(`it did not end within ${storyMs / 1_000} s`);
  });
  try {
    await Promise.race([story, late]);
  } finally {
    over.abort();
    late.catch(() => undefined);
  }
}

/** Setting up beside many others may hit the limits that statements have here; that is not what is tried. `customers` learns who came. */
function patient(world: World, customers: Set<string>): World {
  const again = <Args extends unknown[], Made>(make: (...args: Args) => Promise<Made>) => {
    return (...args: Args) => waitFor(() => make(...args), { timeout: 10_000, interval: 200 });
  };
  const addPerson: World['addPerson'] = async (...args) => {
    const customer = await again(world.addPerson)(...args);
    customers.add(String(customer.id));
    return customer;
  };
  return { ...world, addProduct: again(world.addProduct), addPerson };
}

/**
 * What a story began beside itself (a refund, a last screen) ends before its workers leave. The relays of all lanes share one database: what one
 * of them started again here for a customer of another lane's story may wait for that story, and is let be.
 */
async function untilNothingRuns({ door }: World, customers: ReadonlySet<string>): Promise<void> {
  const query = `TaskQueue = '${door.queues.orders}' AND ExecutionStatus = 'Running'`;
  await waitFor(
    async () => {
      const running: string[] = [];
      for await (const { workflowId, typedSearchAttributes } of door.client.workflow.list({ query })) {
        const customer = typedSearchAttributes.get(customerIdAttribute);
        if (customer === undefined || customers.has(customer)) running.push(workflowId);
      }
      assert.deepEqual(running, [], 'workflows that run still');
    },
    { timeout: 20_000, interval: 500 },
  );
}
