/**
 * `npm run bench -- chain`: what following one block of 3,000 outputs costs, by the product's own transaction, with ten addresses and with a
 * million. It must cost the same.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { followBlock } from '../activities/chain/moves.ts';
import type { Database } from '../db/orm.ts';
import { loadAddresses, makeBlock, ownPerBlock } from './chain-load.ts';
import { startBenchDatabase } from './database.ts';
import { alternate, type Contestant } from './harness/alternate.ts';
import { type Bench, pickSize } from './harness/bench.ts';
import { RoundError } from './harness/correct.ts';
import { makeFigure } from './harness/figure.ts';
import { median } from './numbers.ts';

const blocksPerRound = 20;
const few = 10;

export const bench: Bench = {
  name: 'chain',
  summary: 'following a block of 3,000 outputs with a million addresses, beside ten',
  async run(ctx) {
    const many = pickSize(ctx.options, 'entries', 1_000_000, 20_000);
    const outputs = pickSize(ctx.options, 'units', 3_000, 300);
    const contestants: Contestant[] = [];
    for (const addresses of [many, few]) {
      ctx.say(`Starting PostgreSQL with ${nameOf(addresses)}...`);
      const folder = join(ctx.folder, String(addresses));
      mkdirSync(folder, { mode: 0o755 });
      const { db, owner } = await startBenchDatabase({ ...ctx, folder }, 2);
      await loadAddresses(owner, addresses);
      contestants.push(makeContestant(nameOf(addresses), db, addresses, outputs));
    }
    const values = await alternate(ctx, contestants);
    const [ours, peer] = [values.get(nameOf(many)), values.get(nameOf(few))];
    if (!ours?.ms || !ours.heapMb) return [];
    const beside = (measure: 'ms' | 'heapMb') => (peer?.[measure] ? { peer: { name: nameOf(few), values: peer[measure] } } : {});
    return [
      makeFigure({ name: 'chain.block', unit: 'ms', ours: ours.ms, ...beside('ms'), aim: { on: 'ratio', op: '<=', value: 1.5 } }),
      makeFigure({ name: 'chain.memory', unit: 'MB', ours: ours.heapMb, ...beside('heapMb'), aim: { on: 'ratio', op: '<=', value: 1.5 } }),
    ];
  },
};

const nameOf = (addresses: number) => `${addresses} addresses`;

function makeContestant(name: string, db: Database, addresses: number, outputs: number): Contestant {
  let previous = { height: 1, hash: 'bench' };
  let own = 0;
  const follow = async () => {
    const block = makeBlock(previous, addresses, outputs);
    const begun = performance.now();
    const { moved } = await followBlock(db.em.fork(), 'btc', block, new Date());
    const ms = performance.now() - begun;
    if (!moved) throw new RoundError('the cursor did not move');
    previous = block;
    own += ownPerBlock;
    return ms;
  };
  return {
    name,
    async warmUp() {
      for (let block = 0; block < 3; block += 1) await follow();
    },
    async round() {
      const times: number[] = [];
      let heapMb = 0;
      for (let block = 0; block < blocksPerRound; block += 1) {
        times.push(await follow());
        // Of the whole process: a difference would be whatever the collector happened to free in between.
        heapMb = Math.max(heapMb, process.memoryUsage().heapUsed / 1_048_576);
      }
      const [kept]: { count: number }[] = await db.em.fork().execute('select count(*)::int as count from chain_output');
      if (kept?.count !== own) throw new RoundError(`${kept?.count} outputs are kept, ${own} were paid`);
      return { ms: median(times), heapMb };
    },
  };
}
