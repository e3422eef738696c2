/** `tillflow`: every command of the shop. Exit codes: 0 done, 1 failed, 2 the input does not fit. */
import { Command, CommanderError } from 'commander';
import { readFileSync } from 'node:fs';
import { ConfigError } from '../config.ts';
import { ShopError } from '../db/repositories/shop.ts';
import { AccountKeyError } from '../db/account-key.ts';
import { SecretError } from '../db/secrets.ts';
import { StackError } from '../supervisor/stack-error.ts';
import { addCatalogueCommands } from './commands/catalogue.ts';
import { addChainCommands } from './commands/chain.ts';
import { addCheckCommands } from './commands/check.ts';
import { addCodeCommands } from './commands/code.ts';
import { addDatabaseCommands } from './commands/database.ts';
import { addDepositCommands } from './commands/deposit.ts';
import { addClaimCommands } from './commands/claim.ts';
import { addPayoutCommands } from './commands/payout.ts';
import { addDemoCommands } from './commands/demo.ts';
import { addKeysCommands } from './commands/keys.ts';
import { addLogsCommands } from './commands/logs.ts';
import { addMethodCommands } from './commands/method.ts';
import { addOrderCommands } from './commands/order.ts';
import { addRatesCommands } from './commands/rates.ts';
import { addReconcileCommands } from './commands/reconcile.ts';
import { addRefillLinkCommand } from './commands/refill-link.ts';
import { addSettingCommands } from './commands/setting.ts';
import { addShopCommands } from './commands/shop.ts';
import { addStageCommands } from './commands/stage.ts';
import { addStaffCommands } from './commands/staff.ts';
import { addStartCommands } from './commands/start.ts';
import { addStockCommands } from './commands/stock.ts';
import { addTextCommands } from './commands/text.ts';
import { addVoucherCommands } from './commands/voucher.ts';
import { addProductCommands } from './commands/product.ts';
import { addTokenCommands } from './commands/token.ts';
import { addUnitCommands } from './commands/unit.ts';
import { addWalletCommands } from './commands/wallet.ts';
import { CommandError } from './output.ts';

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string };

/** The command tree; each run has one of its own, since options stay with it. */
export function createProgram(): Command {
  const program = new Command('tillflow')
    .description('The durable shop backend for Telegram.')
    .version(version)
    .option('--json', 'print JSON instead of tables')
    .showHelpAfterError('Add --help for the options.')
    .configureHelp({ showGlobalOptions: true })
    .exitOverride();
  addStartCommands(program);
  addDemoCommands(program);
  addCheckCommands(program);
  addLogsCommands(program);
  addOrderCommands(program);
  addDepositCommands(program);
  addClaimCommands(program);
  addPayoutCommands(program);
  addShopCommands(program);
  addCatalogueCommands(program);
  addProductCommands(program);
  addUnitCommands(program);
  addStageCommands(program);
  addTokenCommands(program);
  addChainCommands(program);
  addStaffCommands(program);
  addMethodCommands(program);
  addCodeCommands(program);
  addVoucherCommands(program);
  addSettingCommands(program);
  addTextCommands(program);
  addRatesCommands(program);
  addStockCommands(program);
  addWalletCommands(program);
  addReconcileCommands(program);
  addDatabaseCommands(program);
  addKeysCommands(program);
  addRefillLinkCommand(program);
  return program;
}

/** Runs one command, printing to this process's output. @returns its exit code */
export async function runProgram(args: readonly string[]): Promise<number> {
  const program = createProgram();
  try {
    await program.parseAsync(args, { from: 'user' });
    return Number(process.exitCode ?? 0);
  } catch (err) {
    return tellFailure(program, err);
  }
}

function tellFailure(program: Command, err: unknown): number {
  // Commander has printed its own words; help and version are no failures.
  if (err instanceof CommanderError) return err.exitCode === 0 ? 0 : 2;
  const { message, exitCode } = explain(err);
  process.stderr.write(program.opts().json ? `${JSON.stringify({ error: message })}\n` : `${message}\n`);
  return exitCode;
}

function explain(err: unknown): { message: string; exitCode: number } {
  if (err instanceof CommandError) return err;
  if (err instanceof ConfigError) return { message: err.message, exitCode: 2 };
  if (!(err instanceof Error)) return { message: String(err), exitCode: 1 };
  if (isRefused(err))
    return { message: 'The database does not answer: start the shop with `npm start`, or check TILLFLOW_DATABASE_URL.', exitCode: 1 };
  if (err instanceof ShopError || err instanceof AccountKeyError) return { message: err.message, exitCode: 2 };
  const isOurs = err instanceof StackError || err instanceof SecretError;
  return { message: isOurs ? err.message : (err.stack ?? err.message), exitCode: 1 };
}

function isRefused(err: unknown): boolean {
  const { code, cause } = err as { code?: unknown; cause?: unknown };
  return code === 'ECONNREFUSED' || code === '57P03' || (cause !== undefined && cause !== err && isRefused(cause));
}
