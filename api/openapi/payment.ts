/** The Mini App's calls about money, described by the schemas they are parsed with. */
import { z } from 'zod';
import { callHeaders, createBody, nonceAnswer, paymentAnswer, paymentPath, refillBody, statusAnswer } from '../payment/schemas.ts';
import { visitHeaders } from '../visitor/schemas.ts';
import { changes, jsonBody, looks, miniAppPaths, visitCall } from './mini-app.ts';
import { answer, problems } from './operation.ts';

const moneyCall = (summary: string, schema: z.ZodType) =>
  visitCall(summary, {
    requestParams: { header: visitHeaders.extend(callHeaders.shape) },
    requestBody: jsonBody({ schema }),
    responses: { 200: answer(paymentAnswer, 'The payment, and one way to pay it.'), ...changes },
  });

export const paymentPaths = miniAppPaths({
  '/payment/nonce': {
    post: visitCall('A number for one call that moves money', {
      responses: { 200: answer(nonceAnswer, 'Good once, for ten minutes.'), ...problems(401, 403, 404, 429) },
    }),
  },
  '/payment/create': { post: moneyCall('Buys the basket, some lines of it, or a product', createBody) },
  '/payment/refill': { post: moneyCall('Tops up the wallet', refillBody) },
  '/payment/status/{id}': {
    get: visitCall('What became of a payment', {
      requestParams: { path: paymentPath },
      responses: { 200: answer(statusAnswer, 'As it stands.'), ...looks },
    }),
  },
  '/payment/status/{id}/ask': {
    post: visitCall('Has the provider asked: the customer says that they paid', {
      requestParams: { path: paymentPath },
      responses: { 200: answer(statusAnswer, 'As it stands; what the provider says follows.'), ...looks },
    }),
  },
  '/payment/status/{id}/events': {
    get: visitCall('The same as server-sent events, until it is final', {
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
});
