import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Bots, createBots } from '../../bot/main.ts';
import { readConfig } from '../../config.ts';
import { createShop } from '../../db/repositories/shop.ts';
import { changeWording } from '../../db/repositories/wording.ts';
import { createTelegram } from '../../gateways/telegram.ts';
import { makeFakeDoor } from '../support/fake-door.ts';
import { failure, type FakeAnswer, type FakeCall, type FakeTelegram, ok, startFakeTelegram } from '../support/fake-telegram.ts';
import { makeTestShop, testKeys, type TestShop } from '../support/shop.ts';

let world: TestShop;
let fake: FakeTelegram;
let started: Bots[];

beforeEach(async () => {
  started = [];
  world = await makeTestShop();
  fake = await startFakeTelegram();
  fake.answer(answer);
});
afterEach(async () => {
  await Promise.all(started.map((bots) => bots.stop()));
  await fake?.close();
  await world?.close();
});

async function answer({ method }: Pick<FakeCall, 'method'>): Promise<FakeAnswer> {
  if (method === 'getMe') return ok({ id: world.shop.botId, is_bot: true, first_name: 'Shop', username: 'renamed_bot' });
  if (method !== 'getUpdates') return undefined;
  await new Promise((resolve) => setTimeout(resolve, 50));
  return ok([]);
}

async function start(env: Record<string, string> = {}): Promise<Bots> {
  const config = {
    ...readConfig(env),
    farEnds: { telegram: fake.apiRoot, stripe: undefined, nowpayments: undefined },
  } as unknown as ReturnType<typeof readConfig>;
  const telegram = createTelegram({ apiRoot: fake.apiRoot });
  const log = pino({ level: 'silent' });
  const bots = createBots({ config, db: world.db, secrets: world.secrets, door: makeFakeDoor().door, telegram, log });
  started.push(bots);
  await bots.start();
  return bots;
}

const calls = (method: string) => fake.calls.filter((call) => call.method === method);

test('of two processes one polls, and the other takes over when it stops', async () => {
  const first = await start();
  await expect.poll(() => calls('getUpdates').length).toBeGreaterThan(0);
  expect(JSON.parse(calls('getUpdates')[0]?.body ?? '{}')).toMatchObject({
    allowed_updates: expect.arrayContaining([
      'message',
      'callback_query',
      'pre_checkout_query',
      'my_chat_member',
      'subscription',
    ]) as string[],
  });
  expect(calls('deleteWebhook').length).toBe(1);
  await start();
  await expect.poll(() => calls('getUpdates').length).toBeGreaterThan(5);
  expect(calls('deleteWebhook').length, 'the second one waits').toBe(1);
  await first.stop();
  await expect.poll(() => calls('deleteWebhook').length, { timeout: 8_000 }).toBe(2);
});

test('a new shop and new words are noticed without a restart; each bot has its commands and says who it is in every language', async () => {
  // A staff chat that the bot was put out of stops nothing.
  await world.db.em.fork().execute('update shop set staff_chat_id = -77 where id = ?', [world.shop.id]);
  fake.answer((call) =>
    call.method === 'setMyCommands' && call.body.includes('-77') ? failure(400, 'Bad Request: chat not found') : answer(call),
  );
  await start();
  await expect.poll(() => calls('setChatMenuButton').length).toBe(1);
  const told = (method: string) =>
    calls(method).map(({ body }) => JSON.parse(body) as { language_code?: string; short_description?: string });
  const languages = told('setMyCommands').map(({ language_code }) => language_code);
  expect(languages).toEqual([undefined, 'ru', 'pl', undefined]);
  expect(told('setMyDescription').map(({ language_code }) => language_code)).toEqual([undefined, 'ru', 'pl']);
  expect(told('setMyShortDescription')[0]?.short_description).toContain(world.shop.title);
  const change = { shopId: world.shop.id, language: 'pl', id: 'command-shop', actor: 'test', at: new Date() } as const;
  await changeWording(world.db.em.fork(), { ...change, text: 'Nasze regaly' });
  const token = `${(world.shop.botId ?? 0) + 1}:${'n'.repeat(35)}`;
  const wish = { slug: 'second', title: 'Second', currency: 'EUR', botToken: token, actor: 'test' };
  await createShop(world.db.em.fork(), world.secrets, wish);
  await expect.poll(() => calls('getUpdates').some((call) => call.token === token), { timeout: 20_000 }).toBe(true);
  await expect.poll(() => calls('setMyCommands').some(({ body }) => body.includes('Nasze regaly')), { timeout: 12_000 }).toBe(true);
  await world.db.em.fork().execute('update shop set staff_chat_id = null where id = ?', [world.shop.id]);
});

test("by webhook, each shop's own address and secret are set, and updates come through the route", async () => {
  const bots = await start({ TILLFLOW_UPDATES: 'webhook', TILLFLOW_PUBLIC_URL: 'https://shop.example.org/' });
  await expect.poll(() => calls('setWebhook').length).toBe(1);
  const webhook = JSON.parse(calls('setWebhook')[0]?.body ?? '{}') as { url: string; secret_token: string };
  expect(webhook.url).toBe(`https://shop.example.org/webhooks/telegram/${world.shop.webhookEndpointId}`);
  expect(webhook.secret_token.length).toBeGreaterThan(30);
  expect(calls('getUpdates')).toEqual([]);
  const person = { id: 8_001, is_bot: false, first_name: 'Zoë', language_code: 'en' };
  await bots.handleUpdate(world.shop.id, {
    update_id: 1,
    message: { message_id: 1, date: 1, from: person, chat: { id: 8_001, type: 'private', first_name: 'Zoë' }, text: 'hi' },
  });
  expect(calls('sendMessage').length).toBe(1);
  await expect(bots.handleUpdate(world.shop.id + 5, { update_id: 2 })).rejects.toThrow(/has no bot/);
});

const username = async () =>
  ((await world.db.em.fork().execute('select bot_username from shop')) as { bot_username: string }[])[0]?.bot_username;

test("the bot's own name is learnt from Telegram", async () => {
  await start({ TILLFLOW_MODE: 'live', TILLFLOW_KEYS: testKeys });
  await expect.poll(username).toBe('renamed_bot');
});

test("in the sandbox the row's name holds: the sandbox makes one up for a bot it was not told of yet", async () => {
  await start();
  await expect.poll(() => calls('setMyCommands').length).toBe(3);
  expect(await username()).toBe(world.shop.botUsername);
});
