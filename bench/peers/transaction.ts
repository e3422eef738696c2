import type { Pool } from 'pg';
import type { Query } from './shop.ts';

/** Runs `work` in one transaction of its own. */
export async function inTransaction<Result>(pool: Pool, work: (query: Query) => Promise<Result>): Promise<Result> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    const result = await work(
      async <Row>(text: string, values: readonly unknown[]) => (await client.query(text, [...values])).rows as Row[],
    );
    await client.query('commit');
    client.release();
    return result;
  } catch (err) {
    await client.query('rollback').catch(() => undefined);
    client.release();
    throw err;
  }
}
