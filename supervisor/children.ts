/**
 * The processes of the local stack: started, watched, brought back when they die, ended in order.
 * Each leaves its log in `logs/<name>.log` and its trace in `run/<name>.pid`.
 */
import type { ChildProcess } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { endProcess, readLogTail, writePidFile } from './process.ts';
import { StackError } from './stack-error.ts';

export type ChildState = 'starting' | 'running' | 'waiting' | 'stopped';

export interface ChildReport {
  readonly name: string;
  readonly pid: number | undefined;
  readonly state: ChildState;
  /** How often it was brought back. */
  readonly restarts: number;
}

export interface ChildOptions {
  readonly name: string;
  /** Spawns the process once. */
  readonly spawn: () => ChildProcess;
  readonly runDir: string;
  readonly logFile: string;
  /** Pause before it is brought back, in seconds. */
  readonly restartSeconds: number;
  /** What asks it to end; SIGKILL follows after `stopSeconds`. */
  readonly stopSignal: NodeJS.Signals;
  readonly stopSeconds: number;
  readonly say: (line: string) => void;
}

/** A process that ends by itself sooner than this is not brought back at once: it would only end again. */
const quickEndMs = 10_000;
const longestPauseSeconds = 30;

/** One process under watch. */
export class Child {
  readonly name: string;
  readonly logFile: string;
  process: ChildProcess | undefined;
  private readonly options: ChildOptions;
  private state: ChildState = 'stopped';
  private restarts = 0;
  private quickEnds = 0;
  private begunAt = 0;
  private timer: NodeJS.Timeout | undefined;
  private restartNow = false;

  constructor(options: ChildOptions) {
    this.options = options;
    this.name = options.name;
    this.logFile = options.logFile;
  }

  report(): ChildReport {
    return { name: this.name, pid: this.state === 'running' ? this.process?.pid : undefined, state: this.state, restarts: this.restarts };
  }

  /** Starts it. Until `stop`, it is brought back whenever it ends. */
  start(): ChildProcess {
    this.state = 'starting';
    this.begunAt = performance.now();
    const child = this.options.spawn();
    this.process = child;
    if (child.pid !== undefined) {
      writePidFile(this.pidFile(), child.pid);
      this.state = 'running';
    }
    child.once('error', () => this.ended(child, 'could not be started'));
    child.once('exit', (code, signal) => this.ended(child, signal ? `was ended by ${signal}` : `ended with code ${code}`));
    return child;
  }

  /** Throws when the process that was started is gone: the start fails instead of trying for ever. */
  ensureStarted(): void {
    if (this.state === 'running' && this.restarts === 0) return;
    throw new StackError(`The ${this.name} process did not start, see ${this.logFile}:\n${readLogTail(this.logFile)}`);
  }

  /** Ends it at once, as a crash would. It comes back after its pause. */
  kill(): boolean {
    return this.state === 'running' && Boolean(this.process?.kill('SIGKILL'));
  }

  /** Ends it in order and starts it again without the pause. */
  async restart(): Promise<void> {
    if (this.state === 'stopped') return;
    if (this.state === 'waiting') {
      clearTimeout(this.timer);
      this.bringBack();
      return;
    }
    this.restartNow = true;
    await this.end();
  }

  /** Ends it in order, for good. */
  async stop(): Promise<void> {
    clearTimeout(this.timer);
    const ended = this.state === 'stopped' ? undefined : this.end();
    this.state = 'stopped';
    await ended;
    rmSync(this.pidFile(), { force: true });
  }

  private pidFile(): string {
    return join(this.options.runDir, `${this.name}.pid`);
  }

  private async end(): Promise<void> {
    const pid = this.process?.pid;
    const gone = this.process?.exitCode !== null || this.process.signalCode !== null;
    if (pid !== undefined && !gone) await endProcess(pid, this.options.stopSignal, this.options.stopSeconds * 1_000);
  }

  private ended(child: ChildProcess, how: string): void {
    if (this.state === 'stopped' || child !== this.process) return;
    if (this.restartNow) {
      this.restartNow = false;
      this.bringBack();
      return;
    }
    const quick = performance.now() - this.begunAt < quickEndMs && child.signalCode === null;
    this.quickEnds = quick ? this.quickEnds + 1 : 0;
    const seconds = Math.min(this.options.restartSeconds * 2 ** Math.max(0, this.quickEnds - 1), longestPauseSeconds);
    this.state = 'waiting';
    this.options.say(`The ${this.name} process ${how}; it comes back in ${seconds} s (log: ${this.logFile}).`);
    this.timer = setTimeout(() => this.bringBack(), seconds * 1_000);
  }

  private bringBack(): void {
    this.restarts += 1;
    try {
      this.start();
    } catch (err) {
      // What spawning needs (a program, the disk) may be back later.
      this.options.say(`The ${this.name} process could not be brought back: ${err instanceof Error ? err.message : String(err)}`);
      this.state = 'waiting';
      this.timer = setTimeout(() => this.bringBack(), longestPauseSeconds * 1_000);
    }
  }
}
