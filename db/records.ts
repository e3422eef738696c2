/**
 * Rows as plain objects in the shape of their entity, for the path every order takes: read from JSON the database makes, so that one
 * statement brings everything a step needs, and written back as JSON it takes apart. MikroORM's unit of work does the rest of the product.
 */
import type { EntityClass, EntityMetadata } from '@mikro-orm/core';
import type { EntityManager } from './orm.ts';
import { run } from './prepared.ts';

/** What a row's JSON is: columns by name. */
export type Json = Readonly<Record<string, unknown>>;

interface Column {
  readonly property: string;
  readonly name: string;
  /** Read only where somebody asks for it. */
  readonly lazy: boolean;
  readonly read: (value: unknown) => unknown;
}

interface Shape {
  readonly table: string;
  readonly columns: readonly Column[];
}

const shapes = new Map<unknown, Shape>();

function shapeOf(em: EntityManager, entity: EntityClass<object>): Shape {
  const known = shapes.get(entity);
  if (known) return known;
  const meta = em.getMetadata().get(entity) as EntityMetadata;
  const columns = meta.props.flatMap((property): Column[] => {
    const name = property.fieldNames?.[0];
    if (name === undefined) return [];
    return [{ property: property.name as string, name, lazy: property.lazy === true, read: readerOf(property.columnTypes?.[0] ?? '') }];
  });
  const shape = { table: meta.tableName, columns };
  shapes.set(entity, shape);
  return shape;
}

function readerOf(columnType: string): (value: unknown) => unknown {
  if (columnType.startsWith('timestamptz')) return (value) => new Date(value as string);
  if (columnType === 'bytea') return (value) => Buffer.from((value as string).slice(2), 'hex');
  return (value) => value;
}

/** A row's JSON as its entity's shape; columns the JSON lacks are absent. It is nobody's but the caller's: no unit of work knows it. */
export function readRecord<Row extends object>(em: EntityManager, entity: EntityClass<Row>, json: Json): Row {
  const record: { [property: string]: unknown } = {};
  for (const { property, name, read } of shapeOf(em, entity).columns) {
    const value = json[name];
    if (value !== undefined) record[property] = value === null ? null : read(value);
  }
  return record as Row;
}

/** The same for a list; null, as an empty aggregate is, for none. */
export function readRecords<Row extends object>(em: EntityManager, entity: EntityClass<Row>, rows: readonly Json[] | null): Row[] {
  return (rows ?? []).map((row) => readRecord(em, entity, row));
}

const selects = new Map<string, string>();

/**
 * Rows of a table as records, but for what is lazy of them.
 * @param where one of few texts, with `$1` parameters, `t` being the row; may end in `order by`
 */
export async function findRecords<Row extends object>(
  em: EntityManager,
  entity: EntityClass<Row>,
  where: string,
  values: readonly unknown[],
): Promise<Row[]> {
  const key = `${entity.name} ${where}`;
  let text = selects.get(key);
  if (text === undefined) {
    const { table, columns } = shapeOf(em, entity);
    const read = columns.flatMap(({ name, lazy }) => (lazy ? [] : [`t."${name}"`])).join(', ');
    text = `select (select to_jsonb(r) from (select ${read}) r) as row from "${table}" t where ${where}`;
    selects.set(key, text);
  }
  const rows = await run<{ row: Json }>(em, text, values);
  return rows.map(({ row }) => readRecord(em, entity, row));
}

/** Column names of properties, in their order. */
export function columnsOf<Row extends object>(em: EntityManager, entity: EntityClass<Row>, properties: readonly (keyof Row)[]): string[] {
  const { columns } = shapeOf(em, entity);
  return properties.map((wanted) => {
    const column = columns.find(({ property }) => property === wanted);
    if (!column) throw new Error(`No column for ${String(wanted)}`);
    return `"${column.name}"`;
  });
}

/** What of a record is to be stored, as JSON by column. */
export function toJson<Row extends object>(em: EntityManager, entity: EntityClass<Row>, record: Partial<Row>): Json {
  const given = record as { readonly [property: string]: unknown };
  return Object.fromEntries(
    shapeOf(em, entity).columns.flatMap(({ property, name }) =>
      given[property] === undefined ? [] : [[name, toJsonValue(given[property])]],
    ),
  );
}

function toJsonValue(value: unknown): unknown {
  return value instanceof Uint8Array ? `\\x${Buffer.from(value).toString('hex')}` : value;
}

/** Columns of records that all have the same properties. */
function columnsGiven<Row extends object>(em: EntityManager, entity: EntityClass<Row>, record: Partial<Row>): string {
  const properties = Object.entries(record).flatMap(([property, value]) => (value === undefined ? [] : [property as keyof Row]));
  return columnsOf(em, entity, properties).join(', ');
}

/** Inserts records of one table that have the same properties; the others take their defaults. @returns the rows as they stand */
export async function insertRecords<Row extends object>(
  em: EntityManager,
  entity: EntityClass<Row>,
  records: readonly Partial<Row>[],
): Promise<Row[]> {
  const [first] = records;
  if (!first) return [];
  const { table } = shapeOf(em, entity);
  const columns = columnsGiven(em, entity, first);
  const rows = await run<{ row: Json }>(
    em,
    `insert into "${table}" as stored (${columns}) select ${columns} from jsonb_populate_recordset(null::"${table}", $1) returning to_jsonb(stored) as row`,
    [JSON.stringify(records.map((record) => toJson(em, entity, record)))],
  );
  return readRecords(
    em,
    entity,
    rows.map(({ row }) => row),
  );
}
