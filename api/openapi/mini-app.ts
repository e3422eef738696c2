/** The Mini App's calls at the default shop's address, and at a shop's own. */
import { z } from 'zod';
import type { ZodOpenApiOperationObject, ZodOpenApiPathItemObject, ZodOpenApiPathsObject } from 'zod-openapi';
import { shopPath, visitHeaders } from '../visitor/schemas.ts';
import { operation, problems } from './operation.ts';

const tag = 'Mini App';
const verbs = ['get', 'post', 'put', 'patch', 'delete'] as const;
type Verb = (typeof verbs)[number];

type Rest = Omit<ZodOpenApiOperationObject, 'summary' | 'tags'>;

/** A call by the shop's customer: with the header that says who. */
export function visitCall(summary: string, rest: Rest): ZodOpenApiOperationObject {
  const params = rest.requestParams;
  return operation(summary, tag, { ...rest, requestParams: { ...params, header: params?.header ?? visitHeaders } });
}

/** A call by anybody. */
export const openCall = (summary: string, rest: Rest): ZodOpenApiOperationObject => operation(summary, tag, rest);

/** Refusals of whatever only looks, and of what is sent as JSON. */
export const looks = problems(400, 401, 403, 404, 429);
export const changes = problems(400, 401, 403, 404, 409, 413, 415, 429, 503);

export const jsonBody = (schema: NonNullable<ZodOpenApiOperationObject['requestBody']>['content']['application/json']) => ({
  required: true,
  content: { 'application/json': schema },
});

/** The same call at one shop's address. */
function atShop(call: ZodOpenApiOperationObject): ZodOpenApiOperationObject {
  const path = call.requestParams?.path;
  return { ...call, requestParams: { ...call.requestParams, path: path instanceof z.ZodObject ? shopPath.extend(path.shape) : shopPath } };
}

export function miniAppPaths(calls: Readonly<Record<string, Partial<Record<Verb, ZodOpenApiOperationObject>>>>): ZodOpenApiPathsObject {
  const at = (prefix: string, change: (call: ZodOpenApiOperationObject) => ZodOpenApiOperationObject) =>
    Object.entries(calls).map(([path, item]): [string, ZodOpenApiPathItemObject] => [
      `${prefix}${path}`,
      Object.fromEntries(verbs.flatMap((verb) => (item[verb] ? [[verb, change(item[verb])]] : []))),
    ]);
  return Object.fromEntries([...at('/api', (call) => call), ...at('/api/shops/{shop}', atShop)]);
}
