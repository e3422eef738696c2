/** What a call brings, parsed by a schema: the handler behind sees what fits, and the typed client of the Mini App's page what to send. */
import type { Context, Env, MiddlewareHandler } from 'hono';
import type { z } from 'zod';
import { parseJson, readBody } from './body.ts';
import { Problem, toProblem } from './problem.ts';

/** Bodies of people are small, bytes. */
const mostBytes = 64 * 1024;

type Parsed<Target extends string, Schema extends z.ZodType> = {
  in: { [Name in Target]: z.input<Schema> };
  out: { [Name in Target]: z.output<Schema> };
};

function parsed<Target extends 'query' | 'param' | 'json' | 'header', Schema extends z.ZodType>(
  target: Target,
  schema: Schema,
  where: string,
  read: (c: Context) => unknown,
): MiddlewareHandler<Env, string, Parsed<Target, Schema>> {
  return async (c, next) => {
    const found = schema.safeParse(await read(c));
    if (!found.success) throw toProblem(found.error, where);
    c.req.addValidatedData(target, found.data as object);
    await next();
  };
}

/** @throws Problem 400 */
export const inQuery = <Schema extends z.ZodType>(schema: Schema) => parsed('query', schema, 'query', (c) => c.req.query());

/** @throws Problem 400 */
export const inPath = <Schema extends z.ZodType>(schema: Schema) => parsed('param', schema, 'path', (c) => c.req.param());

/** Of headers those that the schema names. @throws Problem 400 */
export const inHeaders = <Schema extends z.ZodType>(schema: Schema, where: string) =>
  parsed('header', schema, where, (c) => c.req.header());

/** @throws Problem 400, 413, 415 */
export const inBody = <Schema extends z.ZodType>(schema: Schema) =>
  parsed('json', schema, 'body', async (c) => {
    if (!/^application\/json(?:\s*;|$)/i.test(c.req.header('content-type') ?? '')) {
      throw new Problem(415, 'Not JSON', 'content-type: application/json is needed', { field: 'content-type' });
    }
    return parseJson(await readBody(c.req.raw, mostBytes));
  });
