/** What watches a deployment, described. */
import { z } from 'zod';
import type { ZodOpenApiPathsObject } from 'zod-openapi';
import { coins } from '../../domain/chain.ts';
import { orderStatuses } from '../../domain/order.ts';
import { answer, operation, problems } from './operation.ts';

const mode = z.enum(['sandbox', 'live']);
const readiness = {
  ready: z.boolean(),
  checks: z.object({ database: z.string(), temporal: z.string(), workers: z.string() }).meta({ description: '`ok`, or what is wrong.' }),
};
const provider = z.object({ provider: z.string(), on: z.boolean(), reason: z.string().nullable() });
const chain = z.object({
  coin: z.enum(coins),
  height: z.int(),
  behind: z.int().nullable().meta({ description: 'Blocks the source has and we have not followed.' }),
  checkedAt: z.number().nullable().meta({ description: 'When the end of the chain was last seen, milliseconds since 1970.' }),
  followed: z.boolean(),
});
const name = z.object({ name: z.string(), version: z.string(), mode });
const health = z.object({ status: z.literal('ok'), uptimeSeconds: z.int() });
const ready = z.object(readiness).meta({ id: 'Readiness' });
const status = z
  .object({
    version: z.string(),
    mode,
    uptimeSeconds: z.int().optional(),
    ...readiness,
    orders: z.partialRecord(z.enum(orderStatuses), z.int()).optional().meta({ description: 'Orders by status.' }),
    inbox: z.object({ waiting: z.int(), oldestSeconds: z.number() }).optional().meta({ description: 'Events without an outcome.' }),
    shops: z.array(z.object({ shop: z.string(), open: z.boolean(), bot: z.boolean(), providers: z.array(provider) })).optional(),
    chains: z.array(chain).optional().meta({ description: 'Coins straight from their chains.' }),
  })
  .meta({ id: 'Status' });

const tag = 'Watching';
const guarded = 'In live mode from a private address, or with the status token as bearer.';

export const statusPaths: ZodOpenApiPathsObject = {
  '/': { get: operation('Which build this is', tag, { responses: { 200: answer(name, 'Name, version and mode.') } }) },
  '/health': { get: operation('Whether the process is alive', tag, { responses: { 200: answer(health, 'It is.') } }) },
  '/ready': {
    get: operation('Whether a purchase would work now', tag, {
      responses: { 200: answer(ready, 'Database, Temporal and workers answer.'), 503: answer(ready, 'One of them does not.') },
    }),
  },
  '/status': {
    get: operation('How things are', tag, {
      description: guarded,
      security: [{}, { statusToken: [] }],
      responses: { 200: answer(status, 'Counts and methods.'), ...problems(401), 503: answer(status, 'Without a database.') },
    }),
  },
  '/metrics': {
    get: operation('Numbers for Prometheus', tag, {
      description: guarded,
      security: [{}, { statusToken: [] }],
      responses: { 200: { description: 'Text.', content: { 'text/plain': { schema: z.string() } } }, ...problems(401) },
    }),
  },
};
