/** `tillflow unit`: stock put in and taken out by hand. */
import { isUtf8 } from 'node:buffer';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { createInterface } from 'node:readline';
import { type Command, Option } from 'commander';
import { fileTypeFromBuffer } from 'file-type';
import { addFiles, type FileContent } from '../../db/repositories/unit-file.ts';
import { addCounted, importUnits, StockError, type UnitLine, withdrawUnits } from '../../db/repositories/unit-import.ts';
import { fileBytesLimit } from '../../domain/content.ts';
import { keyPattern } from '../../domain/cell.ts';
import { type CommandContext, quote, readSlug, readWhole, withContext, needShop } from '../context.ts';
import { sizeOf } from '../files/read.ts';
import { asJson, CommandError, print } from '../output.ts';
import { createProgress } from '../progress.ts';

interface UnitOptions {
  readonly shop: string;
  readonly product: string;
}
type ContentKind = UnitLine['content']['kind'];

const mostAtOnce = 100_000;
const mostToldFaults = 1_000;
const mostFiles = 1_000;

export function addUnitCommands(program: Command): void {
  const unit = program.command('unit').description('stock put in and taken out by hand');
  const sub = (name: string, description: string) =>
    unit
      .command(name)
      .description(description)
      .requiredOption('--shop <slug>', 'the shop')
      .requiredOption('--product <sku>', 'the product’s or variant’s own key, as `catalogue export` shows it');

  sub('add', 'more pieces of a product that is only counted')
    .requiredOption('--count <count>', 'how many')
    .action((options: UnitOptions & { count: string }, command: Command) => move(options, command, 'added', addCounted));

  sub('withdraw', 'take free units out of stock, the newest first')
    .requiredOption('--count <count>', 'how many')
    .action((options: UnitOptions & { count: string }, command: Command) => move(options, command, 'withdrawn', withdrawUnits));

  sub('import', 'units from a text file, a content a line: all of them, or none; what the product has is not put in twice')
    .argument('<file>', 'in UTF-8')
    .addOption(new Option('--kind <kind>', 'what a line is').choices(['line', 'link']).default('line'))
    .option('--dry-run', 'say what would come in, and put in nothing')
    .action(async (file: string, options: UnitOptions & { kind: ContentKind; dryRun?: true }, command: Command) => {
      const wish = readWish(options);
      await withContext(async (context) => {
        const shop = await needShop(await context.em(), wish.slug);
        await sizeOf(file);
        const progress = createProgress('unit import');
        const told = await orCommandError(async () =>
          importUnits(await context.em(), context.secrets(), {
            ...wish,
            shopId: shop.id,
            lines: readLines(file, options.kind),
            dryRun: Boolean(options.dryRun),
            progress: progress.count,
          }),
        );
        progress.end();
        tellFaults(command, told.faults, ({ line, why }) => `line ${line}: ${why}`, 'lines');
        tellAdded(command, { sku: wish.sku, dryRun: Boolean(options.dryRun) }, told);
      });
    });

  sub(
    'import-files',
    'files as units, sent as documents: each a unit of its own, all of them or none; what the product has is not put in twice',
  )
    .argument('<files...>', 'at most 10 MB each')
    .option('--dry-run', 'say what would come in, and put in nothing')
    .action((paths: string[], options: UnitOptions & { dryRun?: true }, command: Command) => takeFiles(paths, options, command));
}

/** Nothing of a content is ever told: it is what is sold. */
function tellFaults<Fault extends object>(command: Command, faults: readonly Fault[], tell: (fault: Fault) => string, what: string): void {
  if (faults.length === 0) return;
  if (asJson(command)) process.stdout.write(`${JSON.stringify({ imported: false, faults }, undefined, 2)}\n`);
  else for (const fault of faults.slice(0, mostToldFaults)) process.stderr.write(`${tell(fault)}.\n`);
  throw new CommandError(`Nothing was put in: ${faults.length} ${what} do not fit.`, 2);
}

function tellAdded(
  command: Command,
  { sku, dryRun }: { sku: string; dryRun: boolean },
  { added, there }: { added: number; there: number },
): void {
  print(asJson(command), { imported: !dryRun, sku, added, there }, () =>
    [`${added} units ${dryRun ? 'would be' : 'are'} put in`, ...(there > 0 ? [`${there} were there already`] : [])].join('; ').concat('.'),
  );
}

async function takeFiles(paths: readonly string[], options: UnitOptions & { dryRun?: true }, command: Command): Promise<void> {
  const wish = readWish(options);
  if (paths.length > mostFiles) throw new CommandError(`files: at most ${mostFiles} at once are taken, not ${paths.length}.`, 2);
  const dryRun = Boolean(options.dryRun);
  for (const path of paths) {
    // Before anything of it is read: a larger one might not even fit into memory.
    const size = await sizeOf(path, 'files');
    if (size > fileBytesLimit) throw new CommandError(`files: ${quote(path)} is larger than ${fileBytesLimit / 1024 / 1024} MB.`, 2);
  }
  await withContext(async (context) => {
    const shop = await needShop(await context.em(), wish.slug);
    const progress = createProgress('unit import-files');
    const files = paths.map((path) => ({ path, read: () => readUnitFile(path) }));
    const told = await orCommandError(async () =>
      addFiles(await context.em(), context.secrets(), { ...wish, shopId: shop.id, files, dryRun, progress: progress.count }),
    );
    progress.end();
    tellFaults(command, told.faults, ({ path, why }) => `${quote(path)} ${why}`, 'files');
    tellAdded(command, { sku: wish.sku, dryRun }, told);
  });
}

/** As it is: what a shop sells is nobody's upload. Its type is what its bytes say. */
async function readUnitFile(path: string): Promise<FileContent> {
  const bytes = await readFile(path).catch(() => {
    throw new CommandError(`files: ${quote(path)} cannot be read.`, 2);
  });
  const sniffed = (await fileTypeFromBuffer(bytes))?.mime;
  return { kind: 'file', name: basename(path), mediaType: sniffed ?? (isUtf8(bytes) ? 'text/plain' : 'application/octet-stream'), bytes };
}

async function move(options: UnitOptions & { count: string }, command: Command, done: string, act: typeof addCounted): Promise<void> {
  const wish = readWish(options);
  const count = readWhole('count', options.count, { min: 1, max: mostAtOnce });
  await withContext(async (context: CommandContext) => {
    const shop = await needShop(await context.em(), wish.slug);
    await orCommandError(async () => act(await context.em(), { ...wish, shopId: shop.id, count }));
    print(asJson(command), { sku: wish.sku, [done]: count }, () => `${count} units are ${done}.`);
  });
}

function readWish({ shop, product }: UnitOptions) {
  if (!keyPattern.test(product)) throw new CommandError(`product: 1 to 64 characters of a sku are needed, not ${quote(product)}.`, 2);
  return { slug: readSlug(shop), sku: product, actor: 'cli', at: new Date() };
}

async function* readLines(file: string, kind: ContentKind): AsyncGenerator<UnitLine> {
  let line = 0;
  const decoder = new TextDecoder('utf-8', { fatal: true });
  // Bytes are read as one character each, so that what is no UTF-8 is seen and not replaced.
  for await (const raw of createInterface({ input: createReadStream(file, 'latin1'), crlfDelay: Number.POSITIVE_INFINITY })) {
    line += 1;
    const bytes = Buffer.from(raw, 'latin1');
    if (bytes.length > 4_000) throw new CommandError(`file: line ${line} is longer than 4,000 bytes.`, 2);
    const text = decode(decoder, bytes, line);
    if (text.trim() !== '') yield { line, content: { kind, text } };
  }
}

function decode(decoder: TextDecoder, bytes: Uint8Array, line: number): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw new CommandError(`file: line ${line} is not UTF-8.`, 2);
  }
}

async function orCommandError<Result>(act: () => Promise<Result>): Promise<Result> {
  try {
    return await act();
  } catch (err) {
    throw err instanceof StockError ? new CommandError(err.message) : err;
  }
}
