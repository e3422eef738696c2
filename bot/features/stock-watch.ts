/** Waiting for a sold-out product: the button on its card, and the list under the profile. */
import type { Composer } from 'grammy';
import { listWatched, unwatchStock, type WatchAnswer, watchStock } from '../../db/repositories/stock-watch.ts';
import { watchesScreen } from '../../texts/screens/stock-watch.ts';
import { type BotContext, guestOf } from '../context.ts';
import { createFeature, onTap } from '../route.ts';
import { show } from '../show.ts';
import { openProduct, showShop } from './shop.ts';

const answerTextIds = {
  watching: 'stock-watch-watching',
  inStock: 'stock-watch-in-stock',
  gone: 'stock-watch-gone',
  tooMany: 'stock-watch-too-many',
} as const satisfies Readonly<Record<WatchAnswer, string>>;

async function showWatches(ctx: BotContext): Promise<void> {
  const { em, customer, texts } = guestOf(ctx);
  await show(ctx, watchesScreen(texts, await listWatched(em(), customer.id)));
}

export function createStockWatchFeature(): Composer<BotContext> {
  const feature = createFeature();
  onTap(feature, 'watches', showWatches);

  onTap(feature, 'watch', async (ctx, { productId }) => {
    const { em, shop, customer, texts } = guestOf(ctx);
    const answer = await watchStock(em(), { shopId: shop.id, customerId: customer.id, productId, at: new Date() });
    const words = texts.say(answerTextIds[answer]);
    ctx.tap?.answer(words, answer === 'tooMany');
    // What happened shows on the card: another button, or the ways to buy it.
    if (answer === 'gone' || !(await openProduct(ctx, productId, answer === 'tooMany' ? { notice: words } : {}))) await showShop(ctx);
  });

  onTap(feature, 'unwatch', async (ctx, { productId, fromList }) => {
    const { em, customer, texts } = guestOf(ctx);
    await unwatchStock(em(), { customerId: customer.id, productId });
    ctx.tap?.answer(texts.say('stock-watch-stopped'));
    if (fromList || !(await openProduct(ctx, productId))) await showWatches(ctx);
  });
  return feature;
}
