/** Amounts that customers name themselves: asked for by a button, written as the next message. */
import type { Composer } from 'grammy';
import { askAmount, dropAskedAmount } from '../../db/repositories/asked-amount.ts';
import { findProduct } from '../../db/repositories/catalogue.ts';
import { isAmountAllowed } from '../../domain/donation.ts';
import { parseAmount } from '../../domain/money.ts';
import { isPriceNamed } from '../../domain/product.ts';
import { amountScreen } from '../../texts/screens/shop.ts';
import { type BotContext, guestOf } from '../context.ts';
import { showProducts } from '../quoting.ts';
import { createFeature, onTap } from '../route.ts';
import { show } from '../show.ts';
import { openConfirm } from './order.ts';
import { openProduct, sayGone } from './shop.ts';

/** A number alone, while an amount is awaited, is the amount; whatever else is written is something else. */
async function takeAmount(ctx: BotContext, text: string, next: () => Promise<void>): Promise<void> {
  const guest = guestOf(ctx);
  const { em, shop, customer, texts } = guest;
  const isNumber = /^[\d.,\s]+$/.test(text);
  const productId = isNumber ? (await guest.awaited()).amountOf : null;
  const product = productId === null ? undefined : await findProduct(em(), shop.id, productId);
  if (!product) return next();
  const amount = parseAmount(text, shop.currency);
  if (amount === undefined || !isAmountAllowed(product, amount)) {
    const [shown] = await showProducts(guest, [product]);
    if (shown) await show(ctx, amountScreen(texts, shown, { isMisfit: true }));
    return;
  }
  await dropAskedAmount(em(), customer.id);
  await openConfirm(ctx, { from: 'product', productId: product.id, quantity: 1, amount });
}

export function createDonationFeature(): Composer<BotContext> {
  const feature = createFeature();
  onTap(feature, 'amount', async (ctx, { productId, origin }) => {
    const guest = guestOf(ctx);
    const { em, shop, customer, texts } = guest;
    const product = await findProduct(em(), shop.id, productId);
    const [shown] = product ? await showProducts(guest, [product]) : [];
    if (!product || !shown) return sayGone(ctx);
    if (!isPriceNamed(product.kind)) return void (await openProduct(ctx, productId, { origin }));
    await askAmount(em(), { customerId: customer.id, productId, at: new Date() });
    await show(ctx, amountScreen(texts, shown, { origin }));
  });
  feature.on('message:text', (ctx, next) => takeAmount(ctx, ctx.message.text.trim(), next));
  return feature;
}
