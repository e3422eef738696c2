/** `tillflow stock`: what a shop has, who waits for it, and from how many on staff are told. */
import type { Command } from 'commander';
import { listStock, setLowStock, type StockRow } from '../../db/repositories/stock-alarm.ts';
import { boundsOf } from '../../domain/setting.ts';
import { readSlug, withContext, needShop, readWhole } from '../context.ts';
import { asJson, CommandError, print, table } from '../output.ts';

interface ShopOption {
  readonly shop: string;
}

export function addStockCommands(program: Command): void {
  const stock = program.command('stock').description('what a shop has, who waits for it, and when staff are told');
  stock
    .command('list')
    .description('everything that can run out: free, kept, sold, and how many customers wait for it')
    .requiredOption('--shop <slug>', 'the shop')
    .action(async (options: ShopOption, command: Command) => {
      await withContext(async (context) => {
        const { id: shopId } = await needShop(await context.em(), readSlug(options.shop));
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
      const productId = readWhole('product', product, { min: 1, max: Number.MAX_SAFE_INTEGER });
      const { min, max } = boundsOf('lowStockAt', 'live');
      const lowAt = count === 'default' ? null : readWhole('count', count, { min, max });
      await withContext(async (context) => {
        const { id: shopId } = await needShop(await context.em(), readSlug(options.shop));
        const changed = await setLowStock(await context.em(), { shopId, productId, lowAt, actor: 'cli', at: new Date() });
        if (!changed) throw new CommandError(`product: there is no product ${productId} in shop ${options.shop}.`);
        const words = lowAt === null ? 'as the setting lowStockAt says' : `from ${lowAt} left on`;
        print(asJson(command), { productId, before: changed.before, after: lowAt }, () => `Staff are told of ${changed.title} ${words}.`);
      });
    });
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
