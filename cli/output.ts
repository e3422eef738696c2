/** What commands print: tables for people, one JSON document with `--json`. */
import type { Command } from 'commander';
import { type Money, toDecimal } from '../domain/money.ts';

/** A command failed for a reason a person can act on; the message is one sentence. Exit code 1, or 2 when the input does not fit. */
export class CommandError extends Error {
  readonly exitCode: 1 | 2;
  constructor(message: string, exitCode: 1 | 2 = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** Whether `--json` was asked for. */
export const asJson = (command: Command): boolean => Boolean(command.optsWithGlobals().json);

/** Prints `data` as JSON, or `words` for people. */
export function print(json: boolean, data: unknown, words: () => string): void {
  process.stdout.write(`${json ? JSON.stringify(data, undefined, 2) : words()}\n`);
}

/** Rows under their headings, in columns as wide as they need. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = headings.map((heading, index) => Math.max(heading.length, ...rows.map((row) => (row[index] ?? '').length)));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, index) => cell.padEnd(widths[index] ?? 0))
      .join('  ')
      .trimEnd();
  return [line(headings), ...rows.map(line)].join('\n');
}

export const tellMoney = (money: Money): string => `${toDecimal(money)} ${money.currency}`;

/** A time as people read it, in this machine's zone. */
export function tellTime(at: string | number | Date): string {
  const date = new Date(at);
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${String(date.getMilliseconds()).padStart(3, '0')}`;
}
