import { makeRandom } from '../harness/random.ts';
import type { Scenario } from '../harness/scenario.ts';
import { marketOf, runLoad, strikeEvery, tellPurchases } from './load.ts';

export const postgresKill: Scenario = {
  name: 'postgres-kill',
  summary: 'PostgreSQL is killed every 5 to 30 seconds under 2,000 orders: what it committed stays, what it did not is done again',
  rounds: 1,
  async run(round) {
    const market = await marketOf(round);
    const { postgres } = market.stack.members;
    const random = makeRandom(round.seed);
    let kills = 0;
    const purchases = await runLoad(market, round.seed, {
      orders: round.short ? 20 : 2_000,
      buyers: 16,
      async breaking(signal) {
        kills = await strikeEvery(random, round.short ? [3_000, 8_000] : [5_000, 30_000], signal, () => postgres.kill());
      },
    });
    return `${kills} kills; ${tellPurchases(purchases)}`;
  },
};
