/** `tillflow wallet`: what a customer has and owes, and changing it by hand. The command line acts as the owner. */
import type { Command } from 'commander';
import { randomUUID } from 'node:crypto';
import type { AdjustmentKind, AdjustmentRejection } from '../../domain/adjustment.ts';
import type { WalletBalances } from '../../domain/ledger.ts';
import { parseAmount } from '../../domain/money.ts';
import { findCustomer } from '../../db/repositories/customer.ts';
import { readWallet } from '../../db/repositories/ledger.ts';
import { findShopBySlug } from '../../db/repositories/shop.ts';
import { adjustWallet } from '../../temporal/adjustment.ts';
import { isLater } from '../../temporal/deadline.ts';
import { type CommandContext, quote, readSlug, readText, readWhole, withContext } from '../context.ts';
import { CommandError, print, tellMoney } from '../output.ts';

interface Whose {
  readonly shop: string;
  readonly customer: string;
}
interface Change extends Whose {
  readonly amount?: string;
  readonly reason: string;
}

const sentences: Readonly<Record<AdjustmentRejection, string>> = {
  UnknownCustomer: 'The shop has no such customer.',
  NothingOwed: 'The customer owes nothing.',
  TooMuch: 'amount: that is more than there is.',
};

export function addWalletCommands(program: Command): void {
  const wallet = program.command('wallet').description('wallets: show, write off a debt, add or take money with a reason');
  const ofWallet = (name: string, description: string) =>
    wallet
      .command(name)
      .description(description)
      .requiredOption('--shop <slug>', 'the shop')
      .requiredOption('--customer <telegramUserId>', 'the customer’s Telegram id');
  ofWallet('show', 'show what a customer has and owes').action(async (options: Whose, command: Command) => {
    await withContext(async (context) => show(command, await findWallet(context, options)));
  });
  const change = (name: string, kind: AdjustmentKind, description: string, needsAmount: boolean) => {
    const made = ofWallet(name, description).requiredOption('--reason <reason>', 'why, for the audit and the customer');
    if (needsAmount) made.requiredOption('--amount <amount>', 'in the shop’s currency, e.g. 12.50');
    else made.option('--amount <amount>', 'a part in the shop’s currency, e.g. 12.50; all that is owed when absent');
    made.action((options: Change, command: Command) => adjust(kind, options, command));
  };
  change('write-off', 'writeOff', 'give up what a customer owes', false);
  change('add', 'add', 'put money into a wallet; what is owed is paid first', true);
  change('take', 'take', 'take money from a wallet, at most what it has', true);
}

async function adjust(kind: AdjustmentKind, options: Change, command: Command): Promise<void> {
  const reason = readText('reason', options.reason, { max: 300 });
  await withContext(async (context) => {
    const { shopId, customerId, currency } = await findWallet(context, options);
    const amount = options.amount === undefined ? undefined : readAmount(options.amount, currency);
    const wish = { adjustmentId: randomUUID(), shopId, customerId, kind, amount, reason, actor: 'cli' };
    const answer = await adjustWallet(context.door(), wish);
    if (isLater(answer)) throw new CommandError('It was not answered in time and may still be done: is a worker running?');
    if (!answer.ok) throw new CommandError(sentences[answer.rejected]);
    show(command, await findWallet(context, options));
  });
}

function readAmount(text: string, currency: string): number {
  const amount = /^[\d.,]+$/.test(text) ? parseAmount(text, currency) : undefined;
  if (amount === undefined || amount === 0) throw new CommandError(`amount: ${quote(text)} is no amount of ${currency}.`, 2);
  return amount;
}

interface Wallet {
  readonly shopId: number;
  readonly customerId: number;
  readonly currency: string;
  readonly balances: WalletBalances;
}

async function findWallet({ em }: CommandContext, options: Whose): Promise<Wallet> {
  const slug = readSlug(options.shop);
  const telegramUserId = readWhole('customer', options.customer, { min: 1, max: Number.MAX_SAFE_INTEGER });
  const manager = await em();
  const shop = await findShopBySlug(manager, slug);
  if (!shop) throw new CommandError(`shop: there is no shop ${slug}.`);
  const customer = await findCustomer(manager, shop.id, telegramUserId);
  if (!customer) throw new CommandError(`customer: ${telegramUserId} is no customer of ${slug} yet; they become one by /start.`);
  return { shopId: shop.id, customerId: customer.id, currency: shop.currency, balances: await readWallet(manager, shop, customer.id) };
}

function show(command: Command, { balances, currency }: Wallet): void {
  const money = (amount: number) => tellMoney({ amount, currency });
  const { cash, stars, bonus, debt } = balances;
  print(Boolean(command.optsWithGlobals().json), { ...balances, currency }, () =>
    [
      `money ${money(cash)}, ${stars > 0 ? `from Stars, for digital goods, ${money(stars)}, ` : ''}bonus ${money(bonus)}`,
      ...(debt > 0 ? [`owes ${money(debt)}`] : []),
    ].join('\n'),
  );
}
