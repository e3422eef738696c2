/** A short round of what coins, chains and staff may do wrong when money comes in; `npm run faults` acts it out at length. */
import { expect, it } from 'vitest';
import { runScenario } from './harness/run.ts';
import type { Scenario } from './harness/scenario.ts';
import { approvals } from './scenarios/approvals.ts';
import { chainLies } from './scenarios/chain-lies.ts';
import { ipnLies } from './scenarios/ipn-lies.ts';

const seed = Number(process.env.TILLFLOW_TEST_SEED ?? Date.now() % 1_000_000);
const accidents: readonly Scenario[] = [ipnLies, chainLies, approvals];

it.each(accidents.map((scenario) => [scenario.name, scenario] as const))(
  `%s, seed ${seed}`,
  async (_, scenario) => {
    const { failures, counts } = await runScenario(scenario, { seed, rounds: 1, short: true });
    expect(failures).toEqual([]);
    expect(counts.transfers).toBeGreaterThan(0);
  },
  180_000,
);
