/** A database of its own for a test file: a copy of the migrated template, made in a tenth of a second. */
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { servers } from './servers.ts';

export interface TestDatabase {
  /** Connection of `tillflow_owner`: migrations, the seed, reading anything. */
  readonly ownerUrl: string;
  /** Connection of `tillflow_app`, as the product has it. */
  readonly appUrl: string;
  readonly drop: () => Promise<void>;
}

function urlOf(role: string, name: string): string {
  return `postgresql://${role}:${role}@127.0.0.1:${servers().postgresPort}/${name}`;
}

async function runAsOwner(statement: string): Promise<void> {
  const client = new pg.Client(urlOf('tillflow_owner', 'postgres'));
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

/** Clones the migrated template. Call `drop` in afterAll; what is left goes with the run. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  await runAsOwner(`CREATE DATABASE ${name} TEMPLATE tillflow`);
  return {
    ownerUrl: urlOf('tillflow_owner', name),
    appUrl: urlOf('tillflow_app', name),
    // The server's own cleaning of tables may be at it, and is nobody's to end: then it goes with the run.
    drop: () =>
      runAsOwner(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`).catch((err: { code?: string }) => {
        if (err.code !== '42501') throw err;
      }),
  };
}
