/**
 * `npm run bench -- servers`: the same wallet orders on the Temporal servers one may run: SQLite as the dev server ships it, SQLite with
 * our settings, with our settings but a sync at every commit, and a server on PostgreSQL as in production. Each with a stack of its own.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { resolveTemporal } from '../supervisor/temporal-binary.ts';
import { spawnTemporal, type TemporalOptions } from '../supervisor/temporal-server.ts';
import { createProfile, type Profile } from './cpu.ts';
import { sell } from './flow.ts';
import { alternate, type Contestant } from './harness/alternate.ts';
import { type Bench, type BenchContext, pickSize } from './harness/bench.ts';
import { makeFigure } from './harness/figure.ts';
import { percentile } from './numbers.ts';
import { buyFromUs } from './ours.ts';
import type { StackOptions } from './stack.ts';
import { openStage } from './stage.ts';
import { resolvePostgresServer, startPostgresServer } from './temporal-postgres.ts';

type Start = NonNullable<StackOptions['startTemporal']>;

/** What durable means for each is said in bench/README.md. */
const ours = 'SQLite tuned';

export const bench: Bench = {
  name: 'servers',
  summary: 'wallet orders on SQLite as shipped, SQLite with our settings, and a server on PostgreSQL',
  async run(ctx) {
    const { options, say } = ctx;
    const profile = createProfile(options.profile);
    const starts = new Map<string, Start>([[ours, onSqlite({})]]);
    // They differ from ours by settings alone, which a quick run does not measure.
    if (!options.quick) {
      starts.set('SQLite as shipped', onSqlite({ pragmas: [], dynamicConfig: {} }));
      starts.set('SQLite tuned and synced', onSqlite({ pragmas: ['journal_mode=WAL', 'synchronous=FULL', 'busy_timeout=10000'] }));
    }
    const programs = await resolvePostgresServer(say);
    if (programs) starts.set('PostgreSQL', ({ config, folder }) => startPostgresServer(programs, config, folder));
    else say('  PostgreSQL is left out: its server is built with Go 1.24 or later, which is not here.');

    const contestants = [...starts].map(([name, start]) => toContestant(ctx, name, start, profile));
    const values = await alternate(ctx, contestants);
    for (const line of profile.explain()) say(line);
    const measured = (name: string, measure: string) => values.get(name)?.[measure] ?? [];
    return ['rate', 'acceptP50', 'acceptP99'].flatMap((measure) =>
      [...values.keys()]
        .filter((name) => name !== ours || values.size === 1)
        .map((name) =>
          makeFigure({
            name: `servers.${measure}`,
            unit: measure === 'rate' ? 'orders/s' : 'ms',
            ours: values.has(ours) ? measured(ours, measure) : measured(name, measure),
            ...(values.has(ours) && name !== ours && { peer: { name, values: measured(name, measure) } }),
          }),
        ),
    );
  },
};

function onSqlite(settings: Pick<TemporalOptions, 'pragmas' | 'dynamicConfig'>): Start {
  return async ({ config, folder, say }) =>
    spawnTemporal({
      binary: await resolveTemporal(say),
      port: config.ports.temporal,
      dbFile: join(folder, 'temporal.db'),
      logFile: join(folder, 'logs', 'temporal.log'),
      ...settings,
    });
}

/** A stack of its own for every round, so that those who do not run take nothing from those who do. */
function toContestant(ctx: BenchContext, name: string, startTemporal: Start, profile: Profile): Contestant {
  const { options } = ctx;
  const orders = pickSize(options, 'orders', 600, 16);
  const buyers = pickSize(options, 'buyers', 16, 4);
  return {
    name,
    async round(index) {
      const folder = join(ctx.folder, `${name.replace(/\W+/g, '-')}-${index}`);
      mkdirSync(folder);
      const works: (() => Promise<unknown>)[] = [];
      const cleanUp = async () => {
        for (let work = works.pop(); work; work = works.pop()) await work();
      };
      ctx.onCleanUp(cleanUp);
      const quiet = () => undefined;
      const stage = await openStage({ ...ctx, folder, say: quiet, onCleanUp: (work) => works.push(work) }, { startTemporal });
      const flow = buyFromUs(stage, 'wallet');
      await sell(flow, await flow.makeTaps(Math.min(50, orders)), buyers);
      const taps = await flow.makeTaps(orders);
      const { seconds, acceptMs } = await profile.during(name, orders, () => sell(flow, taps, buyers));
      await flow.check?.(taps);
      await cleanUp();
      return { rate: orders / seconds, acceptP50: percentile(acceptMs, 0.5), acceptP99: percentile(acceptMs, 0.99) };
    },
  };
}
