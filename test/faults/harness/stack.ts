/**
 * The product as its real processes, each under the supervisor's watch, on servers and in a folder of their own. Whatever is killed comes
 * back as `npm start` brings it back; what is stopped stays away until it is started.
 */
import type { ChildProcess } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type Config, readConfig } from '../../../config.ts';
import { migrate } from '../../../db/migrate.ts';
import { type Database, openDatabase } from '../../../db/orm.ts';
import { openSecrets, type Secrets } from '../../../db/secrets.ts';
import { Child } from '../../../supervisor/children.ts';
import { childEnvironment, readOrMakeKeys, workerFlags } from '../../../supervisor/environment.ts';
import { preparePostgres, spawnPostgres, waitForPostgres } from '../../../supervisor/postgres.ts';
import { isAlive, spawnTied } from '../../../supervisor/process.ts';
import { resolveTemporal } from '../../../supervisor/temporal-binary.ts';
import { spawnTemporal, waitForTemporal } from '../../../supervisor/temporal-server.ts';
import { type Door, openDoor } from '../../../temporal/client.ts';
import { findFreePorts } from '../../../bench/ports.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const folderPattern = /^tillflow-faults-(\d+)-/;
/** Pause before what died comes back. A deployment takes 5 s; less makes more accidents in the same time. */
const restartSeconds = 1;

export type MemberName = 'postgres' | 'temporal' | 'sandbox' | 'app';

export interface StackWish {
  /** Worker processes; one when absent. */
  readonly workers?: number;
  /** Environment of the workers besides their own: hooks of test/support/worker-hooks.ts. */
  readonly workerEnv?: Record<string, string>;
  /** Settings of PostgreSQL; durability stays on. */
  readonly postgresSettings?: Record<string, string>;
  /** Where PostgreSQL keeps its cluster, instead of the stack's folder. */
  readonly postgresDir?: string;
  readonly say?: (line: string) => void;
}

export interface FaultStack {
  readonly folder: string;
  readonly config: Config;
  readonly secrets: Secrets;
  /** As the application's role. */
  readonly db: Database;
  readonly ownerDb: Database;
  readonly door: Door;
  readonly members: Readonly<Record<MemberName, Child>>;
  readonly workers: readonly Child[];
  /** Environment of workers started from now on. */
  readonly workerEnv: Record<string, string>;
  /** The store of Temporal. */
  readonly temporalFile: string;
  /** Waits until PostgreSQL, Temporal, the sandbox and the app answer. */
  untilReady(names?: readonly MemberName[]): Promise<void>;
  /** Control API of the sandbox. @throws what it refuses */
  control<Answer = Record<string, unknown>>(path: string, body?: object): Promise<Answer>;
  logOf(name: string): string;
  close(): Promise<void>;
}

/** Starts all of it but the app and the workers: they begin when the shop is there (`openMarket`). */
export async function startFaultStack(wish: StackWish = {}): Promise<FaultStack> {
  const { workers: workerCount = 1, postgresSettings = {}, say = () => undefined } = wish;
  const folder = makeFolder();
  const config = await configure(folder);
  const keys = readOrMakeKeys(config);
  const env = childEnvironment(config, keys);
  const workerEnv: Record<string, string> = { ...wish.workerEnv };
  const logOf = (name: string) => join(folder, 'logs', `${name}.log`);
  const temporalFile = join(folder, 'temporal.db');
  const binary = await resolveTemporal(say);
  const makeChild = (name: string, spawn: () => ChildProcess, stopSignal: NodeJS.Signals = 'SIGTERM') =>
    new Child({ name, spawn, stopSignal, restartSeconds, stopSeconds: 10, runDir: join(folder, 'run'), logFile: logOf(name), say: quiet });
  const makeNode = (name: string, args: readonly string[], more: () => Record<string, string> = () => ({})) =>
    makeChild(name, () => spawnTied(process.execPath, args, { logFile: logOf(name), cwd: root, env: { ...env, ...more() } }));

  const postgres = {
    dataDir: wish.postgresDir ?? join(folder, 'postgres'),
    port: config.ports.postgres,
    logFile: logOf('postgres'),
    settings: postgresSettings,
  };
  const members = {
    postgres: makeChild('postgres', () => spawnPostgres(postgres), 'SIGINT'),
    temporal: makeChild('temporal', () =>
      spawnTemporal({ binary, port: config.ports.temporal, dbFile: temporalFile, logFile: logOf('temporal') }),
    ),
    sandbox: makeNode('sandbox', ['--import', './web/load-tsx.mjs', 'sandbox/main.ts']),
    app: makeNode('app', ['--import', './web/load-tsx.mjs', 'workers/app.ts']),
  };
  const workerArgs = [...workerFlags, '--import', join(root, 'test/support/worker-hooks.ts'), 'workers/worker.ts'];
  const workers = Array.from({ length: workerCount }, (_, index) => makeNode(`worker-${index + 1}`, workerArgs, () => workerEnv));
  const opened: { close(): Promise<unknown> }[] = [];

  const stop = async () => {
    // Who uses the stores ends before the stores.
    await Promise.all([members.app.stop(), ...workers.map((worker) => worker.stop())]);
    await Promise.all(opened.map((one) => one.close().catch(() => undefined)));
    await Promise.all([members.sandbox.stop(), members.temporal.stop()]);
    await members.postgres.stop();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  };

  try {
    await preparePostgres(postgres);
    members.sandbox.start();
    await Promise.all([
      waitForPostgres(members.postgres.start(), postgres),
      waitForTemporal(config.temporal.address, config.temporal.namespace, members.temporal.start(), logOf('temporal')),
    ]);
    await migrate({ ownerDatabaseUrl: config.ownerDatabaseUrl });
    const db = await openDatabase({ url: config.databaseUrl, poolSize: 8, applicationName: 'tillflow-faults' });
    opened.push({ close: () => db.close(true) });
    const ownerDb = await openDatabase({ url: config.ownerDatabaseUrl, poolSize: 2, applicationName: 'tillflow-faults' });
    opened.push({ close: () => ownerDb.close(true) });
    const door = openDoor(config);
    opened.push(door);

    const answers: Record<MemberName, () => Promise<unknown>> = {
      postgres: () => db.em.fork().execute('select 1'),
      temporal: () => waitForTemporal(config.temporal.address, config.temporal.namespace),
      sandbox: () => fetchWell(`${config.sandboxUrl}/health`),
      app: () => fetchWell(`http://127.0.0.1:${config.ports.app}/ready`),
    };
    const stack: FaultStack = {
      folder,
      config,
      secrets: openSecrets(keys),
      db,
      ownerDb,
      door,
      members,
      workers,
      workerEnv,
      temporalFile,
      async untilReady(names = ['postgres', 'temporal', 'sandbox', 'app']) {
        for (const name of names) await untilAnswer(name, answers[name]);
      },
      async control<Answer>(path: string, body?: object) {
        const init = body && { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
        const response = await fetch(`${config.sandboxUrl}/sandbox${path}`, { ...init, signal: AbortSignal.timeout(20_000) });
        const answer = (await response.json()) as Answer;
        if (!response.ok) throw new Error(`${path}: ${response.status} ${JSON.stringify(answer)}`);
        return answer;
      },
      logOf,
      close: stop,
    };
    await stack.untilReady(['postgres', 'temporal', 'sandbox']);
    return stack;
  } catch (err) {
    await stop();
    throw err;
  }
}

const quiet = () => undefined;

async function fetchWell(url: string): Promise<void> {
  const response = await fetch(url, { signal: AbortSignal.timeout(2_000) });
  if (!response.ok) throw new Error(`${url} answers ${response.status}`);
}

async function untilAnswer(name: string, ask: () => Promise<unknown>): Promise<void> {
  const until = performance.now() + 90_000;
  for (;;) {
    try {
      await ask();
      return;
    } catch (err) {
      const why = err instanceof Error ? err.message : String(err);
      if (performance.now() > until) throw new Error(`${name} does not answer well: ${why}`, { cause: err });
      await sleep(100);
    }
  }
}

/** A folder in the system's temporary one; folders of harnesses that were killed are removed. */
function makeFolder(): string {
  for (const name of readdirSync(tmpdir())) {
    const pid = Number(folderPattern.exec(name)?.[1]);
    if (pid > 0 && !isAlive(pid)) rmSync(join(tmpdir(), name), { recursive: true, force: true });
  }
  const folder = mkdtempSync(join(tmpdir(), `tillflow-faults-${process.pid}-`));
  // PostgreSQL runs as another user when we are root.
  chmodSync(folder, 0o755);
  return folder;
}

async function configure(folder: string): Promise<Config> {
  const names = ['APP', 'SANDBOX', 'CONTROL', 'TEMPORAL', 'TEMPORAL_UI', 'POSTGRES'];
  const ports = await findFreePorts(names.length);
  return readConfig({
    ...Object.fromEntries(names.map((name, index) => [`TILLFLOW_${name}_PORT`, String(ports[index])])),
    TILLFLOW_DATA_DIR: folder,
    TILLFLOW_LOG_LEVEL: 'warn',
  });
}
