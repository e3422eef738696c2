/** A person presses every button there is, from /start on. */
import { pino } from 'pino';
import type { InlineKeyboardButton, Update } from 'grammy/types';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { createShopBot, type ShopBot } from '../../bot/shop-bot.ts';
import { readConfig } from '../../config.ts';
import { Category } from '../../db/entities/category.ts';
import { Photo } from '../../db/entities/photo.ts';
import { PickupPoint } from '../../db/entities/pickup-point.ts';
import { addToBasket } from '../../db/repositories/basket.ts';
import { createTelegram } from '../../gateways/telegram.ts';
import { type Callback, callbackLimitBytes, decodeCallback, encodeCallback } from '../../texts/callback.ts';
import { type FakeTelegram, failure, ok, startFakeTelegram } from '../support/fake-telegram.ts';
import { makePlacingDoor } from '../support/placing-door.ts';
import { makeTestShop, type TestShop } from '../support/shop.ts';

interface ShownMessage {
  readonly text?: string;
  readonly photo?: string;
  readonly buttons: InlineKeyboardButton[];
}

let world: TestShop;
let stock: Awaited<ReturnType<typeof furnish>>;
let fake: FakeTelegram;
let shopBot: ShopBot;
/** The chat as Telegram keeps it. */
const chat = new Map<number, ShownMessage>();
/** Calls that change the chat since the last look, and answers to taps. */
let drawn: { method: string; id: number }[] = [];
let answers: { text?: string }[] = [];
let updateId = 0;
let lastMessageId = 0;
let person = 7_000_000;
const stopping = new AbortController();

beforeAll(async () => {
  world = await makeTestShop();
  stock = await furnish();
  fake = await startFakeTelegram();
  fake.answer(({ method, body }) => draw(method, body));
  // Telegram's limits and the throttle are tested elsewhere.
  let ticks = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => (ticks += 2_000));
  const telegram = createTelegram({ apiRoot: fake.apiRoot, clock: () => (ticks += 2_000) });
  const { db, secrets, shop } = world;
  const services = { config: readConfig({}), db, secrets, door: makePlacingDoor(world).door, telegram, log: pino({ level: 'silent' }) };
  shopBot = createShopBot(services, shop, `${shop.botId}:${'t'.repeat(35)}`, { signal: stopping.signal, watch: () => undefined });
});
afterAll(async () => {
  stopping.abort();
  vi.restoreAllMocks();
  await fake?.close();
  await world?.close();
});
beforeEach(() => {
  chat.clear();
  person += 1;
});

/** What Telegram does: a photo has no text to edit, a text becomes a photo but no photo a text. */
function draw(method: string, body: string) {
  if (method === 'createInvoiceLink') return ok('https://t.me/$abc');
  if (!/^(send|edit|delete|answerCallback)/.test(method)) return undefined;
  const said = body.startsWith('{') ? (JSON.parse(Buffer.from(body, 'latin1').toString()) as Record<string, never>) : {};
  if (method === 'answerCallbackQuery') {
    answers.push(said);
    return ok(true);
  }
  const known = said.message_id === undefined ? undefined : chat.get(said.message_id);
  if (!method.startsWith('send') && !known) return failure(400, 'Bad Request: message to edit not found');
  if (!known) lastMessageId += 1;
  const id = said.message_id ?? lastMessageId;
  drawn.push({ method, id });
  if (method === 'deleteMessage') return ok(chat.delete(id));
  const { inline_keyboard: rows = [] } = (said.reply_markup ?? {}) as { inline_keyboard?: InlineKeyboardButton[][] };
  if (method === 'editMessageText' && known?.text === undefined)
    return failure(400, 'Bad Request: there is no text in the message to edit');
  if (method === 'editMessageCaption' && known?.photo === undefined) return failure(400, 'Bad Request: there is no caption to edit');
  const photo = method === 'sendPhoto' ? said.photo : (said.media as { media?: string } | undefined)?.media;
  const kept = method === 'editMessageCaption' ? known?.photo : photo;
  const buttons = rows.flat();
  chat.set(id, kept === undefined && said.text !== undefined ? { text: said.text, buttons } : { photo: kept ?? 'uploaded', buttons });
  return ok({ message_id: id, ...(kept === undefined ? {} : { photo: [{ file_id: kept }] }) });
}

function look() {
  const seen = { drawn, answers };
  drawn = [];
  answers = [];
  return seen;
}

const from = () => ({ id: person, is_bot: false, first_name: 'Zoë', language_code: 'en' });
const where = () => ({ id: person, type: 'private' as const, first_name: 'Zoë' });

async function say(text: string): Promise<number> {
  look();
  updateId += 1;
  const entities = text.startsWith('/') ? [{ type: 'bot_command', offset: 0, length: text.split(' ')[0]?.length }] : [];
  lastMessageId += 1;
  const message = { message_id: lastMessageId, date: 1_795_000_000, from: from(), chat: where(), text, entities };
  await shopBot.handle({ update_id: updateId, message } as unknown as Update);
  return drawn.at(-1)?.id ?? 0;
}

async function press(messageId: number, data: string) {
  look();
  updateId += 1;
  const { text, photo } = chat.get(messageId) ?? {};
  const shown = photo === undefined ? { text } : { photo: [{ file_id: photo }] };
  const message = { message_id: messageId, date: 1_795_000_000, chat: where(), ...shown };
  const query = { id: String(updateId), from: from(), chat_instance: '1', data, message };
  await shopBot.handle({ update_id: updateId, callback_query: query } as unknown as Update);
  const seen = look();
  return { ...seen, messageId: seen.drawn.findLast(({ method }) => method !== 'deleteMessage')?.id };
}

/** A shop with all there is to see: two pages of a category, a district, photos, money in the wallet. */
async function furnish() {
  const em = world.db.em.fork();
  const { id: shopId } = world.shop;
  const photo = em.create(Photo, { shopId, mediaType: 'image/png', bytes: Buffer.from('one'), telegramFileId: 'photo-1' });
  const other = em.create(Photo, { shopId, mediaType: 'image/png', bytes: Buffer.from('two'), telegramFileId: 'photo-2' });
  const category = em.create(Category, { shopId, name: 'Keys' });
  const point = em.create(PickupPoint, {
    ...{ shopId, city: 'Warsaw', district: 'Praga', name: 'Corner', address: 'Street 1', hours: '9-17' },
    ...{ latitude: 52.25, longitude: 21.03 },
  });
  em.persist([photo, other, category, point]);
  await em.flush();
  const titles = ['A', 'B', 'C', 'D', 'E', 'F', 'G', 'H'];
  const products = [];
  for (const title of titles) products.push(await world.addProduct({ title, units: 20 }));
  const mug = await world.addProduct({ title: 'Mug', kind: 'pickup', stockMode: 'counter', pickupPointId: point.id });
  const ids = products.map(({ id }) => id);
  await em.execute(`update product set category_id = ? where id in (${ids.join(', ')})`, [category.id]);
  await em.execute('update product set photo_id = ? where id in (?, ?)', [photo.id, ids[0], ids[7]]);
  await em.execute('update product set photo_id = ? where id = ?', [other.id, ids[1]]);
  return { category, point, products, mug, photo };
}

/** @returns the customer's id */
async function arrive(cash: number): Promise<number> {
  const customer = await world.addCustomer({ cash });
  await world.db.em.fork().execute('update customer set telegram_user_id = ?, chat_id = ? where id = ?', [person, person, customer.id]);
  return customer.id;
}

const dataOf = (messageId: number | undefined) =>
  (chat.get(messageId ?? 0)?.buttons ?? []).flatMap((button) => ('callback_data' in button ? [button.callback_data] : []));
const callbacksOf = (messageId: number | undefined) => dataOf(messageId).flatMap((data) => decodeCallback(data) ?? []);

/** Screens that differ by a code, by an amount or by which of many like products they show are one: each kind is walked once. */
function alike(callback: Callback): string {
  const { mug, products } = stock;
  const likeProduct = (id: number) => (id === mug.id ? 'mug' : id === products[0]?.id ? 'photo' : 'plain');
  return JSON.stringify(callback, (key, value: unknown) => {
    if (key === 'productId') return likeProduct(value as number);
    if (/Code$|^(lines|total|stars|amount|deliveryId)$/.test(key)) return undefined;
    return value;
  });
}

/** What needs a workflow to answer; their own tests press them. */
const leftOut: readonly Callback['to'][] = ['deposit', 'autoBuy', 'pay', 'cancel', 'resend', 'paid', 'coinLook'];

test('every button reachable from /start is answered once, leads to a screen in one message, and has a way on', {
  timeout: 60_000,
}, async () => {
  const customerId = await arrive(4_000);
  for (const { id } of [stock.mug, stock.products[4]].filter((one) => one !== undefined))
    await addToBasket(world.db.em.fork(), customerId, id);
  const start = await say('/start');
  const seen = new Set<string>();
  // Screens change in place, so each button is pressed in a message of its own that looks as when it was found.
  const queue: { message: ShownMessage; data: string; way: string }[] = [];
  const find = (messageId: number, way: string) => {
    const message = chat.get(messageId) as ShownMessage;
    for (const data of dataOf(messageId)) queue.push({ message, data, way });
  };
  find(start, '/start');
  const kinds = new Set<string>();
  while (queue.length > 0) {
    const { message, data, way } = queue.shift() as (typeof queue)[number];
    const callback = decodeCallback(data);
    expect(callback, `${way} → ${data}`).toBeDefined();
    expect(Buffer.byteLength(data)).toBeLessThanOrEqual(callbackLimitBytes);
    if (!callback || leftOut.includes(callback.to) || seen.has(alike(callback))) continue;
    // A quantity in the basket or on the confirm screen goes on for ever.
    if (callback.to === 'quantity' && callback.quantity > 2) continue;
    if (callback.to === 'confirm' && callback.source.from === 'product' && callback.source.quantity > 2) continue;
    seen.add(alike(callback));
    kinds.add(callback.to);
    const here = `${way} → ${callback.to}`;
    lastMessageId += 1;
    const messageId = lastMessageId;
    chat.set(messageId, message);
    const before = chat.size;
    const { answers: told, drawn: calls, messageId: shown } = await press(messageId, data);
    expect(told.length, here).toBe(1);
    expect(shown ?? told[0]?.text, `${here}: something is seen`).toBeDefined();
    if (shown === undefined) continue;
    const buttons = chat.get(shown)?.buttons ?? [];
    expect(buttons.length, `${here}: no dead end`).toBeGreaterThan(0);
    expect(buttons.length, here).toBeLessThanOrEqual(100);
    if (callback.to !== 'qr' && callback.to !== 'coinQr' && callback.to !== 'show') {
      expect(
        callbacksOf(shown).some(({ to }) => to === 'menu') || callback.to === 'menu',
        `${here}: a way home in ${JSON.stringify(callbacksOf(shown))}`,
      ).toBe(true);
    }
    expect(calls.length, `${here}: ${calls.map(({ method }) => method).join(', ')}`).toBeLessThanOrEqual(callback.to === 'place' ? 4 : 2);
    const more = callback.to === 'qr' || callback.to === 'coinQr' || callback.to === 'show' ? 1 : 0;
    expect(chat.size - before, `${here}: one message`).toBeLessThanOrEqual(more);
    find(shown, here);
  }
  expect([...kinds]).toEqual(
    expect.arrayContaining(['add', 'basket', 'category', 'city', 'clear', 'confirm', 'district', 'help', 'language', 'leaders']),
  );
  expect([...kinds]).toEqual(expect.arrayContaining(['menu', 'order', 'orders', 'place', 'product', 'profile', 'quantity', 'refill']));
});

test('back from a card leads to what it was opened from: that page of the list, the basket, with a stop at the confirm screen', async () => {
  const { category, products, point, mug } = stock;
  await arrive(0);
  const start = await say('/start');
  const go = async (from: number, callback: Callback) => {
    const shown = (await press(from, encodeCallback(callback))).messageId;
    expect(shown, callback.to).toBeDefined();
    return shown as number;
  };
  const open = (from: number, wanted: (callback: Callback) => boolean) => {
    const callback = callbacksOf(from).find(wanted);
    expect(callback).toBeDefined();
    return go(from, callback as Callback);
  };
  const backs = (messageId: number) =>
    callbacksOf(messageId)
      .filter(({ to }) => to !== 'menu')
      .at(-1);
  const isCard = ({ to }: Callback) => to === 'product';

  const second = { to: 'category', categoryId: category.id, page: 1 } as const;
  let at = await open(await go(start, second), isCard);
  expect(backs(at)).toEqual(second);
  at = await open(at, ({ to }) => to === 'add');
  expect(backs(at), 'also after it was put into the basket').toEqual(second);
  at = await open(at, ({ to }) => to === 'confirm');
  at = await open(at, ({ to }) => to === 'confirm');
  at = await open(at, isCard);
  expect(backs(at), 'also from the confirm screen').toEqual(second);
  at = await open(await go(at, { to: 'basket' }), isCard);
  expect(backs(at)).toEqual({ to: 'basket' });

  const district = { to: 'district', pointId: point.id, page: 0 } as const;
  at = await open(await go(at, district), isCard);
  expect(backs(at)).toEqual(district);
  const buttons = chat.get(at)?.buttons ?? [];
  expect(buttons.map((button) => ('url' in button ? button.url : ''))).toEqual(
    expect.arrayContaining([
      'https://www.google.com/maps/search/?api=1&query=52.25,21.03',
      expect.stringContaining(
        `https://t.me/share/url?url=${encodeURIComponent(`https://t.me/${world.shop.botUsername}?start=p_${mug.id}`)}`,
      ),
    ]),
  );
  // Buttons of before this was told lead to the list the product stands in.
  at = await go(at, { to: 'product', productId: products[0]?.id ?? 0 });
  expect(backs(at)).toEqual({ to: 'category', categoryId: category.id, page: 0 });
});

test('a card with a photo is the same message, from a text and to another photo by one edit each', async () => {
  const { category, products, photo } = stock;
  const [first, second, bare] = products.map(({ id }) => ({ to: 'product', productId: id }) as const);
  const start = await say('/start');
  const list = await press(start, encodeCallback({ to: 'category', categoryId: category.id, page: 0 }));
  expect(list.drawn).toEqual([{ method: 'editMessageText', id: start }]);
  expect((await press(start, encodeCallback(first as Callback))).drawn).toEqual([{ method: 'editMessageMedia', id: start }]);
  expect(chat.get(start)?.photo).toBe('photo-1');
  expect((await press(start, encodeCallback({ to: 'add', productId: first?.productId ?? 0 }))).drawn).toEqual([
    { method: 'editMessageCaption', id: start },
  ]);
  expect((await press(start, encodeCallback(second as Callback))).drawn).toEqual([{ method: 'editMessageMedia', id: start }]);
  expect(chat.get(start)?.photo).toBe('photo-2');
  // Telegram takes no picture away: only here a new message comes, and the old one goes.
  const back = await press(start, encodeCallback(bare as Callback));
  expect(back.drawn.map(({ method }) => method)).toEqual(['sendMessage', 'deleteMessage']);
  expect([...chat.keys()]).toEqual([back.messageId]);

  // Sent once by its bytes, known by its name from then on.
  await world.db.em.fork().execute('update photo set telegram_file_id = null where id = ?', [photo.id]);
  fake.calls.length = 0;
  fake.answer(({ method, body }) =>
    method === 'editMessageMedia' ? ok({ message_id: 1, photo: [{ file_id: 'photo-9' }] }) : draw(method, body),
  );
  await press(back.messageId ?? 0, encodeCallback(first as Callback));
  expect(fake.calls.find(({ method }) => method === 'editMessageMedia')?.body).toContain('attach://');
  expect((await world.one('select telegram_file_id from photo where id = ?', [photo.id])).telegram_file_id).toBe('photo-9');
  fake.answer(({ method, body }) => draw(method, body));
});

test.each([
  ['p_999999', 'no longer has'],
  ['c_999999', 'no longer has'],
  ['point_999999', 'no longer has'],
  ['order_K7Q4MX2P', 'I find no order K7Q4-MX2P of yours'],
  ['nonsense', 'I do not know this link'],
  ['p_0', 'I do not know this link'],
  ['p_9999999999999999', 'I do not know this link'],
])('the link %s, which leads nowhere, is answered kindly and with the menu', async (payload, words) => {
  const shown = await say(`/start ${payload}`);
  expect(chat.get(shown)?.text).toContain(words);
  expect(callbacksOf(shown).map(({ to }) => to)).toContain('shop');
});

test('whom the Mini App sends to the chat is greeted, as by no link at all', async () => {
  expect(chat.get(await say('/start app'))?.text).toEqual(chat.get(await say('/start'))?.text);
});

test('links to a category and to a pickup point open their lists', async () => {
  const { category, point } = stock;
  expect(chat.get(await say(`/start c_${category.id}`))?.text).toContain('8 products');
  expect(chat.get(await say(`/start point_${point.id}`))?.text).toContain('Warsaw, Praga');
});
