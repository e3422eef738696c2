/** A worker killed between the steps of a top-up in Stars and of its refund: another ends both once. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { KillPoint } from '../support/kill-point.ts';
import { starsEndings } from '../support/stars-endings.ts';
import { isGreen, runBots } from '../support/story.ts';
import { setPatience } from '../support/wait.ts';
import { openWorkerPark, type WorkerPark } from '../support/worker-process.ts';
import { startWorld, type World } from '../support/world.ts';

const points: readonly (readonly [ending: string, status: string, KillPoint])[] = [
  ['deposit-by-stars-credited', 'credited', 'after:tellDeposit'],
  ['deposit-by-stars-credited', 'credited', 'after:settleDeposit'],
  ['deposit-by-stars-credited', 'credited', 'after:openDeposit'],
  ['refund-by-stars-succeeded', 'succeeded', 'after:decideRefund'],
  ['refund-by-stars-succeeded', 'succeeded', 'after:sendRefund'],
  ['refund-by-stars-succeeded', 'succeeded', 'after:recordRefund'],
];

let world: World;
let stopBots: () => Promise<void>;
const parks: WorkerPark[] = [];
const runs = new Map<string, Promise<string>>();

/** All of them at once: most of their time is Temporal waiting for a worker that is dead. */
beforeAll(async () => {
  setPatience(10);
  world = await startWorld({ worker: false });
  stopBots = await runBots(world);
  for (const [index, [ending, , point]] of points.entries()) {
    const run = sleep(index * 1_000).then(() => play(ending, point));
    run.catch(() => undefined);
    runs.set(`${ending} ${point}`, run);
  }
}, 120_000);
afterAll(async () => {
  try {
    await Promise.all(parks.map((park) => park.close()));
    await stopBots?.();
    await world?.close();
  } finally {
    setPatience(1);
  }
});

async function play(name: string, point: KillPoint): Promise<string> {
  const park = openWorkerPark(world, `${name}-${point.replace(':', '-').toLowerCase()}`);
  parks.push(park);
  park.arm(point);
  const takenOver = park.start().ended.then((signal) => {
    park.start();
    return signal;
  });
  const { status } = (await starsEndings.find((ending) => ending.name === name)?.run(park.world)) ?? { status: 'no such ending' };
  expect(await takenOver, park.log()).toBe('SIGKILL');
  return status;
}

it.each(points)(
  '%s: %s through a kill %s',
  async (ending, status, point) => {
    expect(await runs.get(`${ending} ${point}`)).toBe(status);
  },
  150_000,
);

it('has every wallet and every Star where it belongs', async () => {
  await Promise.allSettled(runs.values());
  // What Telegram told after the end of a story rings where bots ring.
  await world.startWorker();
  const rows: { reversed: string; credited: string }[] = await world.db.em.fork().execute('select credited, reversed from deposit');
  expect(rows.map(({ credited, reversed }) => [Number(credited), Number(reversed)]).toSorted()).toEqual([
    ...Array.from({ length: 3 }, () => [5_000, 0]),
    ...Array.from({ length: 3 }, () => [5_000, 5_000]),
  ]);
  await isGreen(world);
}, 150_000);
