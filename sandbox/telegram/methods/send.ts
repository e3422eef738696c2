/** Methods that put messages into chats. */
import type { Message } from 'grammy/types';
import { z } from 'zod';
import { readCaption, readFile, readMedia, readReplyKeyboard, readSendOptions, readText, showDocument, showPhoto } from '../content.ts';
import { badRequest } from '../errors.ts';
import { type Call, chatId, checkInlineKeyboard, integer, json, number, parse } from '../params.ts';
import type { Bot } from '../store.ts';
import { userOf, type World } from '../world.ts';
import type { Methods } from './method.ts';

const target = z.object({ chat_id: chatId });
const place = z.object({ latitude: number.refine((n) => Math.abs(n) <= 90), longitude: number.refine((n) => Math.abs(n) <= 180) });
const venue = z.object({
  title: z.string().min(1),
  address: z.string().min(1),
  google_place_id: z.string().optional(),
  google_place_type: z.string().optional(),
});
const source = z.object({ from_chat_id: chatId, message_id: integer });

/** Sends what `read` makes of the call, with the call's keyboard and reply. */
function send(world: World, bot: Bot, call: Call, read: () => Partial<Message>): Message {
  const chat = world.openChat(bot, parse(target, call.params).chat_id);
  const { markup, content } = readSendOptions(world, bot, chat, call);
  const keyboard = readReplyKeyboard(markup);
  const inline = keyboard || !markup || 'force_reply' in markup ? undefined : checkInlineKeyboard(markup, { isInvoice: false });
  return world.put(bot, chat, userOf(bot), { ...content, ...read(), ...(inline && { reply_markup: inline }) }, { keyboard });
}

export const sendMethods: Methods = {
  sendMessage: (world, bot, call) => send(world, bot, call, () => readText(call)),
  sendPhoto: (world, bot, call) =>
    send(world, bot, call, () => ({
      ...showPhoto(readFile(world, bot, call, 'photo', call.params.photo, 'photo')),
      ...readCaption(call.params),
    })),
  sendDocument: (world, bot, call) =>
    send(world, bot, call, () => ({
      ...showDocument(readFile(world, bot, call, 'document', call.params.document, 'document')),
      ...readCaption(call.params),
    })),
  sendLocation: (world, bot, call) => send(world, bot, call, () => ({ location: parse(place, call.params) })),
  sendVenue: (world, bot, call) =>
    send(world, bot, call, () => {
      const location = parse(place, call.params);
      return { location, venue: { location, ...parse(venue, call.params) } };
    }),
  sendMediaGroup(world, bot, call) {
    const chat = world.openChat(bot, parse(target, call.params).chat_id);
    const { media } = parse(z.object({ media: json(z.array(z.unknown()).min(2).max(10)) }), call.params);
    const { content } = readSendOptions(world, bot, chat, call);
    const group = String(world.context.clock());
    return media
      .map((one) => readMedia(world, bot, call, one))
      .map((one) => world.put(bot, chat, userOf(bot), { ...content, ...one, media_group_id: group }));
  },
  copyMessage(world, bot, call) {
    const { from_chat_id: from, message_id: id } = parse(source, call.params);
    const copied = world.store.message(bot.id, world.openChat(bot, from), id)?.message;
    if (!copied) throw badRequest('message to copy not found');
    const { message_id: _, from: __, chat: ___, date: ____, edit_date: _____, reply_markup: ______, ...content } = copied;
    if (copied.invoice || copied.successful_payment || copied.refunded_payment) throw badRequest("message can't be copied");
    const caption = call.params.caption === undefined ? {} : readCaption(call.params);
    return { message_id: send(world, bot, call, () => ({ ...content, ...caption })).message_id };
  },
  sendChatAction(world, bot, call) {
    const chat = world.openChat(bot, parse(target, call.params).chat_id);
    const { action } = parse(z.object({ action: z.string().regex(/^[a-z_]+$/) }), call.params);
    const event = { type: 'chatAction' as const, bot: bot.username, chatId: chat, action };
    world.context.events.publish(event, world.readersOf(chat));
    return true;
  },
};
