/** The Mini App's calls, described by the schemas they are parsed with. */
import { z } from 'zod';
import type { ZodOpenApiOperationObject, ZodOpenApiPathItemObject, ZodOpenApiPathsObject } from 'zod-openapi';
import {
  callHeaders,
  createBody,
  nonceAnswer,
  paymentAnswer,
  paymentPath,
  refillBody,
  shopPath,
  statusAnswer,
  visitHeaders,
} from '../payment/schemas.ts';
import { answer, operation, problems } from './operation.ts';

const tag = 'Mini App';
const refusals = problems(400, 401, 403, 404, 409, 413, 415, 429, 503);
const looks = problems(400, 401, 403, 404, 429);
const once = { header: visitHeaders.extend(callHeaders.shape) };

const moneyCall = (summary: string, body: z.ZodType): ZodOpenApiOperationObject =>
  operation(summary, tag, {
    requestParams: once,
    requestBody: { required: true, content: { 'application/json': { schema: body } } },
    responses: { 200: answer(paymentAnswer, 'The payment, and one way to pay it.'), ...refusals },
  });

const calls: Readonly<Record<string, ZodOpenApiPathItemObject>> = {
  '/payment/nonce': {
    post: operation('A number for one call that moves money', tag, {
      requestParams: { header: visitHeaders },
      responses: { 200: answer(nonceAnswer, 'Good once, for ten minutes.'), ...problems(401, 403, 404, 429) },
    }),
  },
  '/payment/create': { post: moneyCall('Buys the basket or one piece of a product', createBody) },
  '/payment/refill': { post: moneyCall('Tops up the wallet', refillBody) },
  '/payment/status/{id}': {
    get: operation('What became of a payment', tag, {
      requestParams: { path: paymentPath, header: visitHeaders },
      responses: { 200: answer(statusAnswer, 'As it stands.'), ...looks },
    }),
  },
  '/payment/status/{id}/events': {
    get: operation('The same as server-sent events, until it is final', tag, {
      description: 'Events `status` whose data is a PaymentStatus. Needs the header, so read it with `fetch`.',
      requestParams: {
        path: paymentPath,
        header: visitHeaders.extend({ 'last-event-id': z.string().optional().meta({ description: 'Goes on after this event.' }) }),
      },
      responses: {
        200: { description: 'Changes as they happen.', content: { 'text/event-stream': { schema: z.string() } } },
        204: { description: 'It is final, and its last event was seen.' },
        ...looks,
      },
    }),
  },
};

/** The same call at one shop's address. */
function atShop(call: ZodOpenApiOperationObject): ZodOpenApiOperationObject {
  const path = call.requestParams?.path;
  return { ...call, requestParams: { ...call.requestParams, path: path ? shopPath.extend(paymentPath.shape) : shopPath } };
}

export const paymentPaths: ZodOpenApiPathsObject = Object.fromEntries(
  Object.entries(calls).flatMap(([path, { get, post }]) => [
    [`/api${path}`, { ...(get ? { get } : {}), ...(post ? { post } : {}) }],
    [`/api/shops/{shop}${path}`, { ...(get ? { get: atShop(get) } : {}), ...(post ? { post: atShop(post) } : {}) }],
  ]),
);
