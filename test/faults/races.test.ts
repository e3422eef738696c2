/** A short round of every race and forgery; `npm run faults` acts them out at length. */
import { beforeAll, expect, it } from 'vitest';
import { type RunReport, runScenario } from './harness/run.ts';
import type { Scenario } from './harness/scenario.ts';
import { closingTask } from './scenarios/closing-task.ts';
import { forgedGarbage, forgedSignal } from './scenarios/forged-signal.ts';
import { lastUnit } from './scenarios/last-unit.ts';
import { oneTask } from './scenarios/one-task.ts';
import { steps } from './scenarios/steps.ts';
import { twoRefunds } from './scenarios/two-refunds.ts';

const seed = Number(process.env.TILLFLOW_TEST_SEED ?? Date.now() % 1_000_000);
/** Those that wait the longest begin first. */
const races: readonly Scenario[] = [oneTask, closingTask, forgedGarbage, twoRefunds, forgedSignal, steps, lastUnit];
const runs = new Map<string, Promise<RunReport>>();

/** All at once: most of their time is waiting. */
beforeAll(() => {
  for (const scenario of races) {
    const run = runScenario(scenario, { seed, rounds: 1, short: true });
    run.catch(() => undefined);
    runs.set(scenario.name, run);
  }
});

it.each(races.map(({ name }) => name))(
  `%s, seed ${seed}`,
  async (name) => {
    const report = await runs.get(name);
    expect(report?.failures).toEqual([]);
    expect(report?.counts.orders).toBeGreaterThan(0);
  },
  240_000,
);
