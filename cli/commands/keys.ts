/** `tillflow keys`: the keys that seal secrets in the database. */
import type { Command } from 'commander';
import { rotateKeys } from '../../db/rotate-keys.ts';
import { withContext } from '../context.ts';
import { print } from '../output.ts';

export function addKeysCommands(program: Command): void {
  program
    .command('keys')
    .description('the keys that seal secrets in the database')
    .command('rotate')
    .description('seal everything anew with the first of TILLFLOW_KEYS; afterwards the others may be taken out')
    .action(async (_options: object, command: Command) => {
      const json = Boolean(command.optsWithGlobals().json);
      await withContext(async ({ em, secrets }) => {
        const done = await rotateKeys(await em(), secrets(), (count) => json || process.stderr.write(`\r${count} values sealed anew`));
        print(json, { ok: true, done }, () => `\nDone: ${done} values sealed anew. Old keys may be taken out of TILLFLOW_KEYS now.`);
      });
    });
}
