/** Looking around in the Mini App: the shop, its products, their pictures. */
import { Hono } from 'hono';
import { pickAppTexts } from '../../domain/app-text.ts';
import { pickLanguage } from '../../domain/language.ts';
import { botLink, linkPayload } from '../../domain/link.ts';
import { productKinds } from '../../domain/product.ts';
import { countBasket } from '../../db/repositories/basket.ts';
import { findProduct, listCategories, listCities, listDistricts, listLessons, listPhotoIds } from '../../db/repositories/catalogue.ts';
import { listUsableMethods } from '../../db/repositories/offered-method.ts';
import { findShownPhoto } from '../../db/repositories/photo.ts';
import { type QuotedProduct, quoteProducts } from '../../db/repositories/quote.ts';
import { searchProducts } from '../../db/repositories/search.ts';
import { unwatchStock, type WatchAnswer, watchedAmong, watchStock } from '../../db/repositories/stock-watch.ts';
import type { ApiContext } from '../context.ts';
import { inPath, inQuery } from '../input.ts';
import { answerPicture } from '../picture.ts';
import { refusal, type Reason } from '../payment/refusal.ts';
import { notFound } from '../problem.ts';
import {
  cityQuery,
  idPath,
  type ProductAnswer,
  type ProductCardAnswer,
  productsQuery,
  type ShopAnswer,
  type WatchingAnswer,
} from '../schemas/shop.ts';
import { buyerOf } from '../visitor/identify.ts';
import type { Entrance } from '../visitor/visit.ts';

const pageSize = 24;

const watchRefusals: Readonly<Record<Exclude<WatchAnswer, 'watching'>, Reason>> = {
  inStock: 'InStock',
  gone: 'ProductGone',
  tooMany: 'TooManyWatches',
};

export function toProduct({ quote, point, ...product }: QuotedProduct): ProductAnswer {
  const { id, kind, title, photoId, baseStars, currency, stock, customerLimit, categoryId } = product;
  const { basePrice, discountPercent, price, starsPrice, methods } = quote;
  return {
    id,
    kind,
    title,
    photoId,
    basePrice,
    discountPercent,
    price,
    baseStarsPrice: baseStars,
    starsPrice,
    currency,
    stock: Number.isFinite(stock) ? stock : null,
    customerLimit,
    methods: [...methods],
    categoryId,
    hasOptions: product.options.length > 0,
    place: point && { city: point.city, district: point.district, name: point.name },
  };
}

export function createShopRoutes({ db }: ApiContext, { visit, passBy }: Entrance) {
  const em = () => db.em.fork();
  return new Hono()
    .get('/shop', visit, async (c) => {
      const { shop, customer } = c.var.visitor;
      const language = pickLanguage(customer.language);
      const [usable, cities, categories, basketCount] = await Promise.all([
        listUsableMethods(em(), buyerOf(c.var.visitor)),
        listCities(em(), shop.id),
        listCategories(em(), shop.id),
        countBasket(em(), customer.id),
      ]);
      const told: ShopAnswer = {
        title: shop.title,
        currency: shop.currency,
        open: shop.open,
        bot: shop.botUsername ?? null,
        language,
        wording: pickAppTexts(shop.texts[language]),
        methods: usable.map(({ method }) => method),
        cities: cities.map(({ city, products }) => ({ city, products })),
        categories: [...categories],
        kinds: [...productKinds],
        basketCount,
      };
      return c.json(told);
    })
    .get('/districts', visit, inQuery(cityQuery), async (c) => {
      const districts = await listDistricts(em(), c.var.visitor.shop.id, c.req.valid('query').city);
      return c.json({ districts: districts.map(({ district, products }) => ({ district, products })) });
    })
    .get('/products', visit, inQuery(productsQuery), async (c) => {
      const { q = '', category, ...where } = c.req.valid('query');
      const search = { ...where, shopId: c.var.visitor.shop.id, text: q, categoryId: category, limit: pageSize };
      const { products, next, corrected } = await searchProducts(em(), search);
      const shown = await quoteProducts(em(), buyerOf(c.var.visitor), products);
      return c.json({ products: shown.map(toProduct), next, corrected });
    })
    .get('/products/:id', visit, inPath(idPath), async (c) => {
      const { shop } = c.var.visitor;
      const product = await findProduct(em(), shop.id, c.req.valid('param').id);
      const [shown] = product ? await quoteProducts(em(), buyerOf(c.var.visitor), [product]) : [];
      if (!product || !shown) throw notFound('id');
      const { description, point } = shown;
      const { options, variants, donation } = shown;
      const [photoIds, lessons, watched] = await Promise.all([
        listPhotoIds(em(), product),
        listLessons(em(), product.id),
        watchedAmong(em(), c.var.visitor.customer.id, [shown.id, ...variants.map(({ id }) => id)]),
      ]);
      const told: ProductCardAnswer = {
        ...toProduct(shown),
        description,
        photoIds,
        options: options.map(({ name, values }) => ({ name, values: [...values] })),
        variants: variants.map((variant) => ({
          ...toProduct(variant),
          optionValues: [...variant.optionValues],
          watching: watched.has(variant.id),
        })),
        watching: watched.has(shown.id),
        amounts: donation && { ...donation, usual: [...donation.usual] },
        lessons: lessons.map(({ title }) => title),
        link: shop.botUsername == null ? null : botLink(shop.botUsername, linkPayload({ to: 'product', productId: shown.id })),
        place: point && { city: point.city, district: point.district, name: point.name, address: point.address, hours: point.hours },
      };
      return c.json(told);
    })
    .put('/products/:id/watch', visit, inPath(idPath), async (c) => {
      const { shop, customer } = c.var.visitor;
      const watch = { shopId: shop.id, customerId: customer.id, productId: c.req.valid('param').id, at: new Date() };
      const answer = await watchStock(em(), watch);
      if (answer !== 'watching') throw refusal(watchRefusals[answer], {}, 'id');
      return c.json({ watching: true } satisfies WatchingAnswer);
    })
    .delete('/products/:id/watch', visit, inPath(idPath), async (c) => {
      await unwatchStock(em(), { customerId: c.var.visitor.customer.id, productId: c.req.valid('param').id });
      return c.json({ watching: false } satisfies WatchingAnswer);
    })
    .get('/photos/:id', passBy, inPath(idPath), async (c) => {
      return answerPicture(c, await findShownPhoto(em(), c.var.shop.id, c.req.valid('param').id), 'public');
    });
}
