/** Stages: one a product, sent once a request, opened by a link, and every number of theirs from rows that say so. */
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createAlertActivities } from '../../activities/alert.ts';
import type { ActivityContext } from '../../activities/context.ts';
import { createNoticeActivities } from '../../activities/notice.ts';
import { createOrderActivities } from '../../activities/order.ts';
import { createRefundActivities } from '../../activities/refund.ts';
import { createShopBot } from '../../bot/shop-bot.ts';
import { readConfig } from '../../config.ts';
import { checkDatabase } from '../../db/check.ts';
import type { Customer } from '../../db/entities/customer.ts';
import type { Product } from '../../db/entities/product.ts';
import type { Shop } from '../../db/entities/shop.ts';
import type { Stage } from '../../db/entities/stage.ts';
import { createShop } from '../../db/repositories/shop.ts';
import { createStage, findStage, listStages, quoteStages, removeStage, type StageWish, updateStage } from '../../db/repositories/stage.ts';
import { type SendWish, sendStage } from '../../db/repositories/stage-send.ts';
import { readStageStats } from '../../db/repositories/stage-stats.ts';
import { createTelegram } from '../../gateways/telegram.ts';
import { type Callback, decodeCallback, encodeCallback } from '../../texts/callback.ts';
import { makeFakeDoor } from '../support/fake-door.ts';
import { failure, type FakeTelegram, startFakeTelegram } from '../support/fake-telegram.ts';
import { makeTestShop, newCode, type TestShop } from '../support/shop.ts';

let world: TestShop;
let fake: FakeTelegram;
let other: Shop;
let steps: ReturnType<typeof createOrderActivities> & ReturnType<typeof createNoticeActivities> & ReturnType<typeof createAlertActivities>;
let refunds: ReturnType<typeof createRefundActivities>;
const staffChat = -100_700;
const start = Date.now() - 3_600_000;
const em = () => world.db.em.fork();
const act = { actor: 'cli', at: new Date(start) };

beforeAll(async () => {
  world = await makeTestShop();
  fake = await startFakeTelegram();
  await em().execute('update shop set staff_chat_id = ? where id = ?', [staffChat, world.shop.id]);
  world.shop.staffChatId = staffChat;
  const token = `987654321:${'o'.repeat(35)}`;
  other = await createShop(em(), world.secrets, {
    slug: 'other',
    title: 'Other',
    currency: 'PLN',
    botToken: token,
    botUsername: 'other_bot',
    actor: 'system',
  });
  let ticks = 0;
  const telegram = createTelegram({ apiRoot: fake.apiRoot, clock: () => (ticks += 2_000) });
  const context = { db: world.db, secrets: world.secrets, telegram, door: makeFakeDoor().door, gateways: {} } as unknown as ActivityContext;
  steps = { ...createOrderActivities(context), ...createNoticeActivities(context), ...createAlertActivities(context) };
  refunds = createRefundActivities(context);
}, 60_000);
beforeEach(() => {
  fake.calls.length = 0;
  fake.answer(() => undefined);
});
afterAll(async () => {
  expect((await checkDatabase(em(), { now: new Date(start) })).findings).toEqual([]);
  await fake.close();
  await world.close();
});

const create = (product: Product, fields: StageWish['fields'] = {}, shop = world.shop) =>
  createStage(em(), { shop, productId: product.id, fields, ...act });
async function stageOf(product: Product, fields: StageWish['fields'] = {}): Promise<Stage> {
  const made = await create(product, fields);
  if (!made.ok) throw new Error(made.why);
  return made.stage;
}
const send = (stage: Stage, chat: SendWish['chat'], key = newCode()) =>
  sendStage(em(), world.shop, { stageId: stage.id, chat, key, ...act });
const tell = (customer: Customer) => steps.sendNotices({ customerId: customer.id, at: start });
const statsOf = (stage: Stage) => readStageStats(em(), stage.id);
const told = () =>
  fake.calls.filter(({ method }) => method === 'sendMessage').map(({ body }) => JSON.parse(Buffer.from(body, 'latin1').toString()));

describe('a stage', () => {
  it('says what its product says, cut to what Telegram takes, and costs what the quote says when it is shown', async () => {
    const product = await world.addProduct({ title: `A title that is ${'very '.repeat(9)}long`, discountPercent: 20 });
    const stage = await stageOf(product);
    expect(stage.title.length).toBeLessThanOrEqual(32);
    expect([stage.title.endsWith('…'), stage.label, stage.photoUrl]).toEqual([true, stage.title, null]);
    expect(stage.startParameter).toMatch(/^stage_[\w-]{12}$/);
    expect(stage.payload).toMatch(/^[\w-]{24}$/);
    const priced = async () => (await quoteStages(em(), world.shop, [stage])).get(product.id)?.quote.starsPrice;
    expect(await priced()).toBe(2_000);
    await em().execute('update product set discount_percent = 50 where id = ?', [product.id]);
    expect(await priced()).toBe(1_250);
  });

  it('is one a product, also of two made at once, and only of what this shop sells for Stars', async () => {
    const product = await world.addProduct();
    const answers = await Promise.all(Array.from({ length: 5 }, () => create(product)));
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
    expect(answers.filter((answer) => !answer.ok && answer.why === 'StageExists')).toHaveLength(4);
    expect(await create(await world.addProduct({ methods: ['wallet'] }))).toMatchObject({ why: 'NotInStars' });
    expect(await create(await world.addProduct({ active: false }))).toMatchObject({ why: 'ProductUnknown' });
    expect(await create(await world.addProduct(), {}, other)).toMatchObject({ why: 'ProductUnknown' });
    await stageOf(await world.addProduct(), { startParameter: 'stage_summer' });
    expect(await create(await world.addProduct(), { startParameter: 'stage_summer' })).toMatchObject({ why: 'StartParameterTaken' });
  });

  it('changes in what it says alone, and not after it was removed; another shop neither sees nor changes it', async () => {
    const product = await world.addProduct();
    const stage = await stageOf(product);
    const theirs = { shopId: other.id, id: stage.id };
    expect(await findStage(em(), theirs)).toBeUndefined();
    expect(await updateStage(em(), theirs, { title: 'Theirs' }, act)).toBeUndefined();
    expect(await removeStage(em(), theirs, act)).toBeUndefined();
    expect((await listStages(em(), other.id, { limit: 10, all: true })).stages).toEqual([]);
    expect(await updateStage(em(), stage, { title: 'New', photoUrl: 'https://shop.example/a.jpg' }, act)).toMatchObject({
      title: 'New',
      payload: stage.payload,
    });
    expect(await removeStage(em(), stage, act)).toMatchObject({ removedAt: act.at });
    expect(await removeStage(em(), stage, act)).toBeUndefined();
    expect(await updateStage(em(), stage, { title: 'Late' }, act)).toBeUndefined();
    await expect(em().execute(`update stage set start_parameter = 'stage_x' where id = ?`, [(await stageOf(product)).id])).rejects.toThrow(
      /frozen/,
    );
  });

  it('is listed by pages, each once', async () => {
    const stages = [];
    for (let index = 0; index < 5; index += 1) stages.push((await stageOf(await world.addProduct())).id);
    const seen: number[] = [];
    let cursor: number | undefined;
    do {
      const page = await listStages(em(), world.shop.id, { limit: 2, cursor });
      seen.push(...page.stages.map(({ id }) => id));
      cursor = page.next ?? undefined;
    } while (cursor !== undefined);
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.slice(0, 5)).toEqual(stages.toReversed());
  });
});

describe('a message of a stage', () => {
  it('goes out once a key, with a link and no pay button, however often and however much at once it is asked for', async () => {
    const customer = await world.addCustomer();
    const stage = await stageOf(await world.addProduct({ title: 'Key', discountPercent: 20 }), {
      photoUrl: 'https://shop.example/a.jpg',
      label: 'One key',
    });
    const answers = await Promise.all(Array.from({ length: 5 }, () => send(stage, customer.chatId, 'once')));
    expect(new Set(answers.map((answer) => answer.ok && answer.send.id)).size).toBe(1);
    expect(await send(stage, customer.chatId, 'once')).toMatchObject({ ok: true });
    expect(await send(stage, 'staff', 'once')).toMatchObject({ why: 'KeyOfAnotherCall' });
    expect(await statsOf(stage)).toMatchObject({ sent: 0, waiting: 1 });
    await tell(customer);
    await tell(customer);
    const [message, ...more] = told();
    expect(more).toEqual([]);
    expect(message.text).toMatch(/Key[\s\S]*One key.*2,500.*2,000/);
    expect(message.link_preview_options).toEqual({ url: 'https://shop.example/a.jpg', prefer_large_media: true, show_above_text: true });
    const link = `https://t.me/${world.shop.botUsername}?start=${stage.startParameter}`;
    expect(message.reply_markup.inline_keyboard).toEqual([[{ text: expect.any(String), url: link }]]);
    expect(await statsOf(stage)).toMatchObject({ sent: 1, waiting: 0, unsent: 0 });
  });

  it('reaches the staff chat clean; a chat the shop does not know, another shop’s and a banned one are refused', async () => {
    const stage = await stageOf(await world.addProduct());
    const stranger = await world.addCustomer();
    await em().execute('update customer set shop_id = ? where id = ?', [other.id, stranger.id]);
    const banned = await world.addCustomer();
    await em().execute('update customer set banned_at = now() where id = ?', [banned.id]);
    for (const chat of [stranger.chatId, banned.chatId, 999, -1]) expect(await send(stage, chat)).toMatchObject({ why: 'ChatUnknown' });
    expect(await sendStage(em(), other, { stageId: stage.id, chat: stranger.chatId, key: 'x', ...act })).toMatchObject({
      why: 'StageGone',
    });
    expect(await send(stage, 'staff')).toMatchObject({ ok: true });
    expect(await send(stage, staffChat)).toMatchObject({ ok: true });
    await steps.tellAlerts({ shopId: world.shop.id, at: start });
    await steps.tellAlerts({ shopId: world.shop.id, at: start });
    expect(told().map(({ chat_id, reply_markup }) => [chat_id, reply_markup.inline_keyboard.length])).toEqual([
      [staffChat, 1],
      [staffChat, 1],
    ]);
  });

  it('is counted as it ended: refused by its chat, or with nothing to buy any more', async () => {
    const [customer, product] = [await world.addCustomer(), await world.addProduct()];
    const stage = await stageOf(product);
    await send(stage, customer.chatId);
    fake.answer(() => failure(403, 'Forbidden: bot was blocked by the user'));
    await tell(customer);
    fake.answer(() => undefined);
    await em().execute('update product set active = false where id = ?', [product.id]);
    await send(stage, customer.chatId);
    await send(stage, 'staff');
    await tell(customer);
    await steps.tellAlerts({ shopId: world.shop.id, at: start });
    expect(await statsOf(stage)).toMatchObject({ sent: 0, waiting: 0, unsent: 3 });
    expect(told().at(-1)).toMatchObject({ chat_id: staffChat, text: expect.stringContaining('was not sent') });
    await removeStage(em(), stage, act);
    expect(await send(stage, customer.chatId)).toMatchObject({ why: 'StageGone' });
  });

  it('is not sent again by a worker that was killed before it said so', async () => {
    const [customer, stage] = [await world.addCustomer(), await stageOf(await world.addProduct())];
    await send(stage, customer.chatId);
    await tell(customer);
    await em().execute('update notice set told_at = null where customer_id = ?', [customer.id]);
    await tell(customer);
    expect(told()).toHaveLength(1);
  });
});

let updates = 0;
/** What the bot shows this person now: its words and buttons. */
async function meet(customer: Customer, what: string | Callback, shop = world.shop) {
  updates += 1;
  fake.calls.length = 0;
  const token = shop === world.shop ? `${shop.botId}:${'t'.repeat(35)}` : `987654321:${'o'.repeat(35)}`;
  let ticks = 0;
  const telegram = createTelegram({ apiRoot: fake.apiRoot, clock: () => (ticks += 2_000) });
  const services = {
    config: readConfig({}),
    db: world.db,
    secrets: world.secrets,
    door: makeFakeDoor().door,
    telegram,
    log: pino({ level: 'silent' }),
  };
  const bot = createShopBot(services, shop, token, { signal: new AbortController().signal, watch: (work) => void work });
  const from = { id: customer.telegramUserId, is_bot: false, first_name: 'Ada', language_code: 'en' };
  const message = { message_id: 7, date: 1_795_000_000, chat: { id: customer.chatId, type: 'private' } };
  const update =
    typeof what === 'string'
      ? { message: { ...message, from, text: `/start ${what}`, entities: [{ type: 'bot_command', offset: 0, length: 6 }] } }
      : {
          callback_query: { id: String(updates), from, chat_instance: '1', data: encodeCallback(what), message: { ...message, text: 'x' } },
        };
  await bot.handle({ update_id: updates, ...update } as unknown as Parameters<typeof bot.handle>[0]);
  const shown = fake.calls.findLast(({ method }) => /^(send|edit)Message/.test(method));
  const { text, reply_markup: keyboard } = JSON.parse(Buffer.from(shown?.body ?? '{}', 'latin1').toString());
  const buttons: Callback[] = (keyboard?.inline_keyboard ?? [])
    .flat()
    .flatMap((button: { callback_data?: string }) => decodeCallback(button.callback_data) ?? []);
  return { text: String(text), buttons, codes: buttons.flatMap((button) => (button.to === 'place' ? [button.orderCode] : [])) };
}

const buy = (customer: Customer, product: Product, orderCode = '') =>
  steps.open({ orderCode, place: world.placing(customer, product, { method: 'wallet' }), at: start });

describe('the link of a stage', () => {
  it('opens the confirm screen of its product with Stars first, and counts its customer once', async () => {
    const [customer, product] = [
      await world.addCustomer({ cash: 5_000 }),
      await world.addProduct({ methods: ['wallet', 'card', 'stars'] }),
    ];
    const stage = await stageOf(product);
    const shown = await meet(customer, stage.startParameter);
    expect(shown.text).toContain('50.00');
    expect(shown.buttons.flatMap((button) => (button.to === 'place' ? [button.method] : []))[0]).toBe('stars');
    await meet(customer, stage.startParameter);
    expect(await statsOf(stage)).toMatchObject({ opened: 1, openedTimes: 2, orders: 0, conversionPercent: 0 });
  });

  it('is remembered by the order that began there, also after more pieces and another look at its card', async () => {
    const product = await world.addProduct();
    const stage = await stageOf(product);
    const [straight, roundabout, elsewhere] = [
      await world.addCustomer({ cash: 5_000 }),
      await world.addCustomer({ cash: 10_000 }),
      await world.addCustomer({ cash: 5_000 }),
    ];
    const direct = await meet(straight, stage.startParameter);
    await buy(straight, product, direct.codes[0]);
    const first = await meet(roundabout, stage.startParameter);
    const back = first.buttons.find((button) => button.to === 'product');
    const card = await meet(roundabout, back as Callback);
    const confirm = await meet(roundabout, card.buttons.find((button) => button.to === 'confirm') as Callback);
    const two = await meet(roundabout, confirm.buttons.find((button) => button.to === 'confirm') as Callback);
    const lines = [{ productId: product.id, quantity: 2 }];
    await steps.open({ orderCode: two.codes[0] ?? '', place: world.placing(roundabout, product, { lines }), at: start });
    // Bought in the shop: nobody's but the shop's.
    await meet(elsewhere, stage.startParameter);
    await buy(
      elsewhere,
      product,
      (await meet(elsewhere, { to: 'confirm', source: { from: 'product', productId: product.id, quantity: 2 } })).codes[0],
    );
    expect(await statsOf(stage)).toMatchObject({ opened: 3, orders: 2, paid: 2, refunded: 0, conversionPercent: 66.7 });
    expect((await statsOf(stage)).revenue).toEqual([{ currency: 'PLN', amount: 15_000, refunded: 0 }]);
  });

  it('counts nobody who presses a button with its number without having come by it, nor another product', async () => {
    const [product, unrelated] = [await world.addProduct(), await world.addProduct()];
    const stage = await stageOf(product);
    const [liar, visitor] = [await world.addCustomer({ cash: 5_000 }), await world.addCustomer({ cash: 5_000 })];
    const origin = { from: 'stage', stageId: stage.id } as const;
    const forged = await meet(liar, { to: 'confirm', source: { from: 'product', productId: product.id, quantity: 1 }, origin });
    await buy(liar, product, forged.codes[0]);
    await meet(visitor, stage.startParameter);
    const wrong = await meet(visitor, { to: 'confirm', source: { from: 'product', productId: unrelated.id, quantity: 1 }, origin });
    await buy(visitor, unrelated, wrong.codes[0]);
    expect(await statsOf(stage)).toMatchObject({ opened: 1, orders: 0, paid: 0, revenue: [] });
  });

  it('tells money that was paid back apart from what stayed', async () => {
    const [customer, product] = [await world.addCustomer({ cash: 5_000 }), await world.addProduct()];
    const stage = await stageOf(product);
    const orderCode = (await meet(customer, stage.startParameter)).codes[0] ?? '';
    await buy(customer, product, orderCode);
    const request = { amount: undefined, actor: 'cli', reason: 'staff' };
    await refunds.decideRefund({ orderCode, refundId: `${orderCode}-r1`, request, at: start + 1_000 });
    expect(await statsOf(stage)).toMatchObject({
      orders: 1,
      paid: 1,
      refunded: 1,
      revenue: [{ currency: 'PLN', amount: 5_000, refunded: 5_000 }],
      conversionPercent: 100,
    });
  });

  it('leads to the product when the stage was removed, to the shop when that is gone, and is unknown to another shop', async () => {
    const [customer, product] = [await world.addCustomer(), await world.addProduct({ title: 'Still here' })];
    const stage = await stageOf(product);
    await removeStage(em(), stage, act);
    const card = await meet(customer, stage.startParameter);
    expect(card.text).toMatch(/This offer is over[\s\S]*Still here/);
    expect(card.buttons.some((button) => button.to === 'confirm' && button.origin === undefined)).toBe(true);
    expect(await statsOf(stage)).toMatchObject({ opened: 1 });
    await em().execute('update product set active = false where id = ?', [product.id]);
    expect((await meet(customer, stage.startParameter)).text).toContain('no longer has');
    expect((await meet(customer, 'stage_nobody-made-it')).text).toContain('do not know this link');
    expect((await meet(customer, stage.startParameter, other)).text).toContain('do not know this link');
    expect(await statsOf(stage)).toMatchObject({ opened: 1, openedTimes: 2 });
  });

  it('opens the card when something must be chosen first, or waited for', async () => {
    const customer = await world.addCustomer();
    const [soldOut, donation] = [
      await world.addProduct({ units: 0 }),
      await world.addProduct({ kind: 'donation', stockMode: 'unlimited', donationMinimum: 100, donationMaximum: 50_000 }),
    ];
    const empty = await meet(customer, (await stageOf(soldOut)).startParameter);
    expect(empty.buttons.map(({ to }) => to)).toContain('watch');
    const stage = await stageOf(donation);
    const gift = await meet(customer, stage.startParameter);
    expect(gift.buttons.filter((button) => button.to === 'confirm').every((button) => button.origin?.from === 'stage')).toBe(true);
    expect(gift.buttons.map(({ to }) => to)).toContain('amount');
  });
});
