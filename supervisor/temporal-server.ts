/** The local Temporal: one dev server on loopback with its store in a file, tuned as measured in ARCHITECTURE.md. */
import type { ChildProcess } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { readLogTail, spawnTied } from './process.ts';
import { StackError } from './stack-error.ts';
import { readTemporalVersion } from './temporal-binary.ts';

const startDeadlineMs = 60_000;

export interface TemporalOptions {
  readonly binary: string;
  readonly port: number;
  /** Port of the UI; absent: none. */
  readonly uiPort?: number;
  /** The store; absent: in memory, lost with the process. */
  readonly dbFile?: string;
  readonly logFile: string;
  /** Namespaces besides `default`. */
  readonly namespaces?: readonly string[];
  /** Settings of the store instead of ours; none: as shipped. */
  readonly pragmas?: readonly string[];
  /** Settings of the server instead of ours; none: as shipped. */
  readonly dynamicConfig?: Readonly<Record<string, number | boolean>>;
}

/** The search attributes of our workflows, named here once more because their own file brings a library that would stay in memory. */
export const searchAttributeFlags: readonly string[] = [
  'ShopId=Keyword',
  'CustomerId=Keyword',
  'OrderStatus=Keyword',
  'Provider=Keyword',
  'AmountMinor=Int',
];

const ourPragmas = ['journal_mode=WAL', 'synchronous=NORMAL', 'busy_timeout=10000'];
const ourDynamicConfig = {
  // The one shard's queue is read 20 times a second by default, which is a floor of 50 ms under every task.
  'history.transferProcessorMaxPollRPS': 2000,
  'history.timerProcessorMaxPollRPS': 2000,
  // Tasks spread over four partitions of a quiet queue are found late.
  'matching.numTaskqueueReadPartitions': 1,
  'matching.numTaskqueueWritePartitions': 1,
  // The dev server reads the cluster's attributes from its store at every look, so that one added by hand is known at once; ours are there
  // before anybody polls.
  'system.forceSearchAttributesCacheRefreshOnRead': false,
};

/**
 * A store belongs to the server version that made it: only new files get a schema.
 * @returns a sentence when this file was made by another version
 */
export function checkStoreVersion(dbFile: string, binary: string): string | undefined {
  const version = readTemporalVersion(binary) ?? 'unknown';
  const note = `${dbFile}.version`;
  const made = existsSync(dbFile) && existsSync(note) ? readFileSync(note, 'utf8').trim() : undefined;
  if (made === undefined || made === version) {
    writeFileSync(note, `${version}\n`);
    return undefined;
  }
  return `${dbFile} was made by Temporal server ${made} and this is ${version}: if workflows misbehave, delete that file; every open order is started again from its row.`;
}

/** Spawns the server. */
export function spawnTemporal(options: TemporalOptions): ChildProcess {
  const { binary, port, uiPort, dbFile, logFile, namespaces = [], pragmas = ourPragmas, dynamicConfig = ourDynamicConfig } = options;
  const args = ['server', 'start-dev', '--ip', '127.0.0.1', '--port', String(port), '--log-level', 'error'];
  args.push(...(uiPort === undefined ? ['--headless'] : ['--ui-port', String(uiPort)]));
  if (dbFile !== undefined) {
    args.push('--db-filename', dbFile, ...pragmas.flatMap((one) => ['--sqlite-pragma', one]));
  }
  args.push(...Object.entries(dynamicConfig).flatMap(([key, value]) => ['--dynamic-config-value', `${key}=${value}`]));
  args.push(...searchAttributeFlags.flatMap((one) => ['--search-attribute', one]));
  args.push(...namespaces.flatMap((one) => ['--namespace', one]));
  return spawnTied(binary, args, { logFile, deathSignal: 'TERM' });
}

/**
 * Waits until the server answers, then registers search attributes and retention of `namespace`.
 * @param child a server of ours, whose end is noticed
 * @param logFile the log of a server of ours; absent: someone else's
 * @throws StackError when it ends, or does not answer within a minute
 */
export async function waitForTemporal(address: string, namespace: string, child?: ChildProcess, logFile?: string): Promise<void> {
  const [{ Connection }, { registerSearchAttributes }] = await Promise.all([
    import('@temporalio/client'),
    import('../temporal/search-attributes.ts'),
  ]);
  const until = performance.now() + startDeadlineMs;
  let last: unknown;
  while (performance.now() < until && (!child || (child.exitCode === null && child.signalCode === null))) {
    try {
      const connection = await Connection.connect({ address, connectTimeout: 1_000 });
      try {
        await connection.healthService.check({ service: 'temporal.api.workflowservice.v1.WorkflowService' });
        await connection.withDeadline(Date.now() + 10_000, () => registerSearchAttributes(connection, namespace));
        return;
      } finally {
        await connection.close();
      }
    } catch (err) {
      last = err;
      await sleep(50);
    }
  }
  const reason = last instanceof Error ? last.message : '';
  if (logFile !== undefined) throw explainTemporalLog(logFile, reason);
  throw new StackError(`No Temporal server answers at ${address} (${reason}): start it, or unset TEMPORAL_ADDRESS to use a local one.`);
}

/** What is said of a server of ours that did not start. */
export function explainTemporalLog(logFile: string, reason = ''): StackError {
  return new StackError(`The Temporal server did not start, see ${logFile}: ${readLogTail(logFile, 1) || reason}`);
}
