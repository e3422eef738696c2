/** The shop as a contestant: its servers and worker, and our doors into them. All of it ends with the bench. */
import { type Database, openDatabase } from '../db/orm.ts';
import { openSecrets } from '../db/secrets.ts';
import { type Door, openDoor } from '../temporal/client.ts';
import type { BenchContext } from './harness/bench.ts';
import { type Market, openMarket } from './market.ts';
import { type BenchStack, type StackOptions, startBenchStack, waitForPollers } from './stack.ts';

export interface Stage {
  readonly stack: BenchStack;
  readonly db: Database;
  readonly door: Door;
  readonly market: Market;
}

/** Starts PostgreSQL, Temporal, the sandbox and a worker; resolves when the worker polls. */
export async function openStage({ folder, options, say, onCleanUp }: BenchContext, more: StackOptions = {}): Promise<Stage> {
  say('Starting PostgreSQL, Temporal, the sandbox and a worker...');
  const stack = await startBenchStack(folder, say, { temporal: options.temporal, onCleanUp, ...more });
  const { config, keys } = stack;
  const db = await openDatabase({ url: config.databaseUrl, poolSize: 8, applicationName: 'tillflow-bench' });
  onCleanUp(() => db.close(true));
  const door = openDoor(config);
  onCleanUp(() => door.close());
  const market = await openMarket({ db, secrets: openSecrets(keys), sandboxUrl: config.sandboxUrl });
  await waitForPollers(door, door.queues.orders, stack.worker);
  return { stack, db, door, market };
}
