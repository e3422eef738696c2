/**
 * `npm run bench -- chain`: what following one block of 3,000 outputs costs, by the product's own transaction, with ten addresses and with a
 * million. It must cost the same.
 */
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { followBlock } from '../activities/chain/moves.ts';
import type { Database } from '../db/orm.ts';
import { startBenchDatabase } from './database.ts';
import { alternate, type Contestant } from './harness/alternate.ts';
import { type Bench, pickSize } from './harness/bench.ts';
import { RoundError } from './harness/correct.ts';
import { makeFigure } from './harness/figure.ts';
import { median } from './numbers.ts';

type Block = Parameters<typeof followBlock>[2];

const outputsPerTransaction = 2;
/** Outputs of a block that pay to addresses of ours. */
const ownPerBlock = 3;
const blocksPerRound = 20;
const few = 10;

export const bench: Bench = {
  name: 'chain',
  summary: 'following a block of 3,000 outputs with a million addresses, beside ten',
  async run(ctx) {
    const many = pickSize(ctx.options, 'entries', 1_000_000, 20_000);
    const outputs = pickSize(ctx.options, 'units', 3_000, 300);
    const contestants: Contestant[] = [];
    for (const [name, addresses] of [
      ['a million', many],
      ['ten', few],
    ] as const) {
      ctx.say(`Starting PostgreSQL with ${addresses} addresses...`);
      const folder = join(ctx.folder, String(addresses));
      mkdirSync(folder, { mode: 0o755 });
      const { db, owner } = await startBenchDatabase({ ...ctx, folder }, 2);
      await loadAddresses(owner, addresses);
      contestants.push(makeContestant(name, db, addresses, outputs));
    }
    const values = await alternate(ctx, contestants);
    const [ours, peer] = [values.get('a million'), values.get('ten')];
    if (!ours?.ms || !ours.heapMb) return [];
    const beside = (measure: 'ms' | 'heapMb') => (peer?.[measure] ? { peer: { name: 'ten addresses', values: peer[measure] } } : {});
    return [
      makeFigure({ name: 'chain.block', unit: 'ms', ours: ours.ms, ...beside('ms'), aim: { on: 'ratio', op: '<=', value: 1.5 } }),
      makeFigure({ name: 'chain.memory', unit: 'MB', ours: ours.heapMb, ...beside('heapMb'), aim: { on: 'ratio', op: '<=', value: 1.5 } }),
    ];
  },
};

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

/** The script of an address by its number. */
const scriptOf = (index: number) => createHash('md5').update(`own ${index}`).digest();

function makeBlock(previous: { readonly height: number; readonly hash: string }, addresses: number, outputs: number): Block {
  const transactions = Array.from({ length: outputs / outputsPerTransaction }, (_, transaction) => ({
    txid: randomBytes(32).toString('hex'),
    inputs: [{ txid: randomBytes(32).toString('hex'), vout: 0 }],
    outputs: Array.from({ length: outputsPerTransaction }, (__, vout) => ({
      vout,
      units: 50_000n,
      script: new Uint8Array(vout === 0 && transaction < ownPerBlock ? scriptOf(Math.floor(Math.random() * addresses)) : randomBytes(22)),
    })),
  }));
  return { height: previous.height + 1, hash: randomBytes(32).toString('hex'), previousHash: previous.hash, transactions };
}

/** By sets: through the product a million addresses would take an hour. */
async function loadAddresses({ em }: Database, count: number): Promise<void> {
  const fork = em.fork();
  await fork.execute(`insert into shop (slug, title, currency, webhook_endpoint_id) values ('chain', 'Chain', 'PLN', 'chain')`);
  await fork.execute(
    `insert into customer (shop_id, telegram_user_id, chat_id) select s.id, 9000000 + g, 9000000 + g from shop s cross join generate_series(1, ?) g`,
    [count],
  );
  await fork.execute(
    `insert into chain_key (shop_id, coin, network, script_type, key, fingerprint, next_index, added_at, confirmed_at)
     select id, 'btc', 'regtest', 'segwit', 'bench', 'bench', ?, now(), now() from shop`,
    [count],
  );
  await fork.execute(
    `insert into chain_address (key_id, shop_id, customer_id, coin, address_index, address, script, shown_at)
     select k.id, k.shop_id, c.id, 'btc', c.place, 'bench ' || c.place, decode(md5('own ' || c.place), 'hex'), now()
       from chain_key k cross join (select id, row_number() over (order by id) - 1 as place from customer) c`,
  );
  await fork.execute(`insert into chain_watch (coin, height, hash) values ('btc', 1, 'bench')`);
  await fork.execute(
    `insert into rate (base, quote, at, coingecko, coinbase, rate)
     select 'BTC', q, now(), 200000, 200000, 200000 from unnest(array['PLN', 'EUR']) q`,
  );
  await fork.execute('vacuum (analyze) customer, chain_address, chain_output');
}
