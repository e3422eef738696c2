/** What comes from outside of our processes: far ends, races of buyers, forgeries, clocks. */
import type { Scenario } from '../harness/scenario.ts';
import { approvals } from './approvals.ts';
import { chainLies } from './chain-lies.ts';
import { closingTask } from './closing-task.ts';
import { eventOrders } from './event-orders.ts';
import { forgedGarbage, forgedSignal } from './forged-signal.ts';
import { ipnLies } from './ipn-lies.ts';
import { lastUnit } from './last-unit.ts';
import { lateEvents } from './late-events.ts';
import { oneTask } from './one-task.ts';
import { providerAnswers } from './provider-answers.ts';
import { sandboxKill } from './sandbox-kill.ts';
import { skewedClock } from './skewed-clock.ts';
import { steps } from './steps.ts';
import { twoRefunds } from './two-refunds.ts';
import { webhookLies } from './webhook-lies.ts';

export const outsideScenarios: readonly Scenario[] = [
  steps,
  oneTask,
  closingTask,
  lastUnit,
  twoRefunds,
  forgedSignal,
  forgedGarbage,
  eventOrders,
  webhookLies,
  ipnLies,
  chainLies,
  approvals,
  providerAnswers,
  lateEvents,
  sandboxKill,
  skewedClock,
];
