import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Database, openDatabase } from '../../db/orm.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

let database: TestDatabase;
let orm: Database;

beforeAll(async () => {
  database = await createTestDatabase();
  orm = await openDatabase({ url: database.ownerUrl, poolSize: 1 });
});
afterAll(async () => {
  await orm.close(true);
  await database.drop();
});

it('the migrated schema is what the entities say, and the snapshot too', async () => {
  expect(await orm.schema.getUpdateSchemaSQL()).toBe('');
  expect(await orm.migrator.getPending()).toEqual([]);
  expect(await orm.migrator.checkSchema()).toBe(false);
});
