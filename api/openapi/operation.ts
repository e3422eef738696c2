/** Parts every described call is made of. */
import { z } from 'zod';
import type { ZodOpenApiOperationObject, ZodOpenApiResponsesObject } from 'zod-openapi';

export const problemDocument = z
  .looseObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    instance: z.string(),
    field: z.string().optional().meta({ description: 'What did not fit.' }),
    reason: z.string().optional().meta({ description: 'The refusal’s name, for programs.' }),
    until: z.iso.datetime().optional().meta({ description: 'When the same may be asked for again.' }),
    limit: z.int().optional().meta({ description: 'How many are allowed.' }),
  })
  .meta({ id: 'Problem', description: 'RFC 9457.' });

const meanings = {
  400: 'Something does not fit; the field is named.',
  401: 'Not signed, or not allowed.',
  403: 'Not allowed.',
  404: 'Unknown.',
  409: 'Refused, by name.',
  413: 'Too large.',
  415: 'Not JSON.',
  429: 'Too many calls; `Retry-After` says when to come again.',
  503: 'Not now: send the same again.',
} as const;

/** Refusals as problem documents. */
export function problems(...statuses: readonly (keyof typeof meanings)[]): ZodOpenApiResponsesObject {
  return Object.fromEntries(
    statuses.map((status) => [
      String(status),
      { description: meanings[status], content: { 'application/problem+json': { schema: problemDocument } } },
    ]),
  );
}

/** An answer in JSON. */
export const answer = (schema: z.ZodType, description: string) => ({ description, content: { 'application/json': { schema } } });

/** A call by what it does in a few words, with its answers. */
export function operation(
  summary: string,
  tag: string,
  rest: Omit<ZodOpenApiOperationObject, 'summary' | 'tags'>,
): ZodOpenApiOperationObject {
  return { summary, tags: [tag], ...rest };
}
