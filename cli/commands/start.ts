/** `tillflow start`, `tillflow reset`: the local stack, or one process of a deployment. */
import { Argument, type Command } from 'commander';
import { readConfig } from '../../config.ts';
import { resetData } from '../../supervisor/reset.ts';
import { startStack } from '../../supervisor/stack.ts';
import { withContext } from '../context.ts';
import { CommandError, print } from '../output.ts';

/** API and bots are one process: both names start it. It serves pages, which Node reads by a hook alone. */
async function startApp(): Promise<void> {
  await import(new URL('../../web/load-tsx.mjs', import.meta.url).href);
  await import('../../workers/app.ts');
}

const processes: Readonly<Record<string, () => Promise<unknown>>> = {
  worker: () => import('../../workers/worker.ts'),
  api: startApp,
  bot: startApp,
};

export function addStartCommands(program: Command): void {
  program
    .command('start')
    .description('bring up the whole shop on this machine, or one process of a deployment')
    .addArgument(new Argument('[process]', 'one process instead of all').choices(Object.keys(processes)))
    .action(async (name: string | undefined) => {
      if (name === undefined) {
        const stack = await startStack(readConfig());
        process.exitCode = await stack.closed;
        return;
      }
      process.env.TILLFLOW_KEYS ??= await withContext(async (context) => context.keys());
      await processes[name]?.();
      // The process ends itself, by a signal or by a failure.
      await new Promise(() => {
        setInterval(() => undefined, 2 ** 30);
      });
    });

  program
    .command('reset')
    .description('delete the local data: database, Temporal’s store, sandbox, keys, logs')
    .action(async (_options: object, command: Command) => {
      const config = readConfig();
      if (config.mode === 'live') throw new CommandError('reset: only in the sandbox; a live shop is never reset.');
      const deleted = await resetData(config);
      print(Boolean(command.optsWithGlobals().json), { deleted }, () =>
        deleted.length === 0 ? 'There was nothing to delete.' : `Deleted from ${config.dataDir}: ${deleted.join(', ')}.`,
      );
    });
}
