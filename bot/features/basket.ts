/** The basket: quantities, clearing, and one order per group when its lines clash. */
import type { Composer } from 'grammy';
import { addToBasket, clearBasket, setBasketQuantity } from '../../db/repositories/basket.ts';
import { findProduct } from '../../db/repositories/catalogue.ts';
import { isPriceNamed } from '../../domain/product.ts';
import type { TextPart } from '../../texts/rich-text.ts';
import { basketScreen } from '../../texts/screens/basket.ts';
import { type BotContext, guestOf } from '../context.ts';
import { showBasket } from '../quoting.ts';
import { createFeature, onTap } from '../route.ts';
import { show } from '../show.ts';
import { openProduct, showShop } from './shop.ts';

export async function openBasket(ctx: BotContext, notice?: TextPart): Promise<void> {
  const guest = guestOf(ctx);
  await show(ctx, basketScreen(guest.texts, await showBasket(guest), notice));
}

export function createBasketFeature(): Composer<BotContext> {
  const feature = createFeature();
  feature.command('basket', (ctx) => openBasket(ctx));
  onTap(feature, 'basket', (ctx) => openBasket(ctx));

  onTap(feature, 'add', async (ctx, { productId, origin }) => {
    const { em, shop, customer, texts } = guestOf(ctx);
    const product = await findProduct(em(), shop.id, productId);
    // What has options was changed since its card was drawn: one of them is to be chosen. What has no price of its own is given at once.
    if (product && (product.options != null || isPriceNamed(product.kind))) return void (await openProduct(ctx, productId, { origin }));
    if (!product) {
      ctx.tap?.answer(texts.say('product-gone'), true);
      return showShop(ctx);
    }
    const added = await addToBasket(em(), customer.id, productId);
    const words = texts.say(added ? 'product-added' : 'product-basket-full');
    // In time the tap itself says it, late the card does, which shows how much is in the basket now.
    const said = ctx.tap?.answer(words, !added);
    await openProduct(ctx, productId, { origin, ...(said ? {} : { notice: words }) });
  });

  onTap(feature, 'quantity', async (ctx, { productId, quantity }) => {
    const { em, customer } = guestOf(ctx);
    await setBasketQuantity(em(), customer.id, productId, quantity);
    await openBasket(ctx);
  });

  onTap(feature, 'clear', async (ctx) => {
    const { em, customer, texts } = guestOf(ctx);
    await clearBasket(em(), customer.id);
    ctx.tap?.answer(texts.say('basket-cleared'));
    await openBasket(ctx);
  });
  return feature;
}
