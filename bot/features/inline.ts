/** `@bot text` in any chat: products of the shop as cards to bring there. `@bot p_<id>` is the card of one product, as share buttons ask for it. */
import { Composer } from 'grammy';
import { findCustomer } from '../../db/repositories/customer.ts';
import { findProduct } from '../../db/repositories/catalogue.ts';
import { listTelegramFiles } from '../../db/repositories/photo.ts';
import { quoteProducts } from '../../db/repositories/quote.ts';
import { searchProducts } from '../../db/repositories/search.ts';
import { pickLanguage } from '../../domain/language.ts';
import { linkPayload, parseLink } from '../../domain/link.ts';
import type { Product } from '../../db/entities/product.ts';
import { inlineResult } from '../../texts/screens/inline.ts';
import { textsOfShop } from '../../texts/wording.ts';
import type { BotContext, Visit } from '../context.ts';
import { quietly } from '../show.ts';
import { createThrottle } from '../throttle.ts';

const pageSize = 20;
/** Telegram's bound for `next_offset`. */
const offsetBytes = 64;
/** Prices change: nobody is shown an answer older than this. */
const cacheSeconds = 10;
/** No customer has this id: a card goes to somebody else, at the price without anybody's tier. */
const anybody = 0;

export function createInlineFeature(): Composer<BotContext> {
  const pace = createThrottle();
  const feature = new Composer<BotContext>();
  feature.on('inline_query', async (ctx) => {
    const { visit } = ctx;
    const { id, from, query, offset } = ctx.inlineQuery;
    // Every key that is pressed asks: what comes too fast needs no answer, the next one replaces it.
    if (from.is_bot || pace(String(from.id), 'tap', performance.now()) !== 'go') return;
    const customer = await findCustomer(visit.em(), visit.shop.id, from.id);
    const texts = textsOfShop(visit.shop, customer?.language ?? pickLanguage(from.language_code));
    const { botUsername } = visit.shop;
    const { products, next } = botUsername == null || customer?.bannedAt ? { products: [], next: null } : await find(visit, query, offset);
    const photoIds = products.flatMap(({ photoId }) => photoId ?? []);
    const [shown, files] = await Promise.all([
      quoteProducts(visit.em(), { shop: visit.shop, customerId: anybody }, products),
      listTelegramFiles(visit.em(), visit.shop.id, photoIds),
    ]);
    const results = shown.map((product) =>
      inlineResult(texts, product, { botUsername: botUsername ?? '', photoFileId: files.get(product.photoId ?? 0) }),
    );
    await quietly(() =>
      visit.bot.answerInlineQuery(id, results, {
        // In the language of whoever asks.
        personal: true,
        cacheSeconds,
        nextOffset: next !== null && Buffer.byteLength(next) <= offsetBytes ? next : '',
        ...(results.length === 0 && offset === ''
          ? { button: { text: texts.say('inline-none'), startParameter: linkPayload({ to: 'shop' }) } }
          : {}),
      }),
    );
  });
  return feature;
}

async function find({ em, shop }: Visit, query: string, offset: string): Promise<{ products: readonly Product[]; next: string | null }> {
  const link = parseLink(query.trim());
  if (link?.to !== 'product') return searchProducts(em(), { shopId: shop.id, text: query, cursor: offset, limit: pageSize });
  const product = await findProduct(em(), shop.id, link.productId);
  return { products: product ? [product] : [], next: null };
}
