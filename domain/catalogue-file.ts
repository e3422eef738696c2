/**
 * A catalogue as a file: one record a line, its columns by name. A column that is not there leaves what is; one that is there and empty means
 * the usual value. Products are known by `sku`, pickup points too, categories by their title.
 */
import {
  amount,
  type Cell,
  type CellContext,
  CellMisfit,
  degrees,
  flag,
  joinList,
  key,
  list,
  oneOf,
  optionsCell,
  orNone,
  orUsual,
  percentage,
  splitList,
  whole,
  words,
} from './cell.ts';
import { orderMethods } from './payment.ts';
import { contentKinds, productKinds } from './product.ts';

export const recordNames = ['category', 'pickup_point', 'product'] as const;
export type RecordName = (typeof recordNames)[number];

export interface Column {
  // biome-ignore lint/suspicious/noExplicitAny: each column has values of its own, which nobody but its cell looks at
  readonly cell: Cell<any>;
  /** Where the value stands in the record's row; columns without one name other rows, files or secrets. */
  readonly row?: string;
  /** Needed for a record that is new. */
  readonly needed?: true;
}

const position = { cell: orUsual(whole({ min: -1_000_000, max: 1_000_000 }), 0), row: 'position' };
export const mostContentLetters = 4_000;
/** They are buttons. */
const optionLimits = { most: 3, values: 20, letters: 40 };
/** An album of Telegram's. */
export const mostPhotos = 10;
const fileName = words({ min: 1, max: 255 });

export const columnsOfRecord: Readonly<Record<RecordName, Readonly<Record<string, Column>>>> = {
  category: { title: { cell: words({ min: 1, max: 100 }), row: 'name', needed: true }, position },
  pickup_point: {
    sku: { cell: key, row: 'key', needed: true },
    title: { cell: words({ min: 1, max: 200 }), row: 'name', needed: true },
    city: { cell: words({ min: 1, max: 100 }), row: 'city', needed: true },
    district: { cell: words({ min: 1, max: 100 }), row: 'district', needed: true },
    address: { cell: words({ min: 1, max: 300 }), row: 'address', needed: true },
    hours: { cell: words({ min: 1, max: 200 }), row: 'hours', needed: true },
    latitude: { cell: orNone(degrees(90)), row: 'latitude' },
    longitude: { cell: orNone(degrees(180)), row: 'longitude' },
    instructions: { cell: words({ max: 1_000, lines: true }), row: 'instructions' },
    photos: { cell: orUsual(list(fileName, { max: 1, what: 'photo' }), []) },
  },
  product: {
    sku: { cell: key, row: 'sku', needed: true },
    kind: { cell: oneOf(productKinds), row: 'kind', needed: true },
    stock_mode: { cell: oneOf(['unique', 'counter', 'unlimited']), row: 'stock_mode', needed: true },
    title: { cell: words({ min: 1, max: 200 }), row: 'title', needed: true },
    description: { cell: words({ max: 3_000, lines: true }), row: 'description' },
    category: { cell: orNone(words({ min: 1, max: 100 })) },
    pickup_point: { cell: orNone(key) },
    price: { cell: amount(), row: 'price', needed: true },
    discount_percent: { cell: orUsual(whole({ min: 0, max: 100 }), 0), row: 'discount_percent' },
    tax_percent: { cell: orUsual(percentage, 0), row: 'tax_rate' },
    stars_price: { cell: orNone(whole({ min: 0, max: 1_000_000 })), row: 'stars_price' },
    customer_limit: { cell: orNone(whole({ min: 1, max: 1_000_000 })), row: 'customer_limit' },
    low_stock_at: { cell: orNone(whole({ min: 0, max: 1_000_000 })), row: 'low_stock_at' },
    methods: { cell: methodsCell(), row: 'methods' },
    active: { cell: orUsual(flag, true), row: 'active' },
    position,
    variant_of: { cell: orNone(key) },
    option_values: {
      cell: orNone(list(words({ min: 1, max: optionLimits.letters }), { max: optionLimits.most, what: 'values', twice: true })),
      row: 'option_values',
    },
    options: { cell: orNone(optionsCell(optionLimits)), row: 'options' },
    warranty_days: { cell: orNone(whole({ min: 1, max: 3_650 })), row: 'warranty_days' },
    credit_amount: { cell: orNone(whole({ min: 1, max: 1_000_000 })), row: 'credit_amount' },
    access_seconds: { cell: orNone(whole({ min: 1, max: 315_360_000 })), row: 'access_seconds' },
    donation_minimum: { cell: orNone(amount({ min: 1 })), row: 'donation_minimum' },
    donation_maximum: { cell: orNone(amount({ min: 1 })), row: 'donation_maximum' },
    lessons: { cell: orUsual(list(words({ min: 1, max: 200 }), { max: 500, what: 'lessons', twice: true }), []) },
    photos: { cell: orUsual(list(fileName, { max: mostPhotos, what: 'photos' }), []) },
    // Empty leaves what is: who sells it never lacks one.
    content_kind: { cell: orUsual(oneOf(contentKinds), 'line'), row: 'content_kind' },
    content: { cell: orNone(words({ min: 1, max: mostContentLetters, lines: true })) },
  },
};

/** Which methods; nothing means the usual ones of its kind, `none` really none. */
function methodsCell(): Cell<readonly string[] | null> {
  const names = list(oneOf(orderMethods), { max: orderMethods.length, what: 'methods' });
  return {
    shape: 'list',
    none: 'none',
    read: (text, context) => (text === '' ? null : text === 'none' ? [] : names.read(text, context)),
    write: (value, context) => (value === null ? '' : value.length === 0 ? 'none' : names.write(value as never, context)),
  };
}

/** All columns, in the order they are written. */
export const columnNames: readonly string[] = [
  'record',
  ...new Set(['product', 'pickup_point', 'category'].flatMap((name) => Object.keys(columnsOfRecord[name as RecordName]))),
];

export interface Fault {
  readonly field: string;
  readonly why: string;
}

export interface ReadRecord {
  readonly record: RecordName;
  /** What it is known by in its shop: `sku`, or a category's title. Undefined when that does not fit. */
  readonly key: string | undefined;
  /** By column, what stood in the file. */
  readonly values: Readonly<Record<string, unknown>>;
  readonly faults: readonly Fault[];
}

/** The cells of one record, read; `cells` are of columns that the file has. Everything that does not fit is told. */
export function readRecord(cells: Readonly<Record<string, string>>, context: CellContext): ReadRecord {
  const said = cells.record || 'product';
  const record = recordNames.find((one) => one === said);
  if (record === undefined) {
    return {
      record: 'product',
      key: undefined,
      values: {},
      faults: [{ field: 'record', why: `one of ${recordNames.join(', ')} is needed` }],
    };
  }
  const columns = columnsOfRecord[record];
  const values: Record<string, unknown> = {};
  const faults: Fault[] = [];
  for (const [field, text] of Object.entries(cells)) {
    if (field === 'record') continue;
    const column = columns[field];
    if (!column) {
      if (text !== '') faults.push({ field, why: columnNames.includes(field) ? `is nothing a ${record} has` : 'is no column' });
      continue;
    }
    try {
      values[field] = column.cell.read(text, context);
    } catch (err) {
      if (!(err instanceof CellMisfit)) throw err;
      faults.push({ field, why: err.message });
    }
  }
  const keyField = keyFieldOf(record);
  if (cells[keyField] === undefined) faults.push({ field: keyField, why: 'is needed' });
  return { record, key: values[keyField] as string | undefined, values, faults };
}

export const keyFieldOf = (record: RecordName): 'sku' | 'title' => (record === 'category' ? 'title' : 'sku');

/** Columns a new record lacks. */
export function missingOf({ record, values, faults }: Pick<ReadRecord, 'record' | 'values' | 'faults'>): Fault[] {
  return Object.entries(columnsOfRecord[record])
    .filter(([field, { needed }]) => needed && values[field] === undefined && !faults.some((fault) => fault.field === field))
    .map(([field]) => ({ field, why: 'is needed for what is new' }));
}

/** A record as cells; what it says nothing of is left out. */
export function writeRecord(record: RecordName, values: Readonly<Record<string, unknown>>, context: CellContext): Record<string, string> {
  const cells = Object.entries(columnsOfRecord[record]).flatMap(([field, { cell }]) =>
    values[field] === undefined ? [] : [[field, cell.write(values[field], context)] as const],
  );
  return { record, ...Object.fromEntries(cells) };
}

/** A cell's text as a value of JSON: lists are arrays, nothing is null; amounts and percentages stay texts. */
export function toJsonValue(record: RecordName, field: string, text: string): unknown {
  const cell = columnsOfRecord[record][field]?.cell;
  if (text === '') return null;
  if (cell?.shape === 'whole') return Number(text);
  if (cell?.shape === 'flag') return text === 'yes';
  if (cell?.shape === 'list') return text === cell.none ? [] : splitList(text);
  return text;
}

/** What a cell would hold for a value of JSON. @throws CellMisfit for what no cell is written as */
export function fromJsonValue(field: string, value: unknown): string {
  if (value === null) return '';
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'number') {
    if (Number.isSafeInteger(value)) return String(value);
    throw new CellMisfit('a number with decimals is written as a text, such as "12.50"');
  }
  if (Array.isArray(value) && value.every((part) => typeof part === 'string')) {
    return value.length === 0 ? (columnsOfRecord.product[field]?.cell.none ?? '') : joinList(value);
  }
  throw new CellMisfit('a text, a whole number, true, false, null or a list of texts is needed');
}
