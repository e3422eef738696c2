import { afterEach, expect, test } from 'vitest';
import { Preparation } from '../../supervisor/preparation.ts';
import { StackError } from '../../supervisor/stack-error.ts';
import { createTestDatabase } from '../support/database.ts';
import { findFreePort } from '../../bench/ports.ts';
import { testTemporal } from '../support/temporal.ts';

let preparation: Preparation | undefined;
afterEach(() => preparation?.end());

function prepare(): Preparation {
  preparation = new Preparation({ ...process.env, NODE_ENV: undefined });
  return preparation;
}

test('a shop is prepared, and again without harm', async () => {
  const database = await createTestDatabase();
  const keys = `k1:${Buffer.alloc(32, 1).toString('base64')}`;
  const wishes = { database: { ownerDatabaseUrl: database.ownerUrl, seedKeys: keys }, temporal: testTemporal() };
  const ours = prepare();
  await Promise.all([ours.run({ database: wishes.database }), ours.run({ temporal: wishes.temporal })]);
  await ours.run(wishes);
  ours.end();
  await database.drop();
});

test('what people can mend is one sentence, a fault keeps its code for whoever explains it', async () => {
  const database = await createTestDatabase();
  const failure = prepare().run({ database: { ownerDatabaseUrl: database.ownerUrl, seedKeys: 'k1:short' } });
  await expect(failure).rejects.toThrow(StackError);
  await expect(failure).rejects.toThrow(/k1/);
  const closed = `postgresql://nobody:nobody@127.0.0.1:${await findFreePort()}/none`;
  await expect(preparation?.run({ database: { ownerDatabaseUrl: closed, seedKeys: undefined } })).rejects.toMatchObject({
    code: 'ECONNREFUSED',
  });
  preparation?.end();
  await database.drop();
});

test('ended, it fails what still waits', async () => {
  const address = `127.0.0.1:${await findFreePort()}`;
  const waiting = prepare().run({ temporal: { address, namespace: 'default' } });
  setTimeout(() => preparation?.end(), 200);
  await expect(waiting).rejects.toThrow('Stopped while starting.');
});
