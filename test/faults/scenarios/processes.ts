/** Scenarios in which processes die, stores fail and deploys go wrong. */
import type { Scenario } from '../harness/scenario.ts';
import { postgresKill } from './postgres-kill.ts';
import { postgresRefuses } from './postgres-refuses.ts';

export const processScenarios: readonly Scenario[] = [postgresKill, ...postgresRefuses];
