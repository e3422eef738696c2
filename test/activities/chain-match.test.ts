import { afterAll, beforeAll, expect, it } from 'vitest';
import { followBlock } from '../../activities/chain/moves.ts';
import { loadAddresses, makeBlock, ownPerBlock } from '../../bench/chain-load.ts';
import { type Database, openDatabase } from '../../db/orm.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

const addresses = 20_000;
const outputs = 1_000;

let database: TestDatabase;
let owner: Database;
let db: Database;

beforeAll(async () => {
  database = await createTestDatabase();
  owner = await openDatabase({ url: database.ownerUrl, poolSize: 1 });
  db = await openDatabase({ url: database.appUrl, poolSize: 1 });
  await loadAddresses(owner, addresses);
});
afterAll(async () => {
  await db.close(true);
  await owner.close(true);
  await database.drop();
});

/** Pages of indexes of addresses that were looked at since the last reset. */
async function pagesOfIndexes(): Promise<number> {
  const [row] = await owner.em
    .fork()
    .execute<{ pages: number }[]>(
      `select sum(idx_blks_hit + idx_blks_read)::int as pages from pg_statio_all_indexes where relname = 'chain_address'`,
    );
  return row?.pages ?? 0;
}

it('finds whose outputs a block has by about one page of an index an output, however many addresses there are', async () => {
  const before = await pagesOfIndexes();
  const block = makeBlock({ height: 1, hash: 'bench' }, addresses, outputs);
  expect(await followBlock(db.em.fork(), 'btc', block, new Date())).toMatchObject({ moved: true, rung: { length: ownPerBlock } });
  // What a connection did is otherwise told when it has been idle for a while.
  await db.em.fork().execute('select pg_stat_force_next_flush()');
  const pages = (await pagesOfIndexes()) - before;
  expect(pages).toBeGreaterThanOrEqual(outputs);
  expect(pages / outputs).toBeLessThan(1.5);
});
