/** Ids of somebody else: of another customer, another shop, staff without the role or of another shop. All refused, nothing moved. */
import { createHmac } from 'node:crypto';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createDepositActivities } from '../../activities/deposit.ts';
import { createVoucherActivities } from '../../activities/voucher.ts';
import { createOrderActivities } from '../../activities/order.ts';
import { createShopBot, type ShopBot } from '../../bot/shop-bot.ts';
import { readConfig } from '../../config.ts';
import { Customer } from '../../db/entities/customer.ts';
import { Delivery } from '../../db/entities/delivery.ts';
import type { Product } from '../../db/entities/product.ts';
import type { Shop } from '../../db/entities/shop.ts';
import type { Stage } from '../../db/entities/stage.ts';
import { Staff } from '../../db/entities/staff.ts';
import { findOrderView } from '../../db/repositories/order.ts';
import { markPreCheckout } from '../../db/repositories/payment.ts';
import { saveAccount } from '../../db/repositories/provider-account.ts';
import { draftGiftLink, findGiftLink } from '../../db/repositories/voucher.ts';
import { createStage } from '../../db/repositories/stage.ts';
import { createApiToken } from '../../db/repositories/api-token.ts';
import { createShop, openWebhookSecret } from '../../db/repositories/shop.ts';
import { apiScopes } from '../../domain/api-token.ts';
import { formatOrderCode } from '../../domain/order-code.ts';
import { type StaffAct, staffActs } from '../../domain/staff.ts';
import { createTelegram } from '../../gateways/telegram.ts';
import { type Callback, encodeCallback } from '../../texts/callback.ts';
import { from as peer, makeTestApi } from '../support/api.ts';
import { makeFakeDoor } from '../support/fake-door.ts';
import { type FakeTelegram, startFakeTelegram } from '../support/fake-telegram.ts';
import { takeFingerprint } from '../support/fingerprint.ts';
import { signInitData } from '../../sandbox/telegram/init-data.ts';
import { noLimits } from '../support/mini-app.ts';
import { makeTestShop, newCode, type TestShop } from '../support/shop.ts';

let world: TestShop;
let other: Shop;
let fake: FakeTelegram;
let steps: ReturnType<typeof createOrderActivities>;
let owner: Customer;
let product: Product;
let unpaid: string;
let paid: string;
let depositCode: string;
let stage: Stage;
let gift: { readonly id: number; readonly payload: string };
let deliveryId: number;
let lineId: number;
const asked: string[] = [];
const em = () => world.db.em.fork();

const people = {
  'another customer': 8_000_001,
  'a customer of the other shop': 8_000_002,
  'support of the other shop': 8_000_003,
  'manager of the other shop': 8_000_004,
  'owner of the other shop': 8_000_005,
  'someone who left the staff': 8_000_006,
} as const;
const support = 8_000_010;

beforeAll(async () => {
  world = await makeTestShop();
  fake = await startFakeTelegram();
  steps = createOrderActivities({ db: world.db });
  depositCode = newCode();
  other = await createShop(em(), world.secrets, {
    slug: 'other',
    title: 'Other shop',
    currency: 'PLN',
    botToken: `987654321:${'o'.repeat(35)}`,
    botUsername: 'other_bot',
    actor: 'system',
  });
  await saveAccount(em(), world.secrets, { shopId: other.id, provider: 'stars', liveMode: false });
  const keys = { secretKey: 'sk_test_other', webhookSecret: 'whsec_other' };
  await saveAccount(em(), world.secrets, { shopId: other.id, provider: 'stripe', liveMode: false, keys });
  const staff = em();
  const add = (shopId: number, telegramUserId: number, role: 'owner' | 'manager' | 'support', active = true) =>
    staff.persist(staff.create(Staff, { shopId, telegramUserId, role, active }));
  add(other.id, people['support of the other shop'], 'support');
  add(other.id, people['manager of the other shop'], 'manager');
  add(other.id, people['owner of the other shop'], 'owner');
  add(world.shop.id, people['someone who left the staff'], 'owner', false);
  add(world.shop.id, support, 'support');
  await staff.flush();

  owner = await world.addCustomer({ cash: 20_000 });
  product = await world.addProduct({ units: 5 });
  [unpaid, paid] = [newCode(), newCode()];
  await steps.open({ orderCode: paid, place: world.placing(owner, product), at: Date.now() });
  await steps.open({ orderCode: unpaid, place: world.placing(owner, product, { method: 'stars' }), at: Date.now() });
  const deposits = createDepositActivities({ db: world.db, secrets: world.secrets, telegram: createTelegram({ apiRoot: fake.apiRoot }) });
  const open = { amount: 5_000, method: 'card', payWithinSeconds: 1_800, language: 'en' } as const;
  await deposits.openDeposit({ depositCode, open: { ...open, shopId: world.shop.id, customerId: owner.id }, at: Date.now() });
  const draft = { shopId: world.shop.id, customerId: owner.id, code: newCode(), amount: 1_000, at: new Date() };
  const voucherId = (await draftGiftLink(em(), world.secrets, draft)) ?? 0;
  await createVoucherActivities({ db: world.db }).advanceVoucher({ voucherId, cancelled: false, at: Date.now() });
  const link = await findGiftLink(em(), world.secrets, { id: voucherId, customerId: owner.id });
  gift = { id: voucherId, payload: link?.payload ?? '' };
  const made = await createStage(em(), { shop: world.shop, productId: product.id, fields: {}, actor: 'cli', at: new Date() });
  if (!made.ok) throw new Error(made.why);
  stage = made.stage;
  const view = await findOrderView(em(), paid);
  lineId = view?.lines[0]?.id ?? 0;
  deliveryId = (await em().findOneOrFail(Delivery, { orderLineId: lineId })).id;
  // The owner of the orders is a customer of the other shop as well.
  const known = em();
  known.persist(known.create(Customer, { shopId: other.id, telegramUserId: owner.telegramUserId, chatId: owner.chatId, language: 'en' }));
  await known.flush();
}, 60_000);
afterAll(async () => {
  await fake?.close();
  await world?.close();
});

function makeBot(shop: Shop, token: string): ShopBot {
  const door = makeFakeDoor().door;
  const note = async (name: string) => {
    asked.push(name);
    return { ok: false, rejected: 'UnknownOrder' };
  };
  Object.assign(door.client.workflow, {
    executeUpdateWithStart: (update: { name: string }) => note(update.name),
    getHandle: () => ({ executeUpdate: (update: { name: string }) => note(update.name), signal: () => note('signal') }),
  });
  let ticks = 0;
  const telegram = createTelegram({ apiRoot: fake.apiRoot, clock: () => (ticks += 2_000) });
  const services = { config: readConfig({}), db: world.db, secrets: world.secrets, door, telegram, log: pino({ level: 'silent' }) };
  return createShopBot(services, shop, token, { signal: new AbortController().signal, watch: (work) => void work });
}

/** A new one each time: a person's pace is another test's matter. */
const ours = () => makeBot(world.shop, `${world.shop.botId}:${'t'.repeat(35)}`);
const theirs = () => makeBot(other, `987654321:${'o'.repeat(35)}`);

let updates = 0;
async function press(
  bot: () => ShopBot,
  person: number,
  callback: Callback,
  chat: object = { id: person, type: 'private' },
): Promise<string> {
  updates += 1;
  fake.calls.length = 0;
  const from = { id: person, is_bot: false, first_name: 'Eve', language_code: 'en' };
  const message = { message_id: 900, date: 1_795_000_000, chat, text: 'x' };
  await bot().handle({
    update_id: updates,
    callback_query: { id: String(updates), from, chat_instance: '1', data: encodeCallback(callback), message },
  } as unknown as Parameters<ShopBot['handle']>[0]);
  return fake.calls.map(({ body }) => Buffer.from(body, 'latin1').toString()).join('\n');
}

async function start(bot: () => ShopBot, person: number, payload: string): Promise<string> {
  updates += 1;
  fake.calls.length = 0;
  const from = { id: person, is_bot: false, first_name: 'Eve', language_code: 'en' };
  const entities = [{ type: 'bot_command', offset: 0, length: 6 }];
  const message = { message_id: 1, date: 1_795_000_000, from, chat: { id: person, type: 'private' }, text: `/start ${payload}`, entities };
  await bot().handle({ update_id: updates, message } as unknown as Parameters<ShopBot['handle']>[0]);
  return fake.calls.map(({ body }) => Buffer.from(body, 'latin1').toString()).join('\n');
}

let before: Awaited<ReturnType<typeof takeFingerprint>>;
beforeEach(async () => {
  asked.length = 0;
  before = await takeFingerprint(em(), { people: false });
});
afterEach(async () => {
  expect(asked).toEqual([]);
  expect(await takeFingerprint(em(), { people: false })).toEqual(before);
});

/** What a customer's buttons may carry of an order. */
const wishes = (): readonly Callback[] => [
  { to: 'order', orderCode: unpaid, anew: true },
  { to: 'order', orderCode: paid, anew: false },
  { to: 'pay', orderCode: unpaid, method: 'wallet', attempt: 2, coin: null },
  { to: 'payCoins', orderCode: unpaid, method: 'crypto', attempt: 2 },
  { to: 'qr', noun: 'order', code: unpaid },
  { to: 'cancel', orderCode: unpaid },
  { to: 'paid', orderCode: unpaid },
  { to: 'resend', orderCode: paid },
  { to: 'show', deliveryId, anew: true },
  { to: 'depositStatus', depositCode },
  { to: 'depositPaid', depositCode },
  { to: 'depositCancel', depositCode },
];
const unavailable = /no such (order|top-up)|not available|does not know|unknown|no longer|cannot be shown|nothing to pay there/i;
const secretOf = () => `SECRET-${product.id}`;

test.each(Object.entries(people))(
  'a gift link of another customer is neither shown to %s nor taken back by them',
  async (_name, person) => {
    for (const bot of [ours, theirs]) {
      for (const to of ['gift', 'giftBack'] as const) {
        const said = await press(bot, person, { to, voucherId: gift.id });
        expect(said).not.toContain(gift.payload);
      }
    }
    expect(await start(theirs, person, `g_${gift.payload}`)).toContain('There is no such voucher');
  },
);

describe('an order of another customer', () => {
  test.each(Object.entries(people))('is as unknown as none to %s, by every button', async (_name, person) => {
    for (const wish of wishes()) {
      const told = await press(ours, person, wish);
      expect(told, wish.to).toMatch(unavailable);
      for (const word of [secretOf(), formatOrderCode(unpaid)]) expect(told, wish.to).not.toContain(word);
    }
  });

  test('is not opened by its link or its code', async () => {
    const told = await start(ours, people['another customer'], `order_${paid}`);
    expect(told).not.toContain(secretOf());
    expect(told).toMatch(/no order/i);
  });

  test('is not paid by a pre-checkout of someone else, another amount, currency or shop', async () => {
    const ask = {
      shopId: world.shop.id,
      paymentId: `${unpaid}-1`,
      telegramUserId: owner.telegramUserId,
      amount: 2_500,
      currency: 'XTR',
      at: new Date(),
    };
    expect(await markPreCheckout(em(), { ...ask, telegramUserId: people['another customer'] })).toBe('notYours');
    expect(await markPreCheckout(em(), { ...ask, shopId: other.id })).toBe('other');
    expect(await markPreCheckout(em(), { ...ask, amount: 1 })).toBe('other');
    expect(await markPreCheckout(em(), { ...ask, currency: 'EUR' })).toBe('other');
    expect(await markPreCheckout(em(), { ...ask, paymentId: `${paid}-1` })).toBe('over');
  });

  test('is not placed, changed or cancelled by a step that names someone else', async () => {
    const stranger = await em().findOneOrFail(Customer, { shopId: other.id, telegramUserId: owner.telegramUserId });
    const at = Date.now();
    const place = world.placing(owner, product, { method: 'stars' });
    const open = (fields: object, orderCode = newCode()) => steps.open({ orderCode, place: { ...place, ...fields }, at });
    expect(await open({ customerId: stranger.id }, unpaid)).toMatchObject({ rejected: 'NotYours' });
    expect(await open({ shopId: other.id }, unpaid)).toMatchObject({ rejected: 'NotYours' });
    expect(await open({ customerId: stranger.id })).toMatchObject({ rejected: 'NotYours' });
    expect(await open({ shopId: other.id, customerId: stranger.id })).toMatchObject({ rejected: 'ProductGone' });
    expect(await open({ shopId: 999_999 })).toMatchObject({ rejected: 'ShopClosed' });
    expect(await steps.choose({ orderCode: unpaid, method: 'wallet', customerId: stranger.id, at })).toMatchObject({
      rejected: 'NotYours',
    });
    expect(await steps.cancel({ orderCode: unpaid, by: 'customer', actor: `customer:${stranger.id}`, at })).toMatchObject({
      rejected: 'NotYours',
    });
  });
});

describe('the bot of another shop', () => {
  test('shows its customer nothing of the orders they have elsewhere', async () => {
    for (const wish of wishes()) {
      const told = await press(theirs, owner.telegramUserId, wish);
      expect([wish.to, told.includes(secretOf())]).toEqual([wish.to, false]);
      expect(told, wish.to).toMatch(unavailable);
    }
  });

  test('sells no product of this one, by no button and no link', async () => {
    const source = { from: 'product', productId: product.id, quantity: 1 } as const;
    const buttons: readonly Callback[] = [
      { to: 'product', productId: product.id },
      { to: 'add', productId: product.id },
      { to: 'watch', productId: product.id },
      { to: 'claims', orderCode: paid },
      { to: 'claim', orderCode: paid, lineId, unitId: null },
      { to: 'confirm', source },
      { to: 'confirm', source, origin: { from: 'stage', stageId: stage.id } },
      { to: 'place', orderCode: newCode(), method: 'wallet', source, lines: 'abcdef', total: 5_000, stars: null, coin: null },
    ];
    for (const button of buttons) expect(await press(theirs, owner.telegramUserId, button), button.to).not.toContain('50.00');
    for (const link of [`p_${product.id}`, stage.startParameter])
      expect(await start(theirs, owner.telegramUserId, link)).not.toContain('50.00');
    expect(await em().execute('select 1 from stage_open')).toEqual([]);
  });
});

describe('the Mini App', () => {
  const sign = (token: string, id: number) =>
    signInitData(token, { id, is_bot: false, first_name: 'Eve' }, { authDate: Math.floor(Date.now() / 1_000) });

  test('of another customer, and of the same person in another shop, tells nothing of an order and does nothing to it', async () => {
    const { app } = makeTestApi(world, { limits: noLimits });
    const stranger = await world.addCustomer({ cash: 20_000 });
    const callers = [
      { root: '/api', initData: sign(`${world.shop.botId}:${'t'.repeat(35)}`, stranger.telegramUserId) },
      { root: '/api/shops/other', initData: sign(`987654321:${'o'.repeat(35)}`, owner.telegramUserId) },
    ];
    before = await takeFingerprint(em(), { people: false });
    for (const { root, initData } of callers) {
      const call = async (method: string, path: string, body?: object, more: Record<string, string> = {}) => {
        const headers = { 'x-telegram-init-data': initData, 'content-type': 'application/json', ...more };
        const init = { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) };
        const response = await app.request(`${root}${path}`, init, peer('127.0.0.1'));
        return { status: response.status, text: await response.text() };
      };
      const { nonce } = JSON.parse((await call('POST', '/payment/nonce')).text) as { nonce: string };
      const money = { 'x-nonce': nonce, 'idempotency-key': 'a-key-of-theirs' };
      for (const orderCode of [paid, unpaid]) {
        for (const told of [
          await call('GET', `/orders/${orderCode}`),
          await call('POST', `/orders/${orderCode}/cancel`),
          await call('POST', `/orders/${orderCode}/resend`),
          await call('POST', `/orders/${orderCode}/lines/${lineId}/show`),
          await call('POST', `/orders/${orderCode}/pay`, { method: 'wallet', attempt: 2 }, money),
          await call('GET', `/orders/${orderCode}/photos/1`),
          await call('GET', `/payment/status/${orderCode}-1`),
          await call('POST', `/gifts/${gift.id}/back`),
          await call('POST', `/payment/status/${orderCode}-1/ask`),
          await call('GET', `/orders/${orderCode}/claims`),
          await call('POST', `/orders/${orderCode}/claims`, { lineId, unitId: null, description: 'x' }),
          await call('POST', `/orders/${orderCode}/claims/1/withdraw`),
        ]) {
          expect([told.status, told.text.includes(secretOf())]).toEqual([404, false]);
        }
      }
      expect((await call('GET', '/gifts')).text).not.toContain(gift.payload);
      expect(JSON.parse((await call('GET', '/orders')).text)).toMatchObject({ orders: [], next: null });
      const entry = await world.one('select max(id) as id from transfer');
      expect(JSON.parse((await call('GET', `/wallet?cursor=${entry.id}`)).text).entries.length).toBeLessThanOrEqual(1);
    }
  });

  test('of another shop sells and shows nothing of this one', async () => {
    const { app } = makeTestApi(world, { limits: noLimits });
    const headers = {
      'x-telegram-init-data': sign(`987654321:${'o'.repeat(35)}`, owner.telegramUserId),
      'content-type': 'application/json',
    };
    const call = (method: string, path: string, body?: object) =>
      app.request(`/api/shops/other${path}`, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) }, peer('127.0.0.1'));
    expect((await call('GET', `/products/${product.id}`)).status).toBe(404);
    expect(await (await call('GET', '/products')).json()).toMatchObject({ products: [] });
    expect(await (await call('GET', `/quote?lines=${product.id}x1`)).json()).toMatchObject({ lines: [], gone: [], total: 0 });
    expect((await call('PUT', '/basket', { lines: [{ productId: product.id, quantity: 1 }] })).status).toBe(409);
    expect((await call('PUT', `/basket/lines/${product.id}`, { quantity: 1 })).status).toBe(409);
    expect((await call('PUT', `/products/${product.id}/watch`)).status).toBe(409);
  });
});

describe('a program of another shop', () => {
  test('reaches no stage of this one by its token, whatever number it names', async () => {
    const { app } = makeTestApi(world, { limits: noLimits });
    const wish = {
      shopId: other.id,
      name: 'Theirs',
      scopes: [...apiScopes],
      expiresAt: new Date(Date.now() + 60_000),
      actor: 'cli',
      at: new Date(),
    };
    const { token } = await createApiToken(em(), wish);
    before = await takeFingerprint(em(), { people: false });
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'idempotency-key': 'a-key-of-theirs' };
    const call = async (method: string, path: string, body?: object) =>
      (await app.request(`/api/stages${path}`, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) }, peer('127.0.0.1')))
        .status;
    const at = `/${stage.id}`;
    expect([await call('GET', at), await call('GET', `${at}/stats`), await call('DELETE', at)]).toEqual([404, 404, 404]);
    expect([await call('PATCH', at, { title: 'Theirs' }), await call('POST', `${at}/send`, { chat: owner.chatId })]).toEqual([404, 404]);
    expect(await call('POST', '', { productId: product.id })).toBe(409);
  });
});

describe('buttons of the staff', () => {
  const group = { id: -100_500, type: 'supergroup', title: 'Staff' };
  const act = (what: StaffAct): Callback => ({
    to: 'act',
    act: what,
    orderCode: what === 'cancel' ? unpaid : paid,
    lineId,
    confirmed: true,
  });

  test.each(Object.entries(people))('do nothing for %s', async (_name, person) => {
    for (const button of [...staffActs.map(act), { to: 'staff', orderCode: paid } as const]) {
      expect(await press(ours, person, button, group)).toMatch(/staff|not/i);
    }
  });

  test.each(['cancel', 'refund'] as const)('%s is not for support', async (what) => {
    expect(await press(ours, support, act(what), group)).toMatch(/role/i);
  });

  test('of one shop do not reach an order of another, whoever presses', async () => {
    for (const role of ['support', 'manager', 'owner'] as const) {
      for (const button of [...staffActs.map(act), { to: 'staff', orderCode: paid } as const]) {
        await press(theirs, people[`${role} of the other shop`], button, group);
      }
    }
  });
});

describe('webhooks', () => {
  test('of one shop are not opened by the secrets of another, and its money does not pay an order here', async () => {
    const { app } = makeTestApi(world);
    const body = '{"update_id":1}';
    const secret = openWebhookSecret(world.secrets, other) as string;
    const wrong = await app.request(
      `/webhooks/telegram/${world.shop.webhookEndpointId}`,
      { method: 'POST', body, headers: { 'x-telegram-bot-api-secret-token': secret } },
      peer('127.0.0.1'),
    );
    expect(wrong.status).toBe(403);
    const accounts: { shop_id: string; endpoint_id: string }[] = await em().execute(
      `select shop_id, endpoint_id from provider_account where provider = 'stripe'`,
    );
    const endpointOf = (shop: Shop) => accounts.find((account) => Number(account.shop_id) === shop.id)?.endpoint_id;
    const event = JSON.stringify({
      id: 'evt_foreign',
      object: 'event',
      type: 'payment_intent.succeeded',
      created: Math.floor(Date.now() / 1_000),
      livemode: false,
      api_version: '2026-08-26.dahlia',
      data: { object: { id: 'pi_foreign', amount_received: 5_000, currency: 'pln', metadata: { tillflow_payment_id: `${unpaid}-1` } } },
    });
    const at = Math.floor(Date.now() / 1_000);
    const signature = `t=${at},v1=${createHmac('sha256', 'whsec_other').update(`${at}.${event}`).digest('hex')}`;
    const send = (shop: Shop) =>
      app.request(
        `/webhooks/stripe/${endpointOf(shop)}`,
        { method: 'POST', body: event, headers: { 'stripe-signature': signature } },
        peer('127.0.0.1'),
      );
    expect((await send(world.shop)).status).toBe(400);
    expect((await send(other)).status).toBe(200);
    const [row] = await em().execute(`select shop_id, order_id from inbox where event_id = 'evt_foreign'`);
    expect(row).toMatchObject({ shop_id: String(other.id), order_id: null });
    expect(await steps.settle({ orderCode: unpaid, at: Date.now() })).toMatchObject({ status: 'awaitingPayment' });
    before = { ...before, inbox: (await takeFingerprint(em())).inbox ?? '' };
  });
});
