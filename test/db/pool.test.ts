import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Database, openDatabase } from '../../db/orm.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

const poolSize = 2;
let database: TestDatabase;
let db: Database;
let killer: Database;

beforeAll(async () => {
  database = await createTestDatabase();
  db = await openDatabase({ url: database.appUrl, poolSize });
  killer = await openDatabase({ url: database.appUrl, poolSize: 1 });
});

afterAll(async () => {
  await killer?.close(true);
  await database?.drop();
});

async function loseConnection(statementAfter: string | undefined): Promise<void> {
  await db.em.fork().transactional(async (tx) => {
    const [row]: { pid: number }[] = await tx.execute('select pg_backend_pid() as pid');
    await killer.em.fork().execute('select pg_terminate_backend(?)', [row?.pid]);
    if (statementAfter !== undefined) await tx.execute(statementAfter);
  });
}

describe('a pool of connections', () => {
  it('has all its places after connections died in transactions more often than it has places', async () => {
    for (let times = 0; times < poolSize; times += 1) {
      await expect(loseConnection('select 1')).rejects.toThrow();
      await expect(loseConnection(undefined), 'found dead by the commit').rejects.toThrow();
    }
    // Every place at the same time: nobody leaves before all have come.
    let come = 0;
    const all = Promise.withResolvers<void>();
    const together = Array.from({ length: poolSize }, () =>
      db.em.fork().transactional(async (tx) => {
        await tx.execute('select 1');
        come += 1;
        if (come === poolSize) all.resolve();
        await all.promise;
      }),
    );
    await expect(Promise.all(together)).resolves.toHaveLength(poolSize);
  });

  it('closes after connections died in transactions', async () => {
    await expect(loseConnection('select 1')).rejects.toThrow();
    await db.close(true);
    expect(await db.isConnected()).toBe(false);
  });
});
