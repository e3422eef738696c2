/** The whole product as its own process, as `npm start` brings it up, on free ports and with a data folder of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { CheckReport } from '../../db/check.ts';
import { spawnTied } from '../../supervisor/process.ts';
import type { CommandWish } from './many-commands.ts';
import { findFreePorts } from '../../bench/ports.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const upWithinMs = 110_000;
const downWithinMs = 40_000;

export interface WholeShop {
  readonly sandboxUrl: string;
  readonly appUrl: string;
  /** Connection of the owner role, for what no command does. */
  readonly ownerDatabaseUrl: string;
  readonly temporalAddress: string;
  /** Database, logs, keys. */
  readonly dataDir: string;
  /** What the stack said so far. */
  said(): string;
  /** Starts it again after `kill`. Resolves once a purchase would work. */
  start(): Promise<void>;
  /** Kills the supervisor with SIGKILL; what becomes of its children is the product's matter. */
  kill(): Promise<void>;
  /** Ends it in order and removes its data. */
  stop(): Promise<void>;
  /** Runs `tillflow <args> --json` beside it. @throws when it fails, with what it said */
  command<Answer>(...args: string[]): Promise<Answer>;
  /** Runs `tillflow <args>` beside it. @returns all it said */
  tell(args: readonly string[]): Promise<string>;
  /** Runs commands one after another in one process beside it, each with its further variables. @returns all that each said */
  tellAll(wishes: readonly CommandWish[]): Promise<string[]>;
  /** What `tillflow check` finds. */
  check(): Promise<CheckReport>;
}

/** Starts a shop with the demo data. It dies with this process. @param env further variables, e.g. `TILLFLOW_UPDATES` */
export async function startWholeShop(env: Record<string, string> = {}): Promise<WholeShop> {
  const dir = mkdtempSync(join(tmpdir(), 'tillflow-whole-'));
  const [app, sandbox, control, temporal, temporalUi, postgres] = await findFreePorts(6);
  const inherited = Object.entries(process.env).filter(([name]) => !/^(TILLFLOW_|TEMPORAL_|VITEST|NODE_OPTIONS$|NODE_ENV$)/.test(name));
  const environment: NodeJS.ProcessEnv = {
    ...Object.fromEntries(inherited),
    TILLFLOW_DATA_DIR: join(dir, 'data'),
    TILLFLOW_APP_PORT: String(app),
    TILLFLOW_SANDBOX_PORT: String(sandbox),
    TILLFLOW_CONTROL_PORT: String(control),
    TILLFLOW_TEMPORAL_PORT: String(temporal),
    TILLFLOW_TEMPORAL_UI_PORT: String(temporalUi),
    TILLFLOW_POSTGRES_PORT: String(postgres),
    ...env,
  };
  const logFile = join(dir, 'stack.log');
  const said = () => readFileSync(logFile, 'utf8');
  let child: ChildProcess | undefined;

  async function start(): Promise<void> {
    const started = spawnTied(process.execPath, ['cli/main.ts', 'start'], { cwd: root, logFile, env: environment });
    child = started;
    const before = said().length;
    const until = performance.now() + upWithinMs;
    while (!said().slice(before).includes('Tillflow is up.')) {
      if (hasEnded(started)) throw new Error(`The shop ended while starting:\n${said()}`);
      if (performance.now() > until) throw new Error(`The shop did not come up within ${upWithinMs / 1_000} s:\n${said()}`);
      await sleep(100);
    }
  }

  async function end(signal: NodeJS.Signals): Promise<void> {
    const ending = child;
    if (!ending || hasEnded(ending)) return;
    const gone = new Promise((done) => ending.once('exit', done));
    ending.kill(signal);
    const insist = setTimeout(() => ending.kill('SIGKILL'), downWithinMs);
    await gone;
    clearTimeout(insist);
  }

  async function run(args: readonly string[], file = 'cli/main.ts'): Promise<{ code: number | null; stdout: string; stderr: string }> {
    const running = spawn(process.execPath, [file, ...args], { cwd: root, env: environment });
    let stdout = '';
    let stderr = '';
    running.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    running.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    const code = await new Promise<number | null>((done) => running.once('close', done));
    return { code, stdout, stderr };
  }

  const shop: WholeShop = {
    sandboxUrl: `http://127.0.0.1:${sandbox}`,
    appUrl: `http://127.0.0.1:${app}`,
    ownerDatabaseUrl: `postgresql://tillflow_owner:tillflow_owner@127.0.0.1:${postgres}/tillflow`,
    temporalAddress: `127.0.0.1:${temporal}`,
    dataDir: join(dir, 'data'),
    said,
    start,
    kill: () => end('SIGKILL'),
    async stop() {
      await end('SIGTERM');
      rmSync(dir, { recursive: true, force: true, maxRetries: 5 });
    },
    async command<Answer>(...args: string[]) {
      const { code, stdout, stderr } = await run(['--json', ...args]);
      if (code !== 0) throw new Error(`tillflow ${args.join(' ')} ended with ${code}: ${stderr || stdout}`);
      return JSON.parse(stdout) as Answer;
    },
    async tell(args) {
      const { stdout, stderr } = await run(args);
      return stdout + stderr;
    },
    async tellAll(wishes) {
      const { code, stdout, stderr } = await run([JSON.stringify(wishes)], 'test/support/many-commands.ts');
      if (code !== 0) throw new Error(`the commands ended with ${code}: ${stderr}`);
      // What bypasses the streams that are kept is nobody's own.
      return [...(JSON.parse(stdout) as string[]), ...(stderr === '' ? [] : [stderr])];
    },
    async check() {
      const { stdout, stderr } = await run(['--json', 'check']);
      if (stdout === '') throw new Error(`tillflow check: ${stderr}`);
      return JSON.parse(stdout) as CheckReport;
    },
  };
  try {
    await start();
  } catch (err) {
    await shop.stop();
    throw err;
  }
  return shop;
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}
