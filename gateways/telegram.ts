/** Telegram's Bot API with its limits and its errors in our words. Tokens stay inside: no message or stack of ours holds one. */
import { Api, InputFile } from 'grammy';
import type {
  BotCommand,
  InlineKeyboardMarkup,
  InlineQueryResult,
  MessageEntity,
  ReplyKeyboardMarkup,
  ReplyKeyboardRemove,
} from 'grammy/types';
import type { BotCommandScope, ChatFullInfo, LanguageCode, MenuButton, StarTransaction, Update, UserFromGetMe } from 'grammy/types';
import type { Invoice } from '../domain/payment.ts';
import { direct, reach } from './telegram/connection.ts';
import { TelegramError, toTelegramError } from './telegram/errors.ts';
import { limitCalls, type Limits } from './telegram/limits.ts';

export { reach } from './telegram/connection.ts';
export { TelegramError, type TelegramErrorKind, stripTokens } from './telegram/errors.ts';

/** Text with entities (offsets in UTF-16 units): any characters appear literally. */
export interface OutgoingText {
  readonly text: string;
  readonly entities?: readonly MessageEntity[] | undefined;
  readonly keyboard?: InlineKeyboardMarkup | undefined;
  /** What Telegram shows large above it, which it fetches itself; one it cannot fetch is left out. Only of new messages. */
  readonly previewUrl?: string | undefined;
}

export interface SendOptions {
  /** A keyboard other than the message's own inline one. */
  readonly replyMarkup?: ReplyKeyboardMarkup | ReplyKeyboardRemove | undefined;
  readonly silent?: boolean | undefined;
}

/** A photo by what Telegram called it before, or its bytes. */
export type PhotoSource = { readonly fileId: string } | { readonly bytes: Uint8Array; readonly mediaType: 'image/jpeg' | 'image/png' };

export interface Venue {
  readonly latitude: number;
  readonly longitude: number;
  readonly title: string;
  readonly address: string;
}

/** How an inline query is answered. */
export interface InlineAnswer {
  readonly personal: boolean;
  readonly cacheSeconds: number;
  readonly nextOffset: string;
  /** Above the results; opens the chat with the bot. */
  readonly button?: { readonly text: string; readonly startParameter: string } | undefined;
}

/** One bot. Every method throws `TelegramError`. Calls are cut off after 10 seconds. */
export interface TelegramBot {
  /** grammY's own client with our limits, for what has no method here. Its errors are grammY's. */
  readonly api: Api;
  /** How long a message would wait for the bot's turn now, ms: others wait before it, or Telegram asked for silence. */
  turnWaitMs(): number;
  /** @returns the message's id */
  sendMessage(chatId: number, message: OutgoingText, options?: SendOptions): Promise<number>;
  /** A message that already looks so is fine. @throws TelegramError `gone` when there is no such message: send it anew */
  editMessageText(chatId: number, messageId: number, message: OutgoingText): Promise<void>;
  /** @returns the message's id and what Telegram calls the photo from now on */
  sendPhoto(chatId: number, photo: PhotoSource, caption?: OutgoingText): Promise<{ messageId: number; fileId: string }>;
  editMessageCaption(chatId: number, messageId: number, caption: OutgoingText): Promise<void>;
  /** Puts a photo where a text or another photo stood; a photo never turns into a text again. @returns what Telegram calls it from now on */
  editMessagePhoto(chatId: number, messageId: number, photo: PhotoSource, caption: OutgoingText): Promise<{ fileId: string }>;
  sendDocument(
    chatId: number,
    document: { readonly name: string; readonly bytes: Uint8Array },
    caption?: OutgoingText,
    options?: { readonly protect?: boolean },
  ): Promise<number>;
  sendVenue(chatId: number, venue: Venue): Promise<number>;
  /** The bytes of a file somebody sent; undefined when there are more than `mostBytes`, or more than Telegram hands to bots (20 MB). */
  downloadFile(fileId: string, mostBytes: number): Promise<Uint8Array | undefined>;
  createInvoiceLink(invoice: Invoice): Promise<string>;
  /** A message that is gone already is fine. */
  deleteMessage(chatId: number, messageId: number): Promise<void>;
  /** A tap too old to be answered is fine. */
  answerCallbackQuery(queryId: string, answer?: { text?: string | undefined; alert?: boolean | undefined }): Promise<void>;
  /** At most 50 results. A query too old to be answered is fine. `personal`: the answer is nobody else's; `nextOffset` empty: there is no more. */
  answerInlineQuery(queryId: string, results: readonly InlineQueryResult[], options: InlineAnswer): Promise<void>;
  /** `error` is the sentence the customer reads when it is not approved. */
  answerPreCheckoutQuery(queryId: string, answer: { ok: true } | { ok: false; error: string }): Promise<void>;
  /** Gives a Stars payment back whole. One given back before is `alreadyRefunded`, which is success too. */
  refundStarPayment(telegramUserId: number, chargeId: string): Promise<'refunded' | 'alreadyRefunded'>;
  /** At most 100 from `offset`, in Telegram's order (oldest first). */
  getStarTransactions(page: { offset: number; limit: number }): Promise<StarTransaction[]>;
  getMe(): Promise<UserFromGetMe>;
  getChat(chatId: number): Promise<ChatFullInfo>;
  setMyCommands(commands: readonly BotCommand[], where?: { languageCode?: LanguageCode; scope?: BotCommandScope }): Promise<void>;
  /** At most 512 characters, shown before the first message; for whoever speaks none of ours without a language. */
  setMyDescription(description: string, languageCode?: LanguageCode): Promise<void>;
  /** At most 120, on the bot's own page and where it is shared. */
  setMyShortDescription(description: string, languageCode?: LanguageCode): Promise<void>;
  /** What the button beside the input does, in every private chat. */
  setChatMenuButton(button: MenuButton): Promise<void>;
  setWebhook(webhook: { url: string; secretToken: string; allowedUpdates: readonly Exclude<keyof Update, 'update_id'>[] }): Promise<void>;
  deleteWebhook(): Promise<void>;
}

export interface Telegram {
  /** The bot of a token; the same token gives the same limits. */
  bot(token: string): TelegramBot;
}

export interface TelegramOptions {
  /** Telegram itself when absent. */
  readonly apiRoot?: string | undefined;
  /** How long a call waits for its turn before it fails with `retryAfter`; default 3. */
  readonly patienceSeconds?: number;
  /** Monotonic milliseconds, for tests. */
  readonly clock?: () => number;
}

const timeoutSeconds = 10;

export function createTelegram(options: TelegramOptions = {}): Telegram {
  const { patienceSeconds = 3, clock = () => performance.now() } = options;
  const bots = new Map<string, TelegramBot>();
  return {
    bot(token) {
      const known = bots.get(token);
      if (known) return known;
      const bot = createBot(token, options.apiRoot, limitCalls({ patienceSeconds, clock }));
      bots.set(token, bot);
      return bot;
    },
  };
}

function createBot(token: string, apiRoot: string | undefined, limits: Limits): TelegramBot {
  const api = new Api(token, {
    timeoutSeconds,
    sensitiveLogs: false,
    baseFetchConfig: reach(apiRoot),
    ...(apiRoot === undefined ? {} : { apiRoot }),
  });
  api.config.use(limits.transformer);
  const previewOf = (url: string) => ({ link_preview_options: { url, prefer_large_media: true, show_above_text: true } });
  const noPreview = { link_preview_options: { is_disabled: true } };

  return {
    api,
    turnWaitMs: limits.wait,
    sendMessage: (chatId, message, { replyMarkup, silent } = {}) =>
      ask('sendMessage', async () => {
        const sent = await api.sendMessage(chatId, message.text, {
          ...(message.previewUrl === undefined ? noPreview : previewOf(message.previewUrl)),
          entities: copy(message.entities),
          reply_markup: message.keyboard ?? replyMarkup,
          disable_notification: silent,
        });
        return sent.message_id;
      }),
    editMessageText: (chatId, messageId, message) =>
      forgive(['notModified'], () =>
        ask('editMessageText', () =>
          api.editMessageText(chatId, messageId, message.text, {
            ...noPreview,
            entities: copy(message.entities),
            reply_markup: message.keyboard,
          }),
        ),
      ),
    sendPhoto: (chatId, photo, caption) =>
      ask('sendPhoto', async () => {
        const sent = await api.sendPhoto(chatId, fileOf(photo), captionOf(caption));
        return { messageId: sent.message_id, fileId: sent.photo.at(-1)?.file_id ?? '' };
      }),
    editMessageCaption: (chatId, messageId, caption) =>
      forgive(['notModified'], () => ask('editMessageCaption', () => api.editMessageCaption(chatId, messageId, captionOf(caption)))),
    editMessagePhoto: async (chatId, messageId, photo, { text, entities, keyboard }) => {
      let fileId = '';
      await forgive(['notModified'], () =>
        ask('editMessageMedia', async () => {
          const media = { type: 'photo' as const, media: fileOf(photo), caption: text, caption_entities: copy(entities) };
          const edited = await api.editMessageMedia(chatId, messageId, media, { reply_markup: keyboard });
          if (typeof edited === 'object') fileId = edited.photo?.at(-1)?.file_id ?? '';
        }),
      );
      return { fileId };
    },
    sendDocument: (chatId, document, caption, { protect } = {}) =>
      ask('sendDocument', async () => {
        const file = new InputFile(document.bytes, document.name);
        return (await api.sendDocument(chatId, file, { ...captionOf(caption), protect_content: protect })).message_id;
      }),
    sendVenue: (chatId, { latitude, longitude, title, address }) =>
      ask('sendVenue', async () => (await api.sendVenue(chatId, latitude, longitude, title, address)).message_id),
    downloadFile: async (fileId, mostBytes) => {
      let path: string | undefined;
      try {
        const file = await ask('getFile', () => api.getFile(fileId));
        if ((file.file_size ?? 0) > mostBytes) return undefined;
        path = file.file_path;
      } catch (err) {
        if (err instanceof TelegramError && err.message.includes('file is too big')) return undefined;
        throw err;
      }
      if (path === undefined) throw new TelegramError('unreachable', 'getFile', 'no path');
      return download(`${apiRoot ?? 'https://api.telegram.org'}/file/bot${token}/${encodeURI(path)}`, mostBytes);
    },
    createInvoiceLink: ({ title, description, payload, label, price }) =>
      ask('createInvoiceLink', () =>
        api.createInvoiceLink(title, description, payload, '', price.currency, [{ label, amount: price.amount }]),
      ),
    deleteMessage: (chatId, messageId) => forgive(['gone'], () => ask('deleteMessage', () => api.deleteMessage(chatId, messageId))),
    answerCallbackQuery: (queryId, { text, alert } = {}) =>
      forgive(['gone'], () => ask('answerCallbackQuery', () => api.answerCallbackQuery(queryId, { text, show_alert: alert }))),
    answerInlineQuery: (queryId, results, { personal, cacheSeconds, nextOffset, button }) =>
      forgive(['gone'], () =>
        ask('answerInlineQuery', () =>
          api.answerInlineQuery(queryId, [...results], {
            is_personal: personal,
            cache_time: cacheSeconds,
            next_offset: nextOffset,
            button: button && { text: button.text, start_parameter: button.startParameter },
          }),
        ),
      ),
    answerPreCheckoutQuery: async (queryId, answer) => {
      await ask('answerPreCheckoutQuery', () =>
        answer.ok ? api.answerPreCheckoutQuery(queryId, true) : api.answerPreCheckoutQuery(queryId, false, { error_message: answer.error }),
      );
    },
    refundStarPayment: async (telegramUserId, chargeId) => {
      try {
        await ask('refundStarPayment', () => api.refundStarPayment(telegramUserId, chargeId));
        return 'refunded';
      } catch (err) {
        if (err instanceof TelegramError && err.message.includes('CHARGE_ALREADY_REFUNDED')) return 'alreadyRefunded';
        throw err;
      }
    },
    getStarTransactions: (page) => ask('getStarTransactions', async () => (await api.getStarTransactions(page)).transactions),
    getMe: () => ask('getMe', () => api.getMe()),
    getChat: (chatId) => ask('getChat', () => api.getChat(chatId)),
    setMyCommands: async (commands, { languageCode, scope } = {}) => {
      await ask('setMyCommands', () => api.setMyCommands([...commands], { language_code: languageCode, scope }));
    },
    setMyDescription: async (description, languageCode) => {
      await ask('setMyDescription', () => api.setMyDescription(description, { language_code: languageCode }));
    },
    setMyShortDescription: async (description, languageCode) => {
      await ask('setMyShortDescription', () => api.setMyShortDescription(description, { language_code: languageCode }));
    },
    setChatMenuButton: async (button) => {
      await ask('setChatMenuButton', () => api.setChatMenuButton({ menu_button: button }));
    },
    setWebhook: async ({ url, secretToken, allowedUpdates }) => {
      await ask('setWebhook', () => api.setWebhook(url, { secret_token: secretToken, allowed_updates: [...allowedUpdates] }));
    },
    deleteWebhook: async () => {
      await ask('deleteWebhook', () => api.deleteWebhook());
    },
  };
}

/** Reads an address of Telegram's, which holds the token, so nothing of it is told. @throws TelegramError */
async function download(url: string, mostBytes: number): Promise<Uint8Array | undefined> {
  try {
    const response = await fetch(url, { ...direct, signal: AbortSignal.timeout(timeoutSeconds * 1000) });
    if (!response.ok) throw new TelegramError(response.status >= 500 ? 'unreachable' : 'refused', 'download', `answer ${response.status}`);
    const parts: Uint8Array[] = [];
    let length = 0;
    for await (const part of response.body ?? []) {
      length += part.length;
      if (length > mostBytes) return undefined;
      parts.push(part);
    }
    return Buffer.concat(parts);
  } catch (err) {
    if (err instanceof TelegramError) throw err;
    throw new TelegramError('unreachable', 'download', 'no file in time');
  }
}

async function ask<Answer>(method: string, call: () => Promise<Answer>): Promise<Answer> {
  try {
    return await call();
  } catch (err) {
    throw toTelegramError(err, method);
  }
}

async function forgive(kinds: readonly string[], call: () => Promise<unknown>): Promise<void> {
  try {
    await call();
  } catch (err) {
    if (!(err instanceof TelegramError && kinds.includes(err.kind))) throw err;
  }
}

function copy(entities: readonly MessageEntity[] | undefined): MessageEntity[] | undefined {
  return entities && [...entities];
}

function fileOf(photo: PhotoSource): string | InputFile {
  return 'fileId' in photo ? photo.fileId : new InputFile(photo.bytes, photo.mediaType === 'image/png' ? 'photo.png' : 'photo.jpg');
}

function captionOf(caption: OutgoingText | undefined) {
  return caption ? { caption: caption.text, caption_entities: copy(caption.entities), reply_markup: caption.keyboard } : {};
}
