/** Opening a database takes longer than any command: in a file that mocks db/orm.ts with this, all commands share the first one's. */
import type * as orm from '../../db/orm.ts';

/** `vi.mock('../../db/orm.ts', async (load) => (await import('../support/shared-database.ts')).shareDatabase(await load()))` */
export function shareDatabase(real: typeof orm): typeof orm {
  let shared: ReturnType<typeof orm.openDatabase> | undefined;
  return {
    ...real,
    async openDatabase(options) {
      if (options.applicationName !== 'tillflow-cli') return real.openDatabase(options);
      shared ??= real.openDatabase(options);
      return { em: (await shared).em, close: async () => undefined } as Awaited<typeof shared>;
    },
  };
}
