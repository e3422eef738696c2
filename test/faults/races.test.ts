/** A short round of every race and forgery; `npm run faults` acts them out at length. */
import { expect, it } from 'vitest';
import { runScenario } from './harness/run.ts';
import type { Scenario } from './harness/scenario.ts';
import { closingTask } from './scenarios/closing-task.ts';
import { forgedSignal } from './scenarios/forged-signal.ts';
import { lastUnit } from './scenarios/last-unit.ts';
import { oneTask } from './scenarios/one-task.ts';
import { steps } from './scenarios/steps.ts';
import { twoRefunds } from './scenarios/two-refunds.ts';

const seed = Number(process.env.TILLFLOW_TEST_SEED ?? Date.now() % 1_000_000);
const races: readonly Scenario[] = [oneTask, closingTask, twoRefunds, forgedSignal, steps, lastUnit];

it.each(races.map((scenario) => [scenario.name, scenario] as const))(
  `%s, seed ${seed}`,
  async (_, scenario) => {
    const { failures, counts } = await runScenario(scenario, { seed, rounds: 1, short: true });
    expect(failures).toEqual([]);
    expect(counts.orders).toBeGreaterThan(0);
  },
  180_000,
);
