/** What a fault scenario is, and what its rounds are given. */
import type { Database } from '../../../db/orm.ts';
import type { World } from '../../support/world.ts';
import type { Random } from './random.ts';
import type { FaultStack, StackWish } from './stack.ts';

/** One way the world may break, acted out in rounds. After every round the checker looks at all databases the scenario opened. */
export interface Scenario {
  /** As it is named on the command line. */
  readonly name: string;
  /** What is done, and what must hold, in a line. */
  readonly summary: string;
  /** Rounds of the long run. */
  readonly rounds: number;
  /** Mostly waits: those that say so run one after another beside the others. */
  readonly beside?: boolean;
  /** Acts out one round. @returns what happened, in a few words for its line @throws when a guarantee is broken */
  run(round: Round): Promise<string>;
}

export interface Round {
  /** From 1. */
  readonly number: number;
  /** How many there are in this run. */
  readonly rounds: number;
  /** Of this round: `--seed <seed> --rounds 1` acts it out again. */
  readonly seed: number;
  readonly random: Random;
  /** The short version: seconds instead of minutes. */
  readonly short: boolean;
  /** A line for people, above the round's own. */
  say(line: string): void;
  /** The product as real processes with servers of its own; the same one in all rounds of a run. */
  stack(wish?: StackWish): Promise<FaultStack>;
  /** The product in this process on shared servers (test/support/world.ts); the same one in all rounds of a run. */
  world(): Promise<World>;
  /** Opened at most once in a run under its name, and closed at its end, the newest first. */
  share<Kept extends { close(): Promise<unknown> }>(name: string, open: () => Promise<Kept>): Promise<Kept>;
  /** Has the checker look at this database too after the round. `now`: the time it takes for granted, where clocks are skewed. */
  check(db: Database, options?: { readonly now?: () => number }): void;
  /** Has it look at once, at a database that is gone before the round is over. @throws what it finds */
  checkNow(db: Database): Promise<void>;
}
