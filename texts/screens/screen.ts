/** A screen: what one message shows. */
import type { InlineKeyboardButton, InlineKeyboardMarkup, MessageEntity } from 'grammy/types';
import type { Texts } from '../bundle.ts';
import { type Callback, encodeCallback } from '../callback.ts';
import { cutRich, type RichText } from '../rich-text.ts';

export interface Screen {
  readonly text: string;
  readonly entities: MessageEntity[];
  readonly keyboard?: InlineKeyboardMarkup;
  /** A picture above the text: id of our photo row. Its text is a caption then, at most 1,024 characters. */
  readonly photoId?: number;
  /** A picture Telegram shows above a text, from an address on the web. */
  readonly previewUrl?: string;
}

export const messageLimit = 4096;
export const captionLimit = 1024;
/** What a copy button can hold. */
export const copyLimit = 256;

export type ButtonRow = readonly InlineKeyboardButton[];

/** Builds a screen; rows without buttons are left out. The text is cut to what Telegram takes. */
export function makeScreen(content: RichText, rows: readonly ButtonRow[] = [], photoId?: number): Screen {
  const { text, entities } = cutRich(content, photoId === undefined ? messageLimit : captionLimit);
  const filled = rows.filter((row) => row.length > 0).map((row) => [...row]);
  return {
    text,
    entities: [...entities],
    ...(filled.length > 0 ? { keyboard: { inline_keyboard: filled } } : {}),
    ...(photoId === undefined ? {} : { photoId }),
  };
}

export function tapButton(text: string, callback: Callback): InlineKeyboardButton.CallbackButton {
  return { text: cutLabel(text), callback_data: encodeCallback(callback) };
}

/** Back to the menu, from anywhere. */
export function homeButton(texts: Texts): InlineKeyboardButton {
  return tapButton(texts.say('menu-home'), { to: 'menu' });
}

/** Back to where one came from, and to the menu. */
export function backRow(texts: Texts, to: Callback): InlineKeyboardButton[] {
  return [tapButton(texts.say('menu-back'), to), homeButton(texts)];
}

export function urlButton(text: string, url: string): InlineKeyboardButton.UrlButton {
  return { text: cutLabel(text), url };
}

/** A button that copies; undefined when the text does not fit one. */
export function copyButton(text: string, copied: string): InlineKeyboardButton.CopyTextButtonButton | undefined {
  return copied.length >= 1 && copied.length <= copyLimit ? { text: cutLabel(text), copy_text: { text: copied } } : undefined;
}

/** Labels longer than a phone is wide only hide what matters. */
function cutLabel(text: string): string {
  return cutRich({ text, entities: [] }, 64).text;
}

/** A longer label is cut in half a row of a phone. UTF-16 units. */
const halfRowLimit = 16;

/** Puts buttons two by two, those in a row of their own whose label needs it. */
export function pairs(buttons: readonly InlineKeyboardButton[]): InlineKeyboardButton[][] {
  const rows: InlineKeyboardButton[][] = [];
  for (const button of buttons) {
    const beside = rows.at(-1);
    if (beside?.length === 1 && [...beside, button].every(({ text }) => text.length <= halfRowLimit)) beside.push(button);
    else rows.push([button]);
  }
  return rows;
}

/** `‹ 2/5 ›` under a list; nothing when it fits one page. Pages count from 0. */
export function pageRow(page: number, pages: number, callback: (page: number) => Callback): InlineKeyboardButton[] {
  if (pages <= 1) return [];
  return [
    tapButton(page > 0 ? '‹' : '·', callback(Math.max(0, page - 1))),
    tapButton(`${page + 1}/${pages}`, callback(page)),
    tapButton(page < pages - 1 ? '›' : '·', callback(Math.min(pages - 1, page + 1))),
  ];
}

/** `‹ 2 ›` under a list whose length nobody knows; nothing when it fits one page. Pages count from 0. */
export function turnRow(page: number, hasMore: boolean, callback: (page: number) => Callback): InlineKeyboardButton[] {
  if (page === 0 && !hasMore) return [];
  return [
    tapButton(page > 0 ? '‹' : '·', callback(Math.max(0, page - 1))),
    tapButton(String(page + 1), callback(page)),
    tapButton(hasMore ? '›' : '·', callback(hasMore ? page + 1 : page)),
  ];
}
