/** Looking around: city → district → product, or category → product. */
import type { Composer } from 'grammy';
import type { Product } from '../../db/entities/product.ts';
import { countBasket } from '../../db/repositories/basket.ts';
import {
  findPickupPoint,
  findProduct,
  listedLimit,
  findCategoryName,
  listCategories,
  listCities,
  listDistricts,
  listPhotoIds,
  listProductsAt,
  listProductsOf,
  type Page,
} from '../../db/repositories/catalogue.ts';
import { type Picks, picksOf, pickVariant } from '../../domain/option.ts';
import { isWatching } from '../../db/repositories/stock-watch.ts';
import { botLink, linkPayload } from '../../domain/link.ts';
import type { Callback, Origin } from '../../texts/callback.ts';
import type { Sharing } from '../../texts/links.ts';
import { cityScreen, productListScreen, productScreen, shopScreen } from '../../texts/screens/shop.ts';
import { type BotContext, guestOf } from '../context.ts';
import { showProducts } from '../quoting.ts';
import { createFeature, onTap } from '../route.ts';
import { show } from '../show.ts';

const pageSize = 6;

export async function showShop(ctx: BotContext): Promise<void> {
  const { texts, shop, em } = guestOf(ctx);
  const [cities, categories] = await Promise.all([listCities(em(), shop.id), listCategories(em(), shop.id)]);
  await show(ctx, shopScreen(texts, { open: shop.open, cities, categories }));
}

export interface CardOptions {
  readonly origin?: Origin | undefined;
  readonly notice?: string;
  /** Chosen of its options; a variant opened by itself is chosen. */
  readonly picks?: Picks;
  /** Which of its pictures. */
  readonly photo?: number;
}

/** @returns false when it is not on sale in this shop */
export async function openProduct(ctx: BotContext, productId: number, options: CardOptions = {}): Promise<boolean> {
  const guest = guestOf(ctx);
  const product = await findProduct(guest.em(), guest.shop.id, productId);
  const card = product?.variantOf == null ? product : await findProduct(guest.em(), guest.shop.id, product.variantOf);
  const [shown] = card ? await showProducts(guest, [card]) : [];
  if (!product || !card || !shown) return false;
  const picks = options.picks ?? picksOf(shown.options, product.optionValues ?? []);
  const chosen = shown.options.length === 0 ? shown : pickVariant(shown.options, shown.variants, picks);
  const [photos, basketCount, watching] = await Promise.all([
    listPhotoIds(guest.em(), card),
    countBasket(guest.em(), guest.customer.id),
    chosen && chosen.stock < 1 ? isWatching(guest.em(), { customerId: guest.customer.id, productId: chosen.id }) : undefined,
  ]);
  // A variant's own picture stands before those of its product.
  const photoIds = [...new Set([...(chosen?.photoId == null ? [] : [chosen.photoId]), ...photos])];
  const sharing = sharingOf(ctx, shown.id);
  await show(ctx, productScreen(guest.texts, { ...shown, watching }, { ...options, picks, photoIds, basketCount, sharing }));
  return true;
}

/** By its link, or where inline mode is on by the card itself. Without a name at Telegram a bot has no link. */
function sharingOf(ctx: BotContext, productId: number): Sharing | undefined {
  const { botUsername } = guestOf(ctx).shop;
  if (botUsername == null) return undefined;
  const payload = linkPayload({ to: 'product', productId });
  return { link: botLink(botUsername, payload), ...(ctx.me.supports_inline_queries ? { inlineQuery: payload } : {}) };
}

/** One page of a list; a page past its end (products went) is the last one. @returns false when nothing is in it, and nothing was shown for that */
async function showList(
  ctx: BotContext,
  list: {
    title: string;
    page: number;
    back: Callback;
    pageTo: (page: number) => Callback;
    origin: (page: number) => Origin;
    load: (page: { limit: number; offset: number }) => Promise<Page<Product>>;
    showsEmpty: boolean;
  },
): Promise<boolean> {
  const guest = guestOf(ctx);
  let page = list.page;
  let found = await list.load({ limit: pageSize, offset: page * pageSize });
  if (found.rows.length === 0 && found.total > 0) {
    page = Math.ceil(found.total / pageSize) - 1;
    found = await list.load({ limit: pageSize, offset: page * pageSize });
  }
  if (found.total === 0 && !list.showsEmpty) return false;
  const products = await showProducts(guest, found.rows);
  const pages = Math.max(1, Math.ceil(found.total / pageSize));
  const { title, back, pageTo } = list;
  const isCut = found.total === listedLimit;
  const shown = { title, products, total: found.total, isCut, page, pages, pageTo, back, origin: list.origin(page) };
  await show(ctx, productListScreen(guest.texts, shown));
  return true;
}

/** The district of a pickup point. @returns false when this shop has no such point */
export async function openDistrict(ctx: BotContext, pointId: number, page = 0): Promise<boolean> {
  const { em, shop } = guestOf(ctx);
  const point = await findPickupPoint(em(), shop.id, pointId);
  if (!point) return false;
  const where = { shopId: shop.id, city: point.city, district: point.district };
  return showList(ctx, {
    showsEmpty: true,
    title: `${point.city}, ${point.district}`,
    page,
    back: { to: 'city', pointId },
    pageTo: (to) => ({ to: 'district', pointId, page: to }),
    origin: (at) => ({ from: 'district', pointId, page: at }),
    load: (range) => listProductsAt(em(), where, range),
  });
}

/** @returns false when this shop has nothing in such a category */
export async function openCategory(ctx: BotContext, categoryId: number, page = 0): Promise<boolean> {
  const { em, shop, texts } = guestOf(ctx);
  const name = await findCategoryName(em(), shop.id, categoryId);
  if (name === undefined) return false;
  return showList(ctx, {
    showsEmpty: false,
    title: name === '' ? texts.say('shop-other') : name,
    page,
    back: { to: 'shop' },
    pageTo: (to) => ({ to: 'category', categoryId, page: to }),
    origin: (at) => ({ from: 'category', categoryId, page: at }),
    load: (range) => listProductsOf(em(), { shopId: shop.id, categoryId }, range),
  });
}

/** What a button led to is not on sale any more. */
export async function sayGone(ctx: BotContext): Promise<void> {
  ctx.tap?.answer(guestOf(ctx).texts.say('product-gone'), true);
  await showShop(ctx);
}

export function createShopFeature(): Composer<BotContext> {
  const feature = createFeature();
  feature.command('shop', showShop);
  onTap(feature, 'shop', showShop);

  onTap(feature, 'city', async (ctx, { pointId }) => {
    const { em, shop, texts } = guestOf(ctx);
    const point = await findPickupPoint(em(), shop.id, pointId);
    if (!point) return showShop(ctx);
    await show(ctx, cityScreen(texts, point.city, await listDistricts(em(), shop.id, point.city)));
  });

  onTap(feature, 'district', async (ctx, { pointId, page }) => {
    if (!(await openDistrict(ctx, pointId, page))) await showShop(ctx);
  });
  onTap(feature, 'category', async (ctx, { categoryId, page }) => {
    if (!(await openCategory(ctx, categoryId, page))) await showShop(ctx);
  });

  onTap(feature, 'product', async (ctx, { productId, origin }) => {
    if (!(await openProduct(ctx, productId, { origin }))) await sayGone(ctx);
  });
  onTap(feature, 'card', async (ctx, { productId, picks, photo, origin }) => {
    if (!(await openProduct(ctx, productId, { picks, photo, origin }))) await sayGone(ctx);
  });
  return feature;
}
