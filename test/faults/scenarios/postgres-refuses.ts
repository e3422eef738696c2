/** PostgreSQL is there and refuses: only reads, no connection left, tables locked, transactions broken off. */
import type { FaultStack } from '../harness/stack.ts';
import type { Scenario } from '../harness/scenario.ts';
import { makeRandom } from '../harness/random.ts';
import { marketOf, pause, runLoad, tellPurchases } from './load.ts';
import { countStrikes, lockCrosswise, lockTable, setFailingWrites, setReadOnly, takeAllConnections } from './saboteur.ts';

interface Refusal {
  readonly name: string;
  readonly summary: string;
  /** How often the server is whole again before the next one, ms. */
  readonly restMs: number;
  refuse(stack: FaultStack, ms: number, signal: AbortSignal): Promise<void>;
  /** What came of it, besides how often. @throws when nothing was refused at all */
  count?(stack: FaultStack): Promise<string>;
}

/** Names a server refuses by, and the few connections that are too few for everybody. */
const maxConnections = 60;

const refusals: readonly Refusal[] = [
  {
    name: 'postgres-read-only',
    summary: 'the database takes no writes for a while, again and again: orders wait and go on, nothing is half done',
    restMs: 3_000,
    async refuse(stack, ms, signal) {
      await setReadOnly(stack, true);
      try {
        await pause(ms, signal);
      } finally {
        await setReadOnly(stack, false);
      }
    },
  },
  {
    name: 'postgres-no-connections',
    summary: 'every connection of the server is taken by others for a while: nothing is lost meanwhile',
    restMs: 3_000,
    async refuse(stack, ms, signal) {
      const { release } = await takeAllConnections(stack, maxConnections);
      try {
        await pause(ms, signal);
      } finally {
        await release();
      }
    },
  },
  {
    name: 'postgres-pool-exhausted',
    summary: 'tables are locked until every connection of every pool waits: steps time out, are repeated, and count once',
    restMs: 2_000,
    async refuse(stack, ms, signal) {
      const tables = ['"order"', 'free_unit', 'inbox', 'account'];
      for (const table of tables) {
        if (signal.aborted) return;
        await lockTable(stack, table, ms / tables.length).catch(() => undefined);
      }
    },
  },
  {
    name: 'postgres-deadlocks',
    summary: 'deadlocks and serialisation errors strike one write in twelve, at once or at commit: every step is repeated and counts once',
    restMs: 0,
    async refuse(stack, ms, signal) {
      await setFailingWrites(stack, 1 / 12);
      try {
        await Promise.all([lockCrosswise(stack, signal), pause(ms, signal)]);
      } finally {
        await setFailingWrites(stack, 0);
      }
    },
    async count(stack) {
      const { struck, deadlocks } = await countStrikes(stack);
      if (struck === 0) throw new Error('No write was struck');
      return `, ${struck} writes struck, ${deadlocks} deadlocks broken`;
    },
  },
];

export const postgresRefuses: readonly Scenario[] = refusals.map(({ name, summary, restMs, refuse, count }) => ({
  name,
  summary,
  beside: true,
  rounds: 1,
  async run(round) {
    const market = await marketOf(round, { postgresSettings: { max_connections: String(maxConnections) } });
    const random = makeRandom(round.seed);
    let times = 0;
    const purchases = await runLoad(market, round.seed, {
      orders: round.short ? 12 : 100,
      buyers: 12,
      async breaking(signal) {
        do {
          times += 1;
          await refuse(market.stack, round.short ? 3_000 : random.whole(2_000, 6_000), signal);
        } while (await pause(restMs + random.whole(0, 1_000), signal));
      },
    });
    return `${times} times${(await count?.(market.stack)) ?? ''}; ${tellPurchases(purchases)}`;
  },
}));
