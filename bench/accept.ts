/**
 * `npm run bench -- accept`: from the tap to the moment the customer knows of the hold and how to pay; with the wallet, that it is paid.
 * Each buyer then pays and waits for the goods before the next tap, so that taps are measured among everything else an order causes.
 */
import { contestantNames, openFlows } from './contestants.ts';
import { type Flow, sell } from './flow.ts';
import { alternate, type Contestant } from './harness/alternate.ts';
import { type Bench, pickSize } from './harness/bench.ts';
import { type Aim, type Figure, makeFigure } from './harness/figure.ts';
import { percentile } from './numbers.ts';
import { openStage } from './stage.ts';

const shares = { p50: 0.5, p99: 0.99 } as const;
const widths = [1, 16] as const;
/** How many times as long as DBOS's the median may be, by buyers at once. */
const aims: Readonly<Record<number, number>> = { 1: 2, 16: 4 };

const pairs: readonly (readonly [ours: string, peers: readonly string[]])[] = [
  ['wallet', ['dbos-wallet', 'naive-wallet']],
  ['stars', ['dbos-paid', 'naive-paid']],
  ['card', ['dbos-paid', 'naive-paid']],
];

export const bench: Bench = {
  name: 'accept',
  summary: 'tap to hold known and way to pay ready, ms',
  async run(ctx) {
    const { options } = ctx;
    const orders = pickSize(options, 'orders', 400, 16);
    const race = (name: string, flow: Flow): Contestant => ({
      name,
      async warmUp() {
        await sell(flow, await flow.makeTaps(Math.min(orders, 100)), 16);
      },
      async round() {
        const measured: Record<string, number> = {};
        for (const buyers of widths) {
          // One buyer takes long for many orders, and few are enough to know how long.
          const taps = await flow.makeTaps(buyers === 1 ? Math.ceil(orders / 4) : orders);
          const { acceptMs } = await sell(flow, taps, buyers);
          await flow.check?.(taps);
          for (const [share, value] of Object.entries(shares)) measured[measureOf(buyers, share)] = percentile(acceptMs, value);
        }
        return measured;
      },
    });
    const flows = await openFlows(await openStage(ctx), ctx, ['empty', 'graphile-wallet', 'graphile-paid']);
    const values = await alternate(
      ctx,
      [...flows].map(([name, flow]) => race(name, flow)),
    );
    return pairs.flatMap(([ours, peers]) => peers.flatMap((peer) => compare(values.get(ours), ours, values.get(peer), peer)));
  },
};

function measureOf(buyers: number, share: string): string {
  return `${buyers} ${buyers === 1 ? 'buyer' : 'buyers'} ${share} ms`;
}

function compare(
  own: Record<string, number[]> | undefined,
  ours: string,
  theirs: Record<string, number[]> | undefined,
  peer: string,
): Figure[] {
  if (!own || !theirs) return [];
  return widths.flatMap((buyers) =>
    Object.keys(shares).map((share): Figure => {
      const least = share === 'p50' && peer.startsWith('dbos') ? aims[buyers] : undefined;
      const aim: Aim | undefined = least === undefined ? undefined : { on: 'ratio', op: '<=', value: least };
      const measure = measureOf(buyers, share);
      return makeFigure({
        name: `accept.${ours}.${buyers}.${share}`,
        unit: 'ms',
        ours: own[measure] ?? [],
        peer: { name: contestantNames[peer] ?? peer, values: theirs[measure] ?? [] },
        ...(aim && { aim }),
      });
    }),
  );
}
