/** What a person does with `@bot text`: asks the bot, and brings one of its results into the chat. */
import type { InlineQueryResult } from 'grammy/types';
import type { ChatMessage, InlineAnswer } from './chat-contract.ts';
import { ChatError } from './errors.ts';
import { inlineMs, keyOfKept, readResult } from './methods/inline.ts';
import { requirePlace, waitFor, write } from './people.ts';
import { type Bot, makeId, type Person } from './store.ts';
import { userOf, type World } from './world.ts';

/** An inline query, and its answer once there is one. Nobody asks for it after a restart. */
export interface AskedInline {
  readonly botId: number;
  readonly personId: number;
  readonly query: string;
  readonly offset: string;
  readonly askedAt: number;
  readonly answer?: GivenInline;
}

interface GivenInline {
  readonly results: readonly InlineQueryResult[];
  readonly nextOffset: string;
  readonly button?: { readonly text: string; readonly start: string };
}

/** An answer and how long it serves others, ms since epoch. */
export interface KeptInline {
  readonly answer: GivenInline;
  readonly until: number;
}

/** Answers that are kept to be picked from, and to be given again. */
const mostAsked = 200;

/** Where the person writes: a chat of this bot or another's. */
export interface InlinePlace {
  readonly chatBot: Bot;
  readonly chatId: number;
}

/** Asks a bot and waits up to 10 s for its answer. */
export async function askInline(
  world: World,
  bot: Bot,
  person: Person,
  { chatBot, chatId, query, offset }: InlinePlace & { query: string; offset: string },
): Promise<InlineAnswer> {
  requirePlace(world, person, chatId);
  if (!bot.inlineMode) throw new ChatError(409, `bot: inline mode of @${bot.username} is off`);
  const id = makeId(12);
  const chat_type = chatId < 0 ? 'group' : chatBot.id === bot.id ? 'sender' : 'private';
  const asked = { botId: bot.id, personId: person.id, query, offset, askedAt: world.context.clock() };
  for (const asking of [world.inline, world.keptInline]) for (const old of [...asking.keys()].slice(0, -mostAsked)) asking.delete(old);
  const kept = [true, false].map((isPersonal) => world.keptInline.get(keyOfKept(asked, isPersonal))).find((one) => one !== undefined);
  if (kept && kept.until > asked.askedAt) {
    world.inline.set(id, { ...asked, answer: kept.answer });
  } else {
    world.inline.set(id, asked);
    await waitFor(world, id, inlineMs, () =>
      world.updates.add(bot.id, 'inline_query', { inline_query: { id, from: userOf(person), query, offset, chat_type } }, `inline:${id}`),
    );
  }
  const answer = world.inline.get(id)?.answer;
  if (!answer) return { queryId: id, results: [], nextOffset: '' };
  const results = answer.results.map((one) => ({
    id: one.id,
    title: 'title' in one ? one.title : undefined,
    description: 'description' in one ? one.description : undefined,
    photo: 'photo_file_id' in one ? one.photo_file_id : undefined,
  }));
  return { queryId: id, results, nextOffset: answer.nextOffset, ...(answer.button && { button: answer.button }) };
}

/** Brings a result into the chat, as the person's own message by way of the bot, which is told what was chosen. */
export function pickInline(
  world: World,
  bot: Bot,
  person: Person,
  { chatBot, chatId, queryId, resultId }: InlinePlace & { queryId: string; resultId: string },
): ChatMessage {
  const asked = world.inline.get(queryId);
  const result =
    asked?.botId === bot.id && asked.personId === person.id ? asked.answer?.results.find(({ id }) => id === resultId) : undefined;
  if (!asked || !result) throw new ChatError(404, 'resultId: there is no such result');
  const sent = write(world, chatBot, person, chatId, () => ({ ...readResult(world, bot, result as never), via_bot: userOf(bot) }));
  const chosen = { result_id: resultId, from: userOf(person), query: asked.query };
  world.updates.add(
    bot.id,
    'chosen_inline_result',
    { chosen_inline_result: { ...chosen, ...(result.reply_markup && { inline_message_id: makeId(12) }) } },
    `inline:${queryId}`,
  );
  return sent;
}
