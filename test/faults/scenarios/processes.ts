/** Scenarios in which processes die, stores fail and deploys go wrong. */
import type { Scenario } from '../harness/scenario.ts';
import { postgresKill } from './postgres-kill.ts';
import { postgresRefuses } from './postgres-refuses.ts';
import { temporalFails } from './temporal-fails.ts';
import { workerFails } from './worker-fails.ts';

export const processScenarios: readonly Scenario[] = [postgresKill, ...postgresRefuses, ...temporalFails, ...workerFails];
