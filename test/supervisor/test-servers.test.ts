import { Connection } from '@temporalio/client';
import pg from 'pg';
import { afterAll, describe, expect, test } from 'vitest';
import { searchAttributeFlags } from '../../supervisor/temporal-server.ts';
import { searchAttributeTypes } from '../../temporal/search-attributes.ts';
import { createTestDatabase } from '../support/database.ts';
import { testTemporal, timeSkipping } from '../support/temporal.ts';

async function query(url: string, statement: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return (await client.query(statement)).rows;
  } finally {
    await client.end();
  }
}

describe('the servers of a test run', () => {
  test('a test file gets a migrated database nobody else sees', async () => {
    const [one, other] = await Promise.all([createTestDatabase(), createTestDatabase()]);
    await query(one.ownerUrl, 'create table mark (id int)');
    expect(await query(other.ownerUrl, "select to_regclass('mark') as found")).toEqual([{ found: null }]);
    expect(await query(other.appUrl, "select to_regclass('transfer') is not null as migrated")).toEqual([{ migrated: true }]);
    await Promise.all([one.drop(), other.drop()]);
    await expect(query(one.appUrl, 'select 1')).rejects.toThrow(/does not exist/);
  });

  test('neither role may do what only a superuser may', async () => {
    const database = await createTestDatabase();
    for (const url of [database.ownerUrl, database.appUrl]) {
      expect(await query(url, 'select rolsuper from pg_roles where rolname = current_user')).toEqual([{ rolsuper: false }]);
    }
    await database.drop();
  });

  test('every namespace has our search attributes before a worker polls', async () => {
    const { address, namespace } = testTemporal();
    expect(testTemporal().namespace).not.toBe(namespace);
    const connection = await Connection.connect({ address });
    const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
    expect(customAttributes).toMatchObject(searchAttributeTypes);
    expect(searchAttributeFlags.map((flag) => flag.split('=')[0])).toEqual(Object.keys(searchAttributeTypes));
    await connection.close();
  });
});

const env = await timeSkipping();
afterAll(() => env?.teardown());

describe.skipIf(!env)('the server that skips time', () => {
  test('passes an hour in less than five seconds', { timeout: 20_000 }, async () => {
    const before = await env?.currentTimeMs();
    const begun = performance.now();
    await env?.sleep('1 hour');
    expect(performance.now() - begun).toBeLessThan(5_000);
    expect(Number(await env?.currentTimeMs()) - Number(before)).toBeGreaterThanOrEqual(3_600_000);
  });
});
