/** Opens PostgreSQL through MikroORM. Fork an EntityManager per unit of work: after a failed flush one is finished. */
import { Migrator } from '@mikro-orm/migrations';
import { defineConfig, type EntityManager, MikroORM } from '@mikro-orm/postgresql';
import { fileURLToPath } from 'node:url';
import { entities } from './entities/index.ts';
import { giveBackDeadClients } from './pool.ts';
import { PreparingClient } from './prepared.ts';

export interface DatabaseOptions {
  readonly url: string;
  /** Connections of this process: worker 16, relay 4, api 8, bot 4, cli 2. */
  readonly poolSize: number;
  /** The worker's limits: a statement 2 s, a lock 1 s, idle in a transaction 5 s. */
  readonly guarded?: boolean;
  readonly applicationName?: string;
}

export type Database = MikroORM;
export type { EntityManager };

export function databaseConfig({ url, poolSize, guarded = false, applicationName = 'tillflow' }: DatabaseOptions) {
  return defineConfig({
    clientUrl: url,
    entities,
    // Making a connection costs more than a minute of an idle one: sign-in, and every statement planned anew.
    pool: { min: 0, max: poolSize, idleTimeoutMillis: 60_000 },
    forceUtcTimezone: true,
    // Its only words are the migrator's progress; who runs a migration says what ran.
    logger: () => undefined,
    driverOptions: {
      Client: PreparingClient,
      application_name: applicationName,
      // Prepared statements look rows up by their keys: the plan is the same whatever the value is, so one is enough.
      options: '-c plan_cache_mode=force_generic_plan',
      connectionTimeoutMillis: 5_000,
      onPoolCreated: giveBackDeadClients,
      ...(guarded ? { statement_timeout: 2_000, lock_timeout: 1_000, idle_in_transaction_session_timeout: 5_000 } : {}),
    },
    schemaGenerator: { ignoreTriggers: true, ignoreRoutines: true, skipTables: ['mikro_orm_migrations'] },
    extensions: [Migrator],
    migrations: {
      path: fileURLToPath(new URL('./migrations', import.meta.url)),
      snapshotName: 'schema-snapshot',
      // Whoever runs migrations writes into no source folder; making one does.
      snapshotOnMigrate: false,
      emit: 'ts',
      disableForeignKeys: false,
    },
  });
}

/** Connects. @throws when PostgreSQL does not answer. */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  return MikroORM.init(databaseConfig(options));
}
