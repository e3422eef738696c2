import { inspect } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { createTelegram, TelegramError } from '../../gateways/telegram.ts';
import { failure, type FakeTelegram, ok, startFakeTelegram } from '../support/fake-telegram.ts';

let far: FakeTelegram;
let tokens = 0;
/** A bot of its own for each test, with fresh limits. */
const nextToken = () => `${123_456_000 + ++tokens}:${'s'.repeat(35)}`;

beforeAll(async () => {
  far = await startFakeTelegram();
});
afterAll(() => far.close());
beforeEach(() => {
  far.calls.length = 0;
  far.answer(() => undefined);
});

const botOf = (options: { patienceSeconds?: number } = {}) => createTelegram({ apiRoot: far.apiRoot, ...options }).bot(nextToken());

async function failureOf(work: Promise<unknown>): Promise<TelegramError> {
  const err = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(err).toBeInstanceOf(TelegramError);
  return err as TelegramError;
}

describe('errors are in our words', () => {
  test.each([
    [403, 'Forbidden: bot was blocked by the user', 'blocked'],
    [400, 'Bad Request: chat not found', 'blocked'],
    [400, 'Bad Request: message to edit not found', 'gone'],
    [400, "Bad Request: message can't be edited", 'gone'],
    [400, 'Bad Request: message text is empty', 'refused'],
    [401, 'Unauthorized', 'refused'],
    [500, 'Internal Server Error', 'unreachable'],
  ] as const)('%i %s is %s', async (code, description, kind) => {
    far.answer(() => failure(code, description));
    const err = await failureOf(botOf().editMessageText(1, 2, { text: 'x' }));
    expect(err.kind).toBe(kind);
  });

  test('a message that already looks so is fine', async () => {
    far.answer(() => failure(400, 'Bad Request: message is not modified: specified new message content is the same'));
    await expect(botOf().editMessageText(1, 2, { text: 'x' })).resolves.toBeUndefined();
  });

  test('a tap too old to answer and a message gone already are fine', async () => {
    far.answer(({ method }) =>
      method === 'answerCallbackQuery'
        ? failure(400, 'Bad Request: query is too old and response timeout expired or query ID is invalid')
        : failure(400, 'Bad Request: message to delete not found'),
    );
    const bot = botOf();
    await bot.answerCallbackQuery('q');
    await bot.deleteMessage(1, 2);
  });

  test('Stars given back before are a success, other refusals are not', async () => {
    far.answer(() => failure(400, 'Bad Request: CHARGE_ALREADY_REFUNDED'));
    expect(await botOf().refundStarPayment(1, 'charge')).toBe('alreadyRefunded');
    far.answer(() => failure(400, 'Bad Request: CHARGE_NOT_FOUND'));
    expect((await failureOf(botOf().refundStarPayment(1, 'charge'))).kind).toBe('refused');
  });
});

describe('a token never leaks', () => {
  test.each(['cut', 'refused'] as const)('when the connection is %s', async (how) => {
    const token = nextToken();
    const apiRoot = how === 'cut' ? far.apiRoot : 'http://127.0.0.1:9';
    far.answer(() => 'cut');
    const err = await failureOf(createTelegram({ apiRoot }).bot(token).sendMessage(1, { text: 'x' }));
    expect(err.kind).toBe('unreachable');
    expect(inspect(err, { depth: 10, showHidden: true })).not.toContain(token);
  });

  test('when Telegram repeats it', async () => {
    const token = nextToken();
    far.answer(() => failure(404, `Not Found: https://api.example/bot${token}/x and bot${token}`));
    const err = await failureOf(createTelegram({ apiRoot: far.apiRoot }).bot(token).getMe());
    expect(inspect(err, { depth: 10, showHidden: true })).not.toContain(token);
  });
});

describe('limits', () => {
  test('a 429 silences the whole bot, but not its answers', async () => {
    const bot = botOf({ patienceSeconds: 0 });
    far.answer(({ method }) => (method === 'sendMessage' ? failure(429, 'Too Many Requests', { retry_after: 7 }) : undefined));
    const first = await failureOf(bot.sendMessage(1, { text: 'x' }));
    expect([first.kind, first.retryAfter]).toEqual(['retryAfter', 7]);
    const second = await failureOf(bot.sendMessage(2, { text: 'x' }));
    expect(second.kind).toBe('retryAfter');
    expect(second.retryAfter).toBeGreaterThan(5);
    await bot.answerPreCheckoutQuery('q', { ok: true });
    expect(far.calls.map((call) => call.method)).toEqual(['sendMessage', 'answerPreCheckoutQuery']);
  });

  test('another bot goes on', async () => {
    const telegram = createTelegram({ apiRoot: far.apiRoot, patienceSeconds: 0 });
    const [quiet, other] = [telegram.bot(nextToken()), telegram.bot(nextToken())];
    far.answer(() => failure(429, 'Too Many Requests', { retry_after: 9 }));
    await failureOf(quiet.sendMessage(1, { text: 'x' }));
    far.answer(() => undefined);
    expect(await other.sendMessage(1, { text: 'x' })).toBeTypeOf('number');
  });

  test('a chat gets a small burst, then one message a second', async () => {
    const bot = botOf({ patienceSeconds: 0 });
    const results = await Promise.allSettled(Array.from({ length: 8 }, () => bot.sendMessage(5, { text: 'x' })));
    expect(results.filter((one) => one.status === 'fulfilled')).toHaveLength(4);
    expect(await bot.sendMessage(6, { text: 'another chat' })).toBeTypeOf('number');
  });

  test('a bot makes at most 30 calls at once', async () => {
    const bot = botOf({ patienceSeconds: 0 });
    const results = await Promise.allSettled(Array.from({ length: 60 }, (_, index) => bot.sendMessage(100 + index, { text: 'x' })));
    const sent = results.filter((one) => one.status === 'fulfilled').length;
    expect(sent).toBeGreaterThanOrEqual(30);
    expect(sent).toBeLessThan(40);
  });

  test('a crowd gets its turns one after the other, and who would wait too long comes back later instead of waiting all the same', async () => {
    const bot = botOf({ patienceSeconds: 0.5 });
    const results = await Promise.allSettled(
      Array.from({ length: 90 }, (_, index) => bot.sendMessage(200 + index, { text: String(index) })),
    );
    const sent = results.flatMap(({ status }, index) => (status === 'fulfilled' ? [index] : []));
    // 30 at once, then one every 33 ms for half a second.
    expect(sent.slice(0, 40)).toEqual(Array.from({ length: 40 }, (_, index) => index));
    expect(sent.length).toBeLessThan(60);
    const late = results[70];
    expect(late?.status === 'rejected' && late.reason).toMatchObject({ kind: 'retryAfter', retryAfter: 1 });
    expect(far.calls).toHaveLength(sent.length);
  });

  test('a 429 while others wait for their turn makes them wait for its end', async () => {
    const bot = botOf({ patienceSeconds: 5 });
    let paused = false;
    far.answer(({ body }) => {
      if (paused || !body.includes('"30"')) return undefined;
      paused = true;
      return failure(429, 'Too Many Requests', { retry_after: 1 });
    });
    const send = (index: number) => bot.sendMessage(300 + index, { text: String(index) });
    const early = Array.from({ length: 30 }, (_, index) => send(index));
    const refused = failureOf(send(30)).then(() => performance.now());
    const late = Array.from({ length: 8 }, (_, index) => send(32 + index).then(() => performance.now()));
    await Promise.all(early);
    const quietAt = await refused;
    expect(bot.turnWaitMs()).toBeGreaterThan(500);
    expect(Math.min(...(await Promise.all(late))) - quietAt).toBeGreaterThan(900);
  });

  test('how long a message would wait is known before it is sent', async () => {
    const bot = botOf();
    expect(bot.turnWaitMs()).toBe(0);
    const sent = Array.from({ length: 60 }, (_, index) => bot.sendMessage(400 + index, { text: 'x' }));
    await sent[0];
    expect(bot.turnWaitMs()).toBeGreaterThan(500);
    await Promise.all(sent);
  });

  test('messages of one chat go out in order, although the first answer is slow', async () => {
    const bot = botOf();
    far.answer(async (call) => {
      if (call.body.includes('"one"')) await new Promise((done) => setTimeout(done, 150));
      return undefined;
    });
    await Promise.all(['one', 'two', 'three'].map((text) => bot.sendMessage(7, { text })));
    expect(far.calls.map((call) => /"text":"(\w+)"/.exec(call.body)?.[1])).toEqual(['one', 'two', 'three']);
  });
});

test('a photo is uploaded once and known by its file id from then on', async () => {
  const bot = botOf();
  far.answer(() => ok({ message_id: 9, photo: [{ file_id: 'small' }, { file_id: 'large' }] }));
  const sent = await bot.sendPhoto(1, { bytes: Buffer.from([1, 2, 3]), mediaType: 'image/png' }, { text: 'caption' });
  expect(sent).toEqual({ messageId: 9, fileId: 'large' });
  await bot.sendPhoto(1, { fileId: 'large' });
  expect(far.calls[1]?.body).toContain('"photo":"large"');
});

test('an idle connection is given up before the other end gives it up: what is sent in that instant would have no answer', async () => {
  const short = await startFakeTelegram({ keepAliveMs: 2_000 });
  try {
    const bot = createTelegram({ apiRoot: short.apiRoot }).bot(nextToken());
    await bot.getMe();
    await bot.getMe();
    expect(short.connections).toEqual({ open: 1, givenUp: 0 });
    await vi.waitFor(() => expect(short.connections.open).toBe(0), { timeout: 5_000, interval: 20 });
    expect(short.connections.givenUp).toBe(0);
  } finally {
    await short.close();
  }
});

describe('a file somebody sent', () => {
  const has = (file: object, answer: Parameters<FakeTelegram['answer']>[0]) =>
    far.answer((call) => (call.method === 'getFile' ? ok({ file_id: 'f', file_unique_id: 'u', ...file }) : answer(call)));

  test('is downloaded, unless it is more than was asked for, whatever Telegram said of its size', async () => {
    has({ file_path: 'documents/one two', file_size: 5 }, () => ({ body: 'abc' }));
    expect(Buffer.from((await botOf().downloadFile('f', 5)) ?? []).toString()).toBe('"abc"');
    expect(await botOf().downloadFile('f', 4)).toBeUndefined();
    has({ file_path: 'documents/1' }, () => ({ body: 'x'.repeat(100_000) }));
    expect(await botOf().downloadFile('f', 50_000)).toBeUndefined();
    far.answer(() => failure(400, 'Bad Request: file is too big'));
    expect(await botOf().downloadFile('f', 5)).toBeUndefined();
  });

  test.each([
    ['gone', { status: 404, body: 'not found' }, 'refused'],
    ['failing', { status: 502, body: 'bad gateway' }, 'unreachable'],
    ['cut off', 'cut', 'unreachable'],
  ] as const)('%s is an error that holds no token', async (_name, answer, kind) => {
    const token = nextToken();
    has({ file_path: 'documents/1', file_size: 5 }, () => answer);
    const err = await failureOf(createTelegram({ apiRoot: far.apiRoot }).bot(token).downloadFile('f', 5));
    expect(err.kind).toBe(kind);
    expect(inspect(err, { depth: 10, showHidden: true })).not.toContain(token);
  });
});
