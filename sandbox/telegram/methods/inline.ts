/** Answering inline queries: `answerInlineQuery`. */
import type { InlineQueryResult } from 'grammy/types';
import { z } from 'zod';
import { readCaption, readFile, readText, showPhoto } from '../content.ts';
import { badRequest } from '../errors.ts';
import { checkInlineKeyboard, flag, integer, json, parse, replyMarkup } from '../params.ts';
import type { AskedInline } from '../inline.ts';
import type { Bot } from '../store.ts';
import type { World } from '../world.ts';
import type { Methods } from './method.ts';

/** How long the server waits for an answer, ms. */
export const inlineMs = 10_000;
const mostResults = 50;
const shortText = (most: number) => z.string().refine((text) => Buffer.byteLength(text) <= most, `longer than ${most} bytes`);

const result = z.looseObject({ type: z.string(), id: z.string(), title: z.string().optional(), description: z.string().optional() });
const answer = z.object({
  inline_query_id: z.string(),
  results: json(z.array(result)),
  cache_time: integer.default(300),
  is_personal: flag,
  next_offset: shortText(64).default(''),
  button: json(z.object({ text: z.string().min(1), start_parameter: z.string().regex(/^[\w-]{1,64}$/, 'START_PARAM_INVALID') }).optional()),
});

/** What a result would be as a message. @throws BotApiError as Telegram does when the answer is given, not when it is picked */
export function readResult(world: World, bot: Bot, { input_message_content: input, ...one }: z.infer<typeof result>) {
  const markup = parse(z.object({ reply_markup: replyMarkup }), one).reply_markup;
  const keyboard = markup && checkInlineKeyboard(markup, { isInvoice: false });
  const withKeyboard = keyboard ? { reply_markup: keyboard } : {};
  const call = { params: {}, files: new Map() };
  if (input !== undefined) {
    const { message_text: text, ...rest } = parse(z.looseObject({ message_text: z.string() }), input);
    return { ...readText({ ...call, params: { ...rest, text } }), ...withKeyboard };
  }
  if (one.type !== 'photo')
    throw badRequest(one.type === 'article' ? 'MESSAGE_EMPTY' : `the sandbox knows articles and photos, not "${one.type}"`);
  return { ...showPhoto(readFile(world, bot, call, 'photo', one.photo_file_id, 'photo')), ...readCaption(one), ...withKeyboard };
}

/** What is asked again when all of this is the same. */
export function keyOfKept({ botId, personId, query, offset }: AskedInline, isPersonal: boolean): string {
  return JSON.stringify([botId, isPersonal ? personId : null, query, offset]);
}

export const inlineMethods: Methods = {
  answerInlineQuery(world, bot, { params }) {
    const given = parse(answer, params);
    const asked = world.inline.get(given.inline_query_id);
    if (asked?.botId !== bot.id || world.context.clock() - asked.askedAt > inlineMs)
      throw badRequest('query is too old and response timeout expired or query ID is invalid');
    if (given.results.length > mostResults) throw badRequest('RESULTS_TOO_MUCH');
    const ids = given.results.map(({ id }) => id);
    if (ids.some((id) => id === '' || Buffer.byteLength(id) > 64)) throw badRequest('RESULT_ID_INVALID');
    if (new Set(ids).size < ids.length) throw badRequest('RESULT_ID_DUPLICATE');
    for (const one of given.results) {
      if (one.type === 'article' && !one.title) throw badRequest('ARTICLE_TITLE_EMPTY');
      readResult(world, bot, one);
    }
    const { results, next_offset: nextOffset, button } = given;
    const said = {
      results: results as unknown as InlineQueryResult[],
      nextOffset,
      ...(button && { button: { text: button.text, start: button.start_parameter } }),
    };
    world.inline.set(given.inline_query_id, { ...asked, answer: said });
    const until = world.context.clock() + given.cache_time * 1000;
    world.keptInline.set(keyOfKept(asked, given.is_personal === true), { answer: said, until });
    world.waiting.get(given.inline_query_id)?.();
    return true;
  },
};
