/** A short round of every race; `npm run faults` runs them at length. */
import { expect, it } from 'vitest';
import { runScenario } from './harness/run.ts';
import type { Scenario } from './harness/scenario.ts';
import { lastUnit } from './scenarios/last-unit.ts';
import { steps } from './scenarios/steps.ts';

const seed = Number(process.env.TILLFLOW_TEST_SEED ?? Date.now() % 1_000_000);
const races: readonly Scenario[] = [steps, lastUnit];

it.each(races.map((scenario) => [scenario.name, scenario] as const))(
  `%s, seed ${seed}`,
  async (_, scenario) => {
    const { failures } = await runScenario(scenario, { seed, rounds: 1, short: true });
    expect(failures).toEqual([]);
  },
  90_000,
);
