/** Whatever stands in an update, Telegram gets its 200, the customer a kind sentence, and no row of money, orders or goods changes. */
import type { Hono } from 'hono';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createOrderActivities } from '../../activities/order.ts';
import { createApi } from '../../api/app.ts';
import { createShopBot, type ShopBot } from '../../bot/shop-bot.ts';
import { readConfig } from '../../config.ts';
import { openWebhookSecret } from '../../db/repositories/shop.ts';
import { createGateways } from '../../gateways/payments/registry.ts';
import { createTelegram } from '../../gateways/telegram.ts';
import { type Callback, callbackLimitBytes, decodeCallback, encodeCallback } from '../../texts/callback.ts';
import { from as peer } from '../support/api.ts';
import { addStaff } from '../support/approvals.ts';
import { makeFakeDoor } from '../support/fake-door.ts';
import { type FakeTelegram, startFakeTelegram } from '../support/fake-telegram.ts';
import { takeFingerprint } from '../support/fingerprint.ts';
import { lighterValues, nastyTexts } from '../support/nasty.ts';
import { makeTestShop, newCode, type TestShop } from '../support/shop.ts';

let world: TestShop;
let fake: FakeTelegram;
let app: Hono;
let secret: string;
let orderCode: string;
let updates = 0;
let person = 7_000_000;
let bot: ShopBot;
/** What the bot asked of Temporal. */
const asked: string[] = [];
const errors: unknown[] = [];

beforeAll(async () => {
  world = await makeTestShop();
  fake = await startFakeTelegram();
  secret = openWebhookSecret(world.secrets, world.shop) as string;
  orderCode = newCode();
  const place = world.placing(await world.addCustomer(), await world.addProduct({ units: 3 }), { method: 'stars' });
  await createOrderActivities({ db: world.db }).open({ orderCode, place, at: Date.now() });
  const config = readConfig({});
  const door = makeFakeDoor().door;
  const refuse = async (name: string) => {
    asked.push(name);
    return { ok: false, rejected: 'UnknownOrder' };
  };
  Object.assign(door.client.workflow, {
    executeUpdateWithStart: (update: { name: string }) => refuse(update.name),
    getHandle: (id: string) => ({
      executeUpdate: (update: { name: string }) => refuse(update.name),
      signal: async () => void asked.push(`signal ${id}`),
    }),
  });
  let ticks = 0;
  const telegram = createTelegram({ apiRoot: fake.apiRoot, clock: () => (ticks += 2_000) });
  const log = pino({ level: 'error' }, { write: (line: string) => void errors.push(JSON.parse(line)) });
  const patience = { signal: new AbortController().signal, watch: (work: Promise<void>) => void work };
  const services = { config, db: world.db, secrets: world.secrets, door, telegram, log };
  bot = createShopBot(services, world.shop, `${world.shop.botId}:${'t'.repeat(35)}`, patience);
  app = createApi({
    ...services,
    gateways: createGateways({ config, telegram }),
    handleTelegramUpdate: (_shopId, update) => bot.handle(update as Parameters<ShopBot['handle']>[0]),
  });
}, 60_000);
afterAll(async () => {
  await fake?.close();
  await world?.close();
});
beforeEach(() => {
  fake.calls.length = 0;
  asked.length = 0;
  errors.length = 0;
});

const kept = () => takeFingerprint(world.db.em.fork(), { people: false });
let before: Awaited<ReturnType<typeof kept>>;
beforeEach(async () => {
  before = await kept();
});
afterEach(async () => {
  expect(await kept()).toEqual(before);
});

/** Somebody new for every update: nobody is too fast. */
function someone() {
  person += 1;
  return { id: person, is_bot: false, first_name: 'Zoë', language_code: 'en' };
}

function message(fields: object = {}) {
  const sender = someone();
  return { message_id: 5, date: 1_795_000_000, from: sender, chat: { id: sender.id, type: 'private', first_name: 'Zoë' }, ...fields };
}

function press(data: unknown) {
  const { from, ...pressed } = message({ text: 'x' });
  return { callback_query: { id: '1', from, chat_instance: '1', data, message: pressed } };
}

async function send(update: object): Promise<number> {
  updates += 1;
  const response = await app.request(
    `/webhooks/telegram/${world.shop.webhookEndpointId}`,
    {
      method: 'POST',
      body: JSON.stringify({ update_id: updates, ...update }),
      headers: { 'x-telegram-bot-api-secret-token': secret },
    },
    peer('127.0.0.1'),
  );
  return response.status;
}

/** Sends them, some at once. @returns those that Telegram would have to send again */
async function refusedOf(list: readonly { readonly name: string; readonly update: object }[]): Promise<unknown[]> {
  const answers: (readonly [string, number])[] = [];
  for (let at = 0; at < list.length; at += 16) {
    const some = list.slice(at, at + 16).map(async ({ name, update }) => [name, await send(update)] as const);
    answers.push(...(await Promise.all(some)));
  }
  return answers.filter(([, status]) => status !== 200);
}

const said = () =>
  fake.calls
    .filter(({ method }) => /^(sendMessage|editMessageText|answerCallbackQuery|sendPhoto)$/.test(method))
    .map(({ body }) => Buffer.from(body, 'latin1').toString());

describe('what people type', () => {
  const commands = [
    'start',
    'shop',
    'basket',
    'orders',
    'wallet',
    'referrals',
    'profile',
    'language',
    'support',
    'help',
    'status',
    'paysupport',
    'terms',
    'privacy',
  ];
  const entities = (command: string) => [{ type: 'bot_command', offset: 0, length: command.length + 1 }];

  test.each(['', 'p_', 'order_', 'ref_', 'stage_'])('/start %s with nonsense opens a screen', async (prefix) => {
    const sent = nastyTexts.filter(({ name }) => name !== '5 MB');
    const list = sent.map(({ name, value }) => ({
      name,
      update: { message: message({ text: `/start ${prefix}${value}`, entities: entities('start') }) },
    }));
    expect(await refusedOf(list)).toEqual([]);
    expect(said().length).toBe(list.length);
    expect(errors).toEqual([]);
    expect(asked).toEqual([]);
  });

  test('any command with nonsense behind it, and nonsense alone, is answered', async () => {
    const sent = nastyTexts.filter(({ name }) => !/^(5 MB|very)/.test(name));
    const list = [
      ...sent.map(({ name, value }, index) => {
        const command = commands[index % commands.length] ?? 'start';
        return { name: `/${command} ${name}`, update: { message: message({ text: `/${command} ${value}`, entities: entities(command) }) } };
      }),
      ...sent.map(({ name, value }) => ({ name, update: { message: message({ text: value }) } })),
    ];
    expect(await refusedOf(list)).toEqual([]);
    expect(said().length).toBe(list.length);
    expect(errors).toEqual([]);
  });

  test('/approve with nonsense in any place credits nothing: staff are told what it lacks, nobody else has it', async () => {
    const staff = await addStaff(world);
    before = await kept();
    const sent = nastyTexts.filter(({ name }) => !/^(5 MB|very)/.test(name));
    const words = ['K7Q4-MX2P', '50.00', '4711', 'Jan'];
    const list = sent.flatMap(({ name, value }) =>
      words.map((_, place) => {
        const text = `/approve ${words.with(place, value).join(' ')}`;
        const from = { id: staff.telegramUserId, is_bot: false, first_name: 'Ola', language_code: 'en' };
        const chat = { id: staff.telegramUserId, type: 'private', first_name: 'Ola' };
        const one = { ...message({ text, entities: entities('approve') }), from, chat };
        return { name: `${place}: ${name}`, update: { message: one } };
      }),
    );
    expect(await refusedOf(list)).toEqual([]);
    expect(said().length).toBe(list.length);
    expect(errors).toEqual([]);
    expect(await refusedOf([{ name: 'a stranger', update: { message: message({ text: '/approve K7Q4-MX2P 50 4711 Jan' }) } }])).toEqual([]);
    expect(said().at(-1)).not.toContain('/approve K7Q4');
  });

  test('/sent with nonsense in any place sends nothing: staff are told what it lacks, nobody else has it', async () => {
    const staff = await addStaff(world);
    before = await kept();
    const words = ['K7Q4-MX2P-r1', '4711/0815'];
    const list = nastyTexts
      .filter(({ name }) => !/^(5 MB|very)/.test(name))
      .flatMap(({ name, value }) =>
        words.map((_, place) => {
          const text = `/sent ${words.with(place, value).join(' ')}`;
          const from = { id: staff.telegramUserId, is_bot: false, first_name: 'Ola', language_code: 'en' };
          const chat = { id: staff.telegramUserId, type: 'private', first_name: 'Ola' };
          return { name: `${place}: ${name}`, update: { message: { ...message({ text, entities: entities('sent') }), from, chat } } };
        }),
      );
    expect(await refusedOf(list)).toEqual([]);
    expect(said().length).toBe(list.length);
    expect(errors).toEqual([]);
    expect(await refusedOf([{ name: 'a stranger', update: { message: message({ text: '/sent K7Q4-MX2P-r1 4711/0815' }) } }])).toEqual([]);
    expect(said().at(-1)).not.toContain('/sent K7Q4');
  });

  test('a name of nonsense is kept sealed and shown literally', async () => {
    const sent = nastyTexts.filter(({ name }) => name !== '5 MB');
    const list = sent.map(({ name, value }) => {
      const one = message({ text: '/start', entities: entities('start') });
      return { name, update: { message: { ...one, from: { ...one.from, first_name: value, last_name: value, language_code: value } } } };
    });
    expect(await refusedOf(list)).toEqual([]);
    expect(errors).toEqual([]);
    expect(said().every((body) => !/"parse_mode"/.test(body))).toBe(true);
  });
});

describe('what buttons carry', () => {
  const product = (productId: number): Callback => ({ to: 'product', productId });
  const samples: readonly Callback[] = [
    { to: 'menu' },
    { to: 'shop' },
    { to: 'nothing' },
    { to: 'city', pointId: 1 },
    { to: 'district', pointId: 1, page: 0 },
    { to: 'category', categoryId: 0, page: 0 },
    product(1),
    { to: 'card', productId: 1, picks: [0, null], photo: 3 },
    { to: 'amount', productId: 999_999 },
    { to: 'add', productId: 999_999 },
    { to: 'confirm', source: { from: 'product', productId: 1, quantity: 1, amount: 1 } },
    { to: 'basket' },
    { to: 'quantity', productId: 1, quantity: 1 },
    { to: 'clear' },
    { to: 'confirm', source: { from: 'product', productId: 999_999, quantity: 1 } },
    { to: 'confirm', source: { from: 'product', productId: 1, quantity: 1 }, origin: { from: 'stage', stageId: 999_999 } },
    {
      to: 'place',
      orderCode: 'K7Q4MX2P',
      method: 'wallet',
      source: { from: 'product', productId: 999_999, quantity: 1 },
      lines: 'abcdef',
      total: 1,
      stars: null,
      coin: null,
    },
    { to: 'pay', orderCode: 'K7Q4MX2P', method: 'crypto', attempt: 2, coin: 'BTC' },
    { to: 'payCoins', orderCode: 'K7Q4MX2P', method: 'crypto', attempt: 2 },
    {
      to: 'placeCoins',
      orderCode: 'K7Q4MX2P',
      method: 'crypto',
      source: { from: 'product', productId: 1, quantity: 1 },
      lines: 'abcdef',
      total: 5_000,
    },
    { to: 'autoBuy', orderCode: 'K7Q4MX2P', source: { from: 'product', productId: 1, quantity: 1 }, lines: '0000zz', total: 1 },
    { to: 'autoBuyGiveUp', orderCode: 'K7Q4MX2P' },
    { to: 'cancel', orderCode: 'K7Q4MX2P' },
    { to: 'paid', orderCode: 'K7Q4MX2P' },
    { to: 'order', orderCode: 'K7Q4MX2P', anew: true },
    { to: 'show', deliveryId: 999_999, anew: true },
    { to: 'resend', orderCode: 'K7Q4MX2P' },
    { to: 'orders', page: 0 },
    { to: 'wallet', page: 0 },
    { to: 'refill' },
    { to: 'refillAmount', amount: 1 },
    { to: 'referrals' },
    { to: 'friends', page: 0 },
    { to: 'leaders' },
    { to: 'profile' },
    { to: 'watch', productId: 999_999 },
    { to: 'unwatch', productId: 999_999, fromList: true },
    { to: 'watches' },
    { to: 'claims', orderCode: 'K7Q4MX2P' },
    { to: 'claim', orderCode: 'K7Q4MX2P', lineId: 1, unitId: null },
    { to: 'claimStatus', claimId: 999_999 },
    { to: 'claimWithdraw', claimId: 999_999 },
    { to: 'staffClaim', claimId: 999_999 },
    { to: 'claimAct', claimId: 999_999, verdict: 'refuse', reason: 'works', confirmed: true },
    { to: 'deposit', depositCode: 'K7Q4MX2P', method: 'wallet', amount: 1, coin: null },
    { to: 'deposit', depositCode: 'K7Q4MX2P', method: 'crypto', amount: 1, coin: 'BTC' },
    { to: 'refillCoins', depositCode: 'K7Q4MX2P', method: 'crypto', amount: 1 },
    { to: 'qr', noun: 'deposit', code: 'K7Q4MX2P' },
    { to: 'coin', coin: 'btc' },
    { to: 'coinQr', coin: 'ltc' },
    { to: 'coinLook', coin: 'btc' },
    { to: 'depositStatus', depositCode: 'K7Q4MX2P' },
    { to: 'depositPaid', depositCode: 'K7Q4MX2P' },
    { to: 'depositCancel', depositCode: 'K7Q4MX2P' },
    { to: 'staffDeposit', depositCode: 'K7Q4MX2P' },
    { to: 'judge', depositCode: 'K7Q4MX2P', verdict: 'approve' },
    { to: 'rejectFor', depositCode: 'K7Q4MX2P', reason: 'other' },
    { to: 'verdict', approvalId: 1, second: true, confirmed: true },
    { to: 'payout', payoutId: 1 },
    { to: 'payoutName', payoutId: 1 },
    { to: 'payoutConfirm', payoutId: 1, digest: 'abc123' },
    { to: 'staffPayout', payoutId: 1 },
    { to: 'payoutHow', payoutId: 1 },
    { to: 'payoutAct', act: 'sent', payoutId: 1, confirmed: true },
    { to: 'language' },
    { to: 'speak', language: 'pl' },
    { to: 'help' },
    { to: 'staff', orderCode: 'K7Q4MX2P' },
    { to: 'act', act: 'refund', orderCode: 'K7Q4MX2P', lineId: 1, confirmed: true },
  ];
  /** The largest numbers a button can hold, written as it writes them. */
  const numbers = ['0', '1', '2gosa7pa2gv', 'zzzzzzzzzzz', 'zik0zj', 'zik0zk', '-1', '1.5', '1e21', '-', '00'];

  test.each(samples)('$to with nonsense in each of its places opens a screen or says no', async (sample) => {
    const data = encodeCallback(sample);
    const parts = data.split(':');
    const values = [...lighterValues, ...numbers.map((value) => ({ name: value, value: value as unknown }))];
    const list = [
      { name: 'as it is', update: press(data) },
      ...values.map(({ name, value }) => ({ name: `whole: ${name}`, update: press(value) })),
      ...parts.slice(1).flatMap((_, index) =>
        [...nastyTexts.filter(({ value }) => value.length <= callbackLimitBytes).map(({ value }) => value), ...numbers].map((value) => ({
          name: `${index + 1}: ${value}`,
          update: press(parts.with(index + 1, value).join(':')),
        })),
      ),
    ];
    // The nonsense as a whole is the same for all kinds: it is tried with one.
    const tried = sample.to === 'menu' ? list : list.filter(({ name }) => !name.startsWith('whole'));
    expect(await refusedOf(tried)).toEqual([]);
    expect(fake.calls.filter(({ method }) => method === 'answerCallbackQuery').length).toBe(tried.length);
    expect(errors).toEqual([]);
  });

  test('every kind of button is among them', () => {
    const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_';
    const known = [...letters].filter((letter) => samples.some((sample) => encodeCallback(sample).startsWith(`1${letter}`)));
    const decoded = [...letters].filter((letter) =>
      samples.some((sample) => decodeCallback([`1${letter}`, ...encodeCallback(sample).split(':').slice(1)].join(':'))),
    );
    expect(known).toEqual(expect.arrayContaining(decoded));
  });
});

describe('updates of no shape', () => {
  const payment = { currency: 'XTR', total_amount: 5, invoice_payload: 'K7Q4MX2P-1', telegram_payment_charge_id: 'charge' };
  const shapes: Readonly<Record<string, (value: unknown) => object>> = {
    message: (value) => ({ message: value }),
    'message.from': (value) => ({ message: message({ text: 'x', from: value }) }),
    'message.from.id': (value) => ({ message: { ...message({ text: 'x' }), from: { ...someone(), id: value } } }),
    'message.chat': (value) => ({ message: message({ text: 'x', chat: value }) }),
    'message.chat.id': (value) => ({ message: message({ text: 'x', chat: { id: value, type: 'private' } }) }),
    'message.chat.type': (value) => ({ message: message({ text: 'x', chat: { id: 1, type: value } }) }),
    'message.text': (value) => ({ message: message({ text: value }) }),
    'message.entities': (value) => ({ message: message({ text: '/start', entities: value }) }),
    'message.entities.0': (value) => ({ message: message({ text: '/start', entities: [value] }) }),
    'message.date': (value) => ({ message: message({ text: 'x', date: value }) }),
    'message.message_id': (value) => ({ message: message({ text: 'x', message_id: value }) }),
    callback_query: (value) => ({ callback_query: value }),
    'callback_query.id': (value) => ({ callback_query: { ...press('1m').callback_query, id: value } }),
    'callback_query.from': (value) => ({ callback_query: { ...press('1m').callback_query, from: value } }),
    'callback_query.message': (value) => ({ callback_query: { ...press('1m').callback_query, message: value } }),
    'callback_query.message.message_id': (value) => ({
      callback_query: { ...press('1m').callback_query, message: { ...press('1m').callback_query.message, message_id: value } },
    }),
    my_chat_member: (value) => ({ my_chat_member: value }),
    'my_chat_member.date': (value) => {
      const { from, chat } = message();
      return { my_chat_member: { from, chat, date: value, old_chat_member: {}, new_chat_member: { status: 'kicked' } } };
    },
    'my_chat_member.new_chat_member': (value) => {
      const { from, chat } = message();
      return { my_chat_member: { from, chat, date: 1, old_chat_member: {}, new_chat_member: value } };
    },
    pre_checkout_query: (value) => ({ pre_checkout_query: value }),
    ...Object.fromEntries(
      ['id', 'from', 'currency', 'total_amount', 'invoice_payload'].map((name) => [
        `pre_checkout_query.${name}`,
        (value: unknown) => ({
          pre_checkout_query: { id: '1', from: someone(), ...payment, invoice_payload: `${orderCode}-1`, [name]: value },
        }),
      ]),
    ),
    ...Object.fromEntries(
      ['successful_payment', 'refunded_payment'].flatMap((kind) => [
        [kind, (value: unknown) => ({ message: message({ [kind]: value }) })],
        ...Object.keys(payment)
          .filter((name) => name !== 'total_amount')
          .map((name) => [
            `${kind}.${name}`,
            (value: unknown) => ({ message: message({ [kind]: { ...payment, total_amount: -5, [name]: value } }) }),
          ]),
        [
          `${kind}.total_amount`,
          (value: unknown) => ({ message: message({ [kind]: { ...payment, currency: 'EUR', total_amount: value } }) }),
        ],
      ]),
    ),
    subscription: (value) => ({ subscription: value }),
    'an update nobody asked for': (value) => ({ poll: value }),
  };

  test.each(Object.keys(shapes))('%s of nonsense ends with a 200', async (name) => {
    const list = lighterValues.map((nasty) => ({ name: nasty.name, update: shapes[name]?.(nasty.value) ?? {} }));
    expect(await refusedOf(list)).toEqual([]);
  });
});

describe('money that Telegram told of', () => {
  const charge = (fields: object, date: unknown = 1_795_000_000) => ({
    message: message({
      date,
      successful_payment: {
        currency: 'XTR',
        total_amount: 5,
        invoice_payload: 'K7Q4MX2P-1',
        telegram_payment_charge_id: `charge_${updates}`,
        ...fields,
      },
    }),
  });
  // What is stored is verified: rows of the inbox may come, nothing else.
  const money = () => kept().then(({ inbox: _, ...rest }) => rest);

  test.each(['invoice_payload', 'telegram_payment_charge_id', 'total_amount', 'date'])('with a nonsense %s moves nothing', async (name) => {
    const beforeMoney = await money();
    const list = lighterValues.map((nasty) => ({
      name: nasty.name,
      update: name === 'date' ? charge({}, nasty.value) : charge({ [name]: nasty.value }),
    }));
    expect(await refusedOf(list)).toEqual([]);
    expect(await money()).toEqual(beforeMoney);
    const [row] = await world.db.em.fork().execute('select count(*)::int as count from inbox where order_id is not null');
    expect(row?.count).toBe(0);
    before = await kept();
  });
});
