import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Bots, createBots } from '../../bot/main.ts';
import { readConfig } from '../../config.ts';
import { createShop } from '../../db/repositories/shop.ts';
import { createTelegram } from '../../gateways/telegram.ts';
import { makeFakeDoor } from '../support/fake-door.ts';
import { type FakeTelegram, ok, startFakeTelegram } from '../support/fake-telegram.ts';
import { makeTestShop, testKeys, type TestShop } from '../support/shop.ts';

let world: TestShop;
let fake: FakeTelegram;
let started: Bots[];

beforeEach(async () => {
  started = [];
  world = await makeTestShop();
  fake = await startFakeTelegram();
  fake.answer(async ({ method }) => {
    if (method === 'getMe') return ok({ id: world.shop.botId, is_bot: true, first_name: 'Shop', username: 'renamed_bot' });
    if (method !== 'getUpdates') return undefined;
    await new Promise((resolve) => setTimeout(resolve, 50));
    return ok([]);
  });
});
afterEach(async () => {
  await Promise.all(started.map((bots) => bots.stop()));
  await fake?.close();
  await world?.close();
});

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

test('a new shop is noticed without a restart, each bot with its commands in every language', async () => {
  await start();
  await expect.poll(() => calls('setMyCommands').length).toBe(3);
  const languages = calls('setMyCommands').map(({ body }) => (JSON.parse(body) as { language_code?: string }).language_code);
  expect(languages).toEqual([undefined, 'ru', 'pl']);
  const token = `${(world.shop.botId ?? 0) + 1}:${'n'.repeat(35)}`;
  const wish = { slug: 'second', title: 'Second', currency: 'EUR', botToken: token, actor: 'test' };
  await createShop(world.db.em.fork(), world.secrets, wish);
  await expect.poll(() => calls('getUpdates').some((call) => call.token === token), { timeout: 20_000 }).toBe(true);
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
