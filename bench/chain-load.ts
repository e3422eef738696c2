/** Addresses of ours, loaded by sets, and blocks of which few outputs pay to them. */
import { createHash, randomBytes } from 'node:crypto';
import type { followBlock } from '../activities/chain/moves.ts';
import type { Database } from '../db/orm.ts';

type Block = Parameters<typeof followBlock>[2];

const outputsPerTransaction = 2;
/** Outputs of a block that pay to addresses of ours. */
export const ownPerBlock = 3;

/** The script of an address by its number. */
const scriptOf = (index: number) => createHash('md5').update(`own ${index}`).digest();

export function makeBlock(previous: { readonly height: number; readonly hash: string }, addresses: number, outputs: number): Block {
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
export async function loadAddresses({ em }: Database, count: number): Promise<void> {
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
