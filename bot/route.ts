/** Routing presses of buttons by their decoded callback. */
import { Composer } from 'grammy';
import type { Callback } from '../texts/callback.ts';
import type { BotContext } from './context.ts';

type CallbackTo<To extends Callback['to']> = Extract<Callback, { to: To }>;

/** Handles the presses of one kind of button. */
export function onTap<To extends Callback['to']>(
  composer: Composer<BotContext>,
  to: To,
  handle: (ctx: BotContext, callback: CallbackTo<To>) => Promise<unknown>,
): void {
  composer.use(async (ctx, next) => {
    if (ctx.callback?.to !== to) return next();
    await handle(ctx, ctx.callback as CallbackTo<To>);
  });
}

export function createFeature(): Composer<BotContext> {
  return new Composer<BotContext>();
}
