/** Cells of a file people edit in a spreadsheet: one text a value, read back to the same value. What does not fit says why. */
import { parseAmount, toDecimal } from './money.ts';

/** Why a cell does not fit, as the end of a sentence that begins with its column. */
export class CellMisfit extends Error {}

export interface CellContext {
  /** The shop's, ISO 4217. */
  readonly currency: string;
}

/** How a value is written: `shape` says what it is in JSON, where amounts stay texts because numbers there are floats. */
export interface Cell<Value> {
  readonly shape: 'text' | 'whole' | 'flag' | 'list';
  /** How a list of nothing is written where an empty cell means something else. */
  readonly none?: string;
  /** @throws CellMisfit */
  read(text: string, context: CellContext): Value;
  write(value: Value, context: CellContext): string;
}

const quoted = (text: string) => JSON.stringify(text.length > 40 ? `${text.slice(0, 40).toWellFormed()}…` : text);
const misfit = (needed: string, text: string) => new CellMisfit(`${needed}, not ${quoted(text)}`);

/** Words in one line, or in several; as they are, so that spaces inside stay. */
export const words = ({ max, min = 0, lines = false }: { max: number; min?: number; lines?: boolean }): Cell<string> => ({
  shape: 'text',
  read(text) {
    const forbidden = lines ? /[^\P{Cc}\n\r\t]/u : /\p{Cc}/u;
    if (text.length > max) throw new CellMisfit(`at most ${max} characters, not ${text.length}`);
    if (text.trim().length < min) throw new CellMisfit('is needed');
    if (!text.isWellFormed() || forbidden.test(text)) throw new CellMisfit(`text${lines ? '' : ' in one line'} is needed`);
    return text;
  },
  write: (value) => value,
});

/** A key of the shop's own: 1 to 64 visible characters, spaces inside allowed. */
export const keyPattern = /^(?=.{1,64}$)[^\p{C}\p{Z}](?:[^\p{C}\p{Zl}\p{Zp}]*[^\p{C}\p{Z}])?$/u;
export const key: Cell<string> = {
  shape: 'text',
  read(text) {
    if (keyPattern.test(text)) return text;
    throw misfit('1 to 64 characters without spaces around them are needed', text);
  },
  write: (value) => value,
};

export const whole = ({ min, max }: { min: number; max: number }): Cell<number> => ({
  shape: 'whole',
  read(text) {
    const value = Number(text);
    if (/^(0|-?[1-9]\d{0,15})$/.test(text) && Number.isSafeInteger(value) && value >= min && value <= max) return value;
    throw misfit(`a whole number from ${min} to ${max} is needed`, text);
  },
  write: String,
});

/** Money of the shop's currency, with a point or a comma before its decimals and nothing between thousands. */
export const amount = ({ min = 0, max = Number.MAX_SAFE_INTEGER }: { min?: number; max?: number } = {}): Cell<number> => ({
  shape: 'text',
  read(text, { currency }) {
    const value = text === text.trim() ? parseAmount(text, currency) : undefined;
    if (value !== undefined && value >= min && value <= max) return value;
    const example = toDecimal({ amount: 1250, currency });
    const low = min > 0 ? ` of at least ${toDecimal({ amount: min, currency })}` : '';
    throw misfit(`an amount in ${currency}${low} such as ${example} is needed, without spaces or marks between thousands`, text);
  },
  write: (value, { currency }) => toDecimal({ amount: value, currency }),
});

/** A percentage with at most two decimals, kept in basis points. */
export const percentage: Cell<number> = {
  shape: 'text',
  read(text) {
    const value = text === text.trim() ? parseAmount(text, 'EUR') : undefined;
    if (value !== undefined && value <= 10_000) return value;
    throw misfit('a percentage from 0 to 100 such as 23 or 5.5 is needed', text);
  },
  write: (value) => toDecimal({ amount: value, currency: 'EUR' }),
};

/** Degrees of a map pin, as far as a double holds them. */
export const degrees = (most: number): Cell<number> => ({
  shape: 'text',
  read(text) {
    const value = Number(text.replace(',', '.'));
    // Minus zero is zero.
    if (/^-?\d{1,3}([.,]\d{1,20})?$/.test(text) && Math.abs(value) <= most) return value + 0;
    throw misfit(`degrees from -${most} to ${most} such as 52.23325 are needed`, text);
  },
  write: writePlain,
});

/** The shortest digits that are this double again, without an exponent. */
function writePlain(value: number): string {
  const text = String(value);
  return text.includes('e') ? value.toFixed(20).replace(/0+$/, '') : text;
}

export const flag: Cell<boolean> = {
  shape: 'flag',
  read(text) {
    const said = text.toLowerCase();
    if (['yes', 'true', '1'].includes(said)) return true;
    if (['no', 'false', '0'].includes(said)) return false;
    throw misfit('yes or no is needed', text);
  },
  write: (value) => (value ? 'yes' : 'no'),
};

export const oneOf = <Name extends string>(names: readonly Name[]): Cell<Name> => ({
  shape: 'text',
  read(text) {
    const name = names.find((one) => one === text);
    if (name !== undefined) return name;
    throw misfit(`one of ${names.join(', ')} is needed`, text);
  },
  write: (value) => value,
});

/** Several of one cell, written as `a|b`; a `|` or `\` inside one is written `\|`, `\\`. */
export const list = <Value>(
  cell: Cell<Value>,
  { max, what, twice = false }: { max: number; what: string; twice?: boolean },
): Cell<readonly Value[]> => ({
  shape: 'list',
  read(text, context) {
    const parts = splitList(text);
    if (parts.length > max) throw new CellMisfit(`at most ${max} ${what}, not ${parts.length}`);
    const again = twice ? undefined : parts.find((part, index) => parts.indexOf(part) !== index);
    if (again !== undefined) throw new CellMisfit(`${quoted(again)} is there twice`);
    return parts.map((part) => cell.read(part, context));
  },
  write: (values, context) => joinList(values.map((value) => cell.write(value, context))),
});

export function joinList(parts: readonly string[]): string {
  return parts.map((part) => part.replace(/[|\\]/g, '\\$&')).join('|');
}

/** @param keep leaves escapes as they are, for a text that is split once more */
export function splitList(text: string, mark = '|', keep = false): string[] {
  const parts = [''];
  for (let at = 0; at < text.length; at += 1) {
    const letter = text.charAt(at);
    if (letter === '\\' && at + 1 < text.length) {
      at += 1;
      parts[parts.length - 1] += `${keep ? letter : ''}${text.charAt(at)}`;
    } else if (letter === mark) parts.push('');
    else parts[parts.length - 1] += letter;
  }
  return parts;
}

/** What is chosen about a product, written as `Size=S|M;Colour=Red|Blue`. */
export const optionsCell = ({
  most,
  values,
  letters,
}: {
  most: number;
  values: number;
  letters: number;
}): Cell<readonly { readonly name: string; readonly values: readonly string[] }[]> => {
  const word = words({ min: 1, max: letters });
  const valuesCell = list(word, { max: values, what: 'values' });
  return {
    shape: 'text',
    read(text, context) {
      const options = splitList(text, ';', true).map((part) => {
        const [name = '', rest, ...more] = splitList(part, '=', true);
        if (rest === undefined || more.length > 0 || splitList(name).length > 1)
          throw misfit('options such as Size=S|M;Colour=Red|Blue are needed', text);
        return { name: word.read(splitList(name)[0] ?? '', context), values: valuesCell.read(rest, context) };
      });
      if (options.length > most) throw new CellMisfit(`at most ${most} options, not ${options.length}`);
      if (new Set(options.map(({ name }) => name)).size < options.length) throw new CellMisfit('no two options of one name');
      return options;
    },
    write: (options) => options.map((option) => `${escapeMarks(option.name)}=${option.values.map(escapeMarks).join('|')}`).join(';'),
  };
};

const marks = '|=;\\';
const escapeMarks = (text: string) => [...text].map((letter) => (marks.includes(letter) ? `\\${letter}` : letter)).join('');

/** Nothing in the cell is null. */
export const orNone = <Value>(cell: Cell<Value>): Cell<Value | null> => ({
  shape: cell.shape,
  read: (text, context) => (text === '' ? null : cell.read(text, context)),
  write: (value, context) => (value === null ? '' : cell.write(value, context)),
});

/** Nothing in the cell is a usual value. */
export const orUsual = <Value>(cell: Cell<Value>, usual: Value): Cell<Value> => ({
  ...cell,
  read: (text, context) => (text === '' ? usual : cell.read(text, context)),
});

/** Signs by which a spreadsheet takes a cell for a formula and carries it out. */
const formula = /^'*[=+\-@\t\r\n＝＋－＠]/;
const plainNumber = /^-?\d+(?:\.\d+)?$/;

/** A cell that no spreadsheet carries out: what looks like a formula begins with `'`. `openCell` gives back what was. */
export function guardCell(text: string): string {
  return formula.test(text) && !plainNumber.test(text) ? `'${text}` : text;
}

export function openCell(text: string): string {
  return text.startsWith("'") && formula.test(text) ? text.slice(1) : text;
}
