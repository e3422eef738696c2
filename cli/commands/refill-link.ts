/** `tillflow deposit link`: a link by which one customer tops up, once. */
import { botLink } from '../../domain/link.ts';
import type { Command } from 'commander';
import { findCustomer } from '../../db/repositories/customer.ts';
import { makeRefillLink } from '../../db/repositories/refill-link.ts';
import { readDepositMinimum } from '../../db/repositories/deposit-minimum.ts';
import { readSetting } from '../../db/repositories/setting.ts';
import { findShopBySlug } from '../../db/repositories/shop.ts';
import { parseAmount } from '../../domain/money.ts';
import { type CommandContext, quote, readSlug, readWhole, withContext } from '../context.ts';
import { CommandError, print, tellMoney, tellTime } from '../output.ts';

interface LinkOptions {
  readonly shop: string;
  readonly customer: string;
  readonly amount: string;
}

/** After all others: whoever made `deposit` before is joined. */
export function addRefillLinkCommand(program: Command): void {
  const deposit =
    program.commands.find((command) => command.name() === 'deposit') ?? program.command('deposit').description('top-ups of wallets');
  deposit
    .command('link')
    .description('make a link by which a customer tops up, good once within a day')
    .requiredOption('--shop <slug>', 'name of the shop')
    .requiredOption('--customer <telegramUserId>', 'the customer’s Telegram id')
    .requiredOption('--amount <amount>', 'in the shop’s currency, e.g. 49.90')
    .action(async (options: LinkOptions, command: Command) => {
      await withContext(async (context) => {
        const made = await makeLink(context, options);
        print(
          Boolean(command.optsWithGlobals().json),
          made,
          () => `${made.link}\nTops up ${tellMoney(made)}, once, until ${tellTime(made.expiresAt)}.`,
        );
      });
    });
}

async function makeLink({ em, secrets }: CommandContext, options: LinkOptions) {
  const telegramUserId = readWhole('customer', options.customer, { min: 1, max: Number.MAX_SAFE_INTEGER });
  const slug = readSlug(options.shop);
  const manager = await em();
  const shop = await findShopBySlug(manager, slug);
  if (!shop) throw new CommandError(`shop: there is no shop ${slug}.`);
  const { currency } = shop;
  const amount = /^[\d.,]+$/.test(options.amount) ? parseAmount(options.amount, currency) : undefined;
  if (amount === undefined || amount === 0) throw new CommandError(`amount: ${quote(options.amount)} is no amount of ${currency}.`, 2);
  const least = await readDepositMinimum(manager, shop, new Date());
  const most = await readSetting(manager, shop.id, 'depositMaximum');
  if (amount < least || amount > most) {
    const [from, to] = [least, most].map((bound) => tellMoney({ amount: bound, currency }));
    throw new CommandError(`amount: from ${from} to ${to} can be topped up at once.`, 2);
  }
  const customer = await findCustomer(manager, shop.id, telegramUserId);
  if (!customer) throw new CommandError(`customer: ${telegramUserId} is no customer of ${slug} yet; they become one by /start.`);
  if (shop.botUsername == null) throw new CommandError(`shop: ${slug} has no bot to open a link with.`);
  const at = new Date();
  const { payload, expiresAt } = await makeRefillLink(manager, secrets(), {
    shopId: shop.id,
    customerId: customer.id,
    amount,
    actor: 'cli',
    at,
  });
  return { link: botLink(shop.botUsername, payload), amount, currency, expiresAt };
}
