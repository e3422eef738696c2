/** `tillflow product`: products by hand. A change is an import of one record: the same rules, the same faults, the same audit. */
import type { Command } from 'commander';
import { exportCatalogue } from '../../db/repositories/catalogue-export.ts';
import { importCatalogue, type ImportLine, ImportRefused, type LineFault } from '../../db/repositories/catalogue-import.ts';
import { columnNames, columnsOfRecord, readRecord, writeRecord } from '../../domain/catalogue-file.ts';
import { keyPattern } from '../../domain/cell.ts';
import type { Shop } from '../../db/entities/shop.ts';
import { createPhotoLoader } from '../files/photo.ts';
import { type CommandContext, quote, readSlug, withContext, needShop } from '../context.ts';
import { asJson, CommandError, print, table } from '../output.ts';

interface ProductOptions {
  readonly shop: string;
  readonly sure?: true;
}
type Cells = Readonly<Record<string, string>>;

/** Contents come in by a file: arguments of a process can be read by others. */
const settable = Object.keys(columnsOfRecord.product).filter((name) => name !== 'sku' && name !== 'content' && name !== 'content_kind');
export function addProductCommands(program: Command): void {
  const product = program.command('product').description('products by hand; many at once by `catalogue import`');
  const sub = (name: string, description: string) =>
    product.command(name).description(description).requiredOption('--shop <slug>', 'the shop');

  sub('list', 'all products with their prices').action(async (options: ProductOptions, command: Command) => {
    const slug = readSlug(options.shop);
    await withContext(async (context) => {
      const rows = await readProducts(context, await needShop(await context.em(), slug));
      print(asJson(command), rows, () =>
        table(
          listed,
          rows.map((row) => listed.map((name) => row[name] ?? '')),
        ),
      );
    });
  });

  sub('show', 'one product, with every column')
    .argument('<sku>', 'its own key')
    .action(async (text: string, options: ProductOptions, command: Command) => {
      const [sku, slug] = [readSku(text), readSlug(options.shop)];
      await withContext(async (context) => {
        const [row] = await readProducts(context, await needShop(await context.em(), slug), sku);
        if (!row) throw new CommandError(`sku: the shop has no product ${quote(sku)}.`);
        print(asJson(command), row, () =>
          table(
            ['column', 'value'],
            Object.entries(row).filter(([, value]) => value !== ''),
          ),
        );
      });
    });

  for (const [verb, mode] of [
    ['add', 'add'],
    ['update', 'update'],
  ] as const) {
    const change = sub(verb, verb === 'add' ? 'a new product; columns as in a catalogue’s file' : 'change what is given of a product')
      .argument('<sku>', 'its own key')
      .option('--sure', 'also a discount above 70 %');
    for (const name of settable) change.option(`--${name.replaceAll('_', '-')} <value>`, `column ${name}`);
    change.action(async (text: string, options: ProductOptions & Readonly<Record<string, unknown>>, command: Command) => {
      const cells = Object.fromEntries(
        settable.flatMap((name) => (typeof options[toOption(name)] === 'string' ? [[name, options[toOption(name)] as string]] : [])),
      );
      await write([{ sku: readSku(text), ...cells }], mode, options, command);
    });
  }

  sub('retire', 'take a product off sale; open orders go on')
    .argument('<sku...>', 'their own keys')
    .action((skus: string[], options: ProductOptions, command: Command) =>
      write(
        skus.map((sku) => ({ sku: readSku(sku), active: 'no' })),
        'update',
        options,
        command,
      ),
    );

  sub('discount', 'whole percent off the prices of products')
    .argument('<percent>', '0 to 100')
    .argument('<sku...>', 'their own keys')
    .option('--sure', 'also above 70 %')
    .action((percent: string, skus: string[], options: ProductOptions, command: Command) =>
      write(
        skus.map((sku) => ({ sku: readSku(sku), discount_percent: percent })),
        'update',
        options,
        command,
      ),
    );
}

const listed = ['sku', 'title', 'kind', 'stock_mode', 'price', 'discount_percent', 'stars_price', 'category', 'active'];
/** `stars_price` is the option `--stars-price`, which commander calls `starsPrice`. */
const toOption = (name: string) => name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

function readSku(text: string): string {
  if (keyPattern.test(text)) return text;
  throw new CommandError(`sku: 1 to 64 characters without spaces around them are needed, not ${quote(text)}.`, 2);
}

async function readProducts({ em }: CommandContext, shop: Shop, sku?: string): Promise<Cells[]> {
  const rows: Cells[] = [];
  const each = async ({ record, values }: Parameters<Parameters<typeof exportCatalogue>[1]['each']>[0]) => {
    if (sku !== undefined && values.sku !== sku) return;
    const cells = writeRecord(record, values, shop);
    rows.push(
      Object.fromEntries(columnNames.flatMap((name) => (name === 'record' || cells[name] === undefined ? [] : [[name, cells[name]]]))),
    );
  };
  await exportCatalogue(await em(), { shop, only: 'product', each });
  return rows;
}

async function write(records: readonly Cells[], mode: 'add' | 'update', options: ProductOptions, command: Command): Promise<void> {
  const slug = readSlug(options.shop);
  // What fits no shop is said before one is looked for.
  for (const cells of records) refuse(readRecord(cells, { currency: 'EUR' }).faults.filter(({ why }) => !why.includes('amount in')));
  await withContext(async (context) => {
    const shop = await needShop(await context.em(), slug);
    async function* lines(): AsyncGenerator<ImportLine> {
      for (const [index, cells] of records.entries()) yield { line: index + 1, read: readRecord(cells, shop) };
    }
    const faults: LineFault[] = [];
    try {
      const { products } = await importCatalogue(await context.em(), context.secrets(), {
        shop,
        lines: lines(),
        mode,
        retireMissing: false,
        sure: Boolean(options.sure),
        dryRun: false,
        loadPhoto: createPhotoLoader('./catalogue'),
        actor: 'cli',
        source: `product ${command.name()}`,
        at: new Date(),
        onFaults: (page) => faults.push(...page),
      });
      const skus = records.map(({ sku }) => sku);
      print(asJson(command), { shop: slug, skus, ...products }, () => tell(products, mode));
    } catch (err) {
      if (!(err instanceof ImportRefused)) throw err;
      refuse(faults.map((fault) => (records.length > 1 ? { ...fault, why: `${fault.why} (${records[fault.line - 1]?.sku})` } : fault)));
    }
  });
}

function refuse(faults: readonly { readonly field: string; readonly why: string }[]): void {
  if (faults.length === 0) return;
  const unknown = faults.every(({ field, why }) => field === 'sku' && why.startsWith('the shop has no'));
  throw new CommandError(faults.map(({ field, why }) => `${field.replaceAll('_', '-')}: ${why}.`).join('\n'), unknown ? 1 : 2);
}

function tell({ created, changed, unchanged }: { created: number; changed: number; unchanged: number }, mode: 'add' | 'update'): string {
  if (mode === 'add') return `${created} product is made.`;
  return unchanged === 0 ? `${changed} products are changed.` : `${changed} products are changed, ${unchanged} were so already.`;
}
