/** Start, the menu, and where links lead. */
import type { Composer } from 'grammy';
import { countBasket } from '../../db/repositories/basket.ts';
import { parseLink } from '../../domain/link.ts';
import { formatOrderCode } from '../../domain/order-code.ts';
import { menuScreen } from '../../texts/screens/menu.ts';
import { type BotContext, guestOf } from '../context.ts';
import { createFeature, onTap } from '../route.ts';
import { show } from '../show.ts';
import { openBasket } from './basket.ts';
import { askProvider, openOrder } from './order.ts';
import { enterCode } from './promo-code.ts';
import { openGift } from './voucher.ts';
import { openCategory, openDistrict, openProduct, showShop } from './shop.ts';
import { openStageLink } from './stage.ts';

export async function showMenu(ctx: BotContext, notice?: string): Promise<void> {
  const { texts, shop, em, customer } = guestOf(ctx);
  const basketCount = await countBasket(em(), customer.id);
  // As Telegram says it now: what is kept of a name is sealed.
  const name = ctx.from?.first_name.slice(0, nameLimit).trim() ?? '';
  await show(ctx, menuScreen(texts, shop, { basketCount, name, notice }));
}

/** Of a name, in a greeting. */
const nameLimit = 40;

/** What a link into the bot opens; what it led to may be gone. */
async function openLink(ctx: BotContext, payload: string): Promise<void> {
  const { texts } = guestOf(ctx);
  const link = parseLink(payload);
  if (!link) return showMenu(ctx, texts.say('start-link-unknown'));
  if (link.to === 'shop') return showShop(ctx);
  if (link.to === 'order') {
    // The provider's page leads back here.
    await askProvider(ctx, link.orderCode);
    if (await openOrder(ctx, link.orderCode)) return;
    return showMenu(ctx, texts.say('orders-unknown', { code: formatOrderCode(link.orderCode) }));
  }
  if (link.to === 'gift') return openGift(ctx, link.payload);
  if (link.to === 'code') return openCodeLink(ctx, link.code);
  if (link.to === 'stage') {
    const found = await openStageLink(ctx, link.startParameter);
    return found === 'shown' ? undefined : showMenu(ctx, texts.say(found === 'gone' ? 'start-link-gone' : 'start-link-unknown'));
  }
  const isThere =
    link.to === 'product'
      ? await openProduct(ctx, link.productId)
      : link.to === 'category'
        ? await openCategory(ctx, link.categoryId)
        : await openDistrict(ctx, link.pointId);
  if (!isThere) await showMenu(ctx, texts.say('start-link-gone'));
}

/** Enters the code of a link and shows what it is good for: the basket, or the menu while that is empty. */
async function openCodeLink(ctx: BotContext, promoCode: string): Promise<void> {
  await showEntered(ctx, await enterCode(ctx, promoCode));
}

async function showEntered(ctx: BotContext, { notice, isEntered }: Awaited<ReturnType<typeof enterCode>>): Promise<void> {
  const { em, customer } = guestOf(ctx);
  if ((await countBasket(em(), customer.id)) === 0) return showMenu(ctx, notice);
  await openBasket(ctx, isEntered ? undefined : notice);
}

/** Enters a promo code that somebody just wrote. @returns false when there is none of that name, or too many were tried */
export async function openWrittenCode(ctx: BotContext, text: string): Promise<boolean> {
  const entered = await enterCode(ctx, text);
  if (entered.isKnown) await showEntered(ctx, entered);
  return entered.isKnown;
}

export function createMenuFeature(): Composer<BotContext> {
  const feature = createFeature();
  feature.command('start', (ctx) => {
    const payload = ctx.match.trim();
    // `app`: from the Mini App, which asks who it does not know to come here.
    return payload === '' || payload === 'app' ? showMenu(ctx) : openLink(ctx, payload);
  });
  onTap(feature, 'menu', (ctx) => showMenu(ctx));
  onTap(feature, 'nothing', async () => undefined);
  return feature;
}
