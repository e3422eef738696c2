import { makeRandom } from '../harness/random.ts';
import type { Scenario } from '../harness/scenario.ts';
import { marketOf, runLoad, strikeEvery, tellPurchases } from './load.ts';

export const sandboxKill: Scenario = {
  name: 'sandbox-kill',
  summary: 'Telegram and Stripe are killed again and again under orders and come back with their file: everything is sold once',
  rounds: 1,
  async run(round) {
    const market = await marketOf(round);
    const { sandbox } = market.stack.members;
    const random = makeRandom(round.seed);
    const often = round.short ? ([3_000, 8_000] as const) : ([5_000, 15_000] as const);
    let kills = 0;
    const purchases = await runLoad(market, round.seed, {
      orders: round.short ? 12 : 400,
      buyers: 20,
      async breaking(signal) {
        kills = await strikeEvery(random, often, signal, () => sandbox.kill());
      },
    });
    return `${kills} kills; ${tellPurchases(purchases)}`;
  },
};
