/** The worker's clock is an hour off, and PostgreSQL's too: holds begin and end by Temporal's time, and money is judged by its provider's. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import pg from 'pg';
import type { Scenario } from '../harness/scenario.ts';
import type { FaultStack } from '../harness/stack.ts';
import { marketOf, runLoad, tellPurchases } from './load.ts';
import { cutConnections } from './saboteur.ts';

const hourMs = 3_600_000;
const toleranceMs = 1_000;
const hook = new URL('../../support/skewed-clock.ts', import.meta.url).href;

/** Every clock a statement can name without its schema tells another time from now on. `current_timestamp`, which cannot be shadowed, no statement names. */
async function skewDatabase(stack: FaultStack, ms: number): Promise<void> {
  const owner = new pg.Client(stack.config.ownerDatabaseUrl);
  await owner.connect();
  try {
    await owner.query('create schema if not exists skewed; grant usage on schema skewed to tillflow_app');
    for (const name of ['now', 'clock_timestamp', 'statement_timestamp', 'transaction_timestamp']) {
      await owner.query(
        `create or replace function skewed.${name}() returns timestamptz language sql stable
           as $$ select pg_catalog.${name}() + interval '${ms} milliseconds' $$`,
      );
    }
    await owner.query('alter database tillflow set search_path = skewed, public, pg_catalog');
  } finally {
    await owner.end();
  }
  await cutConnections(stack);
}

interface Times {
  readonly code: string;
  readonly status: string;
  readonly placed: number;
  readonly ends: number;
  readonly hold: number;
  readonly closed: number | null;
}

const readTimes = (stack: FaultStack, codes: readonly string[]): Promise<Times[]> =>
  stack.db.em.fork().execute(
    `select code, status, hold_seconds * 1000 as hold, extract(epoch from placed_at)::float8 * 1000 as placed,
            extract(epoch from hold_ends_at)::float8 * 1000 as ends, extract(epoch from closed_at)::float8 * 1000 as closed
       from "order" where code in (${codes.map(() => '?').join(', ')})`,
    [...codes],
  );

export const skewedClock: Scenario = {
  name: 'skewed-clock',
  summary: 'the clocks of worker and PostgreSQL are an hour off, either way: no hold begins or ends more than a second wrong',
  rounds: 4,
  async run(round) {
    const { stack, ...market } = await marketOf(round);
    const [workerMs, databaseMs] = [round.seed % 2 === 0 ? hourMs : -hourMs, Math.floor(round.seed / 2) % 2 === 0 ? hourMs : -hourMs];
    Object.assign(stack.workerEnv, { NODE_OPTIONS: `--import ${hook}`, TILLFLOW_TEST_SKEW_MS: String(workerMs) });
    await skewDatabase(stack, databaseMs);
    for (const worker of stack.workers) await worker.restart();
    const begun = Date.now();
    const load = { orders: round.short ? 4 : 60, buyers: 8 };
    const purchases = await runLoad({ stack, ...market }, round.seed, load);
    const left = await runLoad({ stack, ...market }, round.seed + 1, { orders: round.short ? 2 : 20, buyers: 10, wish: { fate: 'leave' } });
    const over = Date.now();

    assert.match(readFileSync(stack.logOf('worker-1'), 'utf8'), new RegExp(`clock off by ${workerMs} ms`), 'the worker had its own clock');
    const [heard]: { off: number }[] = await stack.db.em
      .fork()
      .execute(
        `select max(abs(extract(epoch from received_at - provider_at)))::float8 as off from inbox where source <> 'asked' and provider_at > ?`,
        [new Date(begun - toleranceMs)],
      );
    assert.ok((heard?.off ?? 0) > 1_800, 'PostgreSQL had the right clock');

    const times = await readTimes(
      stack,
      [...purchases, ...left].map(({ orderCode }) => orderCode),
    );
    let latest = 0;
    for (const { code, status, placed, ends, hold, closed } of times) {
      assert.ok(
        placed >= begun - toleranceMs && placed <= over + toleranceMs,
        `${code} was placed ${placed - begun} ms after the round began`,
      );
      assert.equal(ends, placed + hold, `${code}: the hold is as long as it was said to be`);
      if (status !== 'expired' || closed === null) continue;
      assert.ok(closed >= ends - toleranceMs, `${code} ended ${ends - closed} ms before its hold`);
      assert.ok(closed <= over + toleranceMs, `${code} ended ${closed - over} ms after the round`);
      latest = Math.max(latest, closed - ends);
    }
    assert.ok(latest < hourMs / 2, `a hold ended ${latest} ms late`);
    const words = [`worker ${workerMs / hourMs} h`, `PostgreSQL ${databaseMs / hourMs} h`, tellPurchases([...purchases, ...left])];
    return `${words.join('; ')}; the latest end of a hold came ${Math.round(latest)} ms after its time`;
  },
};
