/** PostgreSQL alone, for what is measured below the workflows: the shipped server with fsync on, migrated, on a free port. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { migrate } from '../db/migrate.ts';
import { type Database, openDatabase } from '../db/orm.ts';
import { preparePostgres, spawnPostgres, waitForPostgres } from '../supervisor/postgres.ts';
import { endProcess } from '../supervisor/process.ts';
import type { BenchContext } from './harness/bench.ts';
import { configure } from './stack.ts';

/** How long writing down what was filled in may take. */
const shutdownMs = 300_000;

export interface BenchDatabase {
  /** As the product's processes connect: may only insert and read transfers. */
  readonly db: Database;
  /** As the owner of the tables: makes the peers' tables and loads what would take hours through the product. */
  readonly owner: Database;
}

/**
 * Starts it; it ends with the bench.
 * @param poolSize connections of whoever reserves or reads: as many as the worker has, unless told
 * @param fill what is there before; the server is started anew after it, so that all of it is on disk and no checkpoint of it runs while is measured
 */
export async function startBenchDatabase(
  { folder, onCleanUp }: Pick<BenchContext, 'folder' | 'onCleanUp'>,
  poolSize = 16,
  fill?: (owner: Database) => Promise<void>,
): Promise<BenchDatabase> {
  const own = join(folder, 'database');
  const config = await configure(own);
  const postgres = { dataDir: join(own, 'postgres'), port: config.ports.postgres, logFile: join(own, 'logs', 'postgres.log') };
  // PostgreSQL runs as another user when we are root.
  mkdirSync(own, { mode: 0o755 });
  await preparePostgres(postgres);
  let child = spawnPostgres(postgres);
  const end = async (signal: NodeJS.Signals, deadlineMs: number) => {
    if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) await endProcess(child.pid, signal, deadlineMs);
  };
  onCleanUp(() => end('SIGQUIT', 10_000));
  await waitForPostgres(child, postgres);
  await migrate({ ownerDatabaseUrl: config.ownerDatabaseUrl });
  if (fill) {
    const owner = await openDatabase({ url: config.ownerDatabaseUrl, poolSize: 1, applicationName: 'tillflow-bench' });
    await fill(owner).finally(() => owner.close(true));
    await end('SIGINT', shutdownMs);
    child = spawnPostgres(postgres);
    await waitForPostgres(child, postgres);
  }
  const open = async (url: string, size: number) => {
    const db = await openDatabase({ url, poolSize: size, applicationName: 'tillflow-bench' });
    onCleanUp(() => db.close(true));
    return db;
  };
  return { db: await open(config.databaseUrl, poolSize), owner: await open(config.ownerDatabaseUrl, 2) };
}
