/** The friendly answer to whatever no feature took, and to whatever is not words. */
import type { Composer } from 'grammy';
import { countBasket } from '../../db/repositories/basket.ts';
import { isolate } from '../../texts/rich-text.ts';
import { sentenceScreen } from '../../texts/screens/menu.ts';
import { type BotContext, guestOf } from '../context.ts';
import { createFeature } from '../route.ts';
import { show } from '../show.ts';

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
