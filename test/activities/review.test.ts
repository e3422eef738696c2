/** Money and goods at the edges: races of two writers, foreign words, and what is asked for twice. */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ActivityContext } from '../../activities/context.ts';
import { createDeliveryActivities } from '../../activities/delivery.ts';
import { toFailure } from '../../activities/failure.ts';
import { createOrderActivities } from '../../activities/order.ts';
import { createRefundActivities } from '../../activities/refund.ts';
import { createStrayActivities } from '../../activities/stray.ts';
import { checkDatabase } from '../../db/check.ts';
import type { Customer } from '../../db/entities/customer.ts';
import type { Product } from '../../db/entities/product.ts';
import type { Shop } from '../../db/entities/shop.ts';
import { insertInboxRow, type InboxRow } from '../../db/repositories/inbox.ts';
import { readWallet } from '../../db/repositories/ledger.ts';
import { listOpenWork } from '../../db/repositories/open-work.ts';
import { findOrderView } from '../../db/repositories/order.ts';
import { markPreCheckout } from '../../db/repositories/payment.ts';
import { saveAccount } from '../../db/repositories/provider-account.ts';
import { createShop } from '../../db/repositories/shop.ts';
import type { MethodName } from '../../domain/payment.ts';
import { makeTestShop, newCode, type TestShop } from '../support/shop.ts';

let world: TestShop;
let neighbour: Shop;
let steps: ReturnType<typeof createOrderActivities>;
let refunds: ReturnType<typeof createRefundActivities>;
let deliveries: ReturnType<typeof createDeliveryActivities>;
const start = Date.parse('2026-05-01T10:00:00Z');
const minutes = (count: number) => start + count * 60_000;
let events = 0;

beforeAll(async () => {
  world = await makeTestShop();
  const { db, secrets } = world;
  steps = createOrderActivities({ db });
  refunds = createRefundActivities({ db, secrets, gateways: {} } as unknown as ActivityContext);
  deliveries = createDeliveryActivities({ db });
  const em = db.em.fork();
  const slug = `next-${randomBytes(3).toString('hex')}`;
  neighbour = await createShop(em, secrets, { slug, title: 'Neighbour', currency: 'PLN', actor: 'system' });
  const keys = { secretKey: `sk_test_${world.shop.botId}`, webhookSecret: 'whsec_other' };
  await saveAccount(em, secrets, { shopId: neighbour.id, provider: 'stripe', liveMode: false, keys });
});
afterAll(async () => {
  await world.close();
});

interface Opened {
  readonly orderCode: string;
  readonly customer: Customer;
  readonly product: Product;
}

async function openOrder(method: MethodName, wish: Parameters<TestShop['addProduct']>[0] & { cash?: number } = {}): Promise<Opened> {
  const { cash, ...fields } = wish;
  const product = await world.addProduct({ taxRate: 2300, ...fields });
  const customer = await world.addCustomer({ cash });
  const orderCode = newCode();
  const row = await steps.open({ orderCode, place: world.placing(customer, product, { method }), at: start });
  expect(row.rejected).toBeNull();
  return { orderCode, customer, product };
}

/** What a provider says about an order's payment; 50.00 by card, or 2500 Stars, unless told otherwise. */
async function say(orderCode: string, row: Partial<InboxRow> = {}): Promise<void> {
  events += 1;
  const stars = row.provider === 'stars';
  await insertInboxRow(world.db.em.fork(), {
    shopId: world.shop.id,
    provider: 'stripe',
    source: 'webhook',
    eventId: `review_${events}`,
    type: 'payment_intent.succeeded',
    verdict: 'verified',
    kind: 'settled',
    objectId: `pi_${orderCode}`,
    paymentId: `${orderCode}-1`,
    amount: stars ? 2500 : 5000,
    currency: stars ? 'XTR' : 'PLN',
    liveMode: stars ? null : false,
    providerAt: new Date(minutes(5)),
    body: Buffer.from('{}'),
    ...row,
  });
}

const charge = (orderCode: string, row: Partial<InboxRow> = {}) =>
  say(orderCode, { provider: 'stars', source: 'update', type: 'successful_payment', objectId: `charge_${orderCode}`, ...row });
const sql = <Row = Record<string, unknown>>(query: string, values: unknown[] = []) => world.db.em.fork().execute<Row[]>(query, values);
const wallet = (customer: Customer) => readWallet(world.db.em.fork(), world.shop, customer.id);
const viewOf = (orderCode: string) => findOrderView(world.db.em.fork(), orderCode);
const askRefund = (orderCode: string, number: number, amount?: number) =>
  refunds.decideRefund({
    refundId: `${orderCode}-r${number}`,
    orderCode,
    request: { actor: 'staff:1', reason: 'asked', amount },
    at: minutes(30) + number,
  });
async function isGreen(now = minutes(14)): Promise<void> {
  expect((await checkDatabase(world.db.em.fork(), { now: new Date(now) })).findings).toEqual([]);
}

describe('two shops with one account at a provider', () => {
  it.each([
    ['the other shop is told of it first', (orderCode: string) => `${orderCode}-1`],
    ['the other shop forges an unknown payment for it', () => 'NOSUCH00-1'],
  ])('a payment settles its own order although %s', async (_name, paymentIdOf) => {
    const { orderCode } = await openOrder('card');
    await say(orderCode, { shopId: neighbour.id, paymentId: paymentIdOf(orderCode) });
    const stray = { shopId: neighbour.id, provider: 'stripe', objectId: `pi_${orderCode}`, at: minutes(5) };
    await createStrayActivities({ db: world.db }).sortStray(stray);
    await say(orderCode);
    expect(await steps.settle({ orderCode, at: minutes(6) })).toMatchObject({ status: 'paid' });
    const outcomes = await sql<{ outcome: string }>('select outcome from inbox where object_id = ? order by id', [`pi_${orderCode}`]);
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['suspense', 'applied']);
    const [booked] = await sql<{ legs: number }>(
      `select count(*)::int as legs from transfer where shop_id = ? and reason = 'suspense' and key like ?`,
      [neighbour.id, `%pi_${orderCode}%`],
    );
    // Only money that is nobody else's here is laid aside.
    expect(booked?.legs).toBe(paymentIdOf(orderCode) === 'NOSUCH00-1' ? 1 : 0);
    await isGreen();
  });
});

describe('money in two currencies', () => {
  it('what a card brought in part returns to the wallet when Stars pay the order', async () => {
    const { orderCode, customer } = await openOrder('stars');
    expect(await steps.choose({ orderCode, method: 'card', customerId: customer.id, at: minutes(1) })).toMatchObject({ rejected: null });
    await say(orderCode, { paymentId: `${orderCode}-2`, amount: 4000 });
    expect(await steps.settle({ orderCode, at: minutes(6) })).toMatchObject({ status: 'awaitingPayment' });
    await charge(orderCode);
    expect(await steps.settle({ orderCode, at: minutes(7) })).toMatchObject({ status: 'paid' });
    expect((await wallet(customer)).cash).toBe(4000);
    await isGreen();
  });

  it('what arrived in vain is shown with the order', async () => {
    const over = await openOrder('card');
    await say(over.orderCode, { amount: 5150 });
    await steps.settle({ orderCode: over.orderCode, at: minutes(6) });
    expect(await viewOf(over.orderCode)).toMatchObject({ status: 'paid', toWallet: 150, fromBasket: false });
    const short = await openOrder('card');
    await say(short.orderCode, { amount: 4000 });
    await steps.settle({ orderCode: short.orderCode, at: minutes(6) });
    expect(await viewOf(short.orderCode)).toMatchObject({ held: 4000, toWallet: 0 });
    await steps.wake({ orderCode: short.orderCode, at: minutes(15) });
    expect(await viewOf(short.orderCode)).toMatchObject({ status: 'expired', held: 0, toWallet: 4000 });
    await isGreen();
  });

  it('a second charge of Stars is not what a refund of the order gives back', async () => {
    const { orderCode } = await openOrder('stars');
    await charge(orderCode);
    await steps.settle({ orderCode, at: minutes(6) });
    await charge(orderCode, { objectId: `second_${orderCode}` });
    await steps.settle({ orderCode, at: minutes(7) });
    expect(await askRefund(orderCode, 1)).toMatchObject({ ok: true });
    const [refund] = await sql('select money_object from refund where id = ?', [`${orderCode}-r1`]);
    expect(refund).toEqual({ money_object: `charge_${orderCode}` });
    await isGreen();
  });

  it('what costs only Stars is not free, and what costs money is not sold for 0 Stars', async () => {
    const customer = await world.addCustomer();
    const onlyStars = await world.addProduct({ price: 0, starsPrice: 10, methods: ['stars'] });
    const place = world.placing(customer, onlyStars, { method: 'stars', shownTotal: 0, shownStars: 10 });
    const orderCode = newCode();
    expect(await steps.open({ orderCode, place, at: start })).toMatchObject({ status: 'awaitingPayment', rejected: null });
    await charge(orderCode, { amount: 10 });
    expect(await steps.settle({ orderCode, at: minutes(6) })).toMatchObject({ status: 'paid' });
    const noStars = await world.addProduct({ starsPrice: 0 });
    const wrong = world.placing(customer, noStars, { method: 'stars', shownStars: 0 });
    expect(await steps.open({ orderCode: newCode(), place: wrong, at: start })).toMatchObject({ rejected: 'MethodNotAllowed' });
    await isGreen();
  });

  it('what costs nothing is given without a provider', async () => {
    for (const method of ['stars', 'card', 'wallet'] as const) {
      const customer = await world.addCustomer();
      const product = await world.addProduct({ discountPercent: 100, units: 1 });
      const place = world.placing(customer, product, { method, shownTotal: 0, shownStars: 0 });
      const row = await steps.open({ orderCode: newCode(), place, at: start });
      expect(row).toMatchObject({ status: 'paid', opening: null, closing: [] });
    }
    await isGreen();
  });
});

describe('a refund beside a send', () => {
  it('leaves goods that may have been seen with the customer, and nothing to send', async () => {
    const { orderCode, product } = await openOrder('wallet', { cash: 5000, units: 1 });
    await sql(`update delivery set status = 'sending' where order_id = (select id from "order" where code = ?)`, [orderCode]);
    await askRefund(orderCode, 1);
    const row = await steps.settle({ orderCode, at: minutes(31) });
    expect(row.status).toBe('refunded');
    const [delivery] = await sql(
      `select d.status, d.shown_at is not null as shown, u.state from delivery d join unit u on u.order_line_id = d.order_line_id where u.product_id = ?`,
      [product.id],
    );
    expect(delivery).toEqual({ status: 'sent', shown: true, state: 'sold' });
    const open = await listOpenWork(world.db.em.fork());
    expect(open.filter((work) => 'orderCode' in work && work.orderCode === orderCode)).toEqual([]);
    expect(await deliveries.prepareResend({ orderCode, actor: 'staff:1', at: minutes(32) })).toEqual({
      ok: false,
      rejected: 'NothingToSend',
    });
    await isGreen();
  });

  it('never frees a unit whose send began in the same instant', async () => {
    const { orderCode, product } = await openOrder('wallet', { cash: 5000, units: 1 });
    const sender = world.db.em.fork();
    await sender.begin();
    await sender.execute(`update delivery set status = 'sending' where order_id = (select id from "order" where code = ?)`, [orderCode]);
    const refund = askRefund(orderCode, 1);
    await new Promise((resolve) => setTimeout(resolve, 200));
    await sender.commit();
    await refund;
    expect(await sql('select state from unit where product_id = ?', [product.id])).toEqual([{ state: 'sold' }]);
    await isGreen();
  });

  it('after seven days of unanswered sends does not sell the goods again', async () => {
    const { orderCode, product } = await openOrder('wallet', { cash: 5000, units: 1 });
    await sql(`update delivery set status = 'sending' where order_id = (select id from "order" where code = ?)`, [orderCode]);
    await steps.leaveToStaff({ orderCode, at: minutes(20) });
    await askRefund(orderCode, 1);
    expect(await sql('select state from unit where product_id = ?', [product.id])).toEqual([{ state: 'sold' }]);
    await isGreen();
  });
});

describe('the end of the hold beside a payment', () => {
  it('waits for a pre-checkout that was approved in the same instant', async () => {
    const { orderCode, customer } = await openOrder('stars');
    const bot = world.db.em.fork();
    await bot.begin();
    const ask = { shopId: world.shop.id, paymentId: `${orderCode}-1`, amount: 2500, currency: 'XTR', at: new Date(minutes(15) - 1) };
    expect(await markPreCheckout(bot, { ...ask, telegramUserId: customer.telegramUserId })).toBe('approved');
    const ending = steps.wake({ orderCode, at: minutes(15) });
    await new Promise((resolve) => setTimeout(resolve, 200));
    await bot.commit();
    expect(await ending).toMatchObject({ status: 'awaitingSettlement', wakeAt: minutes(17) });
    await charge(orderCode, { providerAt: new Date(minutes(15) + 500) });
    expect(await steps.settle({ orderCode, at: minutes(16) })).toMatchObject({ status: 'paid' });
    await isGreen();
  });

  it('does not keep units for what was first seen after it', async () => {
    const { orderCode } = await openOrder('card');
    await say(orderCode, { kind: 'seen', amount: null, currency: null, providerAt: new Date(minutes(15) + 1) });
    expect(await steps.wake({ orderCode, at: minutes(16), closed: true })).toMatchObject({ status: 'expired' });
    await isGreen(minutes(30));
  });

  it('keeps them for what was found on its way while the invoice was being closed', async () => {
    const { orderCode } = await openOrder('card');
    await sql(`update payment set provider_object = 'cs_2', instructions = '{"kind":"link","url":"x"}' where id = ?`, [`${orderCode}-1`]);
    expect(await steps.wake({ orderCode, at: minutes(15) })).toMatchObject({ mustClose: true });
    await say(orderCode, { kind: 'seen', source: 'asked', amount: null, currency: null, providerAt: new Date(minutes(15) + 2000) });
    expect(await steps.wake({ orderCode, at: minutes(15) + 3000, closed: true })).toMatchObject({ status: 'awaitingSettlement' });
    await say(orderCode, { providerAt: new Date(minutes(18)) });
    expect(await steps.settle({ orderCode, at: minutes(18) })).toMatchObject({ status: 'paid' });
    await isGreen();
  });
});

describe('refunds', () => {
  it('count what the owner gave back at Stripe: nothing is given back twice', async () => {
    const { orderCode } = await openOrder('card');
    await say(orderCode);
    await steps.settle({ orderCode, at: minutes(6) });
    await say(orderCode, { kind: 'refunded', type: 'refund.created', objectId: 're_by_hand' });
    await steps.settle({ orderCode, at: minutes(7) });
    expect(await askRefund(orderCode, 1)).toEqual({ ok: false, rejected: 'NothingLeft' });
    await isGreen();
  });

  it('are closed once when the word of them is faster than the answer to our call', async () => {
    const { orderCode } = await openOrder('card');
    await say(orderCode);
    await steps.settle({ orderCode, at: minutes(6) });
    await askRefund(orderCode, 1);
    await say(orderCode, { kind: 'refunded', type: 'refund.created', objectId: 're_fast' });
    await steps.settle({ orderCode, at: minutes(31) });
    expect((await viewOf(orderCode))?.status).toBe('refunded');
    const result = { status: 'succeeded' as const, refundId: 're_fast' };
    expect(await refunds.recordRefund({ refundId: `${orderCode}-r1`, orderCode, result, at: minutes(32) })).toEqual({
      status: 'succeeded',
    });
    await isGreen();
  });

  it('in parts take back exactly the tax of the sale', async () => {
    const { orderCode } = await openOrder('wallet', { cash: 5000, price: 5000, taxRate: 500 });
    for (const [index, amount] of [1, 1, 1, 1663, 1667, 1667].entries()) {
      expect(await askRefund(orderCode, index + 1, amount)).toMatchObject({ ok: true });
    }
    const documents = await sql<{ kind: string; tax: number }>(
      `select r.kind, sum(r.tax)::int as tax from receipt r join "order" o on o.id = r.order_id where o.code = ? group by r.kind order by r.kind`,
      [orderCode],
    );
    expect(new Set(documents.map(({ tax }) => tax))).toEqual(new Set([238]));
    expect((await viewOf(orderCode))?.status).toBe('refunded');
    await isGreen();
  });

  it('of Stars that Telegram would not give back can be asked for again', async () => {
    const { orderCode } = await openOrder('stars');
    await charge(orderCode);
    await steps.settle({ orderCode, at: minutes(6) });
    await askRefund(orderCode, 1);
    const record = (result: { status: 'failed'; reason: string } | { status: 'succeeded'; refundId: string }) =>
      refunds.recordRefund({ refundId: `${orderCode}-r1`, orderCode, result, at: minutes(33) });
    expect(await record({ status: 'failed', reason: 'BALANCE_TOO_LOW' })).toEqual({ status: 'failed' });
    await isGreen();
    expect(await askRefund(orderCode, 2)).toEqual({ ok: true, refundIds: [`${orderCode}-r1`] });
    expect(await record({ status: 'succeeded', refundId: 'x' })).toEqual({ status: 'succeeded' });
    expect((await viewOf(orderCode))?.status).toBe('refunded');
    expect(await askRefund(orderCode, 2)).toEqual({ ok: false, rejected: 'NothingLeft' });
    await isGreen();
  });

  it('that became wallet money are not paid a second time', async () => {
    const { orderCode, customer } = await openOrder('card');
    await say(orderCode);
    await steps.settle({ orderCode, at: minutes(6) });
    await askRefund(orderCode, 1);
    const id = { refundId: `${orderCode}-r1`, orderCode, at: minutes(33) };
    await refunds.recordRefund({ ...id, result: { status: 'failed', reason: 'closed account' } });
    expect(await refunds.recordRefund({ ...id, result: { status: 'succeeded', refundId: 're_late' } })).toEqual({ status: 'failed' });
    expect(await askRefund(orderCode, 2)).toEqual({ ok: false, rejected: 'NothingLeft' });
    expect((await wallet(customer)).cash).toBe(5000);
    await isGreen();
  });
});

describe('wishes', () => {
  it('a tap that comes again begins no second attempt, a new one after a failure does', async () => {
    const { orderCode, customer } = await openOrder('stars');
    const choose = (attempt: number) => steps.choose({ orderCode, method: 'card', customerId: customer.id, attempt, at: minutes(1) });
    await choose(2);
    await sql(`update payment set status = 'failed' where id = ?`, [`${orderCode}-2`]);
    await choose(2);
    expect((await viewOf(orderCode))?.payment?.id).toBe(`${orderCode}-2`);
    await choose(3);
    expect((await viewOf(orderCode))?.payment?.id).toBe(`${orderCode}-3`);
    await steps.wake({ orderCode, at: minutes(15), closed: true });
  });

  it('a customer begins at most twenty payments an hour, whatever they are for', async () => {
    const { orderCode, customer } = await openOrder('stars');
    const answers: (string | null)[] = [];
    for (let attempt = 2; attempt <= 21; attempt += 1) {
      const method = attempt % 2 === 0 ? 'card' : 'stars';
      answers.push((await steps.choose({ orderCode, method, customerId: customer.id, attempt, at: minutes(1) })).rejected);
    }
    expect(answers.filter((rejected) => rejected === null)).toHaveLength(19);
    expect(answers.at(-1)).toBe('TooManyOpenOrders');
    await steps.wake({ orderCode, at: minutes(15), closed: true });
  });

  it('nobody cancels the order of another', async () => {
    const { orderCode } = await openOrder('stars');
    const stranger = await world.addCustomer();
    expect(await steps.cancel({ orderCode, by: 'customer', actor: `customer:${stranger.id}`, at: minutes(1) })).toMatchObject({
      status: 'awaitingPayment',
      rejected: 'NotYours',
    });
    await steps.wake({ orderCode, at: minutes(15) });
  });

  it('a hold and a total out of all bounds are answered, not tried for ever', async () => {
    const customer = await world.addCustomer();
    const product = await world.addProduct({ units: 2 });
    const orderCode = newCode();
    await steps.open({ orderCode, place: world.placing(customer, product, { method: 'stars', holdSeconds: 1e12 }), at: start });
    expect((await viewOf(orderCode))?.holdEndsAt).toBe(start + 3_600_000);
    await steps.wake({ orderCode, at: minutes(60) });
    const dear = await world.addProduct({ price: 9_007_199_254_740_991, units: 2, starsPrice: 1 });
    const lines = [{ productId: dear.id, quantity: 2 }];
    expect(await steps.open({ orderCode: newCode(), place: world.placing(customer, dear, { lines }), at: start })).toMatchObject({
      rejected: 'LimitReached',
    });
  });
});

describe('failures', () => {
  it('quote no row: a handover code or a name may stand in it', async () => {
    const { orderCode } = await openOrder('wallet', { cash: 5000, kind: 'pickup' });
    const wrong = sql(
      `update delivery set status = 'nonsense', handover_code = '123456' where order_id = (select id from "order" where code = ?)`,
      [orderCode],
    );
    const failure = await wrong.then(
      () => undefined,
      (err: unknown) => toFailure(err),
    );
    expect(failure).toMatchObject({ type: 'DatabaseFailed', nonRetryable: false });
    expect(failure?.message).toContain('delivery_status_check');
    expect(failure?.message).not.toContain('123456');
  });
});
