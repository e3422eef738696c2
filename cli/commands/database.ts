/** `tillflow migrate`, `tillflow seed`: bring the database up to date, make the demo shop. */
import type { Command } from 'commander';
import { migrate } from '../../db/migrate.ts';
import { seedDemo } from '../../db/seed.ts';
import { withContext } from '../context.ts';
import { CommandError, print } from '../output.ts';

export function addDatabaseCommands(program: Command): void {
  program
    .command('migrate')
    .description('bring the database’s schema up to date, with the owner’s role')
    .action(async (_options: object, command: Command) => {
      await withContext(async ({ config }) => {
        const migrations = await migrate({ ownerDatabaseUrl: config.ownerDatabaseUrl });
        print(Boolean(command.optsWithGlobals().json), { migrations }, () =>
          migrations.length === 0 ? 'The schema is up to date.' : `Ran ${migrations.join(', ')}.`,
        );
      });
    });

  program
    .command('seed')
    .description('make the demo shop of the sandbox')
    .action(async (_options: object, command: Command) => {
      await withContext(async ({ config, keys }) => {
        if (config.mode === 'live') throw new CommandError('seed: only in the sandbox; a live shop has no demo goods.');
        const made = await seedDemo({ ownerDatabaseUrl: config.ownerDatabaseUrl, keys: keys() });
        print(Boolean(command.optsWithGlobals().json), { made }, () =>
          made ? 'The demo shop is made.' : 'The demo shop is there already.',
        );
      });
    });
}
