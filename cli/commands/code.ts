/** `tillflow code`: promo codes of a shop. */
import type { Command } from 'commander';
import type { PromoCode } from '../../db/entities/promo-code.ts';
import { Category } from '../../db/entities/category.ts';
import { findCustomer } from '../../db/repositories/customer.ts';
import { findProducts } from '../../db/repositories/catalogue.ts';
import type { EntityManager } from '../../db/orm.ts';
import { createPromoCode, findPromoCode, listPromoCodes, stopPromoCode } from '../../db/repositories/promo-code-staff.ts';
import { type PromoCodeStats, readCodeStats } from '../../db/repositories/promo-code.ts';
import { parseAmount } from '../../domain/money.ts';
import { parsePromoCode } from '../../domain/promo-code.ts';
import { type CommandContext, quote, readSlug, readText, readWhole, withContext, needShop } from '../context.ts';
import { asJson, CommandError, print, table, tellMoney, tellTime } from '../output.ts';

interface CreateOptions {
  readonly shop: string;
  readonly code: string;
  readonly description?: string;
  readonly percent?: string;
  readonly amount?: string;
  readonly uses?: string;
  readonly perCustomer?: string;
  readonly customers?: string;
  readonly firstOrder?: boolean;
  readonly product?: string;
  readonly category?: string;
  readonly minimum?: string;
  readonly from?: string;
  readonly until?: string;
}

const most = 2_147_483_647;
export function addCodeCommands(program: Command): void {
  const code = program.command('code').description('promo codes that customers type to pay less');
  code
    .command('create')
    .description('make a code; what it takes off and for whom is fixed from then on')
    .requiredOption('--shop <slug>', 'the shop')
    .requiredOption('--code <code>', '3 to 32 letters, digits, `_` and `-`, read without regard to case')
    .option('--description <text>', 'for staff')
    .option('--percent <percent>', 'off the price of each piece, after other discounts')
    .option('--amount <amount>', 'off the order, e.g. 10.00')
    .option('--uses <count>', 'how often it may be used in all')
    .option('--per-customer <count>', 'how often by one customer')
    .option('--customers <ids>', 'only for these, by Telegram id, separated by commas')
    .option('--first-order', 'only for a customer’s first order')
    .option('--product <id>', 'only for this product')
    .option('--category <id>', 'only for products of this category')
    .option('--minimum <amount>', 'for orders that come to so much before it')
    .option('--from <time>', 'not before, e.g. 2026-12-01T00:00:00Z')
    .option('--until <time>', 'not from then on')
    .action(async (options: CreateOptions, command: Command) => {
      await withContext(async (context) => {
        const made = await create(context, options);
        print(asJson(command), tell(made), () => `Code ${made.code} is made: ${tellValue(made)}.`);
      });
    });

  code
    .command('list')
    .description('the newest codes with how often they were used')
    .requiredOption('--shop <slug>', 'the shop')
    .option('--limit <limit>', 'how many', '50')
    .action(async (options: { shop: string; limit: string }, command: Command) => {
      const limit = readWhole('limit', options.limit, { min: 1, max: 1_000 });
      const slug = readSlug(options.shop);
      await withContext(async ({ em }) => {
        const manager = await em();
        const shop = await needShop(manager, slug);
        const rows = await listPromoCodes(manager, shop.id, limit);
        print(
          asJson(command),
          rows.map(({ code: one, stats }) => ({ ...tell({ ...one, currency: shop.currency }), ...stats })),
          () =>
            table(
              ['code', 'takes off', 'used', 'held', 'left', 'state'],
              rows.map(({ code: one, stats }) => [
                one.code,
                tellValue({ ...one, currency: shop.currency }),
                String(stats.used),
                String(stats.reserved),
                one.remaining == null ? 'any' : String(one.remaining),
                stateOf(one, Date.now()),
              ]),
            ),
        );
      });
    });

  named(code, 'show', 'show a code with its conditions', async ({ command, found, currency }) => {
    const shown = tell({ ...found, currency });
    print(asJson(command), shown, () =>
      Object.entries(shown)
        .filter(([, value]) => value !== null && value !== '' && value !== false)
        .map(([name, value]) => `${name}: ${value instanceof Date ? tellTime(value) : value}`)
        .join('\n'),
    );
  });

  named(code, 'stop', 'stop a code; orders that hold it keep it', async ({ em, command, found }) => {
    await stopPromoCode(em, found, { actor: 'cli', at: new Date() });
    print(asJson(command), { code: found.code, stopped: true }, () => `Code ${found.code} is stopped.`);
  });

  named(code, 'stats', 'how a code has done', async ({ em, command, found, currency }) => {
    const stats = await readCodeStats(em, found.id);
    print(asJson(command), { code: found.code, currency, ...stats }, () => tellStats(stats, currency));
  });
}

interface Named {
  readonly em: EntityManager;
  readonly command: Command;
  readonly found: PromoCode;
  readonly currency: string;
}

/** A command about one code. */
function named(code: Command, name: string, description: string, act: (named: Named) => Promise<void>): void {
  code
    .command(name)
    .description(description)
    .requiredOption('--shop <slug>', 'the shop')
    .requiredOption('--code <code>', 'the code')
    .action(async (options: { shop: string; code: string }, command: Command) => {
      const slug = readSlug(options.shop);
      const text = readPromoCode(options.code);
      await withContext(async (context) => {
        const em = await context.em();
        const shop = await needShop(em, slug);
        const found = await findPromoCode(em, shop.id, text);
        if (!found) throw new CommandError(`code: ${slug} has no code ${text}.`);
        await act({ em, command, found, currency: shop.currency });
      });
    });
}

function readPromoCode(text: string): string {
  const code = parsePromoCode(text);
  if (code === undefined) throw new CommandError(`code: 3 to 32 letters, digits, _ and - are needed, not ${quote(text)}.`, 2);
  return code;
}

async function create({ em }: CommandContext, options: CreateOptions): Promise<PromoCode & { currency: string }> {
  const slug = readSlug(options.shop);
  const code = readPromoCode(options.code);
  const orNull = <Value>(text: string | undefined, read: (text: string) => Value) => (text === undefined ? null : read(text));
  const count = (name: string) => (text: string) => readWhole(name, text, { min: 1, max: most });
  const id = (name: string) => (text: string) => readWhole(name, text, { min: 1, max: Number.MAX_SAFE_INTEGER });
  const percent = orNull(options.percent, (text) => readWhole('percent', text, { min: 1, max: 100 }));
  const wish = {
    code,
    description: options.description === undefined ? '' : readText('description', options.description, { max: 200 }),
    useLimit: orNull(options.uses, count('uses')),
    customerLimit: orNull(options.perCustomer, count('per-customer')),
    firstOrderOnly: options.firstOrder ?? false,
    productId: orNull(options.product, id('product')),
    categoryId: orNull(options.category, id('category')),
    startsAt: orNull(options.from, (text) => readTime('from', text)),
    endsAt: orNull(options.until, (text) => readTime('until', text)),
  };
  const telegramIds = options.customers === undefined ? [] : options.customers.split(',').map(id('customers'));
  if (wish.startsAt && wish.endsAt && wish.startsAt >= wish.endsAt)
    throw new CommandError('until: the end must come after the beginning.', 2);
  const manager = await em();
  const shop = await needShop(manager, slug);
  const { currency } = shop;
  const amount = orNull(options.amount, (text) => readAmount('amount', text, currency));
  if ((percent === null) === (amount === null)) throw new CommandError('percent: either --percent or --amount is needed.', 2);
  const minimumTotal = orNull(options.minimum, (text) => readAmount('minimum', text, currency)) ?? 0;
  if (wish.productId !== null && !(await findProducts(manager, shop.id, [wish.productId])).has(wish.productId))
    throw new CommandError(`product: ${slug} has no product ${wish.productId}.`);
  if (wish.categoryId !== null && !(await manager.findOne(Category, { id: wish.categoryId, shopId: shop.id })))
    throw new CommandError(`category: ${slug} has no category ${wish.categoryId}.`);
  const customerIds = [];
  for (const telegramUserId of new Set(telegramIds)) {
    const customer = await findCustomer(manager, shop.id, telegramUserId);
    if (!customer) throw new CommandError(`customers: ${telegramUserId} is no customer of ${slug} yet; they become one by /start.`);
    customerIds.push(customer.id);
  }
  const value = percent === null ? { kind: 'fixed' as const, value: amount ?? 0 } : { kind: 'percent' as const, value: percent };
  const made = await createPromoCode(manager, {
    ...wish,
    ...value,
    shopId: shop.id,
    minimumTotal,
    customerIds,
    actor: 'cli',
    at: new Date(),
  });
  if (!made) throw new CommandError(`code: ${slug} has a code ${code} already.`);
  return { ...made, currency };
}

function readAmount(name: string, text: string, currency: string): number {
  const amount = /^[\d.,]+$/.test(text) ? parseAmount(text, currency) : undefined;
  if (amount === undefined || amount === 0) throw new CommandError(`${name}: ${quote(text)} is no amount of ${currency}.`, 2);
  return amount;
}

function readTime(name: string, text: string): Date {
  const at = new Date(/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)$/.test(text) ? text : Number.NaN);
  if (Number.isNaN(at.getTime())) throw new CommandError(`${name}: a time like 2026-12-01T00:00:00Z is needed, not ${quote(text)}.`, 2);
  return at;
}

type Told = PromoCode & { readonly currency: string };

function tell(code: Told) {
  const { shopId: _, id: __, ...facts } = code;
  return { ...facts, state: stateOf(code, Date.now()) };
}

const tellValue = ({ kind, value, currency }: Pick<Told, 'kind' | 'value' | 'currency'>) =>
  kind === 'percent' ? `${value} %` : tellMoney({ amount: value, currency });

function stateOf(code: PromoCode, at: number): string {
  if (code.stoppedAt) return 'stopped';
  if (code.startsAt && at < code.startsAt.getTime()) return 'not yet';
  if (code.endsAt && at >= code.endsAt.getTime()) return 'over';
  return code.remaining === 0 ? 'used up' : 'open';
}

function tellStats(stats: PromoCodeStats, currency: string): string {
  const money = (amount: number) => tellMoney({ amount, currency });
  return [
    `used ${stats.used} times by ${stats.customers} customers, held by ${stats.reserved} open orders`,
    `given back ${stats.released} times, revoked by refunds ${stats.revoked} times`,
    `brought ${money(stats.revenue)}, saved customers ${money(stats.saved)}${stats.savedStars > 0 ? ` and ${stats.savedStars} Stars` : ''}`,
  ].join('\n');
}
