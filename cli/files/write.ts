/** Files of records, written as they come. */
import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { stringify } from 'csv-stringify';
import { guardCell } from '../../domain/cell.ts';
import type { FileFormat } from './read.ts';

export interface RecordWriter {
  write(cells: Readonly<Record<string, string>>): Promise<void>;
  end(): Promise<void>;
}

export interface WriteOptions {
  readonly format: FileFormat;
  readonly columns: readonly string[];
  /** How a cell stands in JSON. */
  readonly toJson: (cells: Readonly<Record<string, string>>, field: string) => unknown;
}

/** Into a file that only its owner reads, or standard output for `-`. */
export function openRecordWriter(path: string, options: WriteOptions): RecordWriter {
  const out = path === '-' ? process.stdout : createWriteStream(path, { mode: 0o600 });
  return options.format === 'csv' ? csvWriter(out, options) : jsonWriter(out, options);
}

function csvWriter(out: Writable, { columns }: WriteOptions): RecordWriter {
  // Spreadsheets take a file for UTF-8 by its mark.
  const csv = stringify({ header: true, bom: true, columns: [...columns], record_delimiter: 'windows' });
  const copied = copy(csv, out);
  return {
    async write(cells) {
      const row = Object.fromEntries(Object.entries(cells).map(([name, text]) => [name, guardCell(text)]));
      if (!csv.write(row)) await Promise.race([once(csv, 'drain'), copied]);
    },
    async end() {
      csv.end();
      await copied;
      await close(out);
    },
  };
}

async function copy(from: AsyncIterable<Buffer | string>, out: Writable): Promise<void> {
  for await (const part of from) await put(out, part);
}

function jsonWriter(out: Writable, { columns, toJson }: WriteOptions): RecordWriter {
  let count = 0;
  return {
    async write(cells) {
      const fields = columns.filter((name) => cells[name] !== undefined).map((name) => [name, toJson(cells, name)]);
      await put(out, `${count === 0 ? '[' : ','}\n${JSON.stringify(Object.fromEntries(fields))}`);
      count += 1;
    },
    async end() {
      await put(out, count === 0 ? '[]\n' : '\n]\n');
      await close(out);
    },
  };
}

async function put(out: Writable, part: string | Buffer): Promise<void> {
  if (!out.write(part)) await once(out, 'drain');
}

/** Standard output is the process's own. */
async function close(out: Writable): Promise<void> {
  if (out === process.stdout) return;
  out.end();
  await finished(out);
}
