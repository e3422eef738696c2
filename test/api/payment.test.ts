/** The Mini App's calls on a whole shop: one wish is one payment, for its own customer, at the price that was shown. */
import { createHash, createHmac, randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Customer } from '../../db/entities/customer.ts';
import { Unit } from '../../db/entities/unit.ts';
import { addToBasket, readBasket } from '../../db/repositories/basket.ts';
import { claimCall } from '../../db/repositories/nonce.ts';
import { createShop } from '../../db/repositories/shop.ts';
import { tierDiscountKeys } from '../../domain/tier.ts';
import { orderWorkflowId } from '../../workflows/messages/order.ts';
import { payDeposit, walletOf } from '../support/deposits.ts';
import { takeFingerprint } from '../support/fingerprint.ts';
import { noLimits, openMiniApp } from '../support/mini-app.ts';
import { isGreen, runBots, untilStatus } from '../support/story.ts';
import { newCode } from '../support/shop.ts';
import { allowStars } from '../support/stars.ts';
import { waitFor } from '../support/wait.ts';
import { startWorld, type World } from '../support/world.ts';

let world: World;
let stopBots: () => Promise<void>;
beforeAll(async () => {
  world = await startWorld({ limits: noLimits });
  stopBots = await runBots(world);
}, 120_000);
afterAll(async () => {
  await stopBots?.();
  await world?.close();
});
afterEach(() => isGreen(world));

const em = () => world.db.em.fork();
const soon = { timeout: 15_000, interval: 100 };

async function open(money: { cash?: number } = {}) {
  const customer = await world.addPerson(money);
  return { customer, app: await openMiniApp(world, customer) };
}

const count = async (table: 'order' | 'deposit' | 'nonce', { id }: Customer) =>
  Number((await world.one(`select count(*)::int as n from "${table}" where customer_id = ?`, [id])).n);

const codeOf = (paymentId: unknown) => String(paymentId).replace(/^deposit-|-\d+$/g, '');

/** What the customer types on Stripe's page. */
async function payOnPage(url: unknown): Promise<void> {
  const page = await fetch(String(url));
  expect(page.status).toBe(200);
  const body = new URLSearchParams({ method: 'card', cardNumber: '4242 4242 4242 4242', expiry: '12/34', cvc: '123' });
  const paid = await fetch(String(url), { method: 'POST', body, redirect: 'manual' });
  expect(paid.status, await paid.text()).toBeLessThan(400);
}

/** What the customer does in a wallet of theirs. */
async function sendCoins(paymentId: unknown): Promise<void> {
  const { payments } = await world.control<{ payments: { payment_id: string }[] }>(`/nowpayments/payments?orderId=${String(paymentId)}`);
  await world.control(`/nowpayments/payments/${payments.at(-1)?.payment_id}/send`, {});
}

describe('a customer pays in the Mini App', () => {
  test('a product by wallet at once, and its goods come into the chat', async () => {
    const { customer, app } = await open({ cash: 5_000 });
    const product = await world.addProduct({ units: 1 });
    const paid = await app.pay('create', { type: 'product', productId: product.id, method: 'wallet', currency: 'PLN', shownTotal: 5_000 });
    expect([paid.status, paid.body]).toEqual([
      200,
      { payment_id: expect.stringMatching(/^[0-9A-Z]{8}-1$/), method: 'wallet', expires_at: expect.any(String), paid: true },
    ]);
    await untilStatus(world, codeOf(paid.body.payment_id), ['delivered']);
    const status = await app.status(paid.body.payment_id);
    expect(status.body).toMatchObject({ status: 'settled', final: true, paid: true, amount: 5_000, currency: 'PLN' });
    await waitFor(
      async () => expect((await world.chat(customer)).map(({ text }) => text).join('\n')).toContain(`SECRET-${product.id}`),
      soon,
    );
    expect(await walletOf(world, customer)).toMatchObject({ cash: 0 });
  });

  test('the basket by card on the page, and loses what was placed', async () => {
    const { customer, app } = await open();
    const [one, two] = [await world.addProduct(), await world.addProduct({ price: 2_500 })];
    await addToBasket(em(), customer.id, one.id);
    await addToBasket(em(), customer.id, two.id);
    const { status, body } = await app.pay('create', { type: 'basket', method: 'card', shownTotal: 7_500 });
    expect([status, body]).toEqual([200, expect.objectContaining({ method: 'card', url: expect.stringMatching(/^http/) })]);
    expect(await readBasket(em(), customer.id)).toEqual([]);
    const following = app.follow(body.payment_id);
    await payOnPage(body.url);
    const { events, ended } = await following;
    expect(ended).toBe(true);
    expect(events[0]?.told).toMatchObject({
      status: 'pending',
      final: false,
      url: body.url,
      amount: 7_500,
      order: { status: 'awaitingPayment' },
    });
    expect(events.at(-1)?.told).toMatchObject({ status: 'settled', final: true, paid: true, order: { status: 'delivered' } });
    expect(new Set(events.map(({ id }) => id)).size, 'nothing is told twice').toBe(events.length);
  });

  test('several pieces of a product, and of the basket only the lines that were shown', async () => {
    const { customer, app } = await open({ cash: 50_000 });
    const [one, two] = [await world.addProduct(), await world.addProduct({ price: 2_500 })];
    const pieces = await app.pay('create', { type: 'product', productId: one.id, quantity: 3, method: 'wallet', shownTotal: 15_000 });
    expect([pieces.status, pieces.body.paid]).toEqual([200, true]);
    await addToBasket(em(), customer.id, one.id);
    await addToBasket(em(), customer.id, two.id);
    const [first, second] = [one, two].map(({ id }) => ({ productId: id, quantity: 1 }));
    const wish = { type: 'basket', method: 'wallet' };
    for (const lines of [[{ ...first, quantity: 2 }], [first, { ...second, productId: 999_999 }]]) {
      const { status, body } = await app.pay('create', { ...wish, lines });
      expect([status, body.reason, body.field]).toEqual([409, 'BasketChanged', 'lines']);
    }
    const key = randomUUID();
    const part = await app.pay('create', { ...wish, lines: [second], shownTotal: 2_500 }, { key });
    expect([part.status, part.body.paid]).toEqual([200, true]);
    expect(await readBasket(em(), customer.id)).toEqual([first]);
    const again = await app.pay('create', { ...wish, lines: [second], shownTotal: 2_500 }, { key });
    expect([again.status, again.body.payment_id]).toEqual([200, part.body.payment_id]);
    for (const { body } of [pieces, part]) await untilStatus(world, codeOf(body.payment_id), ['delivered']);
    expect(await walletOf(world, customer)).toMatchObject({ cash: 32_500 });
  });

  test('a product in Stars by an invoice’s link, which stays the same', async () => {
    const { customer, app } = await open();
    const product = await world.addProduct({ units: 1 });
    const { status, body } = await app.pay('create', {
      type: 'product',
      productId: product.id,
      method: 'stars',
      currency: 'XTR',
      shownTotal: 2_500,
    });
    expect([status, body]).toEqual([
      200,
      expect.objectContaining({ method: 'stars', invoice_link: expect.stringMatching(/^https:\/\/t\.me\//) }),
    ]);
    expect((await app.status(body.payment_id)).body).toMatchObject({ invoice_link: body.invoice_link, currency: 'XTR', amount: 2_500 });
    const slug = String(body.invoice_link).split(/[/$]/).at(-1);
    await world.control('/invoices/pay', { person: customer.telegramUserId, slug });
    await untilStatus(world, codeOf(body.payment_id), ['delivered']);
  });

  test('a top-up by card, credited once', async () => {
    const { customer, app } = await open();
    const { status, body } = await app.pay('refill', { amount: 5_050, method: 'card', currency: 'PLN' });
    expect([status, body]).toEqual([
      200,
      {
        payment_id: expect.stringMatching(/^deposit-/),
        method: 'card',
        expires_at: expect.any(String),
        url: expect.stringMatching(/^http/),
      },
    ]);
    const following = app.follow(body.payment_id);
    await payOnPage(body.url);
    const { events } = await following;
    expect(events.at(-1)?.told).toMatchObject({ final: true, paid: true, deposit: { status: 'credited' } });
    expect(await walletOf(world, customer)).toMatchObject({ cash: 5_050 });
  });

  test('a top-up in Stars by an invoice, where the owner switched it on; what comes is for digital goods', async () => {
    const { customer, app } = await open();
    const wish = { amount: 5_001, method: 'stars' };
    expect(await app.pay('refill', wish)).toMatchObject({ status: 409, body: { reason: 'MethodUnavailable', field: 'method' } });
    await allowStars(world);
    const { status, body } = await app.pay('refill', wish);
    expect([status, body]).toEqual([
      200,
      {
        payment_id: expect.stringMatching(/^deposit-/),
        method: 'stars',
        expires_at: expect.any(String),
        invoice_link: expect.stringMatching(/^https:\/\/t\.me\//),
      },
    ]);
    expect((await app.status(body.payment_id)).body).toMatchObject({ amount: 2_501, currency: 'XTR', deposit: { status: 'waiting' } });
    const following = app.follow(body.payment_id);
    await world.control('/invoices/pay', { person: customer.telegramUserId, slug: String(body.invoice_link).split(/[/$]/).at(-1) });
    expect((await following).events.at(-1)?.told).toMatchObject({ final: true, paid: true, deposit: { status: 'credited' } });
    expect(await walletOf(world, customer)).toMatchObject({ cash: 0, stars: 5_001 });
    const pickup = await world.addProduct({ kind: 'pickup', stockMode: 'unlimited', price: 3_000, methods: ['wallet'] });
    const bought = await app.pay('create', { type: 'product', productId: pickup.id, method: 'wallet' });
    expect(bought).toMatchObject({ status: 409, body: { reason: 'InsufficientFunds' } });
  });

  test('a top-up in a coin: the address, the exact units, and a code a wallet reads', async () => {
    const { app } = await open();
    const { status, body } = await app.pay('refill', { amount: 10_000, method: 'crypto', currency: 'BTC' });
    expect([status, body]).toEqual([
      200,
      {
        payment_id: expect.stringMatching(/^deposit-/),
        method: 'crypto',
        expires_at: expect.any(String),
        pay_address: expect.stringMatching(/^\w{20,}$/),
        pay_amount: expect.stringMatching(/^0\.000\d+$/),
        pay_currency: 'BTC',
        qr: expect.stringMatching(/^data:image\/svg\+xml;utf8,%3Csvg/),
      },
    ]);
    expect((await app.status(body.payment_id)).body).toMatchObject({ pay_address: body.pay_address, pay_amount: body.pay_amount });
    for (const currency of [undefined, 'PLN', 'DOGE']) {
      const refused = await app.pay('refill', { amount: 10_000, method: 'crypto', currency });
      expect([currency, refused.status, refused.body.field]).toEqual([currency, 400, 'currency']);
    }
    const unlisted = await app.pay('refill', { amount: 10_000, method: 'crypto', currency: 'SOL' });
    expect([unlisted.status, unlisted.body.reason]).toEqual([409, 'MethodUnavailable']);
  });

  test('a product in a coin: exact units to an address, and its goods once they came', async () => {
    const { customer, app } = await open();
    const product = await world.addProduct({ price: 10_000, methods: ['crypto'], units: 1 });
    const wish = { type: 'product', productId: product.id, method: 'crypto' };
    for (const currency of [undefined, 'PLN', 'DOGE']) {
      const refused = await app.pay('create', { ...wish, currency });
      expect([currency, refused.status, refused.body.field]).toEqual([currency, 400, 'currency']);
    }
    expect((await app.pay('create', { ...wish, currency: 'SOL' })).body.reason).toBe('MethodUnavailable');
    expect(await count('order', customer)).toBe(0);
    const { status, body } = await app.pay('create', { ...wish, currency: 'BTC', shownTotal: 10_000 });
    expect([status, body]).toEqual([
      200,
      {
        payment_id: expect.stringMatching(/^[0-9A-Z]{8}-1$/),
        method: 'crypto',
        expires_at: expect.any(String),
        pay_address: expect.stringMatching(/^\w{20,}$/),
        pay_amount: '0.0005',
        pay_currency: 'BTC',
        qr: expect.stringMatching(/^data:image\/svg\+xml;utf8,%3Csvg/),
      },
    ]);
    const following = app.follow(body.payment_id);
    await sendCoins(body.payment_id);
    const { events } = await following;
    expect(events[0]?.told).toMatchObject({
      pay_address: body.pay_address,
      pay_amount: body.pay_amount,
      order: { status: 'awaitingPayment' },
    });
    expect(events.at(-1)?.told).toMatchObject({ status: 'settled', final: true, paid: true, order: { status: 'delivered' } });
  });

  test('the basket in a coin, which nobody had asked the provider about before', async () => {
    const { customer, app } = await open();
    const product = await world.addProduct({ price: 10_000, methods: ['crypto', 'card'] });
    await addToBasket(em(), customer.id, product.id);
    await em().execute('update provider_account set coin_offers = null where shop_id = ?', [world.shop.id]);
    const { status, body } = await app.pay('create', { type: 'basket', method: 'crypto', currency: 'USDT_TRC20' });
    expect([status, body]).toEqual([
      200,
      expect.objectContaining({ pay_currency: 'USDT_TRC20', pay_amount: expect.stringMatching(/^25/) }),
    ]);
    expect(await readBasket(em(), customer.id)).toEqual([]);
  });

  test('with another coin, when an order of the same lines waits for the first one; money for either is theirs', async () => {
    const { customer, app } = await open();
    const product = await world.addProduct({ price: 10_000, methods: ['crypto', 'card'] });
    const wish = { type: 'product', productId: product.id };
    const card = await app.pay('create', { ...wish, method: 'card' });
    const code = codeOf(card.body.payment_id);
    const btc = await app.pay('create', { ...wish, method: 'crypto', currency: 'BTC' });
    expect(btc.body).toMatchObject({ payment_id: `${code}-2`, pay_currency: 'BTC', pay_address: expect.any(String) });
    const same = await app.pay('create', { ...wish, method: 'crypto', currency: 'BTC' });
    expect(same.body).toEqual(btc.body);
    const tether = await app.pay('create', { ...wish, method: 'crypto', currency: 'USDT_TRC20' });
    expect(tether.body).toMatchObject({ payment_id: `${code}-3`, pay_currency: 'USDT_TRC20' });
    expect(tether.body.pay_address).not.toBe(btc.body.pay_address);
    expect(await count('order', customer)).toBe(1);
    expect((await app.status(btc.body.payment_id)).body).toMatchObject({ final: true, status: 'expired' });
    await sendCoins(btc.body.payment_id);
    await untilStatus(world, code, ['delivered']);
    await sendCoins(tether.body.payment_id);
    await waitFor(async () => expect(await walletOf(world, customer)).toMatchObject({ cash: 10_000 }), soon);
  });

  test('with the method they wish now, when an order of the same lines waits unpaid', async () => {
    const { customer, app } = await open();
    const product = await world.addProduct();
    const wish = { type: 'product', productId: product.id };
    const first = await app.pay('create', { ...wish, method: 'card' });
    const second = await app.pay('create', { ...wish, method: 'stars' });
    expect(second.body).toMatchObject({ payment_id: `${codeOf(first.body.payment_id)}-2`, invoice_link: expect.any(String) });
    expect(await count('order', customer)).toBe(1);
    expect((await app.status(first.body.payment_id)).body).toMatchObject({ final: true });
  });
});

describe('one wish is one payment', () => {
  test('twenty times at once: one order, one charge, twenty times the same answer', async () => {
    const { customer, app } = await open({ cash: 20_000 });
    const product = await world.addProduct({ units: 20 });
    await addToBasket(em(), customer.id, product.id);
    const [key, nonce] = [randomUUID(), await app.nonce()];
    const all = await Promise.all(
      Array.from({ length: 20 }, () => app.pay('create', { type: 'basket', method: 'wallet' }, { key, nonce })),
    );
    expect(all.map(({ status, body }) => [status, body.payment_id, body.paid])).toEqual(
      Array.from({ length: 20 }, () => [200, all[0]?.body.payment_id, true]),
    );
    expect([await count('order', customer), (await walletOf(world, customer)).cash]).toEqual([1, 15_000]);
    const again = await app.pay('create', { type: 'basket', method: 'wallet' }, { key, nonce });
    expect([again.status, again.body.payment_id]).toEqual([200, all[0]?.body.payment_id]);
  });

  test('twenty times at once with twenty nonces of one key: one deposit', async () => {
    const { customer, app } = await open();
    const nonces = await Promise.all(Array.from({ length: 20 }, () => app.nonce()));
    const all = await Promise.all(
      nonces.map((nonce) => app.pay('refill', { amount: 5_000, method: 'card' }, { key: 'the-same-key', nonce })),
    );
    expect(new Set(all.map(({ body }) => body.url)).size).toBe(1);
    expect(all.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200));
    expect(await count('deposit', customer)).toBe(1);
    await payDeposit(world, codeOf(all[0]?.body.payment_id));
    await waitFor(async () => expect(await walletOf(world, customer)).toMatchObject({ cash: 5_000 }), soon);
  });

  test('a nonce is good once, a key for one wish, a nonce for one customer, ten minutes', async () => {
    const { customer, app } = await open();
    const stranger = await open();
    const wish = { amount: 5_000, method: 'card' };
    const [key, nonce] = [randomUUID(), await app.nonce()];
    expect((await app.pay('refill', wish, { key, nonce })).status).toBe(200);
    const refused = async (body: object, options: { key?: string; nonce?: string }, by = app) => {
      const told = await by.pay('refill', body, options);
      return [told.status, told.body.reason, told.body.field];
    };
    expect(await refused(wish, { nonce })).toEqual([409, 'NonceUsed', 'x-nonce']);
    expect(await refused({ ...wish, amount: 6_000 }, { key })).toEqual([409, 'KeyOfAnotherCall', 'idempotency-key']);
    const order = await app.pay('create', { type: 'basket', method: 'card' }, { key });
    expect([order.status, order.body.reason]).toEqual([409, 'KeyOfAnotherCall']);
    expect(await refused(wish, { nonce: 'A'.repeat(43) })).toEqual([409, 'NonceUnknown', 'x-nonce']);
    expect(await refused(wish, { nonce: await app.nonce() }, stranger.app)).toEqual([409, 'NonceUnknown', 'x-nonce']);
    const old = await app.nonce();
    await em().execute(`update nonce set expires_at = now() - interval '1 second' where customer_id = ? and used_at is null`, [
      customer.id,
    ]);
    expect(await refused(wish, { nonce: old })).toEqual([409, 'NonceUnknown', 'x-nonce']);
    // A key is one customer's: somebody else's same key is another call.
    expect((await stranger.app.pay('refill', wish, { key })).status).toBe(200);
    expect([await count('deposit', customer), await count('deposit', stranger.customer)]).toEqual([1, 1]);
  });

  test('a call that died after its nonce was used is finished when it comes again, as the one it was', async () => {
    const { customer, app } = await open({ cash: 5_000 });
    const product = await world.addProduct();
    const [nonce, key, code] = [await app.nonce(), randomUUID(), newCode()];
    const wish = { type: 'product', productId: product.id, method: 'wallet' };
    const hash = (text: string) => createHash('sha256').update(text).digest('hex');
    const call = {
      customerId: customer.id,
      nonceHash: hash(nonce),
      key,
      askedHash: hash(JSON.stringify(wish)),
      noun: 'order',
      code,
    } as const;
    expect(await claimCall(em(), { ...call, at: new Date() })).toEqual({ ok: true, code });
    const again = await app.pay('create', wish, { nonce, key });
    expect([again.status, again.body.payment_id]).toEqual([200, `${code}-1`]);
    await untilStatus(world, code, ['delivered']);
  });

  test('a call that nobody answered in time is one order with its repetition', async () => {
    const { customer, app } = await open({ cash: 20_000 });
    const product = await world.addProduct();
    const wish = { type: 'product', productId: product.id, method: 'wallet' };
    const key = randomUUID();
    await world.stopWorker();
    const late = await app.pay('create', wish, { key });
    expect([late.status, late.body.reason, late.headers.get('retry-after')]).toEqual([503, 'NotReady', '2']);
    await world.startWorker();
    const told = await waitFor(async () => {
      const again = await app.pay('create', wish, { key });
      expect(again.status, JSON.stringify(again.body)).toBe(200);
      return again;
    }, soon);
    expect([told.body.paid, await count('order', customer), (await walletOf(world, customer)).cash]).toEqual([true, 1, 15_000]);
    await untilStatus(world, codeOf(told.body.payment_id), ['delivered']);
  });

  test('what is over is forgotten with the next nonce, what was used is kept', async () => {
    const { customer, app } = await open();
    await app.nonce();
    await app.pay('refill', { amount: 5_000, method: 'card' });
    await em().execute(`update nonce set expires_at = now() - interval '1 minute' where customer_id = ?`, [customer.id]);
    await app.nonce();
    expect(await count('nonce', customer)).toBe(2);
  });
});

describe('the server decides', () => {
  test('another price than was shown is said, with the one of now, and nothing is placed', async () => {
    const { customer, app } = await open({ cash: 10_000 });
    const product = await world.addProduct();
    const wish = { type: 'product', productId: product.id };
    const card = await app.pay('create', { ...wish, method: 'wallet', shownTotal: 4_999 });
    expect([card.status, card.body]).toEqual([
      409,
      expect.objectContaining({ reason: 'PriceChanged', field: 'shownTotal', total: 5_000, currency: 'PLN' }),
    ]);
    const stars = await app.pay('create', { ...wish, method: 'stars', shownTotal: 5_000 });
    expect(stars.body).toMatchObject({ reason: 'PriceChanged', total: 2_500, currency: 'XTR' });
    expect(await count('order', customer)).toBe(0);
  });

  test('a call that came too late has its answer for good and no workflow; another call buys what came back', async () => {
    const { customer, app } = await open({ cash: 5_000 });
    const product = await world.addProduct({ units: 1 });
    const put = (state: 'withdrawn' | 'free') => world.db.em.fork().nativeUpdate(Unit, { productId: product.id }, { state });
    await put('withdrawn');
    const [wish, key] = [{ type: 'product', productId: product.id, method: 'wallet' }, randomUUID()];
    const told = async (options?: { key: string }) => (await app.pay('create', wish, options)).body;
    expect(await told({ key })).toMatchObject({ reason: 'SoldOut' });
    const [{ code }] = (await world.db.em
      .fork()
      .execute('select order_code as code from turned_away where customer_id = ?', [customer.id])) as [{ code: string }];
    await expect(world.door.client.workflow.getHandle(orderWorkflowId(code)).describe()).rejects.toThrow(/not found/i);
    await put('free');
    expect(await told({ key })).toMatchObject({ reason: 'SoldOut' });
    expect(await count('order', customer)).toBe(0);
    expect(await told()).toMatchObject({ payment_id: expect.any(String) });
    expect(await count('order', customer)).toBe(1);
  });

  test('what cannot be had is refused by name and field', async () => {
    const { customer, app } = await open();
    const product = await world.addProduct();
    const gone = await world.addProduct({ units: 0 });
    const told = async (path: 'create' | 'refill', body: object) => {
      const { status, headers, body: problem } = await app.pay(path, body);
      expect(headers.get('content-type')).toBe('application/problem+json');
      return [status, problem.reason ?? null, problem.field];
    };
    const buy = { type: 'product', productId: product.id, method: 'wallet' };
    expect(await told('create', buy)).toEqual([409, 'InsufficientFunds', 'method']);
    expect(await told('create', { ...buy, productId: gone.id })).toEqual([409, 'SoldOut', expect.any(String)]);
    expect(await told('create', { ...buy, productId: 999_999_999 })).toEqual([409, 'ProductGone', 'productId']);
    expect(await told('create', { type: 'basket', method: 'wallet' })).toEqual([409, 'EmptyBasket', 'type']);
    expect(await told('create', { ...buy, currency: 'EUR' })).toEqual([400, null, 'currency']);
    expect(await told('create', { ...buy, type: 'basket' })).toEqual([400, null, 'productId']);
    expect(await told('create', { ...buy, price: 1 })).toEqual([400, null, 'body']);
    expect(await told('create', { type: 'basket', method: 'wallet', quantity: 2 })).toEqual([400, null, 'quantity']);
    expect(await told('create', { ...buy, lines: [{ productId: product.id, quantity: 1 }] })).toEqual([400, null, 'lines']);
    expect(await told('refill', { amount: 1, method: 'card' })).toEqual([409, 'AmountTooSmall', 'amount']);
    expect(await told('refill', { amount: 100_000_000, method: 'card' })).toEqual([409, 'AmountTooLarge', 'amount']);
    expect(await told('refill', { amount: 5_000, method: 'wallet' })).toEqual([400, null, 'method']);
    expect([await count('order', customer), await count('deposit', customer)]).toEqual([0, 0]);
  });

  test('a basket that adds up to no amount of money is refused', async () => {
    const { customer, app } = await open();
    for (const _ of [1, 2]) {
      const product = await world.addProduct({ price: 9_000_000_000_000_000 });
      await addToBasket(em(), customer.id, product.id);
    }
    const { status, body } = await app.pay('create', { type: 'basket', method: 'card' });
    expect([status, body.reason]).toEqual([409, 'LimitReached']);
  });

  test('a tier’s discount is in the price that is paid and compared with what was shown', async () => {
    const { customer, app } = await open({ cash: 5_000 });
    const product = await world.addProduct();
    const wish = { type: 'product', productId: product.id, method: 'wallet' };
    const setting = [world.shop.id, tierDiscountKeys.bronze];
    await em().execute('insert into setting (shop_id, key, value) values (?, ?, 10)', setting);
    const full = await app.pay('create', { ...wish, shownTotal: 5_000 });
    expect(full.body).toMatchObject({ reason: 'PriceChanged', total: 4_500 });
    const paid = await app.pay('create', { ...wish, shownTotal: 4_500 });
    expect([paid.status, paid.body.paid]).toEqual([200, true]);
    await untilStatus(world, codeOf(paid.body.payment_id), ['delivered']);
    await em().execute('delete from setting where shop_id = ? and key = ?', setting);
    expect(await walletOf(world, customer)).toMatchObject({ cash: 500 });
  });

  test('a refusal stays the answer of its key', async () => {
    const { app } = await open();
    const product = await world.addProduct();
    const [key, wish] = [randomUUID(), { type: 'product', productId: product.id, method: 'wallet' }];
    const first = await app.pay('create', wish, { key });
    const again = await app.pay('create', wish, { key });
    expect([first.body.reason, again.body.reason]).toEqual(['InsufficientFunds', 'InsufficientFunds']);
  });
});

describe('only a customer of the shop', () => {
  const asked = async (app: Awaited<ReturnType<typeof openMiniApp>>, initData: string | undefined) => {
    const response = await app.call('POST', '/payment/nonce', { headers: { 'x-telegram-init-data': initData } });
    const { status, body } = await app.tell(response);
    return [status, body.reason, body.field];
  };
  const refusedInitData = [401, 'InitDataRefused', 'x-telegram-init-data'];

  test('forged, changed, old, another bot’s, unsigned: refused', async () => {
    const { customer, app } = await open();
    const stranger = await open();
    expect((await asked(app, app.initData))[0]).toBe(200);
    const token = (botToken: string, lines: string[], secretOf = 'WebAppData') =>
      createHmac('sha256', createHmac('sha256', secretOf).update(botToken).digest()).update(lines.join('\n')).digest('hex');
    const signed = (fields: Record<string, string>, botToken: string) => {
      const lines = Object.entries(fields)
        .map(([name, value]) => `${name}=${value}`)
        .sort();
      return new URLSearchParams({ ...fields, hash: token(botToken, lines) }).toString();
    };
    const ours = `${world.shop.botId}:${'t'.repeat(35)}`;
    const user = JSON.stringify({ id: customer.telegramUserId, first_name: 'Ada' });
    const now = String(Math.floor(Date.now() / 1_000));
    expect((await asked(app, signed({ user, auth_date: now }, ours)))[0]).toBe(200);
    const changed = new URLSearchParams(app.initData);
    changed.set('user', user.replace(String(customer.telegramUserId), String(stranger.customer.telegramUserId)));
    const { initData: old } = await world.control<{ initData: string }>('/init-data', {
      bot: world.shop.botUsername,
      person: customer.telegramUserId,
      authDate: Math.floor(Date.now() / 1_000) - 86_400 - 60,
    });
    const { initData: day } = await world.control<{ initData: string }>('/init-data', {
      bot: world.shop.botUsername,
      person: customer.telegramUserId,
      authDate: Math.floor(Date.now() / 1_000) - 86_400 + 60,
    });
    expect((await asked(app, day))[0], 'a day old is honest').toBe(200);
    const wrong: Record<string, string | undefined> = {
      none: undefined,
      changed: changed.toString(),
      old,
      'of another bot': signed({ user, auth_date: now }, `123456789:${'x'.repeat(35)}`),
      'without a hash': new URLSearchParams({ user, auth_date: now }).toString(),
      'without a time': signed({ user }, ours),
      'without a person': signed({ auth_date: now }, ours),
      'of a person without an id': signed({ user: '{"id":"1"}', auth_date: now }, ours),
      'of two persons': `${signed({ user, auth_date: now }, ours)}&user=${encodeURIComponent(user)}`,
      'with a person hidden in another line': signed({ auth_date: `${now}\nuser=${user}` }, ours),
      'too long': `${app.initData}&x=${'x'.repeat(4_096)}`,
    };
    for (const [name, initData] of Object.entries(wrong))
      expect([name, ...(await asked(app, initData))]).toEqual([name, ...refusedInitData]);
  });

  test('who never pressed Start is told where, who is banned is not served', async () => {
    const { customer, app } = await open();
    await world.control('/people', { id: customer.telegramUserId + 500_000, firstName: 'New' });
    const fresh = await openMiniApp(world, { telegramUserId: customer.telegramUserId + 500_000 });
    const unknown = await fresh.tell(await fresh.call('POST', '/payment/nonce'));
    expect([unknown.status, unknown.body]).toEqual([
      403,
      expect.objectContaining({ reason: 'UnknownCustomer', start: `https://t.me/${world.shop.botUsername}?start=app` }),
    ]);
    await em().execute('update customer set banned_at = now() where id = ?', [customer.id]);
    const banned = await app.tell(await app.call('POST', '/payment/nonce'));
    expect([banned.status, banned.body.reason]).toEqual([403, 'CustomerBanned']);
  });

  test('sees its own payments alone, of its own shop alone', async () => {
    const { customer, app } = await open({ cash: 5_000 });
    const stranger = await open({ cash: 5_000 });
    const product = await world.addProduct();
    const order = await app.pay('create', { type: 'product', productId: product.id, method: 'wallet' });
    const deposit = await app.pay('refill', { amount: 5_000, method: 'card' });
    const slug = `other-${customer.id}`;
    const token = `${300_000_000 + customer.id}:${'o'.repeat(35)}`;
    const other = await createShop(em(), world.secrets, {
      slug,
      title: 'Other',
      currency: 'EUR',
      botToken: token,
      botUsername: `o${customer.id}_bot`,
      actor: 'system',
    });
    await world.control('/bots', { token, username: other.botUsername, name: 'Other shop' });
    await em().execute('insert into customer (shop_id, telegram_user_id, chat_id, language) values (?, ?, ?, ?)', [
      other.id,
      customer.telegramUserId,
      customer.chatId,
      'en',
    ]);
    const there = await openMiniApp({ ...world, shop: other }, customer, `/api/shops/${slug}`);
    await untilStatus(world, codeOf(order.body.payment_id), ['delivered']);
    const before = await takeFingerprint(em());
    for (const paymentId of [order.body.payment_id, deposit.body.payment_id, 'AAAAAAAA-1', 'deposit-AAAAAAAA']) {
      for (const path of [`/payment/status/${paymentId}`, `/payment/status/${paymentId}/events`]) {
        for (const by of [stranger.app, there]) {
          const { status, body } = await by.tell(await by.call('GET', path));
          expect([path, status, body.field]).toEqual([path, 404, 'id']);
        }
      }
    }
    // Another shop's product, and initData of one shop's bot at the other's address.
    const foreign = await there.pay('create', { type: 'product', productId: product.id, method: 'wallet' });
    expect([foreign.status, foreign.body.reason]).toEqual([409, 'ProductGone']);
    const crossed = await openMiniApp(world, customer, `/api/shops/${slug}`);
    expect((await crossed.call('POST', '/payment/nonce')).status).toBe(401);
    for (const unknown of ['nowhere', 'Bad!', '%00']) {
      const nowhere = await openMiniApp(world, customer, `/api/shops/${encodeURIComponent(unknown)}`);
      expect((await nowhere.call('POST', '/payment/nonce')).status).toBe(404);
    }
    const named = await openMiniApp(world, customer, `/api/shops/${world.shop.slug}`);
    expect((await named.status(order.body.payment_id)).status).toBe(200);
    expect(await takeFingerprint(em())).toEqual(before);
  });

  test('from a page of its own, or from no page', async () => {
    const { app } = await open();
    const from = async (origin: string) => (await app.call('POST', '/payment/nonce', { headers: { origin } })).status;
    expect([await from(world.apiOrigin), await from('https://evil.example'), await from('null'), await from('not an origin')]).toEqual([
      200, 403, 403, 403,
    ]);
    const preflight = await app.call('OPTIONS', '/payment/create', {
      headers: { origin: 'https://evil.example', 'access-control-request-method': 'POST' },
    });
    expect([preflight.status, preflight.headers.get('access-control-allow-origin')]).toEqual([404, null]);
  });
});
