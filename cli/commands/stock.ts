/** `tillflow stock`: what a shop has, who waits for it, and from how many on staff are told. */
import type { Command } from 'commander';
import { findShopBySlug } from '../../db/repositories/shop.ts';
import { listStock, setLowStock, type StockRow } from '../../db/repositories/stock-alarm.ts';
import { boundsOf } from '../../domain/setting.ts';
import { type CommandContext, quote, readSlug, withContext } from '../context.ts';
import { CommandError, print, table } from '../output.ts';

interface ShopOption {
  readonly shop: string;
}

const asJson = (command: Command) => Boolean(command.optsWithGlobals().json);

export function addStockCommands(program: Command): void {
  const stock = program.command('stock').description('what a shop has, who waits for it, and when staff are told');
  stock
    .command('list')
    .description('everything that can run out: free, kept, sold, and how many customers wait for it')
    .requiredOption('--shop <slug>', 'the shop')
    .action(async (options: ShopOption, command: Command) => {
      await withContext(async (context) => {
        const shopId = await needShop(context, options.shop);
        const rows = await listStock(await context.em(), shopId);
        print(asJson(command), rows, () => tellStock(rows));
      });
    });

  stock
    .command('alarm')
    .description('from how many units on staff are told of one product')
    .argument('<product>', 'its number in `stock list`')
    .argument('<count>', 'units left, or `default`: as the setting lowStockAt says')
    .requiredOption('--shop <slug>', 'the shop')
    .action(async (product: string, count: string, options: ShopOption, command: Command) => {
      const productId = readWhole('product', product, 1, Number.MAX_SAFE_INTEGER);
      const { min, max } = boundsOf('lowStockAt', 'live');
      const lowAt = count === 'default' ? null : readWhole('count', count, min, max);
      await withContext(async (context) => {
        const shopId = await needShop(context, options.shop);
        const changed = await setLowStock(await context.em(), { shopId, productId, lowAt, actor: 'cli', at: new Date() });
        if (!changed) throw new CommandError(`product: there is no product ${productId} in shop ${options.shop}.`);
        const words = lowAt === null ? 'as the setting lowStockAt says' : `from ${lowAt} left on`;
        print(asJson(command), { productId, before: changed.before, after: lowAt }, () => `Staff are told of ${changed.title} ${words}.`);
      });
    });
}

async function needShop({ em }: CommandContext, text: string): Promise<number> {
  const slug = readSlug(text);
  const shop = await findShopBySlug(await em(), slug);
  if (!shop) throw new CommandError(`shop: there is no shop ${slug}.`);
  return shop.id;
}

function readWhole(name: string, text: string, min: number, max: number): number {
  const value = /^(0|[1-9]\d{0,15})$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= min && value <= max)) throw new CommandError(`${name}: a whole number from ${min} to ${max}, not ${quote(text)}.`, 2);
  return value;
}

function tellStock(rows: readonly StockRow[]): string {
  return table(
    ['product', 'title', 'free', 'kept', 'sold', 'withdrawn', 'waiting', 'told at', ''],
    rows.map(({ productId, title, free, held, sold, withdrawn, waiting, lowAt, own, level }) => [
      String(productId),
      title,
      ...[free, held, sold, withdrawn, waiting].map(String),
      `${lowAt}${own ? ' *' : ''}`,
      level === 'enough' ? '' : level,
    ]),
  );
}
