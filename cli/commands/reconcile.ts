/** `tillflow reconcile`: the ledger beside what providers themselves say, and what staff approved for the bank's statement. */
import type { Command } from 'commander';
import { type ApprovedTransfer, listApprovedTransfers } from '../../db/repositories/approved-transfer.ts';
import { formatOrderCode } from '../../domain/order-code.ts';
import { isLater } from '../../temporal/deadline.ts';
import { reconcileNow } from '../../temporal/reconcile.ts';
import type { ReconcileResult } from '../../workflows/messages/reconcile.ts';
import { readWhole, withContext } from '../context.ts';
import { CommandError, print, table, tellMoney, tellTime } from '../output.ts';

const dayMs = 86_400_000;
const mostTransfers = 1_000;

export function addReconcileCommands(program: Command): void {
  program
    .command('reconcile')
    .description('compare the ledger with what providers say; exit code 1 when they differ')
    .option('--dry-run', 'look only: nothing is stored, booked or told')
    .option('--days <number>', "how far back approved transfers are listed, to hold against the bank's statement", '31')
    .action(async ({ dryRun = false, days }: { dryRun?: boolean; days: string }, command: Command) => {
      const since = new Date(Date.now() - readWhole('days', days, { min: 1, max: 366 }) * dayMs);
      const { outcome, transfers } = await withContext(async ({ door, em }) => ({
        outcome: await reconcileNow(door(), { dryRun }),
        transfers: await listApprovedTransfers(await em(), { since, limit: mostTransfers }),
      }));
      if (isLater(outcome)) throw new CommandError('Nobody has compared them within 5 minutes: is a worker running?');
      const words = () => [tellResults(outcome.results), ...tellTransfers(transfers)].join('\n');
      print(Boolean(command.optsWithGlobals().json), { ...outcome, transfers }, words);
      if (outcome.status !== 'equal') process.exitCode = 1;
    });
}

function tellTransfers(transfers: readonly ApprovedTransfer[]): string[] {
  if (transfers.length === 0) return [];
  const rows = transfers.map(({ shopId, at, amount, currency, reference, depositCode }) => [
    String(shopId),
    tellTime(at).slice(0, 16),
    reference,
    tellMoney({ amount, currency }),
    formatOrderCode(depositCode),
  ]);
  return [
    '',
    "Approved transfers, to be found in the bank's statement:",
    table(['shop', 'approved', 'reference', 'amount', 'deposit'], rows),
  ];
}

function tellResults(results: readonly ReconcileResult[]): string {
  if (results.length === 0) return 'There is no account to compare with.';
  const rows = results.map((result) => {
    const name = [String(result.shopId), result.provider];
    if ('failed' in result) return [...name, '-', '-', '-', '-', '-', '-', '-', result.failed];
    const { asked, read, found, feesInAll, statement, ledger, difference, differences, currency } = result;
    const money = [statement, ledger, feesInAll, difference].map((amount) => tellMoney({ amount, currency }));
    return [...name, String(asked), String(read), String(found), ...money, String(differences.length)];
  });
  const differences = results.flatMap((result) =>
    'failed' in result
      ? []
      : result.differences.map(
          ({ kind, objectId, amount }) =>
            `${result.provider} ${objectId}: the ledger ${kind === 'ledgerLacks' ? 'lacks' : 'has too much by'} ${tellMoney({ amount, currency: result.currency })}`,
        ),
  );
  const headings = ['shop', 'provider', 'asked', 'read', 'news', 'provider has', 'ledger has', 'fees', 'difference', 'differ'];
  return [table(headings, rows), ...differences].join('\n');
}
