/** All scenarios, in the order of a long run. */
import { eventOrders } from '../scenarios/event-orders.ts';
import { forgedSignal } from '../scenarios/forged-signal.ts';
import { lastUnit } from '../scenarios/last-unit.ts';
import { processScenarios } from '../scenarios/processes.ts';
import { steps } from '../scenarios/steps.ts';
import { twoRefunds } from '../scenarios/two-refunds.ts';
import type { Scenario } from './scenario.ts';

export const scenarios: readonly Scenario[] = [...processScenarios, steps, lastUnit, twoRefunds, forgedSignal, eventOrders];
