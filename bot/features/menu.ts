/** Start, menu, and the friendly answer to whatever was not understood. */
import type { Composer } from 'grammy';
import { countBasket } from '../../db/repositories/basket.ts';
import { formatOrderCode, parseOrderCode } from '../../domain/order-code.ts';
import { menuScreen, sentenceScreen } from '../../texts/screens/menu.ts';
import { type BotContext, guestOf } from '../context.ts';
import { createFeature, onTap } from '../route.ts';
import { show } from '../show.ts';
import { askProvider, openOrder } from './order.ts';
import { openProduct } from './shop.ts';

export async function showMenu(ctx: BotContext, notice?: string): Promise<void> {
  const { texts, shop, em, customer } = guestOf(ctx);
  await show(ctx, menuScreen(texts, shop, await countBasket(em(), customer.id), notice));
}

/** What a link into the bot may open: `p_<product id>`, `order_<code>`. */
async function openLink(ctx: BotContext, payload: string): Promise<void> {
  const { texts } = guestOf(ctx);
  const productId = /^p_([1-9]\d{0,14})$/.exec(payload)?.[1];
  if (productId !== undefined) {
    if (!(await openProduct(ctx, Number(productId)))) await showMenu(ctx, texts.say('start-link-gone'));
    return;
  }
  const orderCode = parseOrderCode(/^order_(.{8,9})$/.exec(payload)?.[1] ?? '');
  if (orderCode === undefined) return showMenu(ctx, texts.say('start-link-unknown'));
  // The provider's page leads back here.
  await askProvider(ctx, orderCode);
  if (!(await openOrder(ctx, orderCode))) await showMenu(ctx, texts.say('orders-unknown', { code: formatOrderCode(orderCode) }));
}

export function createMenuFeature(): Composer<BotContext> {
  const feature = createFeature();
  feature.command('start', (ctx) => {
    const payload = ctx.match.trim();
    return payload === '' ? showMenu(ctx) : openLink(ctx, payload);
  });
  onTap(feature, 'menu', (ctx) => showMenu(ctx));
  onTap(feature, 'nothing', async () => undefined);
  return feature;
}

/** Stands last: what no feature took. */
export function createFallback(): Composer<BotContext> {
  const feature = createFeature();
  feature.on('callback_query', (ctx) => showMenu(ctx, guestOf(ctx).texts.say('fallback-old-button')));
  feature.on('message', async (ctx) => {
    const guest = guestOf(ctx);
    const orderCode = parseOrderCode(ctx.message.text ?? '');
    if (orderCode !== undefined && (await openOrder(ctx, orderCode))) return;
    const count = await countBasket(guest.em(), guest.customer.id);
    await show(ctx, sentenceScreen(guest.texts, guest.texts.say('fallback-text'), count));
  });
  return feature;
}
