/** `tillflow catalogue`: the shop's categories, pickup points and products as a file, in and out. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import type { Command } from 'commander';
import { Audit } from '../../db/entities/audit.ts';
import type { Shop } from '../../db/entities/shop.ts';
import { exportCatalogue } from '../../db/repositories/catalogue-export.ts';
import {
  importCatalogue,
  type ImportLine,
  ImportRefused,
  type ImportReport,
  type LineFault,
} from '../../db/repositories/catalogue-import.ts';
import {
  columnNames,
  fromJsonValue,
  readRecord,
  type RecordName,
  recordNames,
  toJsonValue,
  writeRecord,
} from '../../domain/catalogue-file.ts';
import { type CommandContext, quote, readSlug, withContext, needShop } from '../context.ts';
import { createPhotoLoader } from '../files/photo.ts';
import { type FileFormat, formatOf, readRecords, sizeOf } from '../files/read.ts';
import { openRecordWriter } from '../files/write.ts';
import { CommandError, print } from '../output.ts';
import { createProgress } from '../progress.ts';

interface ImportOptions {
  readonly shop: string;
  readonly format?: string;
  readonly dryRun?: true;
  readonly retireMissing?: true;
  readonly sure?: true;
}

interface ExportOptions {
  readonly shop: string;
  readonly format?: string;
  readonly only?: string;
  readonly photos?: string;
  readonly contents?: true;
}

/** Faults that a terminal is told one by one; `--json` has them all. */
const mostToldFaults = 1_000;

export function addCatalogueCommands(program: Command): void {
  const catalogue = program.command('catalogue').description('categories, pickup points and products as a file');
  catalogue
    .command('import')
    .description('take over a CSV or JSON file: all of it, or nothing when a line does not fit')
    .argument('<file>', 'CSV (comma, semicolon or tab) or a JSON array, in UTF-8; photos lie beside it')
    .requiredOption('--shop <slug>', 'the shop')
    .option('--format <format>', 'csv or json, when the file’s name does not say')
    .option('--dry-run', 'say what would change, and change nothing')
    .option('--retire-missing', 'take products off sale that the file does not name')
    .option('--sure', 'also discounts above 70 %, and taking most of the shop off sale')
    .action(async (file: string, options: ImportOptions, command: Command) => {
      const json = Boolean(command.optsWithGlobals().json);
      const slug = readSlug(options.shop);
      const format = formatOf(file, options.format);
      await withContext(async (context) => importFile(context, { ...options, file, slug, format, json }));
    });

  catalogue
    .command('export')
    .description('write the catalogue into a file, or to standard output for -')
    .argument('<file>', 'ends in .csv or .json; - with --format')
    .requiredOption('--shop <slug>', 'the shop')
    .option('--format <format>', 'csv or json, when the file’s name does not say')
    .option('--only <record>', recordNames.join(', '))
    .option('--photos <folder>', 'also photos, into this folder beside the file')
    .option('--contents', 'also what every buyer of an unlimited digital product gets, in the clear')
    .action(async (file: string, options: ExportOptions, command: Command) => {
      const json = Boolean(command.optsWithGlobals().json);
      const slug = readSlug(options.shop);
      const format = formatOf(file, options.format);
      const only = readOnly(options.only);
      await withContext(async (context) => {
        const shop = await needShop(await context.em(), slug);
        const records = await exportFile(context, { shop, file, format, only, options });
        const words = `${records} records of shop ${slug} are in ${file}.`;
        if (file === '-') process.stderr.write(`${words}\n`);
        else print(json, { shop: slug, file, format, records }, () => words);
      });
    });
}

function readOnly(text: string | undefined): RecordName | undefined {
  const only = recordNames.find((name) => name === text);
  if (text !== undefined && only === undefined)
    throw new CommandError(`only: one of ${recordNames.join(', ')} is needed, not ${quote(text)}.`, 2);
  return only;
}

async function importFile(
  context: CommandContext,
  wish: ImportOptions & { readonly file: string; readonly slug: string; readonly format: FileFormat; readonly json: boolean },
): Promise<void> {
  const { file, format, json, slug } = wish;
  const shop = await needShop(await context.em(), slug);
  await sizeOf(file);
  const progress = createProgress('catalogue import');
  const faults: LineFault[] = [];
  let told = 0;
  const onFaults = (page: readonly LineFault[]) => {
    if (json) faults.push(...page);
    else for (const fault of page) if (told++ < mostToldFaults) process.stderr.write(`${tellFault(fault, format)}\n`);
  };
  const lines = toLines(readRecords(file, { format, columns: columnNames, fromJson: fromJsonValue, progress: progress.part }), shop);
  try {
    const report = await importCatalogue(await context.em(), context.secrets(), {
      shop,
      lines,
      mode: 'any',
      retireMissing: Boolean(wish.retireMissing),
      sure: Boolean(wish.sure),
      dryRun: Boolean(wish.dryRun),
      loadPhoto: createPhotoLoader(file),
      actor: 'cli',
      source: `${basename(file).slice(0, 100)} sha256:${await digestOf(file)}`,
      at: new Date(),
      progress: progress.count,
      onFaults,
    });
    progress.end();
    print(json, { shop: slug, imported: !wish.dryRun, ...report }, () => tellReport(report, Boolean(wish.dryRun)));
  } catch (err) {
    progress.end();
    if (!(err instanceof ImportRefused)) throw err;
    if (json) process.stdout.write(`${JSON.stringify({ shop: slug, imported: false, faults }, undefined, 2)}\n`);
    const more = json || told <= mostToldFaults ? '' : ` The first ${mostToldFaults} are above; --json has them all.`;
    throw new CommandError(`Nothing was imported: ${err.faults} ${err.faults === 1 ? 'thing does' : 'things do'} not fit.${more}`, 2);
  }
}

async function* toLines(records: ReturnType<typeof readRecords>, { currency }: Pick<Shop, 'currency'>): AsyncGenerator<ImportLine> {
  for await (const { line, cells, faults } of records) {
    const read = readRecord(cells, { currency });
    yield { line, read: { ...read, faults: faults.length > 0 && Object.keys(cells).length === 0 ? faults : [...faults, ...read.faults] } };
  }
}

async function digestOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const part of createReadStream(file)) hash.update(part as Buffer);
  return hash.digest('hex');
}

export function tellFault({ line, field, why }: LineFault, format: FileFormat): string {
  return line === 0 ? `${field}: ${why}.` : `${format === 'csv' ? 'line' : 'record'} ${line}, ${field}: ${why}.`;
}

function tellReport({ lines, products, categories, pickupPoints }: ImportReport, dryRun: boolean): string {
  const tell = (what: string, { created, changed, unchanged }: ImportReport['categories']) =>
    `${what}: ${created} new, ${changed} changed, ${unchanged} as they were`;
  const retired = products.retired > 0 ? `, ${products.retired} taken off sale` : '';
  return [
    dryRun ? `${lines} records would be taken over; nothing was.` : `${lines} records are taken over.`,
    `${tell('products', products)}${retired}`,
    tell('categories', categories),
    tell('pickup points', pickupPoints),
  ].join('\n');
}

async function exportFile(
  context: CommandContext,
  {
    shop,
    file,
    format,
    only,
    options,
  }: { shop: Shop; file: string; format: FileFormat; only: RecordName | undefined; options: ExportOptions },
): Promise<number> {
  const left = [...(options.photos === undefined ? ['photos'] : []), ...(options.contents ? [] : ['content'])];
  const columns = columnNames.filter((name) => !left.includes(name));
  const writer = openRecordWriter(file, {
    format,
    columns,
    toJson: (cells, field) => toJsonValue(cells.record as RecordName, field, cells[field] ?? ''),
  });
  const em = await context.em();
  const count = await exportCatalogue(em, {
    shop,
    secrets: options.contents ? context.secrets() : undefined,
    savePhoto: options.photos === undefined ? undefined : await photoSaver(file, options.photos),
    only,
    each: ({ record, values }) => writer.write(writeRecord(record, values, shop)),
  });
  await writer.end();
  if (options.contents) {
    // Whoever has the file has the goods.
    const told = {
      shopId: shop.id,
      actor: 'cli',
      action: 'exportContents',
      subject: 'shop',
      subjectId: shop.slug,
      before: null,
      at: new Date(),
    };
    await em.persist(em.create(Audit, { ...told, after: { records: count } })).flush();
  }
  return count;
}

async function photoSaver(file: string, folder: string) {
  const root = resolve(file === '-' ? '.' : dirname(file));
  const place = resolve(root, folder);
  const from = relative(root, place);
  if (from === '' || from.startsWith('..')) throw new CommandError('photos: a folder beside the file is needed, such as photos.', 2);
  await mkdir(place, { recursive: true });
  const saved = new Set<string>();
  return async ({ mediaType, bytes, digest }: { mediaType: string; bytes: Uint8Array; digest: string }) => {
    const name = join(from, `${digest.slice(0, 32)}.${mediaType === 'image/png' ? 'png' : 'jpg'}`);
    if (!saved.has(name)) await writeFile(join(root, name), bytes);
    saved.add(name);
    return name.replaceAll('\\', '/');
  };
}
