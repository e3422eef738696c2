/**
 * What the supervisor needs once and much memory for: the database brought up to date, Temporal's namespace made ready. A process of its
 * own does it and ends, so that the libraries of both do not stay for as long as the shop runs; a thread's memory would not come back.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { StackError } from './stack-error.ts';

export interface Wishes {
  readonly database: { readonly ownerDatabaseUrl: string; readonly seedKeys: string | undefined };
  /** `logFile` as of `waitForTemporal`. */
  readonly temporal: { readonly address: string; readonly namespace: string; readonly logFile?: string };
}

export type Wish = { readonly id: number } & Partial<Wishes>;

export interface Failure {
  /** What to do is in the message; else it is a fault, shown with its stack. */
  readonly plain: boolean;
  readonly message: string;
  readonly stack: string | undefined;
  readonly code: string | undefined;
}

export interface Answer {
  readonly id: number;
  readonly failure?: Failure;
}

export class Preparation {
  private readonly process: ChildProcess;
  private readonly waiting = new Map<number, { done: () => void; fail: (err: unknown) => void }>();
  private last = 0;

  constructor(env: NodeJS.ProcessEnv) {
    this.process = fork(fileURLToPath(new URL('prepare.ts', import.meta.url)), { env, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    this.process.on('message', ({ id, failure }: Answer) => {
      const one = this.waiting.get(id);
      this.waiting.delete(id);
      if (failure) one?.fail(toError(failure));
      else one?.done();
    });
    this.process.on('error', (err) => this.failAll(err));
    this.process.on('exit', (code) =>
      this.failAll(new StackError(code === null ? 'Stopped while starting.' : `The shop could not be prepared (code ${code}), see above.`)),
    );
  }

  run(wish: Partial<Wishes>): Promise<void> {
    this.last += 1;
    const id = this.last;
    return new Promise((done, fail) => {
      this.waiting.set(id, { done, fail });
      this.process.send({ id, ...wish } satisfies Wish, (err) => err && fail(err));
    });
  }

  /** Ends it. What still waits fails. */
  end(): void {
    this.process.kill('SIGKILL');
  }

  private failAll(err: unknown): void {
    for (const { fail } of this.waiting.values()) fail(err);
    this.waiting.clear();
  }
}

function toError({ plain, message, stack, code }: Failure): Error {
  return plain ? new StackError(message) : Object.assign(new Error(message), { code, ...(stack !== undefined && { stack }) });
}
