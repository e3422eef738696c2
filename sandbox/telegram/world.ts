/** Telegram as bots and people share it: who is there, what was said, who looks on. */
import type { Chat, Message, User } from 'grammy/types';
import type { SandboxContext } from '../context.ts';
import type { ChatMessage } from './chat-contract.ts';
import { demoBotName, demoBotToken, demoBotUsername, demoFriendIds, demoPeople, demoStaffIds, friendsChatId, staffChatId } from './demo.ts';
import { badRequest, forbidden } from './errors.ts';
import type { AskedInline, KeptInline } from './inline.ts';
import { type Bot, type Keyboard, openTelegramStore, type Person, type StoredMessage, type TelegramStore } from './store.ts';
import { createUpdates, type Updates } from './updates.ts';

/** Everybody begins with this many Stars. */
export const firstStars = 10_000;
export const tokenPattern = /^(\d{5,16}):[A-Za-z0-9_-]{35,64}$/;

type Content = Partial<Omit<Message, 'message_id' | 'from' | 'chat' | 'date'>>;

export interface World {
  readonly context: SandboxContext;
  readonly store: TelegramStore;
  readonly updates: Updates;
  /** Unix seconds. */
  now(): number;
  /** People waiting at a button or a payment sheet, by the query's id. */
  readonly waiting: Map<string, () => void>;
  /** What was asked by `@bot text`, by the query's id. */
  readonly inline: Map<string, AskedInline>;
  /** Answers that serve whoever asks the same again, by bot, query and offset, and by person when they are personal. */
  readonly keptInline: Map<string, KeptInline>;
  registerBot(bot: { token: string; username?: string | undefined; name?: string | undefined }): Bot;
  /** The chat a bot may write to. @throws BotApiError when there is none, or it may not */
  openChat(bot: Bot, chatId: number | string): number;
  chat(chatId: number): Chat;
  /** Puts a message into a chat and shows it to those who look on. */
  put(bot: Bot, chatId: number, from: User, content: Content, extra?: { keyboard?: Keyboard | undefined; invoiceSlug?: string }): Message;
  /** Replaces a message that exists. */
  change(bot: Bot, stored: StoredMessage): void;
  remove(bot: Bot, chatId: number, messageId: number): void;
  readersOf(chatId: number): readonly number[];
  /** Looks when the next approved payment is to be made. */
  planCharges(): void;
  stop(): void;
  view(bot: Bot, stored: StoredMessage): ChatMessage;
}

export function userOf(who: Bot | Person): User {
  if ('token' in who) return { id: who.id, is_bot: true, first_name: who.name, username: who.username };
  const { id, firstName, lastName, username, languageCode } = who;
  return {
    id,
    is_bot: false,
    first_name: firstName,
    ...(lastName && { last_name: lastName }),
    ...(username && { username }),
    language_code: languageCode,
  };
}

export function createWorld(
  context: SandboxContext,
  answerWebhook: (bot: Bot, answer: string) => void,
  /** Charges what is due and answers when the next is, ms since epoch. */
  chargeDue: () => number | undefined,
): World {
  const store = openTelegramStore(context.store);
  const updates = createUpdates(context, store, answerWebhook);
  const now = () => Math.floor(context.clock() / 1000);

  function registerBot({ token, username, name }: Parameters<World['registerBot']>[0]): Bot {
    const id = Number(tokenPattern.exec(token)?.[1]);
    return store.transaction(() => {
      const known = store.bot(id);
      store.saveBot({
        id,
        token,
        username: username ?? known?.username ?? `sandbox_${id}_bot`,
        name: name ?? known?.name ?? `Bot ${id}`,
      });
      if (!known) store.saveChat(id, staffChatId, false);
      return store.bot(id) as Bot;
    });
  }

  function chat(chatId: number): Chat {
    if (chatId < 0) return { id: chatId, type: 'group', title: store.groupTitle(chatId) ?? '' };
    const person = store.person(chatId);
    return {
      id: chatId,
      type: 'private',
      first_name: person?.firstName ?? '',
      ...(person?.lastName && { last_name: person.lastName }),
      ...(person?.username && { username: person.username }),
    };
  }

  function openChat(bot: Bot, wanted: number | string): number {
    if (typeof wanted === 'string') throw badRequest('chat not found');
    const known = store.chat(bot.id, wanted);
    if (wanted < 0) {
      if (!known) throw badRequest('chat not found');
      if (known.blocked) throw forbidden('bot was kicked from the group chat');
      return wanted;
    }
    if (!store.person(wanted)) throw badRequest('chat not found');
    if (!known) throw forbidden("bot can't initiate conversation with a user");
    if (known.blocked) throw forbidden('bot was blocked by the user');
    return wanted;
  }

  const readersOf = (chatId: number) => (chatId < 0 ? store.members(chatId) : [chatId]);

  function tell(type: 'message' | 'edit', bot: Bot, stored: StoredMessage): void {
    const { chatId, message } = stored;
    const event = { type, bot: bot.username, chatId, messageId: message.message_id, message: view(bot, stored) };
    context.events.publish(event, readersOf(chatId));
  }

  function put(...[bot, chatId, from, content, extra]: Parameters<World['put']>): Message {
    const message = { message_id: store.nextMessageId(bot.id), from, chat: chat(chatId), date: now(), ...content } as Message;
    const stored: StoredMessage = { chatId, senderId: from.id, message, keyboard: extra?.keyboard, invoiceSlug: extra?.invoiceSlug };
    store.saveMessage(bot.id, stored);
    tell('message', bot, stored);
    return message;
  }

  function view(bot: Bot, { message, keyboard }: StoredMessage): ChatMessage {
    const photo = message.photo?.at(-1);
    const { document, from, invoice } = message;
    const markup = message.reply_markup ?? keyboard;
    return {
      id: message.message_id,
      date: message.date,
      // Telegram does not mark edits of messages with buttons.
      edited: message.edit_date !== undefined && !message.reply_markup,
      ...(from && {
        from: { id: from.id, isBot: from.is_bot, firstName: from.first_name, ...(from.username && { username: from.username }) },
      }),
      ...((message.text ?? message.caption) !== undefined && { text: message.text ?? message.caption }),
      ...((message.entities ?? message.caption_entities) && { entities: message.entities ?? message.caption_entities }),
      ...(photo && { photo: { fileId: photo.file_id, width: photo.width, height: photo.height } }),
      ...(document && { document: { fileId: document.file_id, fileName: document.file_name, mediaType: document.mime_type } }),
      ...(message.venue && { venue: message.venue }),
      ...(message.location && { location: message.location }),
      ...(markup && { replyMarkup: markup }),
      ...(message.via_bot && { viaBot: message.via_bot.username ?? message.via_bot.first_name }),
      ...(invoice && {
        invoice: {
          title: invoice.title,
          description: invoice.description,
          currency: invoice.currency,
          total_amount: invoice.total_amount,
          bot: bot.username,
        },
      }),
      ...(message.successful_payment && { successfulPayment: message.successful_payment }),
      ...(message.refunded_payment && { refundedPayment: message.refunded_payment }),
      ...(message.pinned_message && { service: `${from?.first_name ?? ''} pinned a message` }),
    };
  }

  function seed(): void {
    if (store.bot(Number.parseInt(demoBotToken, 10))) return;
    store.addGroup(staffChatId, 'Staff chat', demoStaffIds);
    store.addGroup(friendsChatId, 'Friends', demoFriendIds);
    for (const person of demoPeople) store.addPerson({ ...person, lastName: undefined, stars: firstStars });
    const bot = registerBot({ token: demoBotToken, username: demoBotUsername, name: demoBotName });
    // They have opened the demo bot before, so that it may write first.
    for (const person of demoPeople) store.saveChat(bot.id, person.id, false);
    store.saveChat(bot.id, friendsChatId, false);
  }
  store.transaction(seed);

  let timer: NodeJS.Timeout | undefined;
  let planned = false;
  let stopped = false;
  function planCharges(): void {
    if (planned) return;
    planned = true;
    // After the transaction this may be called in.
    setImmediate(() => {
      planned = false;
      clearTimeout(timer);
      const next = stopped ? undefined : chargeDue();
      if (next === undefined) return;
      // Not longer than a minute, so that a clock set forward is noticed.
      timer = setTimeout(planCharges, Math.min(Math.max(next - context.clock(), 10), 60_000));
      timer.unref();
    });
  }

  const world: World = {
    context,
    store,
    updates,
    now,
    waiting: new Map(),
    inline: new Map(),
    keptInline: new Map(),
    registerBot,
    openChat,
    chat,
    put,
    change(bot, stored) {
      store.saveMessage(bot.id, stored);
      tell('edit', bot, stored);
    },
    remove(bot, chatId, messageId) {
      if (!store.deleteMessage(bot.id, chatId, messageId)) return;
      context.events.publish({ type: 'delete', bot: bot.username, chatId, messageId }, readersOf(chatId));
    },
    readersOf,
    planCharges,
    stop() {
      stopped = true;
      clearTimeout(timer);
      updates.stop();
    },
    view,
  };
  return world;
}
