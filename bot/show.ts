/** Putting screens into chats: one message edited in place, a new one where that is impossible or would take something away. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Message } from 'grammy/types';
import { loadPhoto, type PhotoToSend, rememberPhoto } from '../db/repositories/photo.ts';
import { findOwnerOfMessage } from '../db/repositories/screen.ts';
import { TelegramError } from '../gateways/telegram.ts';
import type { Screen } from '../texts/screens/screen.ts';
import { type BotContext, type CustomerVisit, guestOf } from './context.ts';

/** Most seconds a draw waits out Telegram's "too many" before it gives up. */
const patienceSeconds = 20;

export interface ShowOptions {
  /** Code of the order or deposit this screen is of: its own message may be edited. */
  readonly ownerCode?: string;
  /** As a message of its own. */
  readonly anew?: boolean;
}

/** Shows a screen for this update. @returns the id of the message it stands in */
export async function show(ctx: BotContext, screen: Screen, options: ShowOptions = {}): Promise<number | undefined> {
  const guest = guestOf(ctx);
  const message = ctx.callbackQuery?.message;
  if (options.anew || !message || message.date === 0 || !(await mayEdit(guest, message.message_id, options.ownerCode))) {
    return sendScreen(guest, screen);
  }
  return replaceScreen(guest, message as Message, screen);
}

/** The messages of an order or a deposit stay with it: the workers go on editing them. */
async function mayEdit({ em, customer, chatId }: CustomerVisit, messageId: number, ownerCode: string | undefined): Promise<boolean> {
  const owner = await findOwnerOfMessage(em(), { customerId: customer.id, chatId, messageId });
  return owner === undefined || owner === ownerCode;
}

/**
 * Draws into a message by one call. Only a photo cannot lose its picture: Telegram adds media to a text and changes it, but takes none away.
 * Then the screen is sent anew and the old message goes.
 */
async function replaceScreen(guest: CustomerVisit, message: Message, screen: Screen): Promise<number | undefined> {
  const photo = await photoOf(guest, screen);
  if (photo && (message.text !== undefined || message.photo !== undefined)) {
    if (await editIntoPhoto(guest, message, screen, photo)) return message.message_id;
  } else if (message.text !== undefined) return editScreen(guest, message.message_id, screen);
  const sent = await sendScreen(guest, screen);
  if (sent !== undefined) await quietly(() => guest.bot.deleteMessage(guest.chatId, message.message_id));
  return sent;
}

/** @returns false when that message, or that photo, cannot be edited */
async function editIntoPhoto(guest: CustomerVisit, message: Message, screen: Screen, photo: PhotoToSend): Promise<boolean> {
  const { bot, chatId } = guest;
  const id = message.message_id;
  const isThere = 'fileId' in photo.source && message.photo?.at(-1)?.file_id === photo.source.fileId;
  try {
    if (isThere) await patiently(() => bot.editMessageCaption(chatId, id, screen));
    else {
      const { fileId } = await patiently(() => bot.editMessagePhoto(chatId, id, photo.source, screen));
      await remember(guest, photo, fileId);
    }
    return true;
  } catch (err) {
    if (err instanceof TelegramError && (err.kind === 'gone' || err.kind === 'refused')) return false;
    if (err instanceof TelegramError && err.kind === 'blocked') return true;
    throw err;
  }
}

async function photoOf(guest: CustomerVisit, { photoId }: Screen): Promise<PhotoToSend | undefined> {
  return photoId === undefined ? undefined : loadPhoto(guest.em(), guest.shop.id, photoId);
}

/** What Telegram has taken once is not sent to it again. */
async function remember(guest: CustomerVisit, photo: PhotoToSend, fileId: string): Promise<void> {
  if (!('fileId' in photo.source) && fileId !== '') await rememberPhoto(guest.em(), photo.id, fileId);
}

/** Edits a text message, or sends the screen anew when there is none to edit (any more). */
export async function editScreen(guest: CustomerVisit, messageId: number, screen: Screen): Promise<number | undefined> {
  try {
    await patiently(() => guest.bot.editMessageText(guest.chatId, messageId, screen));
    return messageId;
  } catch (err) {
    if (err instanceof TelegramError && (err.kind === 'gone' || err.kind === 'refused')) return sendScreen(guest, screen);
    if (err instanceof TelegramError && err.kind === 'blocked') return undefined;
    throw err;
  }
}

/** @returns undefined when the person cannot be written to */
export async function sendScreen(guest: CustomerVisit, screen: Screen): Promise<number | undefined> {
  try {
    const photo = await photoOf(guest, screen);
    if (photo) return await sendWithPhoto(guest, screen, photo);
    return await patiently(() => guest.bot.sendMessage(guest.chatId, screen));
  } catch (err) {
    if (err instanceof TelegramError && err.kind === 'blocked') return undefined;
    throw err;
  }
}

async function sendWithPhoto(guest: CustomerVisit, screen: Screen, photo: PhotoToSend): Promise<number> {
  try {
    const sent = await patiently(() => guest.bot.sendPhoto(guest.chatId, photo.source, screen));
    await remember(guest, photo, sent.fileId);
    return sent.messageId;
  } catch (err) {
    // A picture Telegram does not take must not hide the product.
    if (!(err instanceof TelegramError && err.kind === 'refused')) throw err;
    return patiently(() => guest.bot.sendMessage(guest.chatId, screen));
  }
}

/** Waits out "too many", within reason. */
export async function patiently<Answer>(call: () => Promise<Answer>): Promise<Answer> {
  let waited = 0;
  for (;;) {
    try {
      return await call();
    } catch (err) {
      const seconds = err instanceof TelegramError && err.kind === 'retryAfter' ? (err.retryAfter ?? 1) : undefined;
      if (seconds === undefined || waited + seconds > patienceSeconds) throw err;
      waited += seconds;
      await sleep(seconds * 1000);
    }
  }
}

/** For what only tidies up. */
export async function quietly(call: () => Promise<unknown>): Promise<void> {
  try {
    await call();
  } catch (err) {
    if (!(err instanceof TelegramError)) throw err;
  }
}

/** The message something will live in: the one with the button when it is text, else a new one that says `words`. */
export async function textMessageOf(ctx: BotContext, words: string): Promise<number | undefined> {
  const message = ctx.callbackQuery?.message;
  if (message && message.date !== 0 && message.text !== undefined) return message.message_id;
  return sendScreen(guestOf(ctx), { text: words, entities: [] });
}

/** Puts a screen and its redraws into one message: shown for this update first, edited afterwards. */
export function placeFor(ctx: BotContext, options: ShowOptions): (screen: Screen) => Promise<void> {
  let messageId: number | undefined;
  return async (screen) => {
    messageId = messageId === undefined ? await show(ctx, screen, options) : await editScreen(guestOf(ctx), messageId, screen);
  };
}

/** The same for a message that is known. */
export function placeAt(guest: CustomerVisit, known: number | undefined): (screen: Screen) => Promise<void> {
  let messageId = known;
  return async (screen) => {
    messageId = messageId === undefined ? await sendScreen(guest, screen) : await editScreen(guest, messageId, screen);
  };
}
