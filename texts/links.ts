/** Links out of a message: to Telegram's page that shares, to a map. */
import type { InlineKeyboardButton } from 'grammy/types';
import { urlButton } from './screens/screen.ts';

/** How something of a shop is passed on. */
export interface Sharing {
  /** The deep link. */
  readonly link: string;
  /** What the bot answers in inline mode, where it is on: then the friend gets a card instead of a link. */
  readonly inlineQuery?: string | undefined;
}

/** A button that asks for a chat and brings it there. `words` stand above a plain link. */
export function shareButton(text: string, { link, inlineQuery }: Sharing, words: string): InlineKeyboardButton {
  if (inlineQuery === undefined) {
    return urlButton(text, `https://t.me/share/url?url=${encodeURIComponent(link)}&text=${encodeURIComponent(words)}`);
  }
  const chats = { allow_user_chats: true, allow_group_chats: true, allow_channel_chats: true };
  return { text, switch_inline_query_chosen_chat: { query: inlineQuery, ...chats } };
}

/** A place on a map, which phones open in their own app. Degrees. */
export function mapLink({ latitude, longitude }: { readonly latitude: number; readonly longitude: number }): string {
  return `https://www.google.com/maps/search/?api=1&query=${latitude},${longitude}`;
}
