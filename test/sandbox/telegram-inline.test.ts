/** `@bot text`: asked, answered, refused and picked as at Telegram. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ChatMessage, InlineAnswer } from '../../sandbox/telegram/chat-contract.ts';
import { demoBotUsername } from '../../sandbox/telegram/demo.ts';
import { serveSandbox, type TestSandbox } from '../support/sandbox.ts';

const anna = 1001;
let sandbox: TestSandbox;
/** The newest update the bot has read. */
let readId = 0;
beforeEach(async () => {
  readId = 0;
  sandbox = await serveSandbox();
});
afterEach(() => sandbox.stop());

const article = (id: string, title = id) => ({ type: 'article', id, title, input_message_content: { message_text: `${title} it is` } });

/** Anna asks; the bot answers with this. @returns the bot's update, the Bot API's word on the answer, and what Anna sees */
async function ask(query: string, answer: object) {
  const asking = sandbox.call<InlineAnswer>('POST', '/inline', { bot: demoBotUsername, person: anna, chatId: anna, query });
  const [update] = await sandbox
    .api()
    .getUpdates({ offset: readId + 1, timeout: 5, allowed_updates: ['inline_query', 'chosen_inline_result', 'message'] });
  readId = update?.update_id ?? readId;
  const inline_query_id = update?.inline_query?.id;
  const said = await sandbox.raw('answerInlineQuery', { inline_query_id, ...answer });
  if (said.status !== 200) await sandbox.raw('answerInlineQuery', { inline_query_id, results: [] });
  return { update, said, seen: await asking };
}

describe('an inline query', () => {
  test('reaches the bot, its answer the person, and what is picked the chat and the bot', async () => {
    const keyboard = { inline_keyboard: [[{ text: 'Open', url: 'https://t.me/x' }]] };
    const results = [{ ...article('a', 'Jar'), description: '25 PLN', reply_markup: keyboard }, article('b')];
    const { update, said, seen } = await ask('jar', { results, next_offset: '2', button: { text: 'Shop', start_parameter: 'shop' } });
    expect(update?.inline_query).toMatchObject({ from: { id: anna }, query: 'jar', offset: '', chat_type: 'sender' });
    expect(said.body).toEqual({ ok: true, result: true });
    expect(seen).toMatchObject({
      results: [{ id: 'a', title: 'Jar', description: '25 PLN' }, { id: 'b' }],
      nextOffset: '2',
      button: { text: 'Shop', start: 'shop' },
    });
    const pick = { bot: demoBotUsername, person: anna, chatId: anna, queryId: seen.queryId, resultId: 'a' };
    const sent = await sandbox.call<ChatMessage>('POST', '/inline/pick', pick);
    expect(sent).toMatchObject({ text: 'Jar it is', from: { id: anna }, viaBot: demoBotUsername, replyMarkup: keyboard });
    const updates = await sandbox.api().getUpdates({ offset: (update?.update_id ?? 0) + 1 });
    expect(updates.find(({ message }) => message)?.message).toMatchObject({ text: 'Jar it is', via_bot: { username: demoBotUsername } });
    expect(updates.find((one) => one.chosen_inline_result)?.chosen_inline_result).toMatchObject({
      result_id: 'a',
      query: 'jar',
      from: { id: anna },
    });
    await expect(sandbox.call('POST', '/inline/pick', { ...pick, resultId: 'z' })).rejects.toThrow('no such result');
  });

  test.each([
    ['two results of one id', { results: [article('a'), article('a')] }, 'RESULT_ID_DUPLICATE'],
    ['more than 50', { results: Array.from({ length: 51 }, (_, index) => article(String(index))) }, 'RESULTS_TOO_MUCH'],
    ['an id of 65 bytes', { results: [article('a'.repeat(65))] }, 'RESULT_ID_INVALID'],
    ['a next offset of 65 bytes', { results: [], next_offset: 'a'.repeat(65) }, 'next_offset'],
    ['an unknown photo', { results: [{ type: 'photo', id: 'a', photo_file_id: 'x' }] }, 'wrong file identifier'],
    ['a start parameter with a space', { results: [], button: { text: 'Shop', start_parameter: 'a b' } }, 'START_PARAM_INVALID'],
    ['an empty article', { results: [{ type: 'article', id: 'a', title: 'A' }] }, 'MESSAGE_EMPTY'],
  ])('is refused with %s', async (_, answer, words) => {
    const { said } = await ask('x', answer);
    expect(said).toMatchObject({ status: 400, body: { description: expect.stringContaining(words) } });
  });

  test('is answered again from memory, to the same person when it is personal, until its time is over', async () => {
    await sandbox.stop();
    let now = Date.now();
    sandbox = await serveSandbox({ clock: () => now });
    const boris = 1002;
    const again = (person: number, query = 'jar') =>
      sandbox.call<InlineAnswer>('POST', '/inline', { bot: demoBotUsername, person, chatId: person, query });
    const { seen } = await ask('jar', { results: [article('a')], cache_time: 10, is_personal: true });
    const second = await again(anna);
    expect(second.results).toEqual(seen.results);
    expect(second.queryId).not.toBe(seen.queryId);
    await ask('tin', { results: [article('b')], cache_time: 10 });
    expect((await again(boris, 'tin')).results).toMatchObject([{ id: 'b' }]);
    const asking = again(boris);
    now += 10_001;
    const late = again(anna);
    const queries = async () => {
      const updates = await sandbox.api().getUpdates({ offset: readId + 1, allowed_updates: ['inline_query'] });
      return updates.flatMap(({ inline_query }) => inline_query ?? []);
    };
    await expect.poll(async () => (await queries()).map(({ from }) => from.id)).toEqual([boris, anna]);
    for (const { id } of await queries()) await sandbox.raw('answerInlineQuery', { inline_query_id: id, results: [] });
    await Promise.all([asking, late]);
  });

  test('is not asked where inline mode is off, and the bot is told so', async () => {
    const inlineOf = async () => (await sandbox.api().getMe()).supports_inline_queries;
    expect(await inlineOf()).toBe(true);
    await sandbox.call('POST', '/bots/inline-mode', { bot: demoBotUsername, on: false });
    expect(await inlineOf()).toBe(false);
    const query = { bot: demoBotUsername, person: anna, chatId: anna, query: 'jar' };
    await expect(sandbox.call('POST', '/inline', query)).rejects.toThrow('inline mode of @demo_tillflow_bot is off');
    await expect(sandbox.call('POST', '/bots/inline-mode', { bot: demoBotUsername, on: 'yes' })).rejects.toThrow('on: ');
  });

  test('nobody asked cannot be answered', async () => {
    expect((await sandbox.raw('answerInlineQuery', { inline_query_id: '7', results: [] })).body).toMatchObject({
      description: expect.stringContaining('query is too old'),
    });
  });
});
