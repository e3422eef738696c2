/** What a person does in Telegram: write, tap, pay, block. */
import type { CallbackQuery, ChatMember, InlineKeyboardButton, Message } from 'grammy/types';
import type { ChatMessage, InvoiceView, PayResult, TapResult } from './chat-contract.ts';
import { readCaption, saveUpload, showDocument, showPhoto } from './content.ts';
import { findEntities, trimText } from './entities.ts';
import { BotApiError, ChatError } from './errors.ts';
import { checkoutMs } from './methods/pay.ts';
import type { UploadedFile } from './params.ts';
import { type Bot, makeId, type Person } from './store.ts';
import { userOf, type World } from './world.ts';

const tapMs = 10_000;
const mostTextLength = 4096;

export function requireBot(world: World, username: string): Bot {
  const bot = world.store.botByUsername(username.replace(/^@/, ''));
  if (!bot) throw new ChatError(404, `bot: there is no @${username.replace(/^@/, '')} in the sandbox`);
  return bot;
}

export function requirePerson(world: World, id: number): Person {
  const person = world.store.person(id);
  if (!person) throw new ChatError(404, `person: there is nobody with id ${id}`);
  return person;
}

/** @throws ChatError when the chat is not this person's */
export function requirePlace(world: World, person: Person, chatId: number): void {
  if (!world.readersOf(chatId).includes(person.id)) throw new ChatError(404, `chatId: ${person.firstName} is not in chat ${chatId}`);
}

/** Writes a message to a bot, or into a group where it is. A bot in a group hears commands and answers only, as usual. */
export function sendText(world: World, bot: Bot, person: Person, chatId: number, words: string): ChatMessage {
  const { text, entities } = findEntities(trimText({ text: words, entities: [] }));
  if (text === '') throw new ChatError(400, 'text: is empty');
  if (text.length > mostTextLength) throw new ChatError(400, `text: is longer than ${mostTextLength} characters`);
  return write(world, bot, person, chatId, () => ({ text, ...(entities.length > 0 && { entities: [...entities] }) }));
}

/** Sends a photo or a document to a bot, or into a group, with a caption when there are words. */
export function sendFile(
  world: World,
  bot: Bot,
  person: Person,
  chatId: number,
  { kind, file, words }: { kind: 'photo' | 'document'; file: UploadedFile; words: string },
): ChatMessage {
  return write(world, bot, person, chatId, () => {
    try {
      const stored = saveUpload(world, bot, kind, file);
      return { ...(kind === 'photo' ? showPhoto(stored) : showDocument(stored)), ...readCaption({ caption: words }) };
    } catch (err) {
      if (err instanceof BotApiError) throw new ChatError(400, `file: ${err.message}`);
      throw err;
    }
  });
}

/** Puts a person's message into a chat and tells the bot. */
export function write(world: World, bot: Bot, person: Person, chatId: number, read: () => Partial<Message>): ChatMessage {
  requirePlace(world, person, chatId);
  return world.store.transaction(() => {
    const known = world.store.chat(bot.id, chatId);
    if (known?.blocked) throw new ChatError(409, chatId > 0 ? 'You blocked this bot. Unblock it first.' : 'The bot is not in this group.');
    if (!known && chatId < 0) throw new ChatError(409, 'The bot is not in this group.');
    if (!known) world.store.saveChat(bot.id, chatId, false);
    const message = world.put(bot, chatId, userOf(person), read());
    if (chatId > 0 || isForBot(bot, message.text ?? message.caption ?? ''))
      world.updates.add(bot.id, 'message', { message: message as never }, String(chatId));
    world.store.look(bot.id, chatId, person.id, message.message_id);
    return world.view(bot, { chatId, senderId: person.id, message, keyboard: undefined, invoiceSlug: undefined });
  });
}

function isForBot(bot: Bot, text: string): boolean {
  const command = /^\/\w+(?:@(\w+))?/.exec(text);
  return command !== null && (command[1] === undefined || command[1].toLowerCase() === bot.username.toLowerCase());
}

/** Presses a callback button and waits up to 10 s for the bot's answer. */
export async function tap(
  world: World,
  bot: Bot,
  person: Person,
  at: { chatId: number; messageId: number; row: number; column: number; data?: string | undefined },
): Promise<TapResult> {
  requirePlace(world, person, at.chatId);
  const stored = world.store.message(bot.id, at.chatId, at.messageId);
  if (!stored) throw new ChatError(404, 'messageId: this message is gone');
  const button: InlineKeyboardButton | undefined = stored.message.reply_markup?.inline_keyboard[at.row]?.[at.column];
  if (at.data !== undefined && !(button && 'callback_data' in button && button.callback_data === at.data))
    throw new ChatError(409, 'This button is gone: the message has changed.');
  if (!button) throw new ChatError(404, 'row, column: there is no such button');
  if (!('callback_data' in button)) throw new ChatError(400, 'row, column: this button is not a callback button');
  const id = makeId(12);
  const query: CallbackQuery = {
    id,
    from: userOf(person),
    message: stored.message as Message,
    chat_instance: String(at.chatId),
    data: button.callback_data,
  };
  await waitFor(world, id, tapMs, () => {
    if (world.store.chat(bot.id, at.chatId)?.blocked) throw new ChatError(409, 'You blocked this bot. Unblock it first.');
    world.store.sql.run('INSERT INTO tap VALUES (?, ?, ?, ?, NULL)', id, bot.id, person.id, world.context.clock());
    world.updates.add(bot.id, 'callback_query', { callback_query: query }, String(at.chatId));
  });
  const answer = world.store.sql.get('SELECT answer FROM tap WHERE id = ?', id)?.answer;
  return typeof answer === 'string' ? { answer: JSON.parse(answer) as NonNullable<TapResult['answer']> } : {};
}

export type Invoice = InvoiceView & { readonly slug: string; readonly botId: number };

export function findInvoice(world: World, slug: string): Invoice {
  const row = world.store.sql.get('SELECT * FROM invoice WHERE slug = ?', slug);
  const bot = row && world.store.bot(Number(row.bot_id));
  if (!row || !bot) throw new ChatError(404, 'slug: there is no such invoice');
  return {
    slug,
    botId: bot.id,
    bot: bot.username,
    title: String(row.title),
    description: String(row.description),
    currency: String(row.currency),
    total_amount: Number(row.amount),
  };
}

/**
 * Pays an invoice, however old: pre-checkout to the bot, its answer within 10 s, then the Stars move.
 * @param options.abandon leave after the approval, without paying
 * @param options.delaySeconds pay this long after the approval; the answer is then `approved`
 */
export async function pay(
  world: World,
  person: Person,
  invoice: Invoice,
  options: { placeId: number; abandon: boolean; delaySeconds: number },
): Promise<PayResult> {
  if (person.stars < invoice.total_amount) {
    return { status: 'refused', error: `You have ${person.stars} Stars; this costs ${invoice.total_amount}.` };
  }
  const id = makeId(12);
  const { sql } = world.store;
  const payload = String(sql.get('SELECT payload FROM invoice WHERE slug = ?', invoice.slug)?.payload);
  await waitFor(world, id, checkoutMs, () => {
    const insert = `INSERT INTO checkout (id, bot_id, person_id, slug, place_id, abandon, delay_ms, asked_at, status)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'asked')`;
    const { placeId, abandon, delaySeconds } = options;
    sql.run(insert, id, invoice.botId, person.id, invoice.slug, placeId, abandon ? 1 : 0, delaySeconds * 1000, world.context.clock());
    const { currency, total_amount } = invoice;
    const query = { id, from: userOf(person), currency, total_amount, invoice_payload: payload };
    // A lane of its own: a pre-checkout does not wait for the chat's messages.
    world.updates.add(invoice.botId, 'pre_checkout_query', { pre_checkout_query: query }, `checkout:${id}`);
  });
  const row = sql.get('SELECT status, charge_id, error FROM checkout WHERE id = ?', id);
  if (typeof row?.charge_id === 'string') return { status: 'paid', chargeId: row.charge_id };
  if (typeof row?.error === 'string') return { status: 'refused', error: row.error };
  if (row?.status === 'approved') return { status: 'approved' };
  return { status: 'timeout', error: 'The shop did not answer in time. Nothing was paid.' };
}

/** Does `ask` and waits until the bot answers the query `id`, or the time is over. */
export async function waitFor(world: World, id: string, ms: number, ask: () => void): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const answered = new Promise<void>((resolve) => {
    world.waiting.set(id, resolve);
    timer = setTimeout(resolve, ms);
  });
  try {
    world.store.transaction(ask);
    await answered;
  } finally {
    clearTimeout(timer);
    world.waiting.delete(id);
  }
}

/** Blocks or unblocks a bot (private chat), or takes it out of a group or back in. The bot is told. */
export function setBlocked(world: World, bot: Bot, person: Person, chatId: number, blocked: boolean): void {
  requirePlace(world, person, chatId);
  world.store.transaction(() => {
    const before = world.store.chat(bot.id, chatId);
    if ((before?.blocked ?? chatId < 0) === blocked) return;
    world.store.saveChat(bot.id, chatId, blocked);
    const user = userOf(bot);
    const member: ChatMember = { status: 'member', user };
    const gone: ChatMember = chatId > 0 ? { status: 'kicked', user, until_date: 0 } : { status: 'left', user };
    world.updates.add(
      bot.id,
      'my_chat_member',
      {
        my_chat_member: {
          chat: world.chat(chatId),
          from: userOf(person),
          date: world.now(),
          old_chat_member: blocked ? member : gone,
          new_chat_member: blocked ? gone : member,
        },
      },
      String(chatId),
    );
  });
}
