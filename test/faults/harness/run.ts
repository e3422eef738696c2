/** Runs scenarios: a line a round, the checker after each, everything closed at the end. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type CheckReport, checkDatabase } from '../../../db/check.ts';
import type { Database } from '../../../db/orm.ts';
import { openServers } from '../../support/servers.ts';
import { startWorld, type World } from '../../support/world.ts';
import { makeRandom } from './random.ts';
import type { Round, Scenario } from './scenario.ts';
import { type FaultStack, startFaultStack } from './stack.ts';

export interface RunOptions {
  readonly seed: number;
  /** Instead of the scenario's own number. */
  readonly rounds?: number | undefined;
  readonly short?: boolean;
  readonly say?: (line: string) => void;
}

export interface RunReport {
  readonly name: string;
  readonly rounds: number;
  readonly failures: readonly { readonly seed: number; readonly reason: string }[];
  readonly seconds: number;
  /** What was looked at in the last round, in all its databases. */
  readonly counts: Readonly<Record<string, number>>;
}

/** How long what a round began may take to come to rest before findings count, ms. */
const restMs = 60_000;
/** How long a round may take: the longest wait for 5 minutes on purpose. One that hangs is a failure, and the next one begins. */
const mostMs = 20 * 60_000;

/** Acts out all rounds of one scenario, also after one has failed. */
export async function runScenario(scenario: Scenario, options: RunOptions): Promise<RunReport> {
  const { seed: firstSeed, short = false, say = () => undefined } = options;
  const rounds = options.rounds ?? scenario.rounds;
  const begun = performance.now();
  const shared = new Map<string, Promise<{ close(): Promise<unknown> }>>();
  const checked = new Map<Database, () => number>();
  const failures: { seed: number; reason: string }[] = [];
  let counts: Readonly<Record<string, number>> = {};

  const share: Round['share'] = (name, open) => {
    const known = shared.get(name) ?? open();
    shared.set(name, known);
    return known as ReturnType<typeof open>;
  };
  const check: Round['check'] = (db, { now = Date.now } = {}) => void checked.set(db, now);

  const look = async (db: Database, now: () => number = Date.now) => {
    const report = await untilGreen(db, now);
    const sums = Object.entries(report.counts).map(([name, count]) => [name, (counts[name] ?? 0) + count]);
    counts = Object.fromEntries(sums);
    if (!report.ok) throw new Error(`the checker found ${JSON.stringify(report.findings.slice(0, 5))}`);
  };

  for (let number = 1; number <= rounds; number += 1) {
    const seed = (firstSeed + number - 1) >>> 0;
    const roundBegun = performance.now();
    counts = {};
    const round: Round = {
      number,
      rounds,
      seed,
      random: makeRandom(seed),
      short,
      say: (line) => say(`    ${line}`),
      async stack(wish) {
        const stack: FaultStack = await share('stack', () => startFaultStack({ say, ...wish }));
        check(stack.db);
        return stack;
      },
      async world() {
        const world: World = await share('world', async () => {
          await openServers();
          return startWorld();
        });
        check(world.db);
        return world;
      },
      share,
      check,
      checkNow: look,
    };
    let words: string;
    let reason: string | undefined;
    try {
      words = await inTime(scenario.run(round));
      for (const [db, now] of checked) await look(db, now);
    } catch (err) {
      reason = err instanceof Error ? (err.stack ?? err.message) : String(err);
      words = `FAILED: ${reason}`;
      failures.push({ seed, reason });
    }
    const seconds = ((performance.now() - roundBegun) / 1_000).toFixed(1);
    say(`${scenario.name} ${number}/${rounds} seed ${seed} ${seconds} s ${reason === undefined ? 'green: ' : ''}${words}`);
    if (reason !== undefined) await closeAll(shared, checked);
  }
  await closeAll(shared, checked);
  return { name: scenario.name, rounds, failures, seconds: (performance.now() - begun) / 1_000, counts };
}

async function inTime<Result>(work: Promise<Result>): Promise<Result> {
  const over = new AbortController();
  const late = sleep(mostMs, undefined, { signal: over.signal }).then(() => {
    throw new Error(`it did not end within ${mostMs / 60_000} minutes`);
  });
  late.catch(() => undefined);
  try {
    return await Promise.race([work, late]);
  } finally {
    over.abort();
  }
}

/** A round that failed leaves nothing to the next one: what it shared is opened anew. */
async function closeAll(shared: Map<string, Promise<{ close(): Promise<unknown> }>>, checked: Map<Database, () => number>): Promise<void> {
  checked.clear();
  const all = [...shared.values()].reverse();
  shared.clear();
  for (const one of all) await one.then((kept) => kept.close()).catch(() => undefined);
}

/** Nothing is broken, and no stored event waits for its outcome any more. */
async function untilGreen(db: Database, now: () => number): Promise<CheckReport> {
  const until = performance.now() + restMs;
  for (;;) {
    const report = await checkDatabase(db.em.fork(), { now: new Date(now()), settledGraceMs: 0 });
    if (report.ok || performance.now() > until) return report;
    await sleep(500);
  }
}
