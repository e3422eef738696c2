/** Brings the schema up to date with the owner's role. */
import { openDatabase } from './orm.ts';

/** Runs pending migrations; safe to repeat and to run from several processes at once. @returns names of those that ran. */
export async function migrate({ ownerDatabaseUrl }: { ownerDatabaseUrl: string }): Promise<string[]> {
  const orm = await openDatabase({ url: ownerDatabaseUrl, poolSize: 2, applicationName: 'tillflow-migrate' });
  try {
    // Two starts at once must not run the same migration twice; the lock ends with its session.
    return await orm.em.transactional(async (em) => {
      await em.execute('select pg_advisory_xact_lock(7447001)');
      const ran = await orm.migrator.up();
      return ran.map((migration) => migration.name);
    });
  } finally {
    await orm.close(true);
  }
}
