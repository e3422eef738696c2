/** `tillflow reconcile`: the ledger beside what providers themselves say. */
import type { Command } from 'commander';
import { isLater } from '../../temporal/deadline.ts';
import { reconcileNow } from '../../temporal/reconcile.ts';
import type { ReconcileResult } from '../../workflows/messages/reconcile.ts';
import { withContext } from '../context.ts';
import { CommandError, print, table, tellMoney } from '../output.ts';

export function addReconcileCommands(program: Command): void {
  program
    .command('reconcile')
    .description('compare the ledger with what providers say; exit code 1 when they differ')
    .option('--dry-run', 'look only: nothing is stored, booked or told')
    .action(async ({ dryRun = false }: { dryRun?: boolean }, command: Command) => {
      const outcome = await withContext(({ door }) => reconcileNow(door(), { dryRun }));
      if (isLater(outcome)) throw new CommandError('Nobody has compared them within 5 minutes: is a worker running?');
      print(Boolean(command.optsWithGlobals().json), outcome, () => tellResults(outcome.results));
      if (outcome.status !== 'equal') process.exitCode = 1;
    });
}

function tellResults(results: readonly ReconcileResult[]): string {
  if (results.length === 0) return 'There is no account with a statement.';
  const rows = results.map((result) => {
    const name = [String(result.shopId), result.provider];
    if ('failed' in result) return [...name, '-', '-', '-', '-', '-', result.failed];
    const { read, found, fees, statement, ledger, differences, currency } = result;
    const money = (amount: number) => tellMoney({ amount, currency });
    return [...name, String(read), String(found), money(fees), money(statement), money(ledger), String(differences.length)];
  });
  const differences = results.flatMap((result) =>
    'failed' in result
      ? []
      : result.differences.map(
          ({ kind, objectId, amount }) =>
            `${result.provider} ${objectId}: the ledger ${kind === 'ledgerLacks' ? 'lacks' : 'has too much by'} ${tellMoney({ amount, currency: result.currency })}`,
        ),
  );
  const headings = ['shop', 'provider', 'read', 'news', 'fees', 'provider has', 'ledger has', 'differ'];
  return [table(headings, rows), ...differences].join('\n');
}
