/** The whole shop with updates by webhook: Telegram calls the app, for every shop at its own address with its own secret. */
import { Api } from 'grammy';
import type { WebhookInfo } from 'grammy/types';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Product } from '../../db/entities/product.ts';
import type { Shop } from '../../db/entities/shop.ts';
import { type Database, openDatabase } from '../../db/orm.ts';
import { findShopBySlug, openWebhookSecret } from '../../db/repositories/shop.ts';
import { drawIds, openSecrets } from '../../db/secrets.ts';
import type { ChatMessage, PayResult, TapResult } from '../../sandbox/telegram/chat-contract.ts';
import { demoBotToken, demoBotUsername } from '../../sandbox/telegram/demo.ts';
import { openSandbox, type TestSandbox } from '../support/sandbox.ts';
import { testKeys } from '../support/shop.ts';
import { startWholeShop, type WholeShop } from '../support/whole-shop.ts';

const anna = 1001;
const boris = 1002;
const north = { slug: 'north', token: `200000002:${'n'.repeat(35)}`, username: 'north_tillflow_bot' };
const secrets = openSecrets(testKeys);

describe('the whole shop by webhook', { timeout: 60_000 }, () => {
  let shop: WholeShop;
  let db: Database;
  let sandbox: Pick<TestSandbox, 'call' | 'apiRoot'>;

  beforeAll(async () => {
    shop = await startWholeShop({ TILLFLOW_UPDATES: 'webhook', TILLFLOW_KEYS: testKeys });
    db = await openDatabase({ url: shop.ownerDatabaseUrl, poolSize: 2 });
    sandbox = openSandbox(shop.sandboxUrl);
  }, 120_000);
  afterAll(async () => {
    await db?.close(true);
    await shop?.stop();
  });

  const say = (bot: string, person: number, text: string) => sandbox.call('POST', '/messages', { bot, person, text });
  const messages = (bot: string, person: number) =>
    sandbox.call<ChatMessage[]>('GET', `/chats/${person}/messages?person=${person}&bot=${bot}&limit=200`);
  const webhookInfo = (token: string): Promise<WebhookInfo> => new Api(token, { apiRoot: sandbox.apiRoot }).getWebhookInfo();
  const shopOf = async (slug: string) => (await findShopBySlug(db.em.fork(), slug)) as Shop;
  const count = async (table: 'customer' | 'orders') =>
    Number(((await db.em.fork().execute(`select count(*) as n from "${table === 'orders' ? 'order' : table}"`)) as { n: string }[])[0]?.n);

  /** Waits for a message with these words. */
  const sees = (bot: string, person: number, words: string | RegExp) =>
    expect
      .poll(async () => (await messages(bot, person)).map(({ text }) => text ?? ''), { timeout: 20_000 })
      .toEqual(expect.arrayContaining([expect.stringMatching(words)]));

  /** Presses the newest button with these words once it is there. @returns the address of a link */
  async function tap(bot: string, person: number, words: string): Promise<string | undefined> {
    let found: { messageId: number; row: number; column: number; url: string | undefined } | undefined;
    await expect
      .poll(
        async () => {
          for (const { id, replyMarkup } of (await messages(bot, person)).toSorted((a, b) => b.id - a.id)) {
            const rows = replyMarkup && 'inline_keyboard' in replyMarkup ? replyMarkup.inline_keyboard : [];
            for (const [row, buttons] of rows.entries()) {
              const column = buttons.findIndex(({ text }) => text.includes(words));
              const button = buttons[column];
              if (button) found = { messageId: id, row, column, url: 'url' in button ? button.url : undefined };
              if (found) return true;
            }
          }
          return false;
        },
        { timeout: 20_000, message: `a button ${words}` },
      )
      .toBe(true);
    const { url, ...at } = found ?? { messageId: 0, row: 0, column: 0, url: undefined };
    if (url === undefined) await sandbox.call<TapResult>('POST', '/taps', { bot, person, chatId: person, ...at });
    return url;
  }

  test('a customer buys from the wallet with every update by webhook', async () => {
    const bot = demoBotUsername;
    await expect
      .poll(async () => (await webhookInfo(demoBotToken)).url, { timeout: 20_000 })
      .toContain(`${shop.appUrl}/webhooks/telegram/`);
    await say(bot, anna, '/start');
    await sees(bot, anna, /^Welcome to Demo shop!/m);
    const { id } = await db.em.fork().findOneOrFail(Product, { title: { $like: '%cheat sheet%' } });
    await say(bot, anna, `/start p_${id}`);
    await tap(bot, anna, 'Buy now');
    await tap(bot, anna, 'Wallet · 5.00\u00a0PLN');
    await sees(bot, anna, /^Your goods: .*<b>HTML<\/b> & friends/);
    await sees(bot, anna, /🎉 Delivered/);
    // The goods may be there before the tap that bought them is answered for.
    await expect.poll(() => webhookInfo(demoBotToken), { timeout: 10_000 }).toMatchObject({ pending_update_count: 0 });
    expect((await webhookInfo(demoBotToken)).last_error_message).toBe(undefined);
  });

  test('a shop added while it runs serves its own customers in the same process', async () => {
    await sandbox.call('POST', '/bots', { token: north.token, username: north.username, name: 'North' });
    const made = await shop.command<{ id: number; webhooks: { Telegram: string } }>(
      ...['shop', 'add', '--slug', north.slug, '--title', 'North star', '--currency', 'EUR'],
      ...['--token', north.token, '--username', north.username],
    );
    await addBook(made.id);
    await expect.poll(async () => (await webhookInfo(north.token)).url, { timeout: 30_000 }).toBe(made.webhooks.Telegram);
    await say(north.username, boris, '/start');
    await sees(north.username, boris, /North star/);
    const { id } = await db.em.fork().findOneOrFail(Product, { shopId: made.id });
    await say(north.username, boris, `/start p_${id}`);
    await tap(north.username, boris, 'Купить сейчас');
    await tap(north.username, boris, 'Stars');
    const link = await tap(north.username, boris, 'Оплатить');
    const slug = decodeURIComponent(link?.split('$')[1] ?? '');
    expect((await sandbox.call<PayResult>('POST', '/invoices/pay', { person: boris, slug })).status).toBe('paid');
    await sees(north.username, boris, /A book of the north[\s\S]*POLARIS/);
    expect(await messages(demoBotUsername, boris), 'the other shop told him nothing').toEqual([]);
    await say(demoBotUsername, boris, `/start p_${id}`);
    await sees(demoBotUsername, boris, /Demo shop/);
    const told = (await messages(demoBotUsername, boris)).map(({ text }) => text ?? '').join('\n');
    expect(told, 'the other shop sells nothing of it').not.toContain('A book of the north');
  });

  test('a wrong, missing or foreign secret is refused and changes nothing', async () => {
    const [demo, other] = [await shopOf('demo'), await shopOf(north.slug)];
    const customers = await count('customer');
    const before = await messages(demoBotUsername, anna);
    const stranger = { id: 777_001, is_bot: false, first_name: 'Mallory', language_code: 'en' };
    const update = {
      update_id: 4_000_000,
      message: {
        message_id: 1,
        date: 1,
        from: stranger,
        chat: { id: stranger.id, type: 'private', first_name: 'Mallory' },
        text: '/start',
      },
    };
    const send = async (secret: string | undefined, endpointId: string) => {
      const headers = { 'content-type': 'application/json', ...(secret !== undefined && { 'x-telegram-bot-api-secret-token': secret }) };
      const body = JSON.stringify(update);
      return (await fetch(`${shop.appUrl}/webhooks/telegram/${endpointId}`, { method: 'POST', headers, body })).status;
    };
    expect(await send('wrong', demo.webhookEndpointId)).toBe(403);
    expect(await send(undefined, demo.webhookEndpointId)).toBe(403);
    expect(await send(openWebhookSecret(secrets, other), demo.webhookEndpointId)).toBe(403);
    expect(await send(openWebhookSecret(secrets, demo), 'nobody')).toBe(404);
    expect(await count('customer')).toBe(customers);
    expect(await messages(demoBotUsername, anna)).toEqual(before);
    expect(await send(openWebhookSecret(secrets, demo), demo.webhookEndpointId), 'the right one opens').toBe(200);
    expect(await count('customer')).toBe(customers + 1);
  });

  test('nothing the checker finds', async () => {
    expect(await shop.check()).toMatchObject({ ok: true, findings: [], counts: { orders: 2 } });
  });

  async function addBook(shopId: number): Promise<void> {
    const em = db.em.fork();
    const [id = 0] = await drawIds(em, 'product', 1);
    const content = secrets.seal({ table: 'product', column: 'content', id }, 'POLARIS');
    const book = { id, shopId, kind: 'digital', stockMode: 'unlimited', title: 'A book of the north', price: 700, starsPrice: 30 } as const;
    em.persist(em.create(Product, { ...book, methods: ['stars'], content }));
    await em.flush();
  }
});
