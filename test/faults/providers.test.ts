/** A short round of what Telegram, Stripe and clocks may do wrong; `npm run faults` acts it out at length. */
import { beforeAll, expect, it } from 'vitest';
import { type RunReport, runScenario } from './harness/run.ts';
import type { Scenario } from './harness/scenario.ts';
import { eventOrders } from './scenarios/event-orders.ts';
import { lateEvents } from './scenarios/late-events.ts';
import { providerAnswers } from './scenarios/provider-answers.ts';
import { skewedClock } from './scenarios/skewed-clock.ts';
import { webhookLies } from './scenarios/webhook-lies.ts';

const seed = Number(process.env.TILLFLOW_TEST_SEED ?? Date.now() % 1_000_000);
/** Those that wait the longest begin first. */
const accidents: readonly Scenario[] = [skewedClock, lateEvents, webhookLies, providerAnswers, eventOrders];
const runs = new Map<string, Promise<RunReport>>();

/** All at once: most of their time is waiting. */
beforeAll(() => {
  for (const scenario of accidents) {
    const run = runScenario(scenario, { seed, rounds: 1, short: true });
    run.catch(() => undefined);
    runs.set(scenario.name, run);
  }
});

it.each(accidents.map(({ name }) => name))(
  `%s, seed ${seed}`,
  async (name) => {
    const report = await runs.get(name);
    expect(report?.failures).toEqual([]);
    expect(report?.counts.orders).toBeGreaterThan(0);
  },
  240_000,
);
