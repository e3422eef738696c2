/** What comes from outside of our processes: far ends, races of buyers, forgeries, clocks. */
import type { Scenario } from '../harness/scenario.ts';
import { eventOrders } from './event-orders.ts';
import { forgedGarbage, forgedSignal } from './forged-signal.ts';
import { lastUnit } from './last-unit.ts';
import { oneTask } from './one-task.ts';
import { steps } from './steps.ts';
import { twoRefunds } from './two-refunds.ts';

export const outsideScenarios: readonly Scenario[] = [steps, oneTask, lastUnit, twoRefunds, forgedSignal, forgedGarbage, eventOrders];
