/** The short version of `npm run faults`: what the product stands on dies under orders, and all of them end as they must. */
import { randomInt } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { processScenarios } from './scenarios/processes.ts';
import { listActivities, storiesOf, unreached } from './scenarios/kill-stories.ts';
import { makeRandom } from './harness/random.ts';
import { type RunReport, runScenario } from './harness/run.ts';
import { scenarios } from './harness/list.ts';

/** The others take longer than a test may, or another stack of servers beside these. */
const names = ['postgres-kill', 'temporal-lost'];
const runs = new Map<string, Promise<RunReport>>();
const lines: string[] = [];

beforeAll(() => {
  // All at once: most of their time is waiting for what is dead.
  for (const scenario of processScenarios.filter(({ name }) => names.includes(name))) {
    const run = runScenario(scenario, { seed: randomInt(2 ** 32), rounds: 1, short: true, say: (line) => lines.push(line) });
    run.catch(() => undefined);
    runs.set(scenario.name, run);
  }
});

describe('orders survive', () => {
  it.each(names)(
    '%s, and the checker finds nothing',
    async (name) => {
      const report = await (runs.get(name) as Promise<RunReport>);
      expect(report.failures, lines.join('\n')).toEqual([]);
      expect(report.counts.orders).toBeGreaterThan(0);
    },
    240_000,
  );
});

describe('the scenarios', () => {
  it('have names of their own', () => {
    expect(new Set(scenarios.map(({ name }) => name)).size).toBe(scenarios.length);
  });

  it('kill the worker at every activity there is, but for those that have a reason', () => {
    const activities = listActivities();
    expect(activities).toContain('settle');
    const reached = activities.filter((activity) => storiesOf(activity).length > 0);
    expect([...reached, ...Object.keys(unreached)].sort()).toEqual(activities.sort());
  });

  it('make the same choices from the same seed', () => {
    const choices = (seed: number) => {
      const random = makeRandom(seed);
      return [random.next(), random.whole(1, 100), random.pick(['a', 'b', 'c']), random.shuffle([1, 2, 3, 4, 5])];
    };
    expect(choices(7)).toEqual(choices(7));
    expect(choices(7)).not.toEqual(choices(8));
  });
});
