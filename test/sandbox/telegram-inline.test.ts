/** `@bot text`: asked, answered, refused and picked as at Telegram. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ChatMessage, InlineAnswer } from '../../sandbox/telegram/chat-contract.ts';
import { demoBotUsername } from '../../sandbox/telegram/demo.ts';
import { serveSandbox, type TestSandbox } from '../support/sandbox.ts';

const anna = 1001;
let sandbox: TestSandbox;
beforeEach(async () => {
  sandbox = await serveSandbox();
});
afterEach(() => sandbox.stop());

const article = (id: string, title = id) => ({ type: 'article', id, title, input_message_content: { message_text: `${title} it is` } });

/** Anna asks; the bot answers with this. @returns the bot's update, the Bot API's word on the answer, and what Anna sees */
async function ask(query: string, answer: object) {
  const asking = sandbox.call<InlineAnswer>('POST', '/inline', { bot: demoBotUsername, person: anna, chatId: anna, query });
  const [update] = await sandbox.api().getUpdates({ timeout: 5, allowed_updates: ['inline_query', 'chosen_inline_result', 'message'] });
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

  test('nobody asked cannot be answered', async () => {
    expect((await sandbox.raw('answerInlineQuery', { inline_query_id: '7', results: [] })).body).toMatchObject({
      description: expect.stringContaining('query is too old'),
    });
  });
});
