/** `tillflow method`: what a shop allows of its methods. */
import type { Command } from 'commander';
import { depositMethods } from '../../domain/deposit.ts';
import { type MethodRule, methodRuleBounds, ruledMethods, takesDeposits } from '../../domain/method-rule.ts';
import { parseAmount, toDecimal } from '../../domain/money.ts';
import { type MethodName, providerOfMethod, providerTraits } from '../../domain/payment.ts';
import { listMethodStates, type MethodState, writeMethodRule } from '../../db/repositories/method-rule.ts';
import { quote, readSlug, readWhole, withContext, needShop } from '../context.ts';
import { CommandError, print, table, tellTime } from '../output.ts';

interface SetOptions {
  readonly shop: string;
  readonly method: string;
  readonly minimum?: string;
  readonly maximum?: string;
  readonly accountDays?: string;
  readonly deliveredOrders?: string;
  readonly staffOnly?: string;
  readonly hidden?: string;
  readonly deposits?: string;
}

export function addMethodCommands(program: Command): void {
  const method = program.command('method').description('what a shop allows of its methods');
  method
    .command('list')
    .description('methods with their rules, and which hid themselves')
    .requiredOption('--shop <slug>', 'the shop')
    .action(async (options: { shop: string }, command: Command) => {
      const slug = readSlug(options.shop);
      await withContext(async ({ em }) => {
        const manager = await em();
        const shop = await needShop(manager, slug);
        const states = await listMethodStates(manager, shop.id);
        print(Boolean(command.optsWithGlobals().json), states, () => tellStates(states, shop.currency));
      });
    });

  method
    .command('set')
    .description('change a method’s rule; what is not given stays')
    .requiredOption('--shop <slug>', 'the shop')
    .requiredOption('--method <method>', ruledMethods.join(', '))
    .option('--minimum <amount>', 'the least of one payment, or none')
    .option('--maximum <amount>', 'the most of one payment, or none')
    .option('--account-days <days>', 'how long somebody must be a customer')
    .option('--delivered-orders <count>', 'how many orders they must have received')
    .option('--staff-only <yes|no>', 'only staff see it and may use it')
    .option('--hidden <yes|no>', 'nobody sees it')
    .option('--deposits <yes|no>', 'wallets are topped up by it; stars only when said here, for digital goods')
    .action(async (options: SetOptions, command: Command) => {
      const slug = readSlug(options.shop);
      const name = ruledMethods.find((one) => one === options.method);
      if (!name) throw new CommandError(`method: one of ${ruledMethods.join(', ')}.`, 2);
      await withContext(async ({ em }) => {
        const manager = await em();
        // What does not fit any shop is said before one is looked for.
        readRule(options, name, 'EUR');
        const shop = await needShop(manager, slug);
        const rule = readRule(options, name, shop.currency);
        const misfit = await writeMethodRule(manager, { shopId: shop.id, method: name, rule, actor: 'cli', at: new Date() });
        if (misfit !== undefined) throw new CommandError(`${misfit}: below the minimum, or out of bounds.`, 2);
        const state = (await listMethodStates(manager, shop.id)).filter((one) => one.method === name);
        print(Boolean(command.optsWithGlobals().json), state[0], () => tellStates(state, shop.currency));
      });
    });
}

function readRule(options: SetOptions, method: MethodName, shopCurrency: string): Partial<MethodRule> {
  const currency = currencyOf(method, shopCurrency);
  const amount = (field: 'minimum' | 'maximum', text: string) => {
    if (text === 'none') return null;
    const { min, max } = methodRuleBounds[field];
    const value = /^[\d.,]+$/.test(text) ? parseAmount(text, currency) : undefined;
    if (value === undefined || value < min || value > max)
      throw new CommandError(`${field}: an amount such as 5.00 or none is needed, not ${quote(text)}.`, 2);
    return value;
  };
  const whole = (field: 'accountDays' | 'deliveredOrders', option: string, text: string) =>
    readWhole(option, text, methodRuleBounds[field]);
  return {
    ...(options.minimum !== undefined && { minimum: amount('minimum', options.minimum) }),
    ...(options.maximum !== undefined && { maximum: amount('maximum', options.maximum) }),
    ...(options.accountDays !== undefined && { accountDays: whole('accountDays', 'account-days', options.accountDays) }),
    ...(options.deliveredOrders !== undefined && {
      deliveredOrders: whole('deliveredOrders', 'delivered-orders', options.deliveredOrders),
    }),
    ...(options.staffOnly !== undefined && { staffOnly: readYes('staff-only', options.staffOnly) }),
    ...(options.hidden !== undefined && { hidden: readYes('hidden', options.hidden) }),
    ...(options.deposits !== undefined && { deposits: readDeposits(method, options.deposits) }),
  };
}

function readYes(name: string, text: string): boolean {
  if (text === 'yes' || text === 'no') return text === 'yes';
  throw new CommandError(`${name}: yes or no is needed, not ${quote(text)}.`, 2);
}

function readDeposits(method: MethodName, text: string): boolean {
  if (!depositMethods.includes(method)) throw new CommandError(`deposits: one of ${depositMethods.join(', ')}, not ${method}.`, 2);
  return readYes('deposits', text);
}

const currencyOf = (method: MethodName, shopCurrency: string) =>
  providerTraits[providerOfMethod[method]].currency === 'XTR' ? 'XTR' : shopCurrency;

function tellStates(states: readonly MethodState[], shopCurrency: string): string {
  return table(
    ['method', 'least', 'most', 'customer for', 'orders', 'for', 'top-ups', 'state'],
    states.map(({ method, rule, failed, hiddenUntil }) => {
      const money = (amount: number | null) => (amount === null ? '-' : toDecimal({ amount, currency: currencyOf(method, shopCurrency) }));
      const failing = hiddenUntil
        ? `hid itself, tried again from ${tellTime(hiddenUntil)}`
        : failed > 0
          ? `failed ${failed} times`
          : 'well';
      return [
        method,
        money(rule.minimum),
        money(rule.maximum),
        rule.accountDays > 0 ? `${rule.accountDays} days` : '-',
        rule.deliveredOrders > 0 ? String(rule.deliveredOrders) : '-',
        rule.staffOnly ? 'staff' : 'all',
        takesDeposits(method, rule) ? 'yes' : depositMethods.includes(method) ? 'no' : '-',
        rule.hidden ? 'hidden' : failing,
      ];
    }),
  );
}
