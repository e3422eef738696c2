/** Looking around: city → district → product, or category → product. */
import type { Composer } from 'grammy';
import type { Product } from '../../db/entities/product.ts';
import {
  findPickupPoint,
  findProduct,
  listCategories,
  listCities,
  listDistricts,
  listProductsAt,
  listProductsOf,
  type Page,
} from '../../db/repositories/catalogue.ts';
import type { Callback } from '../../texts/callback.ts';
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

/** @returns false when it is not on sale in this shop */
export async function openProduct(ctx: BotContext, productId: number, notice?: string): Promise<boolean> {
  const guest = guestOf(ctx);
  const product = await findProduct(guest.em(), guest.shop.id, productId);
  const [shown] = product ? await showProducts(guest, [product]) : [];
  if (!shown) return false;
  await show(ctx, productScreen(guest.texts, shown, notice));
  return true;
}

/** One page of a list; a page past its end (products went) is the last one. */
async function showList(
  ctx: BotContext,
  list: {
    title: string;
    page: number;
    back: Callback;
    pageTo: (page: number) => Callback;
    load: (page: { limit: number; offset: number }) => Promise<Page<Product>>;
  },
): Promise<void> {
  const guest = guestOf(ctx);
  let page = list.page;
  let found = await list.load({ limit: pageSize, offset: page * pageSize });
  if (found.rows.length === 0 && found.total > 0) {
    page = Math.ceil(found.total / pageSize) - 1;
    found = await list.load({ limit: pageSize, offset: page * pageSize });
  }
  const products = await showProducts(guest, found.rows);
  const pages = Math.max(1, Math.ceil(found.total / pageSize));
  const { title, back, pageTo } = list;
  await show(ctx, productListScreen(guest.texts, { title, products, total: found.total, page, pages, pageTo, back }));
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
    const { em, shop } = guestOf(ctx);
    const point = await findPickupPoint(em(), shop.id, pointId);
    if (!point) return showShop(ctx);
    const where = { shopId: shop.id, city: point.city, district: point.district };
    await showList(ctx, {
      title: `${point.city}, ${point.district}`,
      page,
      back: { to: 'city', pointId },
      pageTo: (to) => ({ to: 'district', pointId, page: to }),
      load: (range) => listProductsAt(em(), where, range),
    });
  });

  onTap(feature, 'category', async (ctx, { categoryId, page }) => {
    const { em, shop, texts } = guestOf(ctx);
    const category = (await listCategories(em(), shop.id)).find(({ id }) => id === categoryId);
    if (!category) return showShop(ctx);
    await showList(ctx, {
      title: category.name === '' ? texts.say('shop-other') : category.name,
      page,
      back: { to: 'shop' },
      pageTo: (to) => ({ to: 'category', categoryId, page: to }),
      load: (range) => listProductsOf(em(), { shopId: shop.id, categoryId }, range),
    });
  });

  onTap(feature, 'product', async (ctx, { productId }) => {
    if (await openProduct(ctx, productId)) return;
    ctx.tap?.answer(guestOf(ctx).texts.say('product-gone'), true);
    await showShop(ctx);
  });
  return feature;
}
