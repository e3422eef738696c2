/** A short round of what Telegram and Stripe may do wrong; `npm run faults` acts it out at length, and clocks that are off with it. */
import { expect, it } from 'vitest';
import { runScenario } from './harness/run.ts';
import type { Scenario } from './harness/scenario.ts';
import { eventOrders } from './scenarios/event-orders.ts';
import { lateEvents } from './scenarios/late-events.ts';
import { providerAnswers } from './scenarios/provider-answers.ts';
import { webhookLies } from './scenarios/webhook-lies.ts';

const seed = Number(process.env.TILLFLOW_TEST_SEED ?? Date.now() % 1_000_000);
const accidents: readonly Scenario[] = [lateEvents, webhookLies, providerAnswers, eventOrders];

it.each(accidents.map((scenario) => [scenario.name, scenario] as const))(
  `%s, seed ${seed}`,
  async (_, scenario) => {
    const { failures, counts } = await runScenario(scenario, { seed, rounds: 1, short: true });
    expect(failures).toEqual([]);
    expect(counts.orders).toBeGreaterThan(0);
  },
  180_000,
);
