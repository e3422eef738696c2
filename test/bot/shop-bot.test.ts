import { setTimeout as sleep } from 'node:timers/promises';
import type { Update } from 'grammy/types';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { createShopBot, type ShopBot } from '../../bot/shop-bot.ts';
import { readConfig } from '../../config.ts';
import { Product } from '../../db/entities/product.ts';
import { changeWording } from '../../db/repositories/wording.ts';
import { findOrderView } from '../../db/repositories/order.ts';
import { createPromoCode } from '../../db/repositories/promo-code-staff.ts';
import { createShop } from '../../db/repositories/shop.ts';
import { createTelegram } from '../../gateways/telegram.ts';
import { type Callback, decodeCallback, encodeCallback } from '../../texts/callback.ts';
import { type FakeTelegram, ok, startFakeTelegram } from '../support/fake-telegram.ts';
import { makePlacingDoor } from '../support/placing-door.ts';
import { makeTestShop, type TestShop } from '../support/shop.ts';

let world: TestShop;
let fake: FakeTelegram;
let shopBot: ShopBot;
let stopping: AbortController;
let background: Promise<void>[];
let door: ReturnType<typeof makePlacingDoor>;
let updateId = 0;
let person = 6_000;
const em = () => world.db.em.fork();

function nextUpdateId(): number {
  updateId += 1;
  return updateId;
}

interface Sent {
  readonly method: string;
  readonly text: string;
  readonly buttons: (Callback | undefined)[];
  readonly body: Record<string, unknown>;
}

/** What the bot said from `from` on: messages and edits. */
function said(from = 0): Sent[] {
  return fake.calls.slice(from).flatMap(({ method, body }) => {
    if (!/^(sendMessage|editMessageText)$/.test(method)) return [];
    const parsed = JSON.parse(Buffer.from(body, 'latin1').toString().replaceAll('\u00a0', ' ')) as {
      text: string;
      reply_markup?: { inline_keyboard: { callback_data?: string }[][] };
    };
    const buttons = (parsed.reply_markup?.inline_keyboard ?? []).flat().map((button) => decodeCallback(button.callback_data));
    return [{ method, text: parsed.text, buttons, body: parsed as Record<string, unknown> }];
  });
}

const answers = (from = 0) =>
  fake.calls
    .slice(from)
    .filter(({ method }) => method === 'answerCallbackQuery')
    .map(({ body }) => JSON.parse(Buffer.from(body, 'latin1').toString()) as { text?: string; show_alert?: boolean });

const from = (languageCode = 'en') => ({ id: person, is_bot: false, first_name: 'Zoë <i>', language_code: languageCode });
const chat = () => ({ id: person, type: 'private' as const, first_name: 'Zoë' });

function message(fields: object, languageCode?: string): Update {
  updateId += 1;
  const text = (fields as { text?: string }).text;
  const entities = text?.startsWith('/') ? [{ type: 'bot_command', offset: 0, length: text.split(' ')[0]?.length ?? 0 }] : undefined;
  return {
    update_id: updateId,
    message: { message_id: updateId, date: 1_795_000_000, from: from(languageCode), chat: chat(), entities, ...fields },
  } as unknown as Update;
}

function press(data: string | Callback, messageId = 500): Update {
  updateId += 1;
  const callbackData = typeof data === 'string' ? data : encodeCallback(data);
  const pressed = { message_id: messageId, date: 1_795_000_000, chat: chat(), text: 'x' };
  return {
    update_id: updateId,
    callback_query: { id: String(updateId), from: from(), chat_instance: '1', data: callbackData, message: pressed },
  } as unknown as Update;
}

beforeAll(async () => {
  world = await makeTestShop();
  fake = await startFakeTelegram();
});
afterAll(async () => {
  await fake?.close();
  await world?.close();
});

beforeEach(() => {
  person += 1;
  fake.calls.length = 0;
  fake.answer(({ method }) => (method === 'createInvoiceLink' ? ok('https://t.me/$abc') : undefined));
  stopping = new AbortController();
  background = [];
  door = makePlacingDoor(world);
  shopBot = makeBot();
});
afterEach(async () => {
  stopping.abort();
  await Promise.all(background);
});

function makeBot(db = world.db): ShopBot {
  const config = readConfig({});
  // A clock that leaps keeps Telegram's limits, tested elsewhere, out of these tests.
  let ticks = 0;
  const telegram = createTelegram({ apiRoot: fake.apiRoot, clock: () => (ticks += 2_000) });
  const services = { config, db, secrets: world.secrets, door: door.door, telegram, log: pino({ level: 'silent' }) };
  const patience = { signal: stopping.signal, watch: (work: Promise<void>) => void background.push(work) };
  return createShopBot(services, world.shop, `${world.shop.botId}:${'t'.repeat(35)}`, patience);
}

/** The database away: every query fails. */
const refuse = () => Promise.reject(new Error('connection refused'));
const brokenParts: Readonly<Record<string, () => unknown>> = {
  getKysely: () => ({ executeQuery: refuse }),
  getDriver: () => ({ convertException: (err: unknown) => err }),
};
const brokenDatabase = {
  em: { fork: () => new Proxy({}, { get: (_, name) => brokenParts[String(name)] ?? refuse }) },
} as unknown as TestShop['db'];

async function confirmScreen(product: Product): Promise<Sent> {
  await shopBot.handle(press({ to: 'confirm', source: { from: 'product', productId: product.id, quantity: 1 } }));
  return said().at(-1) as Sent;
}

const placeButton = (screen: Sent, method: string) =>
  screen.buttons.find((button) => button?.to === 'place' && button.method === method) as Extract<Callback, { to: 'place' }>;

async function customerWithMoney(cash: number) {
  const customer = await world.addCustomer({ cash });
  await em().execute('update customer set telegram_user_id = ?, chat_id = ? where id = ?', [person, person, customer.id]);
  return customer;
}

describe('a visit', () => {
  test('/start greets in the language of the first visit, and the menu is there', async () => {
    await shopBot.handle(message({ text: '/start' }, 'ru-RU'));
    const [screen] = said();
    expect(screen?.text).toContain('Добро пожаловать');
    expect(screen?.buttons.map((button) => button?.to)).toEqual([
      'shop',
      'basket',
      'orders',
      'wallet',
      'referrals',
      'profile',
      'language',
      'help',
    ]);
    expect(screen?.body.parse_mode).toBeUndefined();
  });

  test('a chosen language stays, whatever Telegram says', async () => {
    await shopBot.handle(press({ to: 'speak', language: 'pl' }));
    await shopBot.handle(message({ text: '/help' }, 'en'));
    expect(said().at(-1)?.text).toContain('Co możesz tu zrobić');
  });

  test('help says what one can do here, inline mode only where it is on, and leads on', async () => {
    await shopBot.handle(message({ text: '/help' }));
    expect(said().at(-1)?.text).toContain('What you can do here');
    expect(said().at(-1)?.text).not.toContain('in any chat');
    expect(said().at(-1)?.text).toContain('“Shop app” beside the input');
    const leads = (said().at(-1)?.buttons ?? []).map((button) => button?.to);
    expect(leads).toEqual(['shop', 'code', 'gifts', 'orders', 'refill', 'menu']);
    shopBot.learn({ supports_inline_queries: true });
    await shopBot.handle(message({ text: '/help' }));
    expect(said().at(-1)?.text).toContain(`@${world.shop.botUsername} and a name, in any chat`);
    shopBot.learn({ supports_inline_queries: false });
  });

  test('a promo code that is written without being asked for is entered; a plain word is a name alone', async () => {
    const wish = { description: '', kind: 'percent', value: 10, useLimit: null, customerLimit: null, firstOrderOnly: false } as const;
    const anything = { productId: null, categoryId: null, minimumTotal: 0, startsAt: null, endsAt: null, customerIds: [] };
    for (const code of ['SPRING24', 'PLAIN'])
      await createPromoCode(em(), { ...wish, ...anything, code, shopId: world.shop.id, actor: 'test', at: new Date() });
    await shopBot.handle(message({ text: 'spring24' }));
    expect(said().at(-1)?.text).toContain('Code SPRING24 is entered');
    await shopBot.handle(message({ text: 'plain' }));
    expect(said().at(-1)?.text).toContain('I found nothing called “plain”');
    await sleep(1_050);
    await shopBot.handle(message({ text: 'SPRING25' }));
    expect(said().at(-1)?.text).toContain('I found nothing called “SPRING25”');
  });

  test("a voucher's code that is written without being asked for is tried at once", async () => {
    await shopBot.handle(message({ text: 'abcde-23456-fghjk-78989' }));
    expect(said().at(-1)?.text).toContain('There is no such voucher');
    expect(said().at(-1)?.buttons).toContainEqual({ to: 'redeem' });
  });

  test.each(['1zz', '0m', 'garbage'])('the old button %s opens a fresh screen', async (data) => {
    await shopBot.handle(press(data));
    expect(said().at(-1)?.text).toContain('older message');
    expect(said().at(-1)?.buttons.length).toBeGreaterThan(4);
  });

  test('what it does not understand gets a friendly answer, what nobody said gets none', async () => {
    await shopBot.handle(message({ text: '?! 🤷' }));
    expect(said().at(-1)?.text).toContain('I did not understand');
    const before = fake.calls.length;
    const reads = vi.spyOn(world.db.em, 'fork');
    await shopBot.handle(message({ pinned_message: {} }));
    expect(fake.calls.length).toBe(before);
    expect(reads, 'nothing is read for it either').not.toHaveBeenCalled();
    reads.mockRestore();
  });

  test('a name that is written is looked for: pages, a card and the way back, and kind words when there is nothing', async () => {
    for (let number = 1; number <= 8; number += 1) await world.addProduct({ title: `Żółty kubek ${number}` });
    await shopBot.handle(message({ text: 'ZOLTE kubki' }));
    const list = said().at(-1);
    expect(list?.text).toContain('ZOLTE kubki');
    expect(list?.text).toContain('8 products');
    const targets = (list?.buttons ?? []).flatMap((button) => button ?? []);
    expect(targets).toContainEqual({ to: 'found', page: 1 });
    const card = targets.find((button) => button.to === 'product');
    await shopBot.handle(press(card as Callback));
    expect(said().at(-1)?.text).toContain('Żółty kubek');
    expect(said().at(-1)?.buttons).toContainEqual({ to: 'found', page: 0 });
    await shopBot.handle(press({ to: 'found', page: 1 }));
    expect(said().at(-1)?.text).toContain('Żółty kubek 8');

    await shopBot.handle(message({ text: 'zolty kubeek' }));
    expect(said().at(-1)?.text).toContain('zolty kubek”');
    // Two messages a second are not too many.
    await sleep(1_050);
    await shopBot.handle(message({ text: 'perpetuum <b>mobile' }));
    expect(said().at(-1)?.text).toContain('I found nothing called');
    expect(said().at(-1)?.buttons, 'it may have been a code').toContainEqual({ to: 'code', source: null });
    expect(said().at(-1)?.buttons).toContainEqual({ to: 'shop' });
    // What was found last stays.
    await shopBot.handle(press({ to: 'found', page: 0 }));
    expect(said().at(-1)?.text).toContain('Żółty kubek');
  });

  test('in any chat it answers with cards: by name, one by its link, in the language of whoever asks, and leads to the shop when there is none', async () => {
    const product = await world.addProduct({ title: 'Słoik <miodu>', price: 2_500 });
    const { id: shopId } = await createShop(em(), world.secrets, {
      slug: 'other',
      title: 'Other',
      currency: 'PLN',
      timeZone: 'Europe/Warsaw',
      botToken: `300000001:${'t'.repeat(35)}`,
      botUsername: 'other_bot',
      actor: 'system',
    });
    const foreign = em().create(Product, {
      shopId,
      kind: 'digital',
      stockMode: 'unlimited',
      title: 'Słoik obcy',
      price: 1,
      methods: ['card'],
    });
    await em().persist(foreign).flush();
    const ask = async (query: string, languageCode = 'pl') => {
      person += 1;
      const before = fake.calls.length;
      await shopBot.handle({ update_id: nextUpdateId(), inline_query: { id: 'q1', from: from(languageCode), query, offset: '' } });
      const answer = fake.calls.slice(before).find(({ method }) => method === 'answerInlineQuery');
      return JSON.parse(Buffer.from(answer?.body ?? '', 'latin1').toString()) as Record<string, unknown> & {
        results: Record<string, unknown>[];
      };
    };
    const found = await ask('sloik');
    expect(found).toMatchObject({ inline_query_id: 'q1', is_personal: true, cache_time: 10, next_offset: '' });
    expect(found.results).toMatchObject([
      {
        type: 'article',
        id: `p_${product.id}`,
        title: 'Słoik <miodu>',
        description: expect.stringContaining('25,00'),
        reply_markup: {
          inline_keyboard: [[{ text: 'Otwórz w sklepie', url: `https://t.me/${world.shop.botUsername}?start=p_${product.id}` }]],
        },
      },
    ]);
    expect((await ask(`p_${product.id}`, 'ru')).results).toMatchObject([{ id: `p_${product.id}` }]);
    for (const query of [`p_${foreign.id}`, 'obcy', "'; drop table product; --"]) {
      const none = await ask(query, 'en');
      expect(none).toMatchObject({ results: [], button: { text: 'Nothing found. Look around the shop', start_parameter: 'shop' } });
    }
    await shopBot.handle(message({ text: '/start shop' }));
    expect(said().at(-1)?.text).toContain('what you are looking for');
    const before = fake.calls.length;
    await shopBot.handle(message({ text: 'Słoik', via_bot: { id: world.shop.botId, is_bot: true, first_name: 'Shop' } }));
    expect(fake.calls.length, 'a card brought into its own chat is no question').toBe(before);
  });

  test.each([
    ['a sticker', { sticker: { file_id: 'x' } }, 'words only'],
    ['a voice', { voice: { file_id: 'x' } }, 'words only'],
    ['a poll', { poll: { id: '1', question: 'x', options: [] } }, 'words only'],
    ['a place', { location: { latitude: 52, longitude: 21 } }, 'words only'],
    ['a post of a channel, passed on', { photo: [{ file_id: 'x' }], forward_origin: { type: 'channel' } }, 'words only'],
    ['a command it does not have', { text: '/nonsense now' }, 'no command /nonsense'],
  ])('%s is answered kindly, with the menu', async (_, fields, words) => {
    await shopBot.handle(message(fields));
    expect(said().at(-1)?.text).toContain(words);
    expect(
      said()
        .at(-1)
        ?.buttons.map((button) => button?.to),
    ).toContain('shop');
  });

  test('nothing is said where nobody asked: in groups, to bots, below a message of inline mode', async () => {
    const group = { chat: { id: -5, type: 'supergroup', title: 'Friends' } };
    await shopBot.handle(message({ text: 'hello all', ...group }));
    await shopBot.handle(message({ text: '/shop', ...group }));
    await shopBot.handle(message({ text: 'beep', from: { ...from(), is_bot: true } }));
    expect(fake.calls.map(({ method }) => method)).toEqual([]);
    const query = { id: '77', from: from(), chat_instance: '1', inline_message_id: 'i', data: encodeCallback({ to: 'shop' }) };
    await shopBot.handle({ update_id: nextUpdateId(), callback_query: query } as unknown as Update);
    expect(
      fake.calls.map(({ method }) => method),
      'a tap is answered all the same',
    ).toEqual(['answerCallbackQuery']);
  });

  test('an answer longer than Telegram takes is cut, not lost', async () => {
    const text = 'Hello '.repeat(60).trim();
    await changeWording(em(), { shopId: world.shop.id, language: 'en', id: 'language-set', text, actor: 'test', at: new Date() });
    await shopBot.handle(press({ to: 'speak', language: 'en' }));
    expect(answers().at(-1)?.text).toBe(text.slice(0, 200));
    await changeWording(em(), {
      shopId: world.shop.id,
      language: 'en',
      id: 'language-set',
      text: undefined,
      actor: 'test',
      at: new Date(),
    });
  });

  test('a link to a product opens it; one that leads nowhere says so', async () => {
    const product = await world.addProduct({ title: '<b>T</b> & co', discountPercent: 20 });
    await shopBot.handle(message({ text: `/start p_${product.id}` }));
    expect(said().at(-1)?.text).toContain('<b>T</b> & co');
    expect(said().at(-1)?.text).toContain('50.00 PLN 40.00 PLN');
    await shopBot.handle(message({ text: '/start p_999999' }));
    expect(said().at(-1)?.text).toContain('no longer has');
  });

  test('a banned person is told so and reaches support only', async () => {
    const customer = await customerWithMoney(0);
    await em().execute('update customer set banned_at = now() where id = ?', [customer.id]);
    await shopBot.handle(press({ to: 'shop' }));
    expect(answers().at(-1)).toMatchObject({ show_alert: true, text: expect.stringContaining('cannot use this shop') as string });
    expect(said()).toEqual([]);
    await shopBot.handle(message({ text: '/support' }));
    expect(said().length).toBe(1);
  });

  test('whoever blocks the bot is marked, and unmarked when they come back', async () => {
    const customer = await customerWithMoney(0);
    const member = (status: string) =>
      ({
        update_id: nextUpdateId(),
        my_chat_member: { chat: chat(), from: from(), date: 1_795_000_000, old_chat_member: {}, new_chat_member: { status } },
      }) as unknown as Update;
    const blocked = async () =>
      ((await em().execute('select blocked_at from customer where id = ?', [customer.id])) as { blocked_at: unknown }[])[0]?.blocked_at;
    const writtenBy = async () => ((await em().execute('select xmin::text from customer where id = ?', [customer.id])) as object[])[0];
    await shopBot.handle(member('kicked'));
    expect(await blocked()).not.toBeNull();
    const first = await writtenBy();
    await shopBot.handle(member('kicked'));
    expect(await writtenBy(), 'told again, nothing is written').toEqual(first);
    await shopBot.handle(member('member'));
    expect(await blocked()).toBeNull();
  });
});

describe('a tap', () => {
  test('is answered within a second although the one before it in its chat is not done', async () => {
    const slow = Promise.withResolvers<void>();
    fake.answer(async ({ method }) => {
      if (method === 'editMessageText') await slow.promise;
      return undefined;
    });
    const begun = performance.now();
    const both = Promise.all([shopBot.handle(press({ to: 'shop' })), shopBot.handle(press({ to: 'basket' }))]);
    await expect.poll(() => answers().length, { timeout: 950 }).toBe(2);
    expect(performance.now() - begun).toBeLessThan(1_000);
    slow.resolve();
    await both;
    expect(answers().length).toBe(2);
  });

  test('is answered kindly when the database is away, in words that promise nothing was lost', async () => {
    shopBot = makeBot(brokenDatabase);
    await shopBot.handle(press({ to: 'shop' }));
    expect(answers()).toEqual([
      expect.objectContaining({ show_alert: true, text: expect.stringContaining('did not work just now') as string }),
    ]);
    await shopBot.handle(message({ text: '/start' }, 'pl'));
    expect(said().at(-1)?.text).toContain('Teraz się nie udało');
  });

  test('six in a second are too many, and each is answered', async () => {
    for (let index = 0; index < 6; index += 1) await shopBot.handle(press({ to: 'help' }));
    expect(answers().length).toBe(6);
    expect(answers().at(-1)?.text).toContain('slower');
  });
});

describe('a product', () => {
  test('with options is bought by choosing them; from the basket its card opens as it was chosen', async () => {
    await customerWithMoney(20_000);
    const options = [{ name: 'Size', values: ['S', 'M'] }];
    const shown = await world.addProduct({ title: 'Shirt', options, stockMode: 'unlimited', price: 4000 });
    await world.addProduct({ title: 'Shirt, S', variantOf: shown.id, optionValues: ['S'], units: 0, price: 4000 });
    const medium = await world.addProduct({ title: 'Shirt, M', variantOf: shown.id, optionValues: ['M'], units: 1, price: 4500 });
    await shopBot.handle(press({ to: 'product', productId: shown.id }));
    expect(
      said()
        .at(-1)
        ?.buttons.map((button) => button?.to),
    ).not.toContain('confirm');
    await shopBot.handle(press({ to: 'card', productId: shown.id, picks: [1], photo: 0 }));
    expect(said().at(-1)?.text).toContain('45.00 PLN');
    // Buttons from before it had options choose nothing.
    await shopBot.handle(press({ to: 'add', productId: shown.id }));
    await shopBot.handle(press({ to: 'confirm', source: { from: 'product', productId: shown.id, quantity: 1 } }));
    expect(answers().at(-1)?.text).toContain('no longer on sale');
    await shopBot.handle(press({ to: 'add', productId: medium.id }));
    await shopBot.handle(press({ to: 'product', productId: medium.id, origin: { from: 'basket' } }));
    expect(said().at(-1)?.buttons).toContainEqual(
      expect.objectContaining({ to: 'confirm', source: { from: 'product', productId: medium.id, quantity: 1 } }),
    );
    // Five presses a second are not too many.
    await sleep(1_050);
    await shopBot.handle(press(placeButton(await confirmScreen(medium), 'wallet')));
    expect(said().at(-1)?.text).toContain('Paid');
  });

  test('whose amount the customer names takes it from a button or as the next message, and names the bounds of one that is not possible', async () => {
    await customerWithMoney(20_000);
    const bounds = { donationMinimum: 500, donationMaximum: 10_000 };
    const cats = await world.addProduct({ kind: 'donation', stockMode: 'unlimited', title: 'Cats', price: 1000, ...bounds });
    await shopBot.handle(message({ text: '12' }));
    expect(said().at(-1)?.text, 'nobody asked').not.toContain('Cats');
    await sleep(1_050);
    await shopBot.handle(press({ to: 'amount', productId: cats.id }));
    expect(said().at(-1)?.text).toContain('5.00 PLN to 100.00 PLN');
    for (const text of ['4.99', '100,01']) {
      await shopBot.handle(message({ text }));
      expect(said().at(-1)?.text, text).toMatch(/not possible.*5\.00 PLN to 100\.00 PLN/);
    }
    // Two messages a second are not too many.
    await sleep(1_050);
    await shopBot.handle(message({ text: '12,50' }));
    const place = placeButton(said().at(-1) as Sent, 'wallet');
    expect(place).toMatchObject({ total: 1250, source: { productId: cats.id, quantity: 1, amount: 1250 } });
    await shopBot.handle(message({ text: '13' }));
    expect(said().at(-1)?.text, 'it was named').not.toContain('Cats');
    await shopBot.handle(press(place));
    expect(await findOrderView(em(), place.orderCode)).toMatchObject({
      status: 'paid',
      total: 1250,
      lines: [{ title: 'Cats', price: 1250 }],
    });
  });
});

describe('placing', () => {
  test('an old screen places what it showed or nothing', async () => {
    await customerWithMoney(20_000);
    const product = await world.addProduct();
    await shopBot.handle(press({ to: 'add', productId: product.id }));
    await shopBot.handle(press({ to: 'confirm', source: { from: 'basket' } }));
    const place = placeButton(said().at(-1) as Sent, 'wallet');
    await shopBot.handle(press({ to: 'add', productId: product.id }));
    await shopBot.handle(press(place));
    expect(door.state.placed).toEqual([]);
    expect(said().at(-1)?.text).toContain('changed since');
    expect(placeButton(said().at(-1) as Sent, 'wallet').orderCode).not.toBe(place.orderCode);
  });

  test('the same tap again shows the one order', async () => {
    await customerWithMoney(20_000);
    const product = await world.addProduct();
    const place = placeButton(await confirmScreen(product), 'wallet');
    await shopBot.handle(press(place));
    await shopBot.handle(press(place));
    expect(door.state.placed.length).toBe(1);
    expect(said().at(-1)?.text).toContain('Paid');
    expect((await findOrderView(em(), place.orderCode))?.status).toBe('paid');
  });

  test('a refusal is said on a confirm screen with a new code', async () => {
    await customerWithMoney(100);
    const shown = await confirmScreen(await world.addProduct());
    // The screen offers what is missing instead; an older one had the wallet's button still.
    expect(shown.buttons.map((button) => button?.to)).toEqual(expect.arrayContaining(['autoBuy', 'refillAmount']));
    const place = { ...placeButton(shown, 'card'), method: 'wallet' as const };
    await shopBot.handle(press(place));
    const screen = said().at(-1) as Sent;
    expect(screen.text).toContain('not enough in your wallet');
    expect(placeButton(screen, 'card').orderCode).not.toBe(place.orderCode);
    expect(await findOrderView(em(), place.orderCode)).toBeUndefined();
  });

  test('a price that changed since is said, and the new one shown', async () => {
    await customerWithMoney(20_000);
    const product = await world.addProduct();
    const place = placeButton(await confirmScreen(product), 'wallet');
    await em().execute('update product set price = 6000 where id = ?', [product.id]);
    await shopBot.handle(press(place));
    expect(said().at(-1)?.text).toContain('price has changed');
    expect(placeButton(said().at(-1) as Sent, 'wallet').total).toBe(6_000);
  });

  test('"buy" pressed again because nothing moves is the same order: a tap on each of its screens pays once', async () => {
    const customer = await customerWithMoney(20_000);
    const product = await world.addProduct();
    const places = [await confirmScreen(product), await confirmScreen(product)].map((screen) => placeButton(screen, 'wallet'));
    for (const place of places) await shopBot.handle(press(place));
    const orders: unknown[] = await em().execute('select code, status from "order" where customer_id = ?', [customer.id]);
    expect(orders).toEqual([{ code: places[0]?.orderCode, status: 'paid' }]);
    expect(placeButton(await confirmScreen(product), 'wallet').orderCode).not.toBe(places[0]?.orderCode);
  });

  test('bought from two cards, or again before Temporal answered, it has one code as well', async () => {
    await customerWithMoney(20_000);
    const product = await world.addProduct();
    const place = placeButton(await confirmScreen(product), 'wallet');
    const buy: Callback = { to: 'confirm', source: { from: 'product', productId: product.id, quantity: 1 } };
    await shopBot.handle(press(buy, 501));
    expect(placeButton(said().at(-1) as Sent, 'wallet').orderCode).toBe(place.orderCode);
    door.state.silent = 1;
    await shopBot.handle(press(place));
    await shopBot.handle(press(buy, 502));
    expect(placeButton(said().at(-1) as Sent, 'wallet').orderCode).toBe(place.orderCode);
  });

  test('an open order of the same lines is shown instead of a second one', async () => {
    await customerWithMoney(0);
    const product = await world.addProduct();
    const first = placeButton(await confirmScreen(product), 'stars');
    await shopBot.handle(press(first));
    expect(said().at(-1)?.text).toContain('Waiting for your payment');
    await shopBot.handle(press(placeButton(await confirmScreen(product), 'stars'), 501));
    expect(said().at(-1)?.text).toContain('already have this order open');
    expect(said().at(-1)?.text).toContain(`${first.orderCode.slice(0, 4)}-${first.orderCode.slice(4)}`);
  });

  test('no answer in time: "I will write here", and then it does', async () => {
    await customerWithMoney(0);
    const place = placeButton(await confirmScreen(await world.addProduct()), 'stars');
    door.state.silent = 1;
    await shopBot.handle(press(place));
    expect(said().at(-1)?.text).toContain('I will write here');
    expect(said().at(-1)?.buttons).toEqual([place]);
    await Promise.all(background);
    expect(said().at(-1)?.text).toContain('Waiting for your payment');
    expect(said().at(-1)?.body.message_id).toBe(500);
  });

  test('a menu opened from the order leaves its message alone', async () => {
    await customerWithMoney(0);
    await shopBot.handle(press(placeButton(await confirmScreen(await world.addProduct()), 'stars')));
    const before = fake.calls.length;
    await shopBot.handle(press({ to: 'menu' }, 500));
    expect(said(before).map(({ method }) => method)).toEqual(['sendMessage']);
  });

  test("another customer's order is as unknown as none", async () => {
    await customerWithMoney(0);
    const place = placeButton(await confirmScreen(await world.addProduct()), 'stars');
    await shopBot.handle(press(place));
    person += 1;
    for (const to of ['order', 'cancel', 'resend', 'pay'] as const) {
      const before = fake.calls.length;
      const { orderCode } = place;
      await shopBot.handle(
        press(
          to === 'order'
            ? { to, orderCode, anew: false }
            : to === 'pay'
              ? { to, orderCode, method: 'wallet', attempt: 2, coin: null }
              : { to, orderCode },
          600,
        ),
      );
      await sleep(250);
      const words = [...said(before).map(({ text }) => text), ...answers(before).map(({ text }) => text)].join('\n');
      expect(words, to).toContain('There is no such order');
    }
    expect((await findOrderView(em(), place.orderCode))?.status).toBe('awaitingPayment');
  });
});

describe('Stars', () => {
  async function placeStars() {
    await customerWithMoney(0);
    const place = placeButton(await confirmScreen(await world.addProduct()), 'stars');
    await shopBot.handle(press(place));
    const view = await findOrderView(em(), place.orderCode);
    return { orderCode: place.orderCode, paymentId: view?.payment?.id ?? '', amount: view?.payment?.amount ?? 0 };
  }
  const payment = ({ paymentId, amount }: { paymentId: string; amount: number }, chargeId: string) => ({
    currency: 'XTR',
    total_amount: amount,
    invoice_payload: paymentId,
    telegram_payment_charge_id: chargeId,
    provider_payment_charge_id: '',
  });
  const inbox = (orderCode: string): Promise<Record<string, unknown>[]> =>
    em().execute(
      'select i.kind, i.object_id, i.amount, i.verdict from inbox i join "order" o on o.id = i.order_id where o.code = ? order by i.id',
      [orderCode],
    );

  test('a pre-checkout is answered although the chat is busy; refused, in the customer’s words', async () => {
    const order = await placeStars();
    const query = (amount: number): Update =>
      ({
        update_id: nextUpdateId(),
        pre_checkout_query: { id: 'q', from: from(), currency: 'XTR', total_amount: amount, invoice_payload: order.paymentId },
      }) as unknown as Update;
    await shopBot.handle(query(order.amount));
    await shopBot.handle(query(order.amount + 1));
    const verdicts = fake.calls.filter(({ method }) => method === 'answerPreCheckoutQuery').map(({ body }) => JSON.parse(body) as object);
    expect(verdicts).toEqual([
      expect.objectContaining({ ok: true }),
      expect.objectContaining({ ok: false, error_message: expect.stringContaining('not valid') as string }),
    ]);
  });

  test('a payment is in the inbox once before anyone is rung, however often Telegram tells', async () => {
    const order = await placeStars();
    const paid = message({ successful_payment: payment(order, 'ch_1') });
    await shopBot.handle(paid);
    await shopBot.handle(paid);
    expect(await inbox(order.orderCode)).toEqual([
      { kind: 'settled', object_id: 'ch_1', amount: String(order.amount), verdict: 'verified' },
    ]);
    // The chat does not wait for what comes of a ring.
    await expect.poll(() => door.rung).toEqual(Array.from({ length: 2 }, () => `order:${order.orderCode}`));
    door.closed.add(`order:${order.orderCode}`);
    await shopBot.handle(message({ successful_payment: payment(order, 'ch_2') }));
    await expect.poll(() => door.started).toEqual(['stray:stars:ch_2']);
  });

  test('a payment that nobody could be rung for is stored all the same', async () => {
    const order = await placeStars();
    door.away = true;
    await shopBot.handle(message({ successful_payment: payment(order, 'ch_3') }));
    expect((await inbox(order.orderCode)).length).toBe(1);
  });

  test('a payment that cannot be stored comes again', async () => {
    const order = await placeStars();
    shopBot = makeBot(brokenDatabase);
    await expect(shopBot.handle(message({ successful_payment: payment(order, 'ch_4') }))).rejects.toThrow();
  });
});

describe('staff', () => {
  test('only staff act, only as their role may, and a cancel asks twice', async () => {
    await customerWithMoney(0);
    const place = placeButton(await confirmScreen(await world.addProduct()), 'stars');
    await shopBot.handle(press(place));
    const act = (confirmed: boolean): Callback => ({ to: 'act', act: 'cancel', orderCode: place.orderCode, lineId: 0, confirmed });

    await shopBot.handle(press(act(true), 900));
    expect(answers().at(-1)?.text).toContain('Only staff');

    await em().execute('insert into staff (shop_id, telegram_user_id, role) values (?, ?, ?)', [world.shop.id, person, 'support']);
    await shopBot.handle(press(act(true), 900));
    expect(answers().at(-1)?.text).toContain('role');

    await em().execute("update staff set role = 'manager' where telegram_user_id = ?", [person]);
    await shopBot.handle(press(act(false), 900));
    expect(said().at(-1)?.buttons).toEqual([act(true), { to: 'staff', orderCode: place.orderCode }]);
    expect((await findOrderView(em(), place.orderCode))?.status).toBe('awaitingPayment');
  });
});
