/** Scenarios in which processes die, stores fail and deploys go wrong. */
import type { Scenario } from '../harness/scenario.ts';
import { postgresFull } from './postgres-full.ts';
import { postgresKill } from './postgres-kill.ts';
import { postgresRefuses } from './postgres-refuses.ts';
import { shopKill } from './shop-kill.ts';
import { temporalFails } from './temporal-fails.ts';
import { workerFails } from './worker-fails.ts';
import { workerKill } from './worker-kill.ts';

export const processScenarios: readonly Scenario[] = [
  workerKill,
  shopKill,
  postgresKill,
  postgresFull,
  ...postgresRefuses,
  ...temporalFails,
  ...workerFails,
];
