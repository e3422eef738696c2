/** Looking around and the basket, described by the schemas they are parsed with. */
import { z } from 'zod';
import { basketAnswer, basketBody, basketLineBody, codeBody, quoteAnswer, quoteQuery } from '../schemas/basket.ts';
import {
  cityQuery,
  districtsAnswer,
  idPath,
  productCard,
  productPath,
  productsAnswer,
  productsQuery,
  shopAnswer,
  watchingAnswer,
} from '../schemas/shop.ts';
import { changes, jsonBody, looks, miniAppPaths, openCall, visitCall } from './mini-app.ts';
import { answer, problems } from './operation.ts';

const picture = { schema: z.string().meta({ format: 'binary' }) };

export const shopPaths = miniAppPaths({
  '/shop': { get: visitCall('The shop, as this customer sees it', { responses: { 200: answer(shopAnswer, 'The shop.'), ...looks } }) },
  '/districts': {
    get: visitCall('Districts of a city where something is collected', {
      requestParams: { query: cityQuery },
      responses: { 200: answer(districtsAnswer, 'None for a city the shop is not in.'), ...looks },
    }),
  },
  '/products': {
    get: visitCall('Products on sale, by the page', {
      requestParams: { query: productsQuery },
      responses: { 200: answer(productsAnswer, 'In the shop’s order.'), ...looks },
    }),
  },
  '/products/{id}': {
    get: visitCall('A product on sale', {
      requestParams: { path: idPath },
      responses: { 200: answer(productCard, 'Priced for this customer, now.'), ...looks },
    }),
  },
  '/products/{id}/watch': {
    put: visitCall('Waits for a sold-out product', {
      requestParams: { path: idPath },
      responses: { 200: answer(watchingAnswer, 'They are told in the chat.'), ...problems(400, 401, 403, 404, 409, 429) },
    }),
    delete: visitCall('Waits no longer', {
      requestParams: { path: idPath },
      responses: { 200: answer(watchingAnswer, 'They are not told.'), ...looks },
    }),
  },
  '/photos/{id}': {
    get: openCall('A picture of a product on sale', {
      description: 'Needs no header, so that a page can simply show it. May be kept for ever.',
      requestParams: { path: idPath },
      responses: {
        200: { description: 'The picture.', content: { 'image/jpeg': picture, 'image/png': picture } },
        ...problems(400, 404, 429),
      },
    }),
  },
  '/basket': {
    get: visitCall('The basket, which is the one of the chat', { responses: { 200: answer(basketAnswer, 'Quoted now.'), ...looks } }),
    put: visitCall('Makes the basket these lines', {
      requestBody: jsonBody({ schema: basketBody }),
      responses: { 200: answer(basketAnswer, 'As it is now.'), ...changes },
    }),
  },
  '/basket/lines/{productId}': {
    put: visitCall('Sets how many pieces of a product are in the basket', {
      requestParams: { path: productPath },
      requestBody: jsonBody({ schema: basketLineBody }),
      responses: { 200: answer(basketAnswer, 'As it is now.'), ...changes },
    }),
  },
  '/basket/code': {
    post: visitCall('Enters a promo code, for what is bought next', {
      requestBody: jsonBody({ schema: codeBody }),
      responses: { 200: answer(basketAnswer, 'With it; whether it applies to the basket is said there.'), ...changes },
    }),
    delete: visitCall('Gives the promo code up', { responses: { 200: answer(basketAnswer, 'Without it.'), ...looks } }),
  },
  '/quote': {
    get: visitCall('What lines cost, and how they can be paid', {
      requestParams: { query: quoteQuery },
      responses: { 200: answer(quoteAnswer, 'By the function that prices the order.'), ...problems(400, 401, 403, 404, 409, 429) },
    }),
  },
});
