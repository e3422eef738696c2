/** `npm run bench -- flash`: one product, a thousand units, five thousand buyers, 64 at once. */
import { startBenchDatabase } from './database.ts';
import { openStands } from './flash-reserve.ts';
import { openFlashShop } from './flash-shop.ts';
import { alternate } from './harness/alternate.ts';
import { type Bench, pickSize } from './harness/bench.ts';
import { type Figure, makeFigure } from './harness/figure.ts';

const width = 64;

export const bench: Bench = {
  name: 'flash',
  summary: 'one product, 1,000 units, 5,000 buyers, 64 at once: reserving in SQL, and the whole way with the wallet',
  async run(ctx) {
    const sale = { units: pickSize(ctx.options, 'units', 1_000, 20), buyers: pickSize(ctx.options, 'buyers', 5_000, 100), width };
    const figures: Figure[] = [];
    ctx.say('Reserving in SQL: starting PostgreSQL...');
    const database = await startBenchDatabase(ctx, width);
    figures.push(...reserveFigures(await alternate(ctx, await openStands(database, sale))));
    ctx.say('The whole way: starting the shop...');
    figures.push(
      ...wholeFigures(await alternate({ ...ctx, options: { ...ctx.options, only: undefined } }, [await openFlashShop(ctx, sale)])),
    );
    return figures;
  },
};

type Values = Awaited<ReturnType<typeof alternate>>;

function reserveFigures(values: Values): Figure[] {
  const ours = values.get('tillflow');
  return ['counter row', 'state column'].flatMap((peer) => {
    const theirs = values.get(peer);
    if (!ours || !theirs) return [];
    const compare = (name: string, unit: string, measure: string, aimed: boolean) => {
      const aim = aimed ? ({ on: 'ratio', op: '>=', value: 2 } as const) : undefined;
      return makeFigure({
        name,
        unit,
        ours: ours[measure] ?? [],
        peer: { name: peer, values: theirs[measure] ?? [] },
        ...(aim ? { aim } : {}),
      });
    };
    return [
      // Units reserved a second, from the first to the last: what comes after is told no, by all alike.
      compare('flash.reserve', 'units/s', 'wonPerSecond', peer === 'counter row'),
      compare('flash.reserve.buyers', 'buyers/s', 'perSecond', false),
    ];
  });
}

function wholeFigures(values: Values): Figure[] {
  const ours = values.get('tillflow') ?? {};
  const atMost = (value: number) => ({ on: 'ours', op: '<=', value }) as const;
  return [
    makeFigure({ name: 'flash.whole', unit: 'buyers/s', ours: ours.perSecond ?? [] }),
    makeFigure({ name: 'flash.whole.lost.p99', unit: 'ms', ours: ours.lostP99 ?? [], aim: atMost(2_000) }),
    makeFigure({ name: 'flash.whole.won.p99', unit: 'ms', ours: ours.wonP99 ?? [] }),
    makeFigure({ name: 'flash.whole.oversold', unit: 'units', ours: ours.oversold ?? [], aim: atMost(0) }),
  ];
}
