/**
 * `npm run bench -- orders`: orders on the path a customer takes, against empty workflows on the same server. Delivery is real: the
 * sandbox's Telegram has every message. The sandbox and whoever measures share the machine with what is measured.
 */
import type { MethodName } from '../domain/payment.ts';
import { createProfile } from './cpu.ts';
import { type Flow, sell } from './flow.ts';
import { alternate, type Contestant } from './harness/alternate.ts';
import { type Bench, pickSize } from './harness/bench.ts';
import { type Figure, makeFigure } from './harness/figure.ts';
import { buyFromUs, runEmptyWorkflows } from './ours.ts';
import { openStage } from './stage.ts';

const methods: readonly MethodName[] = ['wallet', 'stars', 'card'];
const ofEmptyAims: Record<MethodName, number> = { wallet: 0.6, stars: 0.45, card: 0.35 };
const emptyName = 'empty workflow';

export const bench: Bench = {
  name: 'orders',
  summary: 'place, pay, settle, deliver, ledger: orders a second beside empty workflows on the same server',
  async run(ctx) {
    const { options } = ctx;
    const orders = pickSize(options, 'orders', Math.ceil(5_000 / options.rounds), 30);
    const buyers = pickSize(options, 'buyers', 50, 8);
    const stage = await openStage(ctx);
    const profile = createProfile(options.profile);

    const race = <Tap>(name: string, flow: Flow<Tap>): Contestant => ({
      name,
      async warmUp() {
        await sell(flow, await flow.makeTaps(Math.min(orders, 60)), buyers);
      },
      async round() {
        const taps = await flow.makeTaps(orders);
        const { seconds } = await profile.during(name, taps.length, () => sell(flow, taps, buyers));
        await flow.check?.(taps);
        return { 'orders/s': taps.length / seconds };
      },
    });
    const contestants = [
      race(emptyName, await runEmptyWorkflows(stage)),
      ...methods.map((method) => race(method, buyFromUs(stage, method))),
    ];
    const values = await alternate(ctx, contestants);
    for (const line of profile.explain()) ctx.say(line);
    const ratesOf = (name: string) => values.get(name)?.['orders/s'];
    return methods.flatMap((method): Figure[] => {
      const ours = ratesOf(method);
      if (!ours) return [];
      const empty = ratesOf(emptyName);
      const aim = { on: 'ratio', op: '>=', value: ofEmptyAims[method] } as const;
      const beside = empty ? { peer: { name: emptyName, values: empty }, aim } : {};
      return [makeFigure({ name: `orders.${method}.rate`, unit: 'orders/s', ours, ...beside })];
    });
  },
};
