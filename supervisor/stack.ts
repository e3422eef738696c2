/**
 * The whole shop on one machine, as `npm start` brings it up: PostgreSQL, Temporal with its UI, the sandbox, one worker, one app.
 * Everything that dies comes back; everything ends with us.
 */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Config } from '../config.ts';
import { checkPorts, lockDataDir, prepareDataDir } from './checks.ts';
import { Child } from './children.ts';
import { startControl } from './control.ts';
import { childEnvironment, isPostgresLocal, isTemporalLocal, readOrMakeKeys, workerFlags } from './environment.ts';
import { endLeftoverPostgres, preparePostgres, spawnPostgres, waitForPostgres } from './postgres.ts';
import { endLeftovers, spawnTied } from './process.ts';
import { Preparation } from './preparation.ts';
import { explainFileError, StackError } from './stack-error.ts';
import { resolveTemporal } from './temporal-binary.ts';
import { checkStoreVersion, explainTemporalLog, spawnTemporal } from './temporal-server.ts';
import { watchTemporal } from './temporal-watch.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const readyDeadlineMs = 60_000;
const stopSeconds = 10;
const restartSeconds = 5;

export interface Stack {
  /** Resolves with the exit code once everything has ended. */
  readonly closed: Promise<number>;
  /** Ends everything in order. Safe to call twice. */
  stop(): Promise<void>;
}

export interface StackOptions {
  /** Takes progress and the closing block, one line at a time. Default: standard output. */
  readonly say?: (line: string) => void;
}

/**
 * Starts everything and resolves once a purchase would work. Signals end it in order; a second one ends it at once.
 * @throws StackError with one sentence that says what to do; nothing is left running then
 */
export async function startStack(config: Config, { say = (line) => console.log(line) }: StackOptions = {}): Promise<Stack> {
  prepareDataDir(config.dataDir);
  const unlock = lockDataDir(config.dataDir);
  const closed = Promise.withResolvers<number>();
  const local = new LocalStack(config, say);
  let stopping: Promise<void> | undefined;
  const stop = (): Promise<void> => {
    stopping ??= local.stop().finally(() => {
      forget();
      unlock();
      closed.resolve(0);
    });
    return stopping;
  };
  const forget = onSignals(stop, say);
  try {
    await local.start();
  } catch (err) {
    const asked = stopping !== undefined;
    await stop();
    if (!asked) throw explainFileError(err, config.dataDir);
  }
  return { closed: closed.promise, stop };
}

/** @returns what takes the handlers off again */
function onSignals(stop: () => Promise<void>, say: (line: string) => void): () => void {
  let firstAt: number | undefined;
  const handler = (signal: NodeJS.Signals): void => {
    if (firstAt !== undefined) {
      // A terminal's Ctrl-C may arrive twice, from the terminal and handed on by the launcher.
      if (signal === 'SIGINT' && performance.now() - firstAt > 1_000) process.exit(130);
      return;
    }
    firstAt = performance.now();
    say('Stopping...');
    void stop();
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, handler);
  return () => {
    for (const signal of signals) process.off(signal, handler);
  };
}

class LocalStack {
  private readonly config: Config;
  private readonly say: (line: string) => void;
  private readonly runDir: string;
  private readonly all = new Map<string, Child>();
  private closeControl: (() => void) | undefined;
  private stopped = false;
  private readonly stopping = new AbortController();
  private preparation: Preparation | undefined;

  constructor(config: Config, say: (line: string) => void) {
    this.config = config;
    this.say = say;
    this.runDir = join(config.dataDir, 'run');
  }

  async start(): Promise<void> {
    const { config } = this;
    const left = await endLeftovers(this.runDir, ['app', 'worker', 'sandbox', 'temporal', 'postgres'], stopSeconds * 1_000);
    if (left.length > 0) this.say(`Ended what an earlier run left behind: ${left.join(', ')}.`);
    if (isPostgresLocal(config)) await endLeftoverPostgres(join(config.dataDir, 'postgres'));
    await checkPorts(this.ports(), config.host);
    const keys = readOrMakeKeys(config);
    const env = childEnvironment(config, keys);
    const preparation = new Preparation(env);
    this.preparation = preparation;
    const sandbox = config.mode === 'sandbox' ? this.startNode('sandbox', 'sandbox/main.ts', env) : undefined;
    await this.together([this.startDatabase(preparation, keys), this.startTemporal(preparation)]);
    preparation.end();
    const worker = this.startNode('worker', 'workers/worker.ts', env);
    const app = this.startNode('app', 'workers/app.ts', env);
    if (sandbox) {
      const children = [worker, app, sandbox];
      this.closeControl = await startControl({ port: config.ports.control, children, sandboxOrigin: config.sandboxUrl });
    }
    const waits = [this.waitUntilReady([app, worker], `http://127.0.0.1:${config.ports.app}/ready`)];
    if (sandbox) waits.push(this.waitUntilReady([sandbox], `${config.sandboxUrl}/health`));
    await this.together(waits);
    this.printBlock();
  }

  /** Ends app, worker and sandbox before the stores they use. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.stopping.abort();
    this.closeControl?.();
    this.preparation?.end();
    await this.all.get('app')?.stop();
    await this.all.get('worker')?.stop();
    await Promise.all([this.all.get('sandbox')?.stop(), this.all.get('temporal')?.stop()]);
    await this.all.get('postgres')?.stop();
  }

  /** Waits for all even when one fails, so that nothing starts after the clean-up. */
  private async together(tasks: readonly Promise<void>[]): Promise<void> {
    const failed = (await Promise.allSettled(tasks)).find((one) => one.status === 'rejected');
    if (failed) throw failed.reason;
    if (this.stopped) throw new StackError('Stopped while starting.');
  }

  private ports(): Record<string, number> {
    const { config } = this;
    const { app, sandbox, control, temporal, temporalUi, postgres } = config.ports;
    return {
      TILLFLOW_APP_PORT: app,
      ...(config.mode === 'sandbox' ? { TILLFLOW_SANDBOX_PORT: sandbox, TILLFLOW_CONTROL_PORT: control } : {}),
      ...(isTemporalLocal(config) ? { TILLFLOW_TEMPORAL_PORT: temporal, TILLFLOW_TEMPORAL_UI_PORT: temporalUi } : {}),
      ...(isPostgresLocal(config) ? { TILLFLOW_POSTGRES_PORT: postgres } : {}),
    };
  }

  private add(name: string, spawn: (logFile: string) => ReturnType<Child['start']>, pause: number, stopSignal: NodeJS.Signals): Child {
    const logFile = join(this.config.dataDir, 'logs', `${name}.log`);
    const { runDir, say } = this;
    const child = new Child({ name, spawn: () => spawn(logFile), runDir, logFile, restartSeconds: pause, stopSignal, stopSeconds, say });
    this.all.set(name, child);
    return child;
  }

  private startNode(name: string, file: string, env: NodeJS.ProcessEnv): Child {
    if (this.stopped) throw new StackError('Stopped while starting.');
    const args = name === 'worker' ? [...workerFlags, file] : ['--enable-source-maps', '--import', './web/load-tsx.mjs', file];
    const child = this.add(name, (logFile) => spawnTied(process.execPath, args, { logFile, env, cwd: root }), restartSeconds, 'SIGTERM');
    child.start();
    return child;
  }

  private async startDatabase(preparation: Preparation, keys: string): Promise<void> {
    const { config } = this;
    if (isPostgresLocal(config)) {
      const options = { dataDir: join(config.dataDir, 'postgres'), port: config.ports.postgres };
      await preparePostgres(options);
      if (this.stopped) return;
      const child = this.add('postgres', (logFile) => spawnPostgres({ ...options, logFile }), 1, 'SIGINT');
      await waitForPostgres(child.start(), { ...options, logFile: child.logFile });
    }
    const seedKeys = config.mode === 'sandbox' ? keys : undefined;
    await preparation.run({ database: { ownerDatabaseUrl: config.ownerDatabaseUrl, seedKeys } });
  }

  private async startTemporal(preparation: Preparation): Promise<void> {
    const { config } = this;
    const { address, namespace } = config.temporal;
    if (!isTemporalLocal(config)) return await preparation.run({ temporal: { address, namespace } });
    const binary = await resolveTemporal(this.say, this.stopping.signal);
    if (this.stopped) return;
    const dbFile = join(config.dataDir, 'temporal.db');
    const differs = checkStoreVersion(dbFile, binary);
    if (differs) this.say(differs);
    const { temporal: port, temporalUi: uiPort } = config.ports;
    const namespaces = namespace === 'default' ? [] : [namespace];
    const child = this.add('temporal', (logFile) => spawnTemporal({ binary, port, uiPort, dbFile, logFile, namespaces }), 1, 'SIGTERM');
    const server = child.start();
    const ended = new Promise<never>((_, fail) => server.once('exit', () => fail(explainTemporalLog(child.logFile))));
    ended.catch(() => {});
    await Promise.race([preparation.run({ temporal: { address, namespace, logFile: child.logFile } }), ended]);
    const { say, stopping } = this;
    void watchTemporal({ uiUrl: `http://127.0.0.1:${uiPort}`, restart: () => child.restart(), say, signal: stopping.signal });
  }

  private async waitUntilReady(children: readonly Child[], url: string): Promise<void> {
    const until = performance.now() + readyDeadlineMs;
    let answer = 'no answer';
    while (performance.now() < until && !this.stopped) {
      for (const child of children) child.ensureStarted();
      try {
        const response = await fetch(url, { signal: AbortSignal.timeout(2_000) });
        if (response.ok) return;
        answer = `${response.status} ${(await response.text()).slice(0, 300)}`;
      } catch {
        // Not listening yet.
      }
      await sleep(50);
    }
    const names = children.map((child) => child.name).join(' and ');
    throw new StackError(
      `The shop's ${names} did not get ready within a minute (${url}: ${answer}): see ${join(this.config.dataDir, 'logs')}.`,
    );
  }

  private printBlock(): void {
    const { config } = this;
    const lines =
      config.mode === 'sandbox'
        ? [
            `  Chat         ${config.sandboxUrl}/`,
            `  Temporal UI  ${config.temporal.uiUrl}/`,
            '',
            '  Try: buy (the code WELCOME10 takes 10% off), press *kill the workers*, watch it arrive.',
          ]
        : [`  Shop         ${config.publicUrl}/`, `  Temporal UI  ${config.temporal.uiUrl}/`];
    for (const line of ['', 'Tillflow is up. Ctrl-C stops it.', '', ...lines, '']) this.say(line);
  }
}
