import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createOrderActivities } from '../../activities/order.ts';
import { createRefundActivities } from '../../activities/refund.ts';
import { createStrayActivities } from '../../activities/stray.ts';
import type { ActivityContext } from '../../activities/context.ts';
import { checkDatabase } from '../../db/check.ts';
import type { Customer } from '../../db/entities/customer.ts';
import { insertInboxRow, type InboxRow } from '../../db/repositories/inbox.ts';
import { findAccount } from '../../db/repositories/provider-account.ts';
import { findOrderView } from '../../db/repositories/order.ts';
import { readWallet } from '../../db/repositories/ledger.ts';
import type { MethodName } from '../../domain/payment.ts';
import { makeTestShop, newCode, type TestShop } from '../support/shop.ts';

let world: TestShop;
let other: TestShop;
let steps: ReturnType<typeof createOrderActivities>;
let refunds: ReturnType<typeof createRefundActivities>;
const start = Date.parse('2026-05-01T10:00:00Z');
const minutes = (count: number) => start + count * 60_000;
let events = 0;

beforeAll(async () => {
  [world, other] = await Promise.all([makeTestShop(), makeTestShop()]);
  steps = createOrderActivities({ db: world.db });
  refunds = createRefundActivities({ db: world.db, secrets: world.secrets, gateways: {} } as unknown as ActivityContext);
});
afterAll(async () => {
  await Promise.all([world.close(), other.close()]);
});

/** A customer with an open order of 50.00 (25 Stars) by `method`. */
async function openOrder(method: MethodName, wallet: { cash?: number } = {}): Promise<{ orderCode: string; customer: Customer }> {
  const product = await world.addProduct({ taxRate: 2300 });
  const customer = await world.addCustomer(wallet);
  const orderCode = newCode();
  const row = await steps.open({ orderCode, place: world.placing(customer, product, { method }), at: start });
  expect(row).toMatchObject({ status: 'awaitingPayment', rejected: null });
  return { orderCode, customer };
}

/** What a provider says about an order's payment; 50.00 by card unless told otherwise. */
async function say(orderCode: string, row: Partial<InboxRow> = {}): Promise<void> {
  events += 1;
  const provider = row.provider ?? 'stripe';
  const account = await findAccount(world.db.em.fork(), world.shop.id, provider);
  await insertInboxRow(world.db.em.fork(), {
    shopId: world.shop.id,
    provider,
    accountId: account?.id,
    source: 'webhook',
    eventId: `evt_${events}`,
    type: 'payment_intent.succeeded',
    verdict: 'verified',
    kind: 'settled',
    objectId: `pi_${orderCode}`,
    paymentId: `${orderCode}-1`,
    amount: provider === 'stars' ? 2500 : 5000,
    currency: provider === 'stars' ? 'XTR' : 'PLN',
    liveMode: false,
    providerAt: new Date(minutes(5)),
    body: Buffer.from('{}'),
    ...row,
  });
}

const wallet = (customer: Customer) => readWallet(world.db.em.fork(), world.shop, customer.id);
const outcomes = async (orderCode: string): Promise<string[]> => {
  const rows = await world.db.em
    .fork()
    .execute(`select i.outcome from inbox i where i.payment_id like ? order by i.id`, [`${orderCode}-%`]);
  return rows.map((row) => row.outcome);
};
async function isGreen(now: number): Promise<void> {
  expect((await checkDatabase(world.db.em.fork(), { now: new Date(now) })).findings).toEqual([]);
}

describe('money for an open order', () => {
  it('counts once, however many events tell of it, in any order and in parallel', async () => {
    const { orderCode } = await openOrder('card');
    for (const type of ['checkout.session.completed', 'payment_intent.succeeded', 'checkout.session.completed', 'asked'])
      await say(orderCode, { type });
    const rows = await Promise.all(Array.from({ length: 5 }, () => steps.settle({ orderCode, at: minutes(6) })));
    expect(new Set(rows.map((row) => row.status))).toEqual(new Set(['paid']));
    expect(await outcomes(orderCode)).toEqual(['applied', 'duplicate', 'duplicate', 'duplicate']);
    await isGreen(minutes(7));
  });

  it('settles at the end of the hold when it was seen before it and its ring was lost', async () => {
    const { orderCode } = await openOrder('card');
    await say(orderCode, { providerAt: new Date(minutes(15)) });
    expect(await steps.wake({ orderCode, at: minutes(40) })).toMatchObject({ status: 'paid' });
  });

  it('too little waits for the rest, and goes to the wallet at the end', async () => {
    const { orderCode, customer } = await openOrder('card');
    await say(orderCode, { amount: 4999 });
    expect(await steps.settle({ orderCode, at: minutes(6) })).toMatchObject({ status: 'awaitingPayment' });
    expect(await steps.wake({ orderCode, at: minutes(15) })).toMatchObject({ status: 'expired' });
    expect(await wallet(customer)).toEqual({ cash: 4999, stars: 0, bonus: 0, debt: 0 });
    await isGreen(minutes(20));
  });

  it('too little and then the rest by wallet is paid', async () => {
    const { orderCode, customer } = await openOrder('card', { cash: 1500 });
    await say(orderCode, { amount: 4000 });
    await steps.settle({ orderCode, at: minutes(6) });
    expect(await steps.choose({ orderCode, method: 'stars', customerId: customer.id, at: minutes(7) })).toMatchObject({
      rejected: 'MethodNotAllowed',
    });
    expect(await steps.choose({ orderCode, method: 'wallet', customerId: customer.id, at: minutes(7) })).toMatchObject({ status: 'paid' });
    expect((await wallet(customer)).cash).toBe(500);
    await isGreen(minutes(20));
  });

  it('a rest below the least a card takes is asked at that least, the excess goes to the wallet', async () => {
    const { orderCode, customer } = await openOrder('card');
    await say(orderCode, { amount: 4950 });
    await steps.settle({ orderCode, at: minutes(6) });
    await steps.choose({ orderCode, method: 'card', customerId: customer.id, at: minutes(7) });
    const view = await findOrderView(world.db.em.fork(), orderCode);
    expect(view?.payment).toMatchObject({ id: `${orderCode}-2`, amount: 200 });
    await say(orderCode, { paymentId: `${orderCode}-2`, objectId: `pi_rest_${orderCode}`, amount: 200 });
    expect(await steps.settle({ orderCode, at: minutes(8) })).toMatchObject({ status: 'paid' });
    expect((await wallet(customer)).cash).toBe(150);
    await isGreen(minutes(20));
  });

  it('too much settles and the rest goes to the wallet', async () => {
    const { orderCode, customer } = await openOrder('card');
    await say(orderCode, { amount: 7000 });
    expect(await steps.settle({ orderCode, at: minutes(6) })).toMatchObject({ status: 'paid' });
    expect((await wallet(customer)).cash).toBe(2000);
    await isGreen(minutes(7));
  });

  it('first seen after the end goes to the wallet, whether the order is still open or closed', async () => {
    const open = await openOrder('card');
    await say(open.orderCode, { providerAt: new Date(minutes(15) + 1) });
    expect(await steps.wake({ orderCode: open.orderCode, at: minutes(16) })).toMatchObject({ status: 'expired' });
    expect((await wallet(open.customer)).cash).toBe(5000);
    const closed = await openOrder('card');
    await steps.wake({ orderCode: closed.orderCode, at: minutes(16) });
    await say(closed.orderCode, { providerAt: new Date(minutes(75)) });
    expect(await steps.settle({ orderCode: closed.orderCode, at: minutes(76) })).toMatchObject({ status: 'expired', untold: true });
    expect((await wallet(closed.customer)).cash).toBe(5000);
    await isGreen(minutes(80));
  });

  it('found complete while its invoice is being closed settles instead', async () => {
    const { orderCode } = await openOrder('card');
    await world.db.em
      .fork()
      .execute(`update payment set provider_object = 'cs_1', instructions = '{"kind":"link","url":"x"}' where id = ?`, [`${orderCode}-1`]);
    expect(await steps.wake({ orderCode, at: minutes(15) })).toMatchObject({
      status: 'awaitingPayment',
      mustClose: true,
      closing: [`${orderCode}-1`],
    });
    await say(orderCode, { source: 'asked', providerAt: new Date(minutes(15) + 2000) });
    expect(await steps.wake({ orderCode, at: minutes(15) + 3000, closed: true })).toMatchObject({ status: 'paid' });
    await isGreen(minutes(16));
  });

  it('twice goes to the wallet the second time', async () => {
    const { orderCode, customer } = await openOrder('card');
    await say(orderCode);
    await steps.settle({ orderCode, at: minutes(6) });
    await say(orderCode, { objectId: 'pi_second' });
    await steps.settle({ orderCode, at: minutes(7) });
    expect((await wallet(customer)).cash).toBe(5000);
    await isGreen(minutes(8));
  });

  it('seen by the end keeps the units until the verdict, at most the settlement window, and bars new orders', async () => {
    const { orderCode, customer } = await openOrder('card');
    await say(orderCode, {
      kind: 'seen',
      type: 'checkout.session.completed',
      amount: null,
      currency: null,
      providerAt: new Date(minutes(14)),
    });
    expect(await steps.settle({ orderCode, at: minutes(14) })).toMatchObject({ status: 'awaitingPayment' });
    expect(await steps.cancel({ orderCode, by: 'customer', actor: `customer:${customer.id}`, at: minutes(14) })).toMatchObject({
      rejected: 'PaymentOnItsWay',
    });
    expect(await steps.choose({ orderCode, method: 'stars', customerId: customer.id, at: minutes(14) })).toMatchObject({
      rejected: 'PaymentOnItsWay',
    });
    expect(await steps.wake({ orderCode, at: minutes(15) })).toMatchObject({ status: 'awaitingSettlement', wakeAt: minutes(25) });
    const another = await world.addProduct();
    expect(
      await steps.open({ orderCode: newCode(), place: world.placing(customer, another, { method: 'stars' }), at: minutes(16) }),
    ).toMatchObject({ rejected: 'PaymentOnItsWay' });
    await say(orderCode, { providerAt: new Date(minutes(20)) });
    expect(await steps.settle({ orderCode, at: minutes(20) })).toMatchObject({ status: 'paid' });
    await isGreen(minutes(21));
  });

  it('a cancel in the Temporal UI compensates even money on its way; it becomes stray', async () => {
    const { orderCode, customer } = await openOrder('card');
    await say(orderCode, { kind: 'seen', amount: null, currency: null, type: 'checkout.session.completed' });
    await steps.settle({ orderCode, at: minutes(6) });
    expect(await steps.cancel({ orderCode, by: 'temporal', actor: 'temporal', at: minutes(6), closed: true })).toMatchObject({
      status: 'cancelled',
    });
    await say(orderCode);
    await steps.settle({ orderCode, at: minutes(7) });
    expect((await wallet(customer)).cash).toBe(5000);
    await isGreen(minutes(8));
  });
});

describe('what does not fit', () => {
  it.each([
    ['another currency', { currency: 'EUR' }],
    ['live money for a test account', { liveMode: true }],
    ['another provider', { provider: 'stars' as const, amount: 2500, currency: 'XTR' }],
    ['no money', { amount: -5000 }],
    ['money without amount', { amount: null }],
  ])('goes to suspense and makes nothing free: %s', async (reason, wrong) => {
    const { orderCode, customer } = await openOrder('card');
    await say(orderCode, wrong);
    expect(await steps.settle({ orderCode, at: minutes(6) })).toMatchObject({ status: 'awaitingPayment' });
    const row = await world.one('select outcome, outcome_reason from inbox where payment_id = ?', [`${orderCode}-1`]);
    expect(row.outcome).toBe('suspense');
    expect(row.outcome_reason).toContain(reason);
    expect(await wallet(customer)).toEqual({ cash: 0, stars: 0, bonus: 0, debt: 0 });
    await steps.wake({ orderCode, at: minutes(16) });
    await isGreen(minutes(20));
  });

  it('an unverified row and a row of another shop are never read by settle', async () => {
    const { orderCode } = await openOrder('card');
    await say(orderCode, { verdict: 'refused', reason: 'wrong signature' });
    await insertInboxRow(other.db.em.fork(), { ...(await forgedRow(orderCode)), shopId: other.shop.id });
    expect(await steps.settle({ orderCode, at: minutes(6) })).toMatchObject({ status: 'awaitingPayment' });
    await createStrayActivities({ db: other.db }).sortStray({
      shopId: other.shop.id,
      provider: 'stripe',
      objectId: 'pi_forged',
      at: minutes(6),
    });
    const row = await other.one(`select outcome from inbox where object_id = 'pi_forged'`);
    expect(row.outcome).toBe('suspense');
    await steps.wake({ orderCode, at: minutes(15) });
    await isGreen(minutes(7));
  });

  it('a ring without a row changes nothing: a forged signal makes no goods free', async () => {
    const { orderCode } = await openOrder('card');
    expect(await steps.settle({ orderCode, at: minutes(6) })).toMatchObject({ status: 'awaitingPayment' });
    await steps.wake({ orderCode, at: minutes(15) });
  });
});

async function forgedRow(orderCode: string): Promise<InboxRow> {
  const account = await findAccount(other.db.em.fork(), other.shop.id, 'stripe');
  return {
    shopId: other.shop.id,
    provider: 'stripe',
    accountId: account?.id,
    source: 'webhook',
    eventId: 'evt_forged',
    type: 'payment_intent.succeeded',
    verdict: 'verified',
    kind: 'settled',
    objectId: 'pi_forged',
    paymentId: `${orderCode}-1`,
    amount: 5000,
    currency: 'PLN',
    liveMode: false,
    providerAt: new Date(minutes(5)),
    body: Buffer.from('{}'),
  };
}

describe('stars', () => {
  const charge = (orderCode: string, more: Partial<InboxRow> = {}) =>
    say(orderCode, { provider: 'stars', source: 'update', type: 'successful_payment', objectId: `charge_${orderCode}`, ...more });

  it('are booked in XTR only, as revenue', async () => {
    const { orderCode } = await openOrder('stars');
    await charge(orderCode);
    expect(await steps.settle({ orderCode, at: minutes(6) })).toMatchObject({ status: 'paid' });
    const legs = await world.db.em.fork().execute(
      `select d.kind as debit, c.kind as credit, t.amount::int, t.currency from transfer t join account d on d.id = t.debit_account_id
         join account c on c.id = t.credit_account_id join "order" o on o.id = t.order_id where o.code = ?`,
      [orderCode],
    );
    expect(legs).toEqual([{ debit: 'clearing:stars', credit: 'revenue', amount: 2500, currency: 'XTR' }]);
    await isGreen(minutes(7));
  });

  it.each([
    ['late', { providerAt: new Date(minutes(16)) }, 'expired'],
    ['of another amount', { amount: 2499 }, 'expired'],
  ])('%s go back whole', async (_name, wrong, status) => {
    const { orderCode, customer } = await openOrder('stars');
    await charge(orderCode, wrong);
    const row = await steps.wake({ orderCode, at: minutes(17) });
    expect(row).toMatchObject({ status, refunds: [`stray-stars-charge_${orderCode}`] });
    await refunds.recordRefund({
      refundId: row.refunds[0] as string,
      orderCode,
      result: { status: 'succeeded', refundId: 'x' },
      at: minutes(18),
    });
    expect(await wallet(customer)).toEqual({ cash: 0, stars: 0, bonus: 0, debt: 0 });
    await isGreen(minutes(20));
  });

  it('paid a second time on an old invoice go back, the order stands', async () => {
    const { orderCode } = await openOrder('stars');
    await charge(orderCode);
    await steps.settle({ orderCode, at: minutes(6) });
    await charge(orderCode, { objectId: `second_${orderCode}` });
    const row = await steps.settle({ orderCode, at: minutes(7) });
    expect(row).toMatchObject({ status: 'paid', refunds: [`stray-stars-second_${orderCode}`] });
    await isGreen(minutes(8));
  });
});

describe('refunds', () => {
  const refund = (orderCode: string, number: number, amount?: number) =>
    refunds.decideRefund({
      refundId: `${orderCode}-r${number}`,
      orderCode,
      request: { actor: 'staff:1', reason: 'asked', amount },
      at: minutes(30),
    });

  it('into the wallet return cash and bonus as they were paid, once', async () => {
    const product = await world.addProduct({ taxRate: 2300 });
    const customer = await world.addCustomer({ cash: 3000, bonus: 2500 });
    const orderCode = newCode();
    await steps.open({ orderCode, place: world.placing(customer, product), at: start });
    const answers = await Promise.all([refund(orderCode, 1), refund(orderCode, 2), refund(orderCode, 1)]);
    expect(answers.filter((answer) => answer.ok).length).toBeGreaterThanOrEqual(1);
    expect(await wallet(customer)).toEqual({ cash: 3000, stars: 0, bonus: 2500, debt: 0 });
    expect((await findOrderView(world.db.em.fork(), orderCode))?.status).toBe('refunded');
    expect(await refund(orderCode, 3)).toEqual({ ok: false, rejected: 'NothingLeft' });
    await isGreen(minutes(31));
  });

  it('in parts never exceed what was paid, and a failed one becomes wallet money', async () => {
    const { orderCode, customer } = await openOrder('card');
    await say(orderCode);
    await steps.settle({ orderCode, at: minutes(6) });
    expect(await refund(orderCode, 1, 2000)).toMatchObject({ ok: true });
    expect(await refund(orderCode, 2, 3001)).toEqual({ ok: false, rejected: 'TooMuch' });
    for (const amount of [-1, 0, 0.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(await refund(orderCode, 2, amount), String(amount)).toEqual({ ok: false, rejected: 'TooMuch' });
    }
    expect(await refund(orderCode, 2, 3000)).toMatchObject({ ok: true });
    const record = (number: number, result: { status: 'succeeded'; refundId: string } | { status: 'failed'; reason: string }) =>
      refunds.recordRefund({ refundId: `${orderCode}-r${number}`, orderCode, result, at: minutes(32) });
    await record(1, { status: 'succeeded', refundId: 're_1' });
    await record(1, { status: 'succeeded', refundId: 're_1' });
    await record(2, { status: 'failed', reason: 'closed account' });
    expect((await wallet(customer)).cash).toBe(3000);
    await record(1, { status: 'failed', reason: 'bounced' });
    expect((await wallet(customer)).cash).toBe(5000);
    await isGreen(minutes(40));
  });

  it('give allotted goods back that nobody has seen', async () => {
    const product = await world.addProduct({ units: 1 });
    const customer = await world.addCustomer({ cash: 5000 });
    const orderCode = newCode();
    await steps.open({ orderCode, place: world.placing(customer, product), at: start });
    await refund(orderCode, 1);
    const pool = await world.one('select count(*)::int as free from free_unit where product_id = ?', [product.id]);
    expect(pool.free).toBe(1);
    await isGreen(minutes(31));
  });

  it('of an order whose units were withdrawn while held are made by themselves', async () => {
    const product = await world.addProduct({ units: 1 });
    const customer = await world.addCustomer();
    const orderCode = newCode();
    await steps.open({ orderCode, place: world.placing(customer, product, { method: 'card' }), at: start });
    await world.db.em.fork().execute(`update unit set state = 'withdrawn', order_line_id = null where product_id = ?`, [product.id]);
    await say(orderCode);
    const row = await steps.settle({ orderCode, at: minutes(6) });
    expect(row).toMatchObject({ status: 'unfulfillable', refunds: [`${orderCode}-r1`] });
    await isGreen(minutes(6));
    await refunds.recordRefund({ refundId: `${orderCode}-r1`, orderCode, result: { status: 'succeeded', refundId: 're' }, at: minutes(7) });
    expect((await findOrderView(world.db.em.fork(), orderCode))?.status).toBe('refunded');
    await isGreen(minutes(8));
  });
});

describe('a burst of failed cards', () => {
  it('hides the card for that customer for a day, and for nobody else', async () => {
    const { orderCode, customer } = await openOrder('card');
    for (let card = 0; card < 5; card += 1) {
      await say(orderCode, {
        kind: 'other',
        type: 'payment_intent.payment_failed',
        amount: null,
        currency: null,
        providerAt: new Date(minutes(1)),
      });
    }
    await steps.wake({ orderCode, at: minutes(15) });
    const [product, stranger] = [await world.addProduct(), await world.addCustomer()];
    const open = (who: Customer, at: number) => {
      const code = newCode();
      return steps.open({ orderCode: code, place: world.placing(who, product, { method: 'card' }), at }).then(async (row) => {
        if (!row.rejected) await steps.cancel({ orderCode: code, by: 'staff', actor: 'cli', at });
        return row.rejected ?? row.status;
      });
    };
    expect(await open(customer, minutes(20))).toBe('MethodUnavailable');
    expect(await open(stranger, minutes(20))).toBe('awaitingPayment');
    expect(await open(customer, minutes(24 * 60 + 2))).toBe('awaitingPayment');
  });
});

describe('the database itself', () => {
  it('refuses to change or delete transfers and audit, to move balances, and to go below zero', async () => {
    const customer = await world.addCustomer({ cash: 100 });
    const em = world.db.em.fork();
    await expect(em.execute('update transfer set amount = 1')).rejects.toThrow(/permission denied/);
    await expect(em.execute('delete from transfer')).rejects.toThrow(/permission denied/);
    await expect(em.execute('delete from audit')).rejects.toThrow(/permission denied/);
    await expect(em.execute('update account set balance = 1000000')).rejects.toThrow(/permission denied/);
    await expect(
      em.execute(
        `insert into transfer (shop_id, key, debit_account_id, credit_account_id, amount, currency, actor, reason, at)
         select shop_id, 'forged', id, (select id from account where kind = 'revenue' and currency = 'PLN' and shop_id = a.shop_id), 101, 'PLN', 'x', 'x', now()
           from account a where kind = 'cash' and customer_id = ?`,
        [customer.id],
      ),
    ).rejects.toThrow(/check constraint/);
  });

  it('refuses illegal states of units and orders, and refunds above what was paid', async () => {
    const { orderCode } = await openOrder('card');
    const em = world.db.em.fork();
    await expect(em.execute(`update "order" set status = 'delivered' where code = ?`, [orderCode])).rejects.toThrow(/may not go/);
    await expect(em.execute(`update "order" set total = 1 where code = ?`, [orderCode])).rejects.toThrow(/frozen/);
    await expect(em.execute(`update unit set state = 'sold', order_line_id = 1 where state = 'free'`)).rejects.toThrow(
      /may not go|foreign key/,
    );
    await expect(
      em.execute(
        `insert into refund (id, shop_id, order_id, payment_id, provider, amount, currency, scope, status, requested_by, reason, requested_at)
         select 'x', shop_id, order_id, id, provider, 1, currency, 'order', 'requested', 'x', 'x', now() from payment where id = ?`,
        [`${orderCode}-1`],
      ),
    ).rejects.toThrow(/exceed/);
  });
});
