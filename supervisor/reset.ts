/** `npm run reset`: begin anew. */
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../config.ts';
import { findRunningStack } from './checks.ts';
import { endLeftoverPostgres } from './postgres.ts';
import { endLeftovers, listPidFiles } from './process.ts';
import { explainFileError, StackError } from './stack-error.ts';

/** What the data folder of a stack holds; anything else in it is not ours to delete. */
const ours = ['run', 'logs', 'postgres', 'postgres.new', 'keys', 'compile-cache', 'bundles', 'temporal.db', 'sandbox.db'];

/**
 * Deletes the local data: database, Temporal's store, the sandbox's file, keys, logs.
 * @returns names of what was deleted
 * @throws StackError while the stack runs, or when a file cannot be deleted
 */
export async function resetData(config: Config): Promise<string[]> {
  const { dataDir } = config;
  const running = findRunningStack(dataDir);
  if (running !== undefined) throw new StackError(`Tillflow runs from ${dataDir} (process ${running}): stop it before the reset.`);
  if (!existsSync(dataDir)) return [];
  await endLeftovers(join(dataDir, 'run'), listPidFiles(join(dataDir, 'run')), 10_000);
  await endLeftoverPostgres(join(dataDir, 'postgres'));
  const found = readdirSync(dataDir).filter((name) =>
    ours.some((one) => name === one || name.startsWith(`${one}-`) || name.startsWith(`${one}.`)),
  );
  try {
    for (const name of found) rmSync(join(dataDir, name), { recursive: true, force: true });
  } catch (err) {
    throw explainFileError(err, dataDir);
  }
  return found;
}
