/** Whoever writes the name of a product, or a part of it, sees what is called so. */
import type { Composer } from 'grammy';
import { findProducts, listCategories } from '../../db/repositories/catalogue.ts';
import { recallSearch, rememberSearch } from '../../db/repositories/last-search.ts';
import { searchProductIds } from '../../db/repositories/search.ts';
import { parsePromoCode } from '../../domain/promo-code.ts';
import { productListScreen } from '../../texts/screens/shop.ts';
import { nothingFoundScreen } from '../../texts/screens/search.ts';
import { isolate } from '../../texts/rich-text.ts';
import { type BotContext, guestOf } from '../context.ts';
import { showProducts } from '../quoting.ts';
import { createFeature, onTap } from '../route.ts';
import { show } from '../show.ts';
import { openWrittenCode } from './menu.ts';
import { showShop } from './shop.ts';

const pageSize = 6;
const mostPages = 10;
/** Longer texts are letters to somebody, no names. */
const longestName = 60;

/** As codes are given to people: `WELCOME10`, `spring24`. Each try counts, so no plain word is one. */
const looksLikeCode = (text: string) => parsePromoCode(text) !== undefined && (/\d/.test(text) || text === text.toUpperCase());

/** Looks for what was written, else enters it as a promo code, and shows what there is, or that there is nothing. @returns false when it can be no name */
export async function searchFor(ctx: BotContext, written: string): Promise<boolean> {
  const text = written.trim().replaceAll(/\s+/g, ' ');
  if (text.length > longestName || text.startsWith('/') || !/[\p{L}\p{N}]/u.test(text)) return false;
  const guest = guestOf(ctx);
  if (await showFound(ctx, text, 0)) {
    await rememberSearch(guest.em(), guest.customer.id, text);
    return true;
  }
  if (looksLikeCode(text) && (await openWrittenCode(ctx, text))) return true;
  const categories = await listCategories(guest.em(), guest.shop.id);
  await show(ctx, nothingFoundScreen(guest.texts, { text, categories }));
  return true;
}

/** @returns false when there is nothing */
async function showFound(ctx: BotContext, text: string, wanted: number): Promise<boolean> {
  const guest = guestOf(ctx);
  const { shop, texts, em } = guest;
  const { ids, next, corrected } = await searchProductIds(em(), { shopId: shop.id, text, limit: pageSize * mostPages });
  if (ids.length === 0) return false;
  const pages = Math.ceil(ids.length / pageSize);
  const page = Math.min(wanted, pages - 1);
  const shown = ids.slice(page * pageSize, (page + 1) * pageSize);
  const products = await findProducts(em(), shop.id, shown);
  await show(
    ctx,
    productListScreen(texts, {
      title: texts.say('search-title', { text: isolate(text) }),
      note: corrected === null ? undefined : texts.say('search-corrected', { text: isolate(corrected) }),
      products: await showProducts(
        guest,
        shown.flatMap((id) => products.get(id) ?? []),
      ),
      total: ids.length,
      isCut: next !== null,
      page,
      pages,
      pageTo: (to) => ({ to: 'found', page: to }),
      back: { to: 'shop' },
      origin: { from: 'search', page },
    }),
  );
  return true;
}

export function createSearchFeature(): Composer<BotContext> {
  const feature = createFeature();
  onTap(feature, 'found', async (ctx, { page }) => {
    const { em, customer } = guestOf(ctx);
    const text = await recallSearch(em(), customer.id);
    if (text === undefined || !(await showFound(ctx, text, page))) await showShop(ctx);
  });
  return feature;
}
