/** Gift links and vouchers, described by the schemas they are parsed with. */
import { callHeaders } from '../payment/schemas.ts';
import { idPath } from '../schemas/shop.ts';
import { giftBody, giftLink, giftsAnswer, redeemBody, redeemedAnswer } from '../schemas/voucher.ts';
import { visitHeaders } from '../visitor/schemas.ts';
import { changes, jsonBody, looks, miniAppPaths, visitCall } from './mini-app.ts';
import { answer, problems } from './operation.ts';

export const voucherPaths = miniAppPaths({
  '/gifts': {
    get: visitCall('Gift links that wait, and what may be given', { responses: { 200: answer(giftsAnswer, 'As it stands.'), ...looks } }),
    post: visitCall('Makes a gift link of money in the wallet', {
      requestParams: { header: visitHeaders.extend(callHeaders.shape) },
      requestBody: jsonBody({ schema: giftBody }),
      responses: { 200: answer(giftLink, 'The link; its money has left the wallet.'), ...changes },
    }),
  },
  '/gifts/{id}/back': {
    post: visitCall('Takes a gift back that nobody opened', {
      requestParams: { path: idPath },
      responses: { 200: answer(giftsAnswer, 'Without it.'), ...problems(400, 401, 403, 404, 429, 503) },
    }),
  },
  '/vouchers/redeem': {
    post: visitCall('Puts the money of a voucher’s code into the wallet', {
      requestBody: jsonBody({ schema: redeemBody }),
      responses: { 200: answer(redeemedAnswer, 'It is theirs; the code is used up.'), ...changes },
    }),
  },
});
