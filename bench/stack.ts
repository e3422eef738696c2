/** What a measurement runs on: the shipped servers, a worker and the sandbox as processes, in a folder of their own. All of it ends with us. */
import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import type { ChildProcess } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type Config, readConfig } from '../config.ts';
import { migrate } from '../db/migrate.ts';
import { childEnvironment, readOrMakeKeys, workerFlags } from '../supervisor/environment.ts';
import { preparePostgres, spawnPostgres, waitForPostgres } from '../supervisor/postgres.ts';
import { endProcess, isAlive, readLogTail, spawnTied } from '../supervisor/process.ts';
import { StackError } from '../supervisor/stack-error.ts';
import { resolveTemporal } from '../supervisor/temporal-binary.ts';
import { spawnTemporal, waitForTemporal } from '../supervisor/temporal-server.ts';
import type { Door } from '../temporal/client.ts';
import { findFreePorts } from './ports.ts';

export const root = fileURLToPath(new URL('..', import.meta.url));
const folderPattern = /^tillflow-bench-(\d+)-/;

export interface BenchStack {
  readonly config: Config;
  readonly keys: string;
  readonly worker: LoggedChild;
  readonly stop: () => Promise<void>;
  /** Starts one of our programs with this stack's environment. */
  readonly spawnNode: (name: string, args: readonly string[], env?: Record<string, string>) => LoggedChild;
}

/** One of a stack's processes, and where what it says goes. */
export interface LoggedChild {
  readonly child: ChildProcess;
  readonly logFile: string;
}

/** A folder in the system's temporary one; folders of measurements that were killed are removed. */
export function makeFolder(): string {
  for (const name of readdirSync(tmpdir())) {
    const pid = Number(folderPattern.exec(name)?.[1]);
    if (pid > 0 && !isAlive(pid)) rmSync(join(tmpdir(), name), { recursive: true, force: true });
  }
  const folder = mkdtempSync(join(tmpdir(), `tillflow-bench-${process.pid}-`));
  // PostgreSQL runs as another user when we are root.
  chmodSync(folder, 0o755);
  return folder;
}

/** The configuration of a stack in `folder` on free ports, in sandbox mode whatever the environment says. */
export async function configure(folder: string, more: Record<string, string> = {}): Promise<Config> {
  const names = ['APP', 'SANDBOX', 'CONTROL', 'TEMPORAL', 'TEMPORAL_UI', 'POSTGRES'];
  const ports = await findFreePorts(names.length);
  return readConfig({
    ...Object.fromEntries(names.map((name, index) => [`TILLFLOW_${name}_PORT`, String(ports[index])])),
    TILLFLOW_DATA_DIR: folder,
    TILLFLOW_LOG_LEVEL: 'warn',
    ...more,
  });
}

export interface StackOptions {
  /** Address of a Temporal server to use instead of the one that is shipped. */
  readonly temporal?: string | undefined;
  /** Further variables of our programs, e.g. how updates come. */
  readonly env?: Readonly<Record<string, string>>;
  /** Takes what ends it before anything is started, so that a signal meanwhile finds it. */
  readonly onCleanUp?: (work: () => Promise<unknown>) => void;
  /** Also the process people and providers talk to. */
  readonly app?: boolean;
  /** Starts another Temporal server than ours, in `folder` on the configuration's port. */
  readonly startTemporal?: (server: {
    readonly config: Config;
    readonly folder: string;
    readonly say: (line: string) => void;
  }) => Promise<ChildProcess>;
}

/** Starts PostgreSQL (fsync on), Temporal, the sandbox and one worker. */
export async function startBenchStack(folder: string, say: (line: string) => void, options: StackOptions = {}): Promise<BenchStack> {
  const { temporal, env: more = {}, app = false, startTemporal = startShipped, onCleanUp } = options;
  const server: Record<string, string> =
    temporal === undefined ? {} : { TEMPORAL_ADDRESS: temporal, TEMPORAL_NAMESPACE: process.env.TEMPORAL_NAMESPACE ?? 'default' };
  const config = await configure(folder, { ...server, TILLFLOW_QUEUE_PREFIX: `bench-${process.pid}-`, ...more });
  const keys = readOrMakeKeys(config);
  const children: { child: ChildProcess; signal: NodeJS.Signals }[] = [];
  let stopped = false;
  const logOf = (name: string) => join(folder, 'logs', `${name}.log`);
  const add = (child: ChildProcess, signal: NodeJS.Signals = 'SIGKILL') => {
    children.push({ child, signal });
    if (stopped) child.kill(signal);
    return child;
  };
  const spawnNode: BenchStack['spawnNode'] = (name, args, env = {}) => {
    const logFile = logOf(name);
    const child = add(spawnTied(process.execPath, args, { logFile, env: { ...childEnvironment(config, keys), ...env }, cwd: root }));
    return { child, logFile };
  };
  const stop = async () => {
    stopped = true;
    // Nothing of it is used again: nobody is asked to end in order.
    await Promise.all(
      children.splice(0).map(async ({ child: { pid, exitCode, signalCode }, signal }) => {
        if (pid !== undefined && exitCode === null && signalCode === null) await endProcess(pid, signal, 10_000);
      }),
    );
  };
  onCleanUp?.(stop);
  try {
    const postgres = { dataDir: join(folder, 'postgres'), port: config.ports.postgres, logFile: logOf('postgres') };
    await preparePostgres(postgres);
    // Killed alone it would leave its processes behind.
    await waitForPostgres(add(spawnPostgres(postgres), 'SIGQUIT'), postgres);
    const temporalServer = temporal === undefined ? add(await startTemporal({ config, folder, say })) : undefined;
    await waitForTemporal(config.temporal.address, config.temporal.namespace, temporalServer, temporalServer && logOf('temporal'));
    await migrate({ ownerDatabaseUrl: config.ownerDatabaseUrl });
    const sandbox = spawnNode('sandbox', ['--import', './web/load-tsx.mjs', 'sandbox/main.ts']);
    const worker = spawnNode('worker', [...workerFlags, 'workers/worker.ts']);
    await waitForAnswer(`${config.sandboxUrl}/health`, sandbox);
    if (app) {
      const web = spawnNode('app', ['--enable-source-maps', '--import', './web/load-tsx.mjs', 'workers/app.ts']);
      await waitForAnswer(`http://127.0.0.1:${config.ports.app}/ready`, web);
    }
    return { config, keys, worker, stop, spawnNode };
  } catch (err) {
    await stop();
    throw err;
  }
}

/** The server as `npm start` runs it. */
const startShipped: NonNullable<StackOptions['startTemporal']> = async ({ config, folder, say }) => {
  const options = { binary: await resolveTemporal(say), port: config.ports.temporal, dbFile: join(folder, 'temporal.db') };
  return spawnTemporal({ ...options, logFile: join(folder, 'logs', 'temporal.log') });
};

/** Asks until it answers well. @throws StackError when `child` ends, or after a minute */
export async function waitForAnswer(url: string, { child, logFile }: LoggedChild): Promise<void> {
  const until = performance.now() + 60_000;
  while (performance.now() < until && child.exitCode === null && child.signalCode === null) {
    const ok = await fetch(url, { signal: AbortSignal.timeout(1_000) }).then(
      (response) => response.ok,
      () => false,
    );
    if (ok) return;
    await sleep(20);
  }
  throw new StackError(`Nothing answers well at ${url}:\n${readLogTail(logFile)}`);
}

/** Waits until somebody polls `taskQueue`. @throws StackError with the end of its log when `worker` ends, or after a minute */
export async function waitForPollers(door: Door, taskQueue: string, { child, logFile }: LoggedChild): Promise<void> {
  const until = performance.now() + 60_000;
  const { namespace } = door.client.options;
  while (performance.now() < until && child.exitCode === null && child.signalCode === null) {
    const { pollers } = await door.connection.workflowService.describeTaskQueue({
      namespace,
      taskQueue: { name: taskQueue },
      taskQueueType: 1,
    });
    if (pollers && pollers.length > 0) return;
    await sleep(50);
  }
  throw new StackError(`Nobody polls ${taskQueue}:\n${readLogTail(logFile)}`);
}
