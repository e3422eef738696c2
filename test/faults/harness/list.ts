/** All scenarios, in the order of a long run. */
import { eventOrders } from '../scenarios/event-orders.ts';
import { lastUnit } from '../scenarios/last-unit.ts';
import { processScenarios } from '../scenarios/processes.ts';
import { postgresKill } from '../scenarios/postgres-kill.ts';
import { steps } from '../scenarios/steps.ts';
import type { Scenario } from './scenario.ts';

export const scenarios: readonly Scenario[] = [postgresKill, steps, lastUnit, eventOrders];
