/** Putting a screen where it belongs: into its message, or into a new one. */
import { type OutgoingText, type TelegramBot, TelegramError } from '../../gateways/telegram.ts';

/** Edits the message, or sends it when there is none (any more). @returns the id of a new message, or null. */
export async function draw(bot: TelegramBot, chatId: number, messageId: number | null, screen: OutgoingText): Promise<number | null> {
  if (messageId !== null) {
    try {
      await bot.editMessageText(chatId, messageId, screen);
      return null;
    } catch (err) {
      if (!(err instanceof TelegramError) || (err.kind !== 'gone' && err.kind !== 'refused'))
        return orUnreachable(() => Promise.reject(err));
    }
  }
  return orUnreachable(() => bot.sendMessage(chatId, screen));
}

/** Whoever cannot be reached is not told; only what may work later is tried again. */
export async function orUnreachable(send: () => Promise<number>): Promise<number | null> {
  try {
    return await send();
  } catch (err) {
    if (err instanceof TelegramError && (err.kind === 'blocked' || err.kind === 'refused')) return null;
    throw err;
  }
}
