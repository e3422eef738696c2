/** Where providers call, described. Their bodies are theirs: what is parsed here is the signature and what moves money. */
import { z } from 'zod';
import type { ZodOpenApiOperationObject, ZodOpenApiPathsObject } from 'zod-openapi';
import { endpointId, updateEnvelope } from '../webhook-shapes.ts';
import { answer, operation, problems } from './operation.ts';

const tag = 'Webhooks';
const event = z.looseObject({}).meta({ description: 'As the provider sends it; at most 1 MB.' });

/** Providers of payments that call us, with the header they sign in, and the further addresses of the default shop. */
const signedBy = [
  { provider: 'stripe', title: 'Stripe', header: 'stripe-signature', more: ['/webhook'] },
  { provider: 'nowpayments', title: 'NOWPayments', header: 'x-nowpayments-sig', more: [] },
] as const;

function received(title: string, header: string, path?: z.ZodObject): ZodOpenApiOperationObject {
  return operation(`An event of ${title}`, tag, {
    description: 'Verified on the raw body, stored before it is answered, counted once.',
    requestParams: { ...(path ? { path } : {}), header: z.object({ [header]: z.string() }) },
    requestBody: { required: true, content: { 'application/json': { schema: event } } },
    responses: { 200: answer(z.object({ received: z.literal(true) }), 'Stored.'), ...problems(400, 404, 413, 503) },
  });
}

const atEndpoint = z.object({ endpointId });

export const webhookPaths: ZodOpenApiPathsObject = {
  '/webhooks/telegram/{endpointId}': {
    post: operation('An update of a shop’s bot', tag, {
      requestParams: { path: atEndpoint, header: z.object({ 'x-telegram-bot-api-secret-token': z.string() }) },
      requestBody: { required: true, content: { 'application/json': { schema: updateEnvelope } } },
      responses: { 200: answer(z.object({ ok: z.literal(true) }), 'Handled.'), ...problems(400, 403, 404, 413, 503) },
    }),
  },
  ...Object.fromEntries(
    signedBy.flatMap(({ provider, title, header, more }) => [
      [`/webhooks/${provider}/{endpointId}`, { post: received(title, header, atEndpoint) }],
      ...[`/webhooks/${provider}`, ...more].map((path) => [path, { post: received(`${title} for the first shop`, header) }]),
    ]),
  ),
};
