/** Orders, wallet and what is the customer's own, described by the schemas they are parsed with. */
import { z } from 'zod';
import { callHeaders, paymentAnswer } from '../payment/schemas.ts';
import { referralsAnswer, settingsAnswer, settingsBody } from '../schemas/customer.ts';
import { goodsAnswer, orderAnswer, orderLinePath, orderPath, orderPhotoPath, ordersAnswer, payBody } from '../schemas/order.ts';
import { coinsAnswer, coinsQuery, pageQuery, refillsAnswer, walletAnswer } from '../schemas/wallet.ts';
import { visitHeaders } from '../visitor/schemas.ts';
import { changes, jsonBody, looks, miniAppPaths, visitCall } from './mini-app.ts';
import { answer, problems } from './operation.ts';

const picture = { schema: z.string().meta({ format: 'binary' }) };
const wishes = problems(400, 401, 403, 404, 409, 429, 503);
const ofOrder = { requestParams: { path: orderPath } };

export const customerPaths = miniAppPaths({
  '/orders': {
    get: visitCall('Orders, newest first', {
      requestParams: { query: pageQuery },
      responses: { 200: answer(ordersAnswer, 'A page of them.'), ...looks },
    }),
  },
  '/orders/{code}': {
    get: visitCall('An order: goods, codes, its story, ways to pay', {
      ...ofOrder,
      responses: { 200: answer(orderAnswer, 'As it stands.'), ...looks },
    }),
  },
  '/orders/{code}/cancel': {
    post: visitCall('Gives an unpaid order up', { ...ofOrder, responses: { 200: answer(orderAnswer, 'It is cancelled.'), ...wishes } }),
  },
  '/orders/{code}/resend': {
    post: visitCall('Sends the goods into the chat again', {
      ...ofOrder,
      responses: { 200: answer(orderAnswer, 'They are on their way.'), ...wishes },
    }),
  },
  '/orders/{code}/pay': {
    post: visitCall('Pays an order by another method, or again', {
      requestParams: { path: orderPath, header: visitHeaders.extend(callHeaders.shape) },
      requestBody: jsonBody({ schema: payBody }),
      responses: { 200: answer(paymentAnswer, 'The payment, and one way to pay it.'), ...changes },
    }),
  },
  '/orders/{code}/lines/{lineId}/show': {
    post: visitCall('Shows goods that were not seen yet', {
      requestParams: { path: orderLinePath },
      responses: { 200: answer(goodsAnswer, 'They count as shown from now on.'), ...wishes },
    }),
  },
  '/orders/{code}/photos/{id}': {
    get: visitCall('A picture of where an order is collected', {
      requestParams: { path: orderPhotoPath },
      responses: { 200: { description: 'The picture.', content: { 'image/jpeg': picture, 'image/png': picture } }, ...looks },
    }),
  },
  '/wallet': {
    get: visitCall('The wallet, and what moved it', {
      requestParams: { query: pageQuery },
      responses: { 200: answer(walletAnswer, 'What is in it now; entries newest first.'), ...looks },
    }),
  },
  '/refills': {
    get: visitCall('How the wallet is topped up', { responses: { 200: answer(refillsAnswer, 'Methods and bounds.'), ...looks } }),
  },
  '/coins': {
    get: visitCall('Coins a method takes now', {
      requestParams: { query: coinsQuery },
      responses: { 200: answer(coinsAnswer, 'None while its provider does not say.'), ...looks },
    }),
  },
  '/referrals': {
    get: visitCall('Whom the customer brought', { responses: { 200: answer(referralsAnswer, 'And what came of it.'), ...looks } }),
  },
  '/settings': {
    get: visitCall('How the customer is spoken to', { responses: { 200: answer(settingsAnswer, 'In the chat as well.'), ...looks } }),
    patch: visitCall('Changes how the customer is spoken to', {
      requestBody: jsonBody({ schema: settingsBody }),
      responses: { 200: answer(settingsAnswer, 'As it is now.'), ...changes },
    }),
  },
});
