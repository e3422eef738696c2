/** Claims, described by the schemas they are parsed with. */
import { claimBody, claimPath, claimsAnswer } from '../schemas/claim.ts';
import { orderPath } from '../schemas/order.ts';
import { changes, jsonBody, looks, miniAppPaths, visitCall } from './mini-app.ts';
import { answer, problems } from './operation.ts';

export const claimPaths = miniAppPaths({
  '/orders/{code}/claims': {
    get: visitCall('What of an order may be reported as faulty, and what was', {
      requestParams: { path: orderPath },
      responses: { 200: answer(claimsAnswer, 'As it stands.'), ...looks },
    }),
    post: visitCall('Reports a piece as faulty', {
      requestParams: { path: orderPath },
      requestBody: jsonBody({ schema: claimBody }),
      responses: { 200: answer(claimsAnswer, 'Staff have it; sent again it is the same one.'), ...changes },
    }),
  },
  '/orders/{code}/claims/{id}/withdraw': {
    post: visitCall('Takes a report back that staff have not judged', {
      requestParams: { path: claimPath },
      responses: { 200: answer(claimsAnswer, 'Without it.'), ...problems(400, 401, 403, 404, 409, 429) },
    }),
  },
});
