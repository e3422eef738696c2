/**
 * Statements with bound parameters, planned once a connection. MikroORM writes values into its statements, which PostgreSQL then parses and
 * plans every time; on the path every order takes that was a third of the work.
 */
import { CompiledQuery } from 'kysely';
import pg from 'pg';
import type { EntityManager } from './orm.ts';

const names = new Map<string, string>();

function nameOf(text: string): string {
  const known = names.get(text);
  if (known) return known;
  const name = `tillflow_${names.size + 1}`;
  names.set(text, name);
  return name;
}

type QueryArguments = Parameters<pg.Client['query']>;

/** pg's client, which prepares whatever comes with parameters under a name of its own. */
export class PreparingClient extends pg.Client {
  // biome-ignore lint/suspicious/noExplicitAny: pg overloads `query` by argument, the answer is whatever it answers
  override query(...[config, values, callback]: any[]): any {
    const prepared = typeof config === 'string' && Array.isArray(values) && values.length > 0;
    const args = prepared ? [{ name: nameOf(config), text: config, values }, callback] : [config, values, callback];
    return super.query(...(args as unknown as QueryArguments));
  }
}

/**
 * Runs one statement with `$1` parameters, in the transaction of `em` if it is in one. Its text must be one of few: values belong into
 * parameters. Objects travel as JSON, `bigint` columns come back as text.
 * @throws MikroORM's exceptions, as `em.execute` does
 */
export async function run<Row extends object = Record<string, unknown>>(
  em: EntityManager,
  text: string,
  values: readonly unknown[] = [],
): Promise<Row[]> {
  try {
    const { rows } = await em.getKysely().executeQuery(CompiledQuery.raw(text, [...values]));
    return rows as Row[];
  } catch (err) {
    throw err instanceof Error ? em.getDriver().convertException(err) : err;
  }
}
