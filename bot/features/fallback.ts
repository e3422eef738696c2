/** The friendly answer to whatever no feature took, and to whatever is not words. */
import type { Composer } from 'grammy';
import { parseOrderCode } from '../../domain/order-code.ts';
import { parseVoucherCode } from '../../domain/voucher.ts';
import { countBasket } from '../../db/repositories/basket.ts';
import { isolate } from '../../texts/rich-text.ts';
import { sentenceScreen } from '../../texts/screens/menu.ts';
import { type BotContext, guestOf } from '../context.ts';
import { createFeature } from '../route.ts';
import { show } from '../show.ts';
import { showMenu } from './menu.ts';
import { openOrder } from './order.ts';
import { searchFor } from './search.ts';
import { redeem } from './voucher.ts';

async function say(ctx: BotContext, sentence: string): Promise<void> {
  const { em, customer, texts } = guestOf(ctx);
  await show(ctx, sentenceScreen(texts, sentence, await countBasket(em(), customer.id)));
}

/** Stands before what reads words: stickers, voices, places, forwarded posts, and commands nobody knows. */
export function createUnreadable(): Composer<BotContext> {
  const feature = createFeature();
  feature.on('message', async (ctx, next) => {
    const { texts } = guestOf(ctx);
    const { text } = ctx.message;
    if (text === undefined) return say(ctx, texts.say('fallback-media'));
    const [command] = /^\/[\p{L}\p{N}_]{1,32}/u.exec(text) ?? [];
    if (command === undefined) return next();
    await say(ctx, texts.say('fallback-command', { command: isolate(command) }));
  });
  return feature;
}

/** Stands last: what no feature took. */
export function createFallback(): Composer<BotContext> {
  const feature = createFeature();
  feature.on('callback_query', (ctx) => showMenu(ctx, guestOf(ctx).texts.say('fallback-old-button')));
  feature.on('message:text', async (ctx) => {
    const { text } = ctx.message;
    const orderCode = parseOrderCode(text);
    if (orderCode !== undefined && (await openOrder(ctx, orderCode))) return;
    // A code that was bought is written without asking which button it is for.
    if (parseVoucherCode(text) !== undefined) return redeem(ctx, text);
    if (await searchFor(ctx, text)) return;
    await say(ctx, guestOf(ctx).texts.say('fallback-text'));
  });
  return feature;
}
