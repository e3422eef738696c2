/** Files of records, read as they come: CSV as spreadsheets write it, and a JSON array. Nothing of a file is kept but the record at hand. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import streamArray from 'stream-json/streamers/stream-array.js';
import { openCell, CellMisfit } from '../../domain/cell.ts';
import { quote } from '../context.ts';
import { CommandError } from '../output.ts';

export const fileFormats = ['csv', 'json'] as const;
export type FileFormat = (typeof fileFormats)[number];

export interface FileRecord {
  /** The line its record begins on; of JSON, which record it is. From 1. */
  readonly line: number;
  /** By column of the file. */
  readonly cells: Readonly<Record<string, string>>;
  /** What of it could not even be taken for cells. */
  readonly faults: readonly { readonly field: string; readonly why: string }[];
}

export interface ReadOptions {
  readonly format: FileFormat;
  readonly columns: readonly string[];
  /** How a value of JSON stands in a cell. @throws CellMisfit */
  readonly fromJson: (field: string, value: unknown) => string;
  /** How much of the file was read, from 0 to 1. */
  readonly progress?: (part: number) => void;
}

/** The longest record: more is a file that lost its quotes, or no catalogue. */
const mostRecordBytes = 1024 * 1024;
/** The same of JSON, with what streams read ahead. */
const mostAheadBytes = 16 * mostRecordBytes;

/** The format by what the file is called. @throws CommandError */
export function formatOf(path: string, said: string | undefined): FileFormat {
  const name = said ?? /\.(\w+)$/.exec(path)?.[1]?.toLowerCase() ?? '';
  const format = fileFormats.find((one) => one === name);
  if (format !== undefined) return format;
  if (said !== undefined) throw new CommandError(`format: csv or json is needed, not ${quote(said)}.`, 2);
  throw new CommandError('file: its name ends in neither .csv nor .json; add --format.', 2);
}

/** @returns its bytes @throws CommandError when there is no such file */
export async function sizeOf(path: string, field = 'file'): Promise<number> {
  const found = await stat(path).catch(() => undefined);
  if (!found?.isFile()) throw new CommandError(`${field}: there is no file ${quote(path)} that can be read.`, 2);
  return found.size;
}

/** @throws CommandError when the file cannot be read at all; what does not fit in one record is a fault of it */
export async function* readRecords(path: string, options: ReadOptions): AsyncGenerator<FileRecord> {
  const size = await sizeOf(path);
  try {
    yield* options.format === 'csv' ? readCsv(path, size, options) : readJson(path, size, options);
  } catch (err) {
    if (err instanceof CommandError) throw err;
    if (err instanceof TypeError && (err as NodeJS.ErrnoException).code === 'ERR_ENCODING_INVALID_ENCODED_DATA') {
      throw new CommandError('file: it is not UTF-8; save it as “CSV UTF-8”.', 2);
    }
    throw err;
  }
}

/** The file's text, which must be UTF-8; a byte order mark is left out. */
async function* textOf(path: string, size: number, progress?: (part: number) => void): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let read = 0;
  for await (const bytes of createReadStream(path, { highWaterMark: 256 * 1024 }) as AsyncIterable<Buffer>) {
    read += bytes.byteLength;
    yield decoder.decode(bytes, { stream: true });
    progress?.(size === 0 ? 1 : read / size);
  }
  yield decoder.decode();
}

async function* readCsv(path: string, size: number, { columns, progress }: ReadOptions): AsyncGenerator<FileRecord> {
  const delimiter = await findDelimiter(path, columns);
  const parser = parse({
    delimiter,
    bom: true,
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: mostRecordBytes,
  });
  const source = Readable.from(textOf(path, size, progress));
  source.on('error', (err) => parser.destroy(err));
  source.pipe(parser);
  let header: readonly string[] | undefined;
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: { lines: number } }>) {
      const begins = info.lines - record.reduce((count, text) => count + (text.match(/\r\n|\r|\n/g)?.length ?? 0), 0);
      if (!header) header = readHeader(record, columns);
      else if (record.some((text) => text !== '')) yield toFileRecord(begins, header, record);
    }
  } catch (err) {
    if (err instanceof CsvError) throw new CommandError(`file: at line ${err.lines} it is no CSV: ${tellCsv(err)}.`, 2);
    throw err;
  } finally {
    source.destroy();
  }
  if (!header) throw new CommandError('file: it is empty; its first line names the columns.', 2);
}

const tellCsv = ({ code }: CsvError) =>
  code === 'CSV_MAX_RECORD_SIZE'
    ? 'one record is larger than 1 MB, as when a quote is never closed'
    : 'a quote stands where none may, or is never closed';

/** Semicolon, comma or tab: the one that makes known columns of the first line. */
async function findDelimiter(path: string, columns: readonly string[]): Promise<string> {
  const { value: begin = '' } = await textOf(path, 0).next();
  const first = /^[^\r\n]*/.exec(begin.slice(0, 64 * 1024))?.[0] ?? '';
  const known = (mark: string) => first.split(mark).filter((name) => columns.includes(toName(name))).length;
  return [',', ';', '\t'].sort((one, other) => known(other) - known(one))[0] as string;
}

const toName = (text: string) =>
  text
    .trim()
    .replace(/^"(.*)"$/, '$1')
    .trim()
    .toLowerCase();

function readHeader(record: readonly string[], columns: readonly string[]): readonly string[] {
  const names = record.map(toName);
  const unknown = names.find((name) => !columns.includes(name));
  if (unknown !== undefined) throw new CommandError(`file: ${quote(unknown)} is no column; known are ${columns.join(', ')}.`, 2);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new CommandError(`file: the column ${twice} is there twice.`, 2);
  return names;
}

function toFileRecord(line: number, header: readonly string[], record: readonly string[]): FileRecord {
  const faults =
    record.length === header.length ? [] : [{ field: 'record', why: `has ${record.length} columns, the first line ${header.length}` }];
  return { line, cells: Object.fromEntries(header.map((name, index) => [name, openCell(record[index] ?? '')])), faults };
}

async function* readJson(path: string, size: number, { columns, fromJson, progress }: ReadOptions): AsyncGenerator<FileRecord> {
  let sinceRecord = 0;
  async function* bounded() {
    for await (const text of textOf(path, size, progress)) {
      sinceRecord += text.length;
      if (sinceRecord > mostAheadBytes) throw new CommandError('file: one record is larger than 1 MB.', 2);
      yield text;
    }
  }
  const source = Readable.from(bounded());
  const items = streamArray.withParserAsStream();
  source.on('error', (err) => items.destroy(err));
  source.pipe(items);
  let line = 0;
  try {
    for await (const { value } of items as AsyncIterable<{ value: unknown }>) {
      line += 1;
      sinceRecord = 0;
      yield toRecordOfJson(line, value, columns, fromJson);
    }
  } catch (err) {
    if (err instanceof CommandError || err instanceof TypeError) throw err;
    throw new CommandError(`file: after ${line} records it is no JSON array of records.`, 2);
  } finally {
    source.destroy();
  }
}

function toRecordOfJson(line: number, value: unknown, columns: readonly string[], fromJson: ReadOptions['fromJson']): FileRecord {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    return { line, cells: {}, faults: [{ field: 'record', why: 'is no object with columns' }] };
  }
  const cells: Record<string, string> = {};
  const faults: { field: string; why: string }[] = [];
  for (const [field, given] of Object.entries(value)) {
    try {
      if (!columns.includes(field)) throw new CellMisfit('is no column');
      cells[field] = fromJson(field, given);
    } catch (err) {
      if (!(err instanceof CellMisfit)) throw err;
      // A name may be anything; here it is one line of plain text.
      faults.push({ field: JSON.stringify(field.slice(0, 60)).slice(1, -1), why: err.message });
    }
  }
  return { line, cells, faults };
}
