/** Methods that change, delete and pin messages. */
import type { Message } from 'grammy/types';
import { z } from 'zod';
import { readCaption, readMedia, readText } from '../content.ts';
import { BotApiError, badRequest } from '../errors.ts';
import { type Call, chatId, checkInlineKeyboard, flag, integer, json, parse, replyMarkup } from '../params.ts';
import type { Bot, StoredMessage } from '../store.ts';
import { userOf, type World } from '../world.ts';
import type { Methods } from './method.ts';

const target = z.object({ chat_id: chatId, message_id: integer });
const markup = z.object({ reply_markup: replyMarkup });
const twoDaysSeconds = 48 * 3600;

function find(world: World, bot: Bot, call: Call, missing: string): StoredMessage {
  const { chat_id, message_id } = parse(target, call.params);
  const stored = world.store.message(bot.id, world.openChat(bot, chat_id), message_id);
  if (!stored) throw badRequest(missing);
  return stored;
}

/** Replaces the message by what `read` makes of it; buttons not given again are gone. */
function edit(world: World, bot: Bot, call: Call, read: (message: Message) => Message): Message {
  const stored = find(world, bot, call, 'message to edit not found');
  const { message } = stored;
  if (stored.senderId !== bot.id || stored.keyboard || message.refunded_payment || message.pinned_message) {
    throw badRequest("message can't be edited");
  }
  const { reply_markup: _, ...bare } = message;
  const inline = checkInlineKeyboard(parse(markup, call.params).reply_markup, { isInvoice: message.invoice !== undefined });
  const fresh: Message = { ...read(bare), ...(inline && { reply_markup: inline }) };
  if (comparable(fresh) === comparable(message)) {
    throw badRequest(
      'message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message',
    );
  }
  const edited = { ...fresh, edit_date: world.now() };
  world.change(bot, { ...stored, message: edited });
  return edited;
}

/** What a reader would see, in a fixed order of fields. */
function comparable({ edit_date: _, ...message }: Message): string {
  const sort = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(sort);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value)
        .filter(([, inner]) => inner !== undefined)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, inner]) => [key, sort(inner)]),
    );
  };
  return JSON.stringify(sort(message));
}

function remove(world: World, bot: Bot, stored: StoredMessage): void {
  const { message, chatId: chat } = stored;
  if (world.now() - message.date > twoDaysSeconds || (chat < 0 && stored.senderId !== bot.id)) {
    throw badRequest("message can't be deleted for everyone");
  }
  world.remove(bot, chat, message.message_id);
}

export const editMethods: Methods = {
  editMessageText: (world, bot, call) =>
    edit(world, bot, call, (message) => {
      if (message.text === undefined) throw badRequest('there is no text in the message to edit');
      const { entities: _, ...rest } = message;
      return { ...rest, ...readText(call) };
    }),
  editMessageCaption: (world, bot, call) =>
    edit(world, bot, call, (message) => {
      if (!message.photo && !message.document) throw badRequest('there is no caption in the message to edit');
      const { caption: _, caption_entities: __, ...rest } = message;
      return { ...rest, ...readCaption(call.params) };
    }),
  editMessageMedia: (world, bot, call) =>
    edit(world, bot, call, (message) => {
      if (message.text === undefined && !message.photo && !message.document) throw badRequest("message can't be edited");
      const { text: _, entities: __, photo: ___, document: ____, caption: _____, caption_entities: ______, ...rest } = message;
      return { ...rest, ...readMedia(world, bot, call, call.params.media) };
    }),
  editMessageReplyMarkup: (world, bot, call) => edit(world, bot, call, (message) => message),
  deleteMessage(world, bot, call) {
    remove(world, bot, find(world, bot, call, 'message to delete not found'));
    return true;
  },
  deleteMessages(world, bot, call) {
    const { chat_id, message_ids: ids } = parse(
      z.object({ chat_id: chatId, message_ids: json(z.array(z.number().int()).min(1).max(100)) }),
      call.params,
    );
    const chat = world.openChat(bot, chat_id);
    // Those it cannot find are skipped, as at Telegram.
    for (const stored of ids.flatMap((id) => world.store.message(bot.id, chat, id) ?? [])) remove(world, bot, stored);
    return true;
  },
  pinChatMessage(world, bot, call) {
    const { chatId: chat, message } = find(world, bot, call, 'message to pin not found');
    world.store.pin(bot.id, chat, message.message_id);
    world.put(bot, chat, userOf(bot), { pinned_message: message });
    return true;
  },
  unpinChatMessage(world, bot, call) {
    const chat = world.openChat(bot, parse(z.object({ chat_id: chatId }), call.params).chat_id);
    world.store.pin(bot.id, chat, null);
    return true;
  },
  setMessageReaction(world, bot, call) {
    find(world, bot, call, 'message to react not found');
    return true;
  },
  answerCallbackQuery(world, bot, { params }) {
    const given = parse(
      z.object({
        callback_query_id: z.string(),
        text: z.string().max(200).optional(),
        show_alert: flag,
        url: z.string().optional(),
      }),
      params,
    );
    const row = world.store.sql.get('SELECT tapped_at FROM tap WHERE id = ? AND bot_id = ?', given.callback_query_id, bot.id);
    if (!row || world.context.clock() - Number(row.tapped_at) > tapLifeMs) throw tooOld();
    const answer = {
      text: given.text || undefined,
      showAlert: given.show_alert,
      url: given.url,
    };
    world.store.sql.run('UPDATE tap SET answer = coalesce(answer, ?) WHERE id = ?', JSON.stringify(answer), given.callback_query_id);
    world.waiting.get(given.callback_query_id)?.();
    return true;
  },
};

const tapLifeMs = 30_000;
export const tooOld = () => new BotApiError(400, 'Bad Request: query is too old and response timeout expired or query ID is invalid');
