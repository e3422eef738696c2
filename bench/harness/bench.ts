/** What every benchmark is, and what it is given. */
import type { Figure } from './figure.ts';

/** Sizes a person may set; each bench has its own defaults, for a full and for a quick run. */
export const sizeNames = ['orders', 'buyers', 'units', 'events', 'entries', 'seconds'] as const;
export type SizeName = (typeof sizeNames)[number];

export interface BenchOptions {
  readonly rounds: number;
  /** Seconds instead of minutes: shows that it works, measures nothing. */
  readonly quick: boolean;
  readonly sizes: Readonly<Partial<Record<SizeName, number>>>;
  /** Names of contestants to run; absent: all. */
  readonly only?: readonly string[] | undefined;
  /** Say where the processor's time goes. */
  readonly profile?: boolean | undefined;
  /** Address of a Temporal server to measure on instead of the one that is shipped. */
  readonly temporal?: string | undefined;
}

export interface BenchContext {
  /** Temporary, removed at the end. */
  readonly folder: string;
  readonly options: BenchOptions;
  /** Progress, for people. */
  say(line: string): void;
  /** Runs at the end, newest first, also when a signal ends us. */
  onCleanUp(work: () => Promise<unknown>): void;
}

/** bench/<name>.ts exports one as `bench`. */
export interface Bench {
  readonly name: string;
  /** One line for `--help`. */
  readonly summary: string;
  /** @throws RoundError when something was lost or doubled */
  run(ctx: BenchContext): Promise<Figure[]>;
}

/** What the person asked for, else the default of this run. */
export function pickSize({ sizes, quick }: BenchOptions, name: SizeName, full: number, forQuick: number): number {
  return sizes[name] ?? (quick ? forQuick : full);
}
