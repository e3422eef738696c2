/** All scenarios, in the order of a long run. */
import type { Scenario } from './scenario.ts';

export const scenarios: readonly Scenario[] = [];
