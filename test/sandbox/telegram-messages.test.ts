import fc from 'fast-check';
import { GrammyError, HttpError, InlineKeyboard, InputFile } from 'grammy';
import type { MessageEntity } from 'grammy/types';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { ChatSummary } from '../../sandbox/telegram/chat-contract.ts';
import { findEntities, trimText } from '../../sandbox/telegram/entities.ts';
import { parseHtml } from '../../sandbox/telegram/html.ts';
import { serveSandbox, type TestSandbox } from '../support/sandbox.ts';

const anna = 1001;
const onePixel = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');

let sandbox: TestSandbox;
beforeAll(async () => {
  sandbox = await serveSandbox();
});
afterAll(() => sandbox.stop());
beforeEach(async () => {
  await sandbox.call('DELETE', '/faults');
  const [newest] = await sandbox.api().getUpdates({ offset: -1 });
  if (newest) await sandbox.api().getUpdates({ offset: newest.update_id + 1 });
});

const refusal = (promise: Promise<unknown>) =>
  promise.then(
    () => 'accepted',
    (err: unknown) => (err instanceof GrammyError ? `${err.error_code} ${err.description}` : err),
  );

describe('messages', () => {
  test('keeps text and entities as given, and finds commands', async () => {
    const entities: MessageEntity[] = [
      { type: 'bold', offset: 0, length: 4 },
      { type: 'date_time', offset: 5, length: 5, unix_time: 1_795_000_000, date_time_format: 'wDt' },
    ];
    const sent = await sandbox.api().sendMessage(anna, 'Held 22:45, see /orders <b>', { entities });
    expect(sent.text).toBe('Held 22:45, see /orders <b>');
    expect(sent.entities).toEqual([...entities, { type: 'bot_command', offset: 16, length: 7 }]);
    expect((await sandbox.messages(anna)).at(-1)).toMatchObject({ id: sent.message_id, text: sent.text, entities: sent.entities });
  });

  test('an edit that changes nothing is refused, one that does is shown', async () => {
    const api = sandbox.api();
    const reply_markup = new InlineKeyboard().text('Buy', 'buy');
    const { message_id: id } = await api.sendMessage(anna, 'one', { reply_markup });
    expect(await refusal(api.editMessageText(anna, id, 'one', { reply_markup }))).toMatch(/^400 Bad Request: message is not modified/);
    await api.editMessageText(anna, id, 'two', { reply_markup });
    expect(await refusal(api.editMessageText(anna, id, 'two'))).toBe('accepted');
    const shown = (await sandbox.messages(anna)).at(-1);
    expect(shown).toMatchObject({ id, text: 'two', edited: true });
    expect(shown?.replyMarkup).toBeUndefined();
  });

  test('says what the real one says of what cannot be done', async () => {
    const api = sandbox.api();
    const { message_id: id } = await api.sendMessage(anna, 'text');
    expect(await refusal(api.editMessageText(anna, 999_999, 'x'))).toBe('400 Bad Request: message to edit not found');
    expect(await refusal(api.deleteMessage(anna, 999_999))).toBe('400 Bad Request: message to delete not found');
    expect(await refusal(api.editMessageCaption(anna, id, { caption: 'x' }))).toBe(
      '400 Bad Request: there is no caption in the message to edit',
    );
    expect(await refusal(api.sendMessage(424_242, 'x'))).toBe('400 Bad Request: chat not found');
    expect(await refusal(api.sendMessage(anna, ''))).toBe('400 Bad Request: message text is empty');
    expect(await refusal(api.sendMessage(anna, 'x'.repeat(4097)))).toBe('400 Bad Request: message is too long');
    expect(await refusal(api.sendMessage(anna, 'a <b>c', { parse_mode: 'HTML' }))).toBe(
      `400 Bad Request: can't parse entities: Can't find end tag corresponding to start tag "b"`,
    );
    expect(await refusal(api.sendMessage(anna, '1 < 2', { parse_mode: 'HTML' }))).toMatch(/Unsupported start tag "" at byte offset 2$/);
    expect(await refusal(api.sendMessage(anna, 'x', { entities: [{ type: 'bold', offset: 0, length: 2 }] }))).toMatch(/ends after the end/);
    const answer = await refusal(api.answerCallbackQuery('nobody'));
    expect(answer).toBe('400 Bad Request: query is too old and response timeout expired or query ID is invalid');
  });

  test('callback data of 64 bytes is the most', async () => {
    const keyboard = (data: string) => ({ reply_markup: new InlineKeyboard().text('Buy', data) });
    expect(await refusal(sandbox.api().sendMessage(anna, 'x', keyboard('a'.repeat(64))))).toBe('accepted');
    expect(await refusal(sandbox.api().sendMessage(anna, 'x', keyboard('a'.repeat(65))))).toBe('400 Bad Request: BUTTON_DATA_INVALID');
    expect(await refusal(sandbox.api().sendMessage(anna, 'x', keyboard('ż'.repeat(33))))).toBe('400 Bad Request: BUTTON_DATA_INVALID');
  });

  test('an uploaded photo is known by its id from then on, to this bot alone', async () => {
    const api = sandbox.api();
    const sent = await api.sendPhoto(anna, new InputFile(onePixel, 'photo.png'), { caption: 'Here' });
    const fileId = sent.photo.at(-1)?.file_id ?? '';
    expect(sent).toMatchObject({ caption: 'Here', photo: [{ width: 1, height: 1, file_size: onePixel.length }] });
    const again = await api.sendPhoto(anna, fileId);
    expect(again.photo.at(-1)?.file_id).toBe(fileId);
    const { file_path: path } = await api.getFile(fileId);
    const download = await fetch(`${sandbox.apiRoot}/file/bot${api.token}/${path}`);
    expect(Buffer.from(await download.arrayBuffer())).toEqual(onePixel);
    const shown = await fetch(`${sandbox.url}/sandbox/files/${fileId}`);
    expect(shown.headers.get('content-type')).toBe('image/png');

    const other = sandbox.api(`200000002:${'x'.repeat(35)}`);
    await other.getMe();
    await sandbox.call('POST', '/messages', { bot: 'sandbox_200000002_bot', person: anna, text: '/start' });
    expect(await refusal(other.sendPhoto(anna, fileId))).toBe('400 Bad Request: wrong file identifier/HTTP URL specified');
    expect(await refusal(api.sendPhoto(anna, 'https://example.org/a.png'))).toBe('400 Bad Request: failed to get HTTP URL content');
    expect(await refusal(api.sendPhoto(anna, new InputFile(Buffer.from('no picture'))))).toBe('400 Bad Request: IMAGE_PROCESS_FAILED');
  });

  test('what a person attaches reaches the bot, which downloads it as it was', async () => {
    const api = sandbox.api();
    const receipt = { name: 'receipt.pdf', mediaType: 'application/pdf', bytes: Buffer.from('%PDF-1.4 receipt') };
    await sandbox.attach(anna, 'photo', { name: 'a.png', mediaType: 'image/png', bytes: onePixel }, { caption: 'paid' });
    await sandbox.attach(anna, 'document', receipt);
    const [photo, document] = (await api.getUpdates()).map((update) => update.message);
    expect(photo).toMatchObject({ caption: 'paid', chat: { id: anna }, photo: [{ width: 1, height: 1 }] });
    expect(document?.document).toMatchObject({ file_name: 'receipt.pdf', mime_type: 'application/pdf', file_size: receipt.bytes.length });
    const { file_path: path } = await api.getFile(document?.document?.file_id ?? '');
    const download = await fetch(`${sandbox.apiRoot}/file/bot${api.token}/${path}`);
    expect(Buffer.from(await download.arrayBuffer())).toEqual(receipt.bytes);
    expect((await sandbox.messages(anna)).at(-1)?.document).toMatchObject({ fileName: 'receipt.pdf' });
    expect(await sandbox.attach(anna, 'photo', receipt).catch((err: Error) => err.message)).toMatch(/IMAGE_PROCESS_FAILED/);
  });

  test('a file over 20 MB is taken from people but not handed to a bot', async () => {
    const api = sandbox.api();
    const big = { name: 'big.bin', mediaType: 'application/octet-stream', bytes: Buffer.alloc(20 * 1024 * 1024 + 1) };
    const sent = await sandbox.attach(anna, 'document', big);
    expect(await refusal(api.getFile(sent.document?.fileId ?? ''))).toBe('400 Bad Request: file is too big');
  });

  test('a bot may not write first, nor to who blocked it, and hears of the block', async () => {
    const { id } = await sandbox.call<{ id: number }>('POST', '/people', { firstName: 'Nina', languageCode: 'en' });
    expect(await refusal(sandbox.api().sendMessage(id, 'hi'))).toBe("403 Forbidden: bot can't initiate conversation with a user");
    await sandbox.say(id, '/start');
    expect(await refusal(sandbox.api().sendMessage(id, 'hi'))).toBe('accepted');
    await sandbox.call('POST', '/chats/block', { bot: 'demo_tillflow_bot', person: id, blocked: true });
    expect(await refusal(sandbox.api().sendMessage(id, 'hi'))).toBe('403 Forbidden: bot was blocked by the user');
    await sandbox.call('POST', '/chats/block', { bot: 'demo_tillflow_bot', person: id, blocked: false });
    expect(await refusal(sandbox.api().sendMessage(id, 'hi'))).toBe('accepted');
    const updates = await sandbox.api().getUpdates({ offset: -2 });
    expect(updates.map((update) => update.my_chat_member?.new_chat_member.status)).toEqual(['kicked', 'member']);
  });

  test('in a group a bot hears commands only, and everybody there sees it', async () => {
    await sandbox.say(2001, 'just talk', -5001);
    await sandbox.say(2001, '/orders@demo_tillflow_bot', -5001);
    await sandbox.say(2001, '/orders@another_bot', -5001);
    const updates = await sandbox.api().getUpdates();
    expect(updates.map((update) => update.message?.text)).toEqual(['/orders@demo_tillflow_bot']);
    expect(updates[0]?.message?.chat).toEqual({ id: -5001, type: 'group', title: 'Staff chat' });
    await sandbox.api().sendMessage(-5001, 'Order K7Q4-MX2P');
    expect((await sandbox.messages(2002, -5001)).map((message) => message.text)).toContain('Order K7Q4-MX2P');
    await expect(sandbox.messages(anna, -5001)).rejects.toThrow('Anna is not in chat -5001');
  });

  test('unread counts what came since the person looked, own words left out', async () => {
    const unread = async () =>
      (await sandbox.call<ChatSummary[]>('GET', '/chats?person=1003&bot=demo_tillflow_bot'))
        .filter(({ type }) => type === 'private')
        .map((chat) => chat.unread);
    await sandbox.messages(1003);
    await sandbox.api().sendMessage(1003, 'one');
    await sandbox.api().sendMessage(1003, 'two');
    expect(await unread()).toEqual([2]);
    await sandbox.messages(1003);
    await sandbox.say(1003, 'mine');
    expect(await unread()).toEqual([0]);
  });

  test('who looks on sees messages, edits, deletions and typing, and nobody else does', async () => {
    const api = sandbox.api();
    const seen = await sandbox.events(
      anna,
      (events) => events.some((event) => event.type === 'delete'),
      async () => {
        await api.sendMessage(1002, 'not for Anna');
        await api.sendChatAction(anna, 'typing');
        const { message_id: id } = await api.sendMessage(anna, 'one');
        await api.editMessageText(anna, id, 'two');
        await api.deleteMessage(anna, id);
      },
    );
    expect(seen.map((event) => [event.type, event.message?.text ?? event.action])).toEqual([
      ['chatAction', 'typing'],
      ['message', 'one'],
      ['edit', 'two'],
      ['delete', undefined],
    ]);
  });

  test('commands are shown in the reader’s language, else in the common one', async () => {
    const api = sandbox.api();
    await api.setMyCommands([{ command: 'shop', description: 'Browse' }]);
    await api.setMyCommands([{ command: 'shop', description: 'Sklep' }], { language_code: 'pl' });
    const commands = async (person: number) =>
      (await sandbox.call<{ commands: { description: string }[] }[]>('GET', `/bots?person=${person}`))[0]?.commands[0]?.description;
    expect([await commands(1003), await commands(1002)]).toEqual(['Sklep', 'Browse']);
    expect(await refusal(api.setMyCommands([{ command: 'Shop!', description: 'x' }]))).toBe('400 Bad Request: BOT_COMMAND_INVALID');
  });
});

describe('taps', () => {
  test('the person sees the answer; a tap not confirmed comes again', async () => {
    const api = sandbox.api();
    const reply_markup = new InlineKeyboard().text('Buy', 'buy:7').row().url('Pay', 'http://127.0.0.1:9/pay');
    const { message_id: id } = await api.sendMessage(anna, 'Buy?', { reply_markup });
    const tapping = sandbox.tap(anna, id);
    const [first] = await api.getUpdates({
      timeout: 5,
      allowed_updates: ['callback_query', 'message', 'pre_checkout_query', 'my_chat_member'],
    });
    const [second] = await api.getUpdates();
    expect(first?.callback_query).toMatchObject({ data: 'buy:7', from: { id: anna }, message: { message_id: id, text: 'Buy?' } });
    expect(second).toEqual(first);
    await api.answerCallbackQuery(first?.callback_query?.id ?? '', { text: 'Sold out', show_alert: true });
    expect(await tapping).toEqual({ answer: { text: 'Sold out', showAlert: true } });
    expect(await api.getUpdates({ offset: (first?.update_id ?? 0) + 1 })).toEqual([]);
    await expect(sandbox.tap(anna, id, 1)).rejects.toThrow('not a callback button');
    await expect(sandbox.tap(anna, id, 4)).rejects.toThrow('no such button');
    const seen = { bot: 'demo_tillflow_bot', person: anna, chatId: anna, messageId: id, row: 0, column: 0, data: 'of an older screen' };
    await expect(sandbox.call('POST', '/taps', seen), 'it would be another than the person saw').rejects.toThrow('the message has changed');
    await expect(sandbox.tap(1002, id)).rejects.toThrow('gone');
  });
});

describe('faults', () => {
  test('429 says when to come back, once', async () => {
    await sandbox.fault({ target: 'telegram', kind: '429', method: 'sendMessage', seconds: 7 });
    const err = await sandbox
      .api()
      .sendMessage(anna, 'x')
      .catch((caught: unknown) => caught);
    expect(err).toMatchObject({ error_code: 429, description: 'Too Many Requests: retry after 7', parameters: { retry_after: 7 } });
    expect(await refusal(sandbox.api().sendMessage(anna, 'x'))).toBe('accepted');
  });

  test('a time-out after the effect leaves the message, one before leaves none', async () => {
    for (const [kind, text, left] of [
      ['timeoutAfter', 'sent all the same', 1],
      ['timeoutBefore', 'never sent', 0],
    ] as const) {
      await sandbox.fault({ target: 'telegram', kind, method: 'sendMessage' });
      const err = await sandbox
        .api()
        .sendMessage(anna, text)
        .catch((caught: unknown) => caught);
      expect(err).toBeInstanceOf(HttpError);
      expect((await sandbox.messages(anna)).filter((message) => message.text === text)).toHaveLength(left);
    }
  });

  test('pollers are struck only by faults that name them', async () => {
    await sandbox.fault({ target: 'telegram', kind: '500' });
    expect(await refusal(sandbox.api().getUpdates())).toBe('accepted');
    expect(await refusal(sandbox.api().getMe())).toBe('500 Internal Server Error');
  });

  test('a fault that cannot happen is refused, naming the field', async () => {
    await expect(sandbox.fault({ target: 'stripe', kind: 'lose' })).rejects.toThrow('kind: does not happen to this target');
    await expect(sandbox.fault({ target: 'webhook', kind: 'lose', times: 0 })).rejects.toThrow('times:');
    expect(await sandbox.call('GET', '/faults')).toEqual([]);
  });
});

describe('text', () => {
  test('HTML becomes text and entities', () => {
    expect(
      parseHtml('<b>A &lt; <i>B</i></b> <a href="https://x.org/?a=1&amp;b=2">l</a> <tg-time unix="17" format="r">t</tg-time>'),
    ).toEqual({
      text: 'A < B l t',
      entities: [
        { type: 'bold', offset: 0, length: 5 },
        { type: 'italic', offset: 4, length: 1 },
        { type: 'text_link', offset: 6, length: 1, url: 'https://x.org/?a=1&b=2' },
        { type: 'date_time', offset: 8, length: 1, unix_time: 17, date_time_format: 'r' },
      ],
    });
    expect(parseHtml('<pre><code class="language-js">a</code></pre>').entities).toEqual([
      { type: 'pre', offset: 0, length: 1, language: 'js' },
    ]);
  });

  test('trimming never changes what an entity covers, but for white space at the end', () => {
    const white = fc.stringMatching(/^[ \n]{0,3}$/);
    fc.assert(
      fc.property(white, fc.string({ minLength: 1 }), fc.string({ minLength: 1 }), white, (before, first, second, after) => {
        const text = before + first + second + after;
        const entity = { type: 'bold' as const, offset: before.length + first.length, length: second.length };
        const trimmed = trimText({ text, entities: [entity] });
        const kept = trimmed.entities[0];
        const covered = kept ? trimmed.text.slice(kept.offset, kept.offset + kept.length) : '';
        expect(second.startsWith(covered) && second.slice(covered.length).trim() === '').toBe(true);
      }),
    );
  });

  test('what Telegram finds by itself never overlaps code or links', () => {
    const { entities } = findEntities({ text: '/start https://x.org/start @anna', entities: [{ type: 'code', offset: 0, length: 6 }] });
    expect(entities.map((entity) => entity.type)).toEqual(['code', 'url', 'mention']);
  });
});
