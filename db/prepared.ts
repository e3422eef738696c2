/** Statements PostgreSQL plans once a connection: for what is asked so often that planning would cost more than answering. */
import type { AbstractSqlConnection } from '@mikro-orm/postgresql';
import type { EntityManager } from './orm.ts';

/** A statement of ours with `$1`-style parameters; its name is unique in the program. */
export interface Prepared {
  readonly name: string;
  readonly text: string;
}

interface NativePool {
  query(query: Prepared & { values: readonly unknown[] }): Promise<{ rows: unknown[] }>;
}

/** Runs it on a connection of its own, outside any transaction of `em`. @returns rows as PostgreSQL's driver reads them: bigint as text */
export async function runPrepared<Row>(em: EntityManager, statement: Prepared, values: readonly unknown[]): Promise<Row[]> {
  if (em.isInTransaction()) throw new Error(`${statement.name} would run outside the transaction it is called in`);
  const pool = (await (em.getConnection() as AbstractSqlConnection).getNativeClient()) as NativePool;
  return (await pool.query({ ...statement, values })).rows as Row[];
}
