/**
 * Processes that die with the one that started them, and the traces by which a later start finds those that did not.
 * On Linux the kernel signals them when we die, also by SIGKILL; elsewhere the next start ends them by their pid file.
 */
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';

/** Where a log starts anew; the one before is kept beside it. */
const logLimitBytes = 10 * 1024 * 1024;

export interface TiedOptions {
  /** Standard output and error are appended here; absent: inherited. */
  readonly logFile?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** What the process gets when we die. */
  readonly deathSignal?: 'TERM' | 'INT' | 'KILL';
  /** Further options of `setpriv`, where it exists (Linux). */
  readonly privileges?: readonly string[];
  readonly uid?: number;
  readonly gid?: number;
}

let setprivWorks: boolean | undefined;

/** True where `setpriv` (util-linux) can tie a process to its parent. */
export function hasSetpriv(): boolean {
  setprivWorks ??= process.platform === 'linux' && spawnSync('setpriv', ['--pdeathsig', 'TERM', '--', 'true']).status === 0;
  return setprivWorks;
}

/**
 * Spawns a process in a group of its own (Ctrl-C in the terminal reaches only us, so that we end things in order),
 * tied to our life.
 */
export function spawnTied(command: string, args: readonly string[], options: TiedOptions = {}): ChildProcess {
  const { logFile, deathSignal = 'TERM', privileges = [], uid, gid, env = process.env, cwd } = options;
  const log = logFile ? openLog(logFile) : undefined;
  try {
    const tied = hasSetpriv();
    return spawn(tied ? 'setpriv' : command, tied ? ['--pdeathsig', deathSignal, ...privileges, '--', command, ...args] : [...args], {
      stdio: ['ignore', log ?? 'inherit', log ?? 'inherit'],
      detached: process.platform !== 'win32',
      env,
      cwd,
      uid,
      gid,
    });
  } finally {
    if (log !== undefined) closeSync(log);
  }
}

function openLog(path: string): number {
  mkdirSync(dirname(path), { recursive: true });
  if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) > logLimitBytes) renameSync(path, `${path}.1`);
  return openSync(path, 'a');
}

/** The last lines of a log, for an error message. */
export function readLogTail(path: string, lines = 5): string {
  try {
    return readFileSync(path, 'utf8').trimEnd().split('\n').slice(-lines).join('\n');
  } catch {
    return '';
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (err) {
    return (err as NodeJS.ErrnoException).code === 'EPERM';
  }
  // A process nobody has waited for yet answers signals but runs no more.
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return true;
  }
}

/** When a process began, in the system's own words: pids are used again, pid and beginning together are not. */
export function startOf(pid: number): string | undefined {
  try {
    if (process.platform === 'linux')
      return readFileSync(`/proc/${pid}/stat`, 'utf8')
        .replace(/^.*\) /s, '')
        .split(' ')[19];
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || undefined;
  } catch {
    return undefined;
  }
}

const trace = z.object({ pid: z.number().int().positive(), start: z.string().optional() });

/** Leaves a trace of a running process: `<folder>/<name>.pid`. */
export function writePidFile(path: string, pid: number): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, JSON.stringify({ pid, start: startOf(pid) }));
}

/** The pid in a trace if that very process still runs. */
export function readPidFile(path: string): number | undefined {
  try {
    const { pid, start } = trace.parse(JSON.parse(readFileSync(path, 'utf8')));
    return isAlive(pid) && startOf(pid) === start ? pid : undefined;
  } catch {
    return undefined;
  }
}

/** Asks a process to end and insists after the deadline. Resolves when it is gone. */
export async function endProcess(pid: number, signal: NodeJS.Signals, deadlineMs: number): Promise<void> {
  const until = performance.now() + deadlineMs;
  const kill = (one: NodeJS.Signals) => {
    try {
      process.kill(pid, one);
    } catch {
      // Gone already.
    }
  };
  kill(signal);
  while (isAlive(pid)) {
    if (performance.now() > until) kill('SIGKILL');
    await sleep(20);
  }
}

/**
 * Ends what an earlier, killed run left behind in `folder`, in the order of `names`.
 * @returns names of what was still running
 */
export async function endLeftovers(folder: string, names: readonly string[], deadlineMs: number): Promise<string[]> {
  const ended: string[] = [];
  for (const name of names) {
    const path = join(folder, `${name}.pid`);
    const pid = readPidFile(path);
    if (pid !== undefined) {
      // PostgreSQL takes SIGTERM as "once every client has left".
      await endProcess(pid, name === 'postgres' ? 'SIGINT' : 'SIGTERM', deadlineMs);
      ended.push(name);
    }
    rmSync(path, { force: true });
  }
  return ended;
}

/** Names of the traces in a folder. */
export function listPidFiles(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((file) => file.endsWith('.pid'))
      .map((file) => basename(file, '.pid'));
  } catch {
    return [];
  }
}
