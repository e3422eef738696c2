/** All scenarios, in the order of a long run. */
import { outsideScenarios } from '../scenarios/outside.ts';
import { processScenarios } from '../scenarios/processes.ts';
import type { Scenario } from './scenario.ts';

export const scenarios: readonly Scenario[] = [...processScenarios, ...outsideScenarios];
