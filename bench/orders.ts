/**
 * `npm run bench -- orders`: orders on the path a customer takes, each buyer waiting for the goods before the next tap. Delivery is real:
 * the sandbox's Telegram has every message. The sandbox and whoever measures share the machine with what is measured.
 */
import { contestantNames, openFlows } from './contestants.ts';
import { createProfile } from './cpu.ts';
import { type Flow, sell } from './flow.ts';
import { alternate, type Contestant } from './harness/alternate.ts';
import { type Bench, pickSize } from './harness/bench.ts';
import { type Aim, type Figure, makeFigure } from './harness/figure.ts';
import { openStage } from './stage.ts';

const rate = 'orders/s';
const events = 'events';

/** Ours, beside whom, and how much of their rate is aimed at. What is paid outside stands beside what is told by a signal. */
const comparisons: readonly (readonly [ours: string, peer: string, aim?: number])[] = [
  ['wallet', 'empty', 0.6],
  ['wallet', 'naive-wallet', 1.5],
  ['wallet', 'dbos-wallet', 0.4],
  ['wallet', 'graphile-wallet'],
  ['stars', 'empty', 0.45],
  ['stars', 'naive-paid', 1.5],
  ['stars', 'dbos-paid', 0.4],
  ['stars', 'graphile-paid'],
  ['card', 'empty', 0.35],
  ['card', 'naive-paid', 1.5],
  ['card', 'dbos-paid', 0.4],
  ['card', 'graphile-paid'],
];

/** Histories beside each other: every event is a row the server writes. */
const lengths = [
  ['wallet', 'naive-wallet'],
  ['stars', 'naive-paid'],
  ['card', 'naive-paid'],
] as const;

export const bench: Bench = {
  name: 'orders',
  summary: 'place, pay, settle, deliver, ledger: orders a second',
  async run(ctx) {
    const { options } = ctx;
    const orders = pickSize(options, 'orders', Math.ceil(5_000 / options.rounds), 16);
    const buyers = pickSize(options, 'buyers', 50, 4);
    const profile = createProfile(options.profile);
    const race = (name: string, flow: Flow): Contestant => ({
      name,
      async warmUp() {
        await sell(flow, await flow.makeTaps(Math.min(orders, 100)), buyers);
      },
      async round() {
        const taps = await flow.makeTaps(orders);
        const { seconds } = await profile.during(name, taps.length, () => sell(flow, taps, buyers));
        await flow.check?.(taps);
        const length = taps.length > 0 ? await flow.countEvents?.(taps[0]) : undefined;
        return { [rate]: taps.length / seconds, ...(length !== undefined && { [events]: length }) };
      },
    });

    const flows = await openFlows(await openStage(ctx), ctx);
    const values = await alternate(
      ctx,
      [...flows].map(([name, flow]) => race(name, flow)),
    );
    for (const line of profile.explain()) ctx.say(line);
    const rates = comparisons.flatMap(([ours, peer, least]) => compare(values, rate, ours, peer, least));
    return [...rates, ...lengths.flatMap(([ours, peer]) => compare(values, events, ours, peer))];
  },
};

function compare(
  values: ReadonlyMap<string, Record<string, number[]>>,
  measure: typeof rate | typeof events,
  ours: string,
  peer: string,
  least?: number,
): Figure[] {
  const [own, theirs] = [ours, peer].map((name) => values.get(name)?.[measure]);
  if (!own || !theirs) return [];
  const aim: Aim | undefined = least === undefined ? undefined : { on: 'ratio', op: '>=', value: least };
  const name = `orders.${ours}.${measure === rate ? 'rate' : 'events'}`;
  return [
    makeFigure({ name, unit: measure, ours: own, peer: { name: contestantNames[peer] ?? peer, values: theirs }, ...(aim && { aim }) }),
  ];
}
