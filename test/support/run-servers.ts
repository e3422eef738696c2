/**
 * One PostgreSQL cluster with a migrated template and one Temporal dev server for a whole run, on free ports, with their
 * data in a temporary folder. Both die with this process, also when it is killed; the folder of a killed run is removed by the next.
 */
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate } from '../../db/migrate.ts';
import { endLeftoverPostgres, preparePostgres, spawnPostgres, waitForPostgres } from '../../supervisor/postgres.ts';
import { endLeftovers, endProcess, readPidFile, writePidFile } from '../../supervisor/process.ts';
import { resolveTemporal } from '../../supervisor/temporal-binary.ts';
import { spawnTemporal, waitForTemporal } from '../../supervisor/temporal-server.ts';
import { findFreePorts } from '../../bench/ports.ts';
import type { Servers } from './servers.ts';

const prefix = 'tillflow-test-';

interface RunServers {
  readonly servers: Servers;
  stop(): Promise<void>;
}

/** @param options.namespaceCount how many callers get a namespace of their own */
export async function startRunServers(options: { namespaceCount: number; say: (line: string) => void }): Promise<RunServers> {
  const { namespaceCount, say } = options;
  await removeLeftovers();
  const dir = mkdtempSync(join(tmpdir(), prefix));
  writePidFile(join(dir, 'run', 'test.pid'), process.pid);
  mkdirSync(join(dir, 'namespaces'));
  const [postgresPort, temporalPort] = await findFreePorts(2);
  const namespaces = Array.from({ length: namespaceCount }, (_, index) => `test-${index}`);
  const pids: number[] = [];
  const note = (name: string, pid: number | undefined) => {
    if (pid === undefined) return;
    pids.push(pid);
    writePidFile(join(dir, 'run', `${name}.pid`), pid);
  };

  async function startDatabase(): Promise<void> {
    const logFile = join(dir, 'postgres.log');
    // Nothing here outlives the machine's power, so the disk need not be waited for.
    const settings = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '400' };
    const options = { dataDir: join(dir, 'postgres'), port: postgresPort, logFile, settings };
    await preparePostgres(options);
    const child = spawnPostgres(options);
    note('postgres', child.pid);
    await waitForPostgres(child, options);
    await migrate({ ownerDatabaseUrl: `postgresql://tillflow_owner:tillflow_owner@127.0.0.1:${postgresPort}/tillflow` });
  }

  async function startTemporal(): Promise<void> {
    const binary = await resolveTemporal(say);
    const logFile = join(dir, 'temporal.log');
    // Not in memory: such a store is gone with its one connection, which the server gives up after a call that took too long.
    const dbFile = join(dir, 'temporal.db');
    const pragmas = ['journal_mode=WAL', 'synchronous=OFF', 'busy_timeout=10000'];
    const child = spawnTemporal({ binary, port: temporalPort, logFile, namespaces, dbFile, pragmas });
    note('temporal', child.pid);
    await waitForTemporal(`127.0.0.1:${temporalPort}`, 'default', child, logFile);
  }

  const stop = async () => {
    await Promise.all(pids.map((pid) => endProcess(pid, 'SIGINT', 5_000)));
    rmSync(dir, { recursive: true, force: true });
  };
  const failed = (await Promise.allSettled([startDatabase(), startTemporal()])).find((one) => one.status === 'rejected');
  if (failed) {
    await stop();
    throw failed.reason;
  }
  const servers = { postgresPort, temporalAddress: `127.0.0.1:${temporalPort}`, namespaceDir: join(dir, 'namespaces'), namespaceCount };
  return { servers, stop };
}

async function removeLeftovers(): Promise<void> {
  for (const name of readdirSync(tmpdir()).filter((one) => one.startsWith(prefix))) {
    const dir = join(tmpdir(), name);
    const run = join(dir, 'run');
    // A run that is only beginning has no trace yet: without one the folder is left alone.
    if (!readdirSync(dir).includes('run') || readPidFile(join(run, 'test.pid')) !== undefined) continue;
    await endLeftovers(run, ['temporal'], 5_000);
    await endLeftoverPostgres(join(dir, 'postgres'));
    rmSync(dir, { recursive: true, force: true });
  }
}
