/** What makes a database fail on purpose, with no more rights than its owner has. */
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { FaultStack } from '../harness/stack.ts';

/** One connection, for one act. A connection that breaks under it is part of the game. */
async function as<Answer>(url: string, act: (client: pg.Client) => Promise<Answer>): Promise<Answer> {
  const client = new pg.Client(url);
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await act(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Ends every connection of the application's role but this one. */
export function cutConnections({ config }: FaultStack): Promise<void> {
  return as(config.databaseUrl, async (client) => {
    await client.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where usename = current_user and datname = current_database() and pid <> pg_backend_pid()`,
    );
  });
}

/** New connections to the database only read, as on a replica that is not promoted yet; those that are open are cut. */
export async function setReadOnly(stack: FaultStack, readOnly: boolean): Promise<void> {
  await as(stack.config.ownerDatabaseUrl, async (client) => {
    await client.query('set transaction_read_only = off; set default_transaction_read_only = off');
    await client.query(`alter database tillflow set default_transaction_read_only = ${readOnly ? 'on' : 'off'}`);
  });
  await cutConnections(stack);
}

/** Takes every connection the server gives to the application's role, and keeps them. @returns how many, and how to let go */
export async function takeAllConnections(stack: FaultStack, most: number): Promise<{ taken: number; release(): Promise<void> }> {
  const clients: pg.Client[] = [];
  await cutConnections(stack);
  // Whoever comes back at the same time may be faster: taken again and again.
  for (let failures = 0; clients.length < most && failures < 20; ) {
    const client = new pg.Client(stack.config.databaseUrl);
    client.on('error', () => undefined);
    try {
      await client.connect();
      clients.push(client);
    } catch {
      failures += 1;
      await sleep(20);
    }
  }
  return {
    taken: clients.length,
    release: async () => void (await Promise.all(clients.map((client) => client.end().catch(() => undefined)))),
  };
}

/** Keeps a table to itself for a while: everybody else waits, holding a connection of their pool. */
export function lockTable({ config }: FaultStack, table: string, ms: number): Promise<void> {
  return as(config.ownerDatabaseUrl, async (client) => {
    await client.query('begin');
    await client.query(`lock table ${table} in access exclusive mode`);
    await sleep(ms);
    await client.query('rollback');
  });
}

/** Locks rows of two open orders in the wrong order again and again, until `signal`; the server breaks the deadlocks it makes. */
export async function lockCrosswise({ config }: FaultStack, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await as(config.databaseUrl, async (client) => {
      await client.query(`set deadlock_timeout = '50ms'`).catch(() => undefined);
      await client.query('begin');
      // Accounts and units first, orders last: the product goes the other way.
      await client.query('select 1 from account order by id desc limit 20 for update');
      await client.query(`select 1 from unit where state = 'held' order by random() limit 5 for update`);
      await sleep(20);
      await client.query(`select 1 from "order" order by placed_at desc limit 20 for update`);
      await client.query('rollback');
    }).catch(() => undefined);
    await sleep(50);
  }
}

const failingTables = ['"order"', 'payment', 'inbox', 'transfer', 'unit', 'delivery'];

/** Makes a share of all writes fail as a deadlock does at once, and as a serialisation failure does at commit. */
export function setFailingWrites({ config }: FaultStack, share: number): Promise<void> {
  return as(config.ownerDatabaseUrl, async (client) => {
    // A sequence keeps its count when the transaction that drew from it is rolled back.
    await client.query('create sequence if not exists faults_struck; grant usage on sequence faults_struck to tillflow_app');
    await client.query(`create or replace function faults_strike() returns trigger language plpgsql as $$
      begin
        if random() < ${share / 2} then
          perform nextval('faults_struck');
          raise exception 'struck on purpose' using errcode = case when tg_name = 'faults_at_commit' then '40001' else '40P01' end;
        end if;
        return null;
      end $$`);
    for (const table of failingTables) {
      await client.query(`drop trigger if exists faults_at_once on ${table}; drop trigger if exists faults_at_commit on ${table}`);
      if (share === 0) continue;
      await client.query(`create trigger faults_at_once after insert or update on ${table} for each row execute function faults_strike()`);
      await client.query(`create constraint trigger faults_at_commit after insert or update on ${table}
        deferrable initially deferred for each row execute function faults_strike()`);
    }
  });
}

/** How many writes were struck so far, and how many deadlocks the server broke. */
export function countStrikes({ config }: FaultStack): Promise<{ struck: number; deadlocks: number }> {
  return as(config.ownerDatabaseUrl, async (client) => {
    const { rows } = await client.query<{ struck: number; deadlocks: number }>(
      `select (select case when is_called then last_value else 0 end from faults_struck)::int as struck,
              (select deadlocks from pg_stat_database where datname = current_database())::int as deadlocks`,
    );
    return rows[0] as { struck: number; deadlocks: number };
  });
}
