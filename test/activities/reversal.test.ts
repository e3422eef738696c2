import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ActivityContext } from '../../activities/context.ts';
import { createDeliveryActivities } from '../../activities/delivery.ts';
import { createDepositActivities } from '../../activities/deposit.ts';
import { createOrderActivities } from '../../activities/order.ts';
import { createRefundActivities } from '../../activities/refund.ts';
import { checkDatabase } from '../../db/check.ts';
import type { Customer } from '../../db/entities/customer.ts';
import type { Product } from '../../db/entities/product.ts';
import { deliverOrder, markShown } from '../../db/repositories/delivery.ts';
import { findDepositView } from '../../db/repositories/deposit.ts';
import { insertInboxRow, type InboxRow } from '../../db/repositories/inbox.ts';
import { findOrderView } from '../../db/repositories/order.ts';
import { findAccount } from '../../db/repositories/provider-account.ts';
import { depositPaymentId } from '../../domain/deposit.ts';
import { createTelegram } from '../../gateways/telegram.ts';
import { walletOf } from '../support/deposits.ts';
import { makeTestShop, newCode, type TestShop } from '../support/shop.ts';

let world: TestShop;
let deposits: ReturnType<typeof createDepositActivities>;
let orders: ReturnType<typeof createOrderActivities>;
let goods: ReturnType<typeof createDeliveryActivities>;
let refunds: ReturnType<typeof createRefundActivities>;
let accountId: number;
const start = Date.parse('2026-05-01T10:00:00Z');
const minutes = (count: number) => start + count * 60_000;

beforeAll(async () => {
  world = await makeTestShop();
  // Nobody is told in these tests.
  deposits = createDepositActivities({ db: world.db, secrets: world.secrets, telegram: createTelegram({ apiRoot: 'http://127.0.0.1:9' }) });
  orders = createOrderActivities({ db: world.db });
  goods = createDeliveryActivities({ db: world.db });
  refunds = createRefundActivities({ db: world.db, secrets: world.secrets, gateways: {} } as unknown as ActivityContext);
  accountId = (await findAccount(world.db.em.fork(), world.shop.id, 'stripe'))?.id ?? 0;
});
afterAll(async () => {
  await world.close();
});

async function isGreen(): Promise<void> {
  const report = await checkDatabase(world.db.em.fork(), { now: new Date(minutes(3)), settledGraceMs: 0 });
  expect(report.findings).toEqual([]);
}

let said = 0;
/** What Stripe says of a payment, as a verified row of the inbox. */
function say(paymentId: string, row: Partial<InboxRow> & Pick<InboxRow, 'kind' | 'objectId'>) {
  said += 1;
  return insertInboxRow(world.db.em.fork(), {
    shopId: world.shop.id,
    provider: 'stripe',
    accountId,
    source: 'webhook',
    eventId: `evt_reversal_${said}`,
    type: row.kind,
    verdict: 'verified',
    paymentId,
    amount: 5_000,
    currency: world.shop.currency,
    liveMode: false,
    providerAt: new Date(minutes(1)),
    body: Buffer.from('{}'),
    ...row,
  });
}

/** A deposit of 50.00 that waits for its customer. */
async function openDeposit(customer: Customer): Promise<string> {
  const depositCode = newCode();
  const open = { shopId: world.shop.id, customerId: customer.id, amount: 5_000, method: 'card', payWithinSeconds: 1_800, language: 'en' };
  await deposits.openDeposit({ depositCode, open: { ...open, method: 'card' }, at: start });
  await world.db.em
    .fork()
    .execute(`update payment set instructions = '{"kind":"link","url":"https://pay.example.org"}', provider_object = ? where id = ?`, [
      `cs_${depositCode}`,
      depositPaymentId(depositCode),
    ]);
  await deposits.settleDeposit({ depositCode, at: start });
  return depositCode;
}

async function creditedDeposit(customer: Customer): Promise<string> {
  const depositCode = await openDeposit(customer);
  await say(depositPaymentId(depositCode), { kind: 'settled', objectId: `pi_${depositCode}` });
  await deposits.settleDeposit({ depositCode, at: minutes(1) });
  return depositCode;
}

const depositView = async (depositCode: string) => (await findDepositView(world.db.em.fork(), depositCode))?.view;

/** An order of 50.00, paid by card or wallet. */
async function paidOrder(customer: Customer, wish: { method?: 'card' | 'wallet'; product?: Product } = {}): Promise<string> {
  const { method = 'card', product = await world.addProduct({ methods: ['card', 'wallet'] }) } = wish;
  const orderCode = newCode();
  await orders.open({ orderCode, place: world.placing(customer, product, { method }), at: start });
  if (method === 'card') {
    await say(`${orderCode}-1`, { kind: 'settled', objectId: `pi_${orderCode}` });
    await orders.settle({ orderCode, at: minutes(1) });
  }
  expect((await findOrderView(world.db.em.fork(), orderCode))?.status).toBe('paid');
  return orderCode;
}

/** Its goods reached the customer. */
async function sold(orderCode: string): Promise<void> {
  await world.db.em
    .fork()
    .execute(`update delivery set status = 'sent', sent_at = ?, shown_at = ? where order_id = (select id from "order" where code = ?)`, [
      new Date(minutes(1)),
      new Date(minutes(1)),
      orderCode,
    ]);
  const { id } = await world.one('select id from "order" where code = ?', [orderCode]);
  await deliverOrder(world.db.em.fork(), Number(id), new Date(minutes(1)));
}

const deliveryOf = async (orderCode: string) => (await findOrderView(world.db.em.fork(), orderCode))?.lines[0]?.delivery?.status;

/** The customer presses to see what was not sent. */
async function show(orderCode: string) {
  const view = await findOrderView(world.db.em.fork(), orderCode);
  const ask = { deliveryId: view?.lines[0]?.delivery?.id ?? 0, customerId: view?.customerId ?? 0, at: new Date(minutes(2)) };
  return markShown(world.db.em.fork(), ask);
}

async function lossOf(objectId: string): Promise<number> {
  const row = await world.one(
    `select coalesce(sum(case when d.kind = 'loss:dispute' then t.amount else -t.amount end), 0) as loss
       from transfer t join account d on d.id = t.debit_account_id join account c on c.id = t.credit_account_id
      where t.key like ? and 'loss:dispute' in (d.kind, c.kind)`,
    [`stripe:${world.shop.id}:${objectId}:%`],
  );
  return Number(row.loss);
}

describe('a disputed deposit', () => {
  it('leaves the wallet, bonus included, and what is not there is owed; given again it pays the debt first', async () => {
    const customer = await world.addCustomer({ bonus: 300 });
    const depositCode = await creditedDeposit(customer);
    const product = await world.addProduct({ price: 4_000, methods: ['wallet'] });
    const orderCode = newCode();
    await orders.open({ orderCode, place: world.placing(customer, product), at: minutes(1) });
    await sold(orderCode);
    expect(await walletOf(world, customer)).toEqual({ cash: 1_300, stars: 0, bonus: 0, debt: 0 });
    await say(depositPaymentId(depositCode), { kind: 'withdrawn', objectId: 'du_1' });
    expect(await deposits.settleDeposit({ depositCode, at: minutes(2) })).toMatchObject({ status: 'reversed', untold: true });
    expect(await walletOf(world, customer)).toEqual({ cash: 0, stars: 0, bonus: 0, debt: 3_700 });
    expect(await depositView(depositCode)).toMatchObject({ reversed: 5_000, credited: 5_000 });
    await isGreen();
    await say(depositPaymentId(depositCode), { kind: 'reinstated', objectId: 'du_1' });
    expect(await deposits.settleDeposit({ depositCode, at: minutes(3) })).toMatchObject({ status: 'credited' });
    expect(await walletOf(world, customer)).toEqual({ cash: 1_300, stars: 0, bonus: 0, debt: 0 });
    await isGreen();
  });

  it('in part stays credited and says what was taken; several disputes and a refund made at Stripe add up', async () => {
    const customer = await world.addCustomer();
    const depositCode = await creditedDeposit(customer);
    const paymentId = depositPaymentId(depositCode);
    await say(paymentId, { kind: 'withdrawn', objectId: 'du_part_1', amount: 1_000 });
    await say(paymentId, { kind: 'withdrawn', objectId: 'du_part_2', amount: 500 });
    await say(paymentId, { kind: 'refunded', objectId: 're_part', amount: 700 });
    expect(await deposits.settleDeposit({ depositCode, at: minutes(2) })).toMatchObject({ status: 'credited' });
    expect(await depositView(depositCode)).toMatchObject({ reversed: 2_200 });
    expect((await walletOf(world, customer)).cash).toBe(2_800);
    await say(paymentId, { kind: 'refundFailed', objectId: 're_part', amount: 700 });
    await deposits.settleDeposit({ depositCode, at: minutes(2) });
    expect(await depositView(depositCode)).toMatchObject({ reversed: 1_500 });
    expect((await walletOf(world, customer)).cash).toBe(3_500);
    await isGreen();
  });

  it('is counted once, although it is told five times and read by many at once', async () => {
    const customer = await world.addCustomer();
    const depositCode = await creditedDeposit(customer);
    const paymentId = depositPaymentId(depositCode);
    for (let time = 0; time < 5; time += 1) {
      await say(paymentId, { kind: 'withdrawn', objectId: 'du_five' });
      await say(paymentId, { kind: 'fee', objectId: 'txn_five', amount: 1_500 });
    }
    await Promise.all(Array.from({ length: 8 }, () => deposits.settleDeposit({ depositCode, at: minutes(2) })));
    expect(await walletOf(world, customer)).toEqual({ cash: 0, stars: 0, bonus: 0, debt: 0 });
    const fee = await world.one('select sum(amount) as fee from transfer where key like ?', ['fee:%:txn_five#fee']);
    expect(Number(fee.fee)).toBe(1_500);
    await isGreen();
  });

  it('of two customers who pay and are taken back at once never meets a deadlock, and ends as if one after the other', async () => {
    const customer = await world.addCustomer();
    const codes = await Promise.all([creditedDeposit(customer), creditedDeposit(customer)]);
    await Promise.all(codes.map((code) => say(depositPaymentId(code), { kind: 'withdrawn', objectId: `du_${code}` })));
    await Promise.all([...codes, ...codes].map((depositCode) => deposits.settleDeposit({ depositCode, at: minutes(2) })));
    expect(await walletOf(world, customer)).toEqual({ cash: 0, stars: 0, bonus: 0, debt: 0 });
    await isGreen();
  });

  it('of another currency moves nothing', async () => {
    const customer = await world.addCustomer();
    const depositCode = await creditedDeposit(customer);
    await say(depositPaymentId(depositCode), { kind: 'withdrawn', objectId: 'du_eur', currency: 'EUR' });
    expect(await deposits.settleDeposit({ depositCode, at: minutes(2) })).toMatchObject({ status: 'credited' });
    expect((await walletOf(world, customer)).cash).toBe(5_000);
    expect(await world.one(`select outcome from inbox where object_id = 'du_eur'`)).toEqual({ outcome: 'suspense' });
    await isGreen();
  });

  it('keeps back what its wallet bought and was not sent, until the debt is paid', async () => {
    const customer = await world.addCustomer();
    const depositCode = await creditedDeposit(customer);
    const orderCode = await paidOrder(customer, { method: 'wallet' });
    await say(depositPaymentId(depositCode), { kind: 'withdrawn', objectId: 'du_spent' });
    await deposits.settleDeposit({ depositCode, at: minutes(2) });
    expect((await walletOf(world, customer)).debt).toBe(5_000);
    expect(await deliveryOf(orderCode)).toBe('staffTask');
    const resend = { orderCode, actor: `customer:${customer.id}`, at: minutes(3) };
    expect(await goods.prepareResend(resend)).toEqual({ ok: false, rejected: 'BuyerInDebt' });
    const product = await world.addProduct({ methods: ['wallet'] });
    const another = { orderCode: newCode(), place: world.placing(customer, product), at: minutes(3) };
    expect(await orders.open(another)).toMatchObject({ rejected: 'WalletInDebt' });
    await creditedDeposit(customer);
    expect(await walletOf(world, customer)).toEqual({ cash: 0, stars: 0, bonus: 0, debt: 0 });
    expect(await goods.prepareResend(resend)).toEqual({ ok: true });
    await sold(orderCode);
    await isGreen();
  });
});

describe('a disputed order', () => {
  it('is the loss of the shop while the money is gone; what was delivered stands, and refunds are refused', async () => {
    const customer = await world.addCustomer();
    const orderCode = await paidOrder(customer);
    await sold(orderCode);
    await say(`${orderCode}-1`, { kind: 'disputed', objectId: 'du_order' });
    await say(`${orderCode}-1`, { kind: 'withdrawn', objectId: 'du_order' });
    await say(`${orderCode}-1`, { kind: 'fee', objectId: 'txn_order', amount: 1_500 });
    await orders.settle({ orderCode, at: minutes(2) });
    expect(await lossOf('du_order')).toBe(5_000);
    expect(await walletOf(world, customer)).toEqual({ cash: 0, stars: 0, bonus: 0, debt: 0 });
    expect(await findOrderView(world.db.em.fork(), orderCode)).toMatchObject({ dispute: { blocks: true, taken: 5_000 } });
    const request = { actor: 'cli', reason: 'staff' };
    const refund = { refundId: `${orderCode}-r1`, orderCode, request, at: minutes(3) };
    expect(await refunds.decideRefund(refund)).toEqual({ ok: false, rejected: 'Disputed' });
    await isGreen();
    await say(`${orderCode}-1`, { kind: 'reinstated', objectId: 'du_order' });
    await say(`${orderCode}-1`, { kind: 'cleared', objectId: 'du_order' });
    await orders.settle({ orderCode, at: minutes(3) });
    expect(await lossOf('du_order')).toBe(0);
    expect(await findOrderView(world.db.em.fork(), orderCode)).toMatchObject({ dispute: null });
    expect(await refunds.decideRefund(refund)).toMatchObject({ ok: true });
    await isGreen();
  });

  it('sends nothing that was not sent yet; won, it is sent; lost, its units go back', async () => {
    const customer = await world.addCustomer();
    const [won, lost] = [await paidOrder(customer), await paidOrder(await world.addCustomer())];
    for (const orderCode of [won, lost]) {
      await say(`${orderCode}-1`, { kind: 'disputed', objectId: `du_${orderCode}` });
      await say(`${orderCode}-1`, { kind: 'withdrawn', objectId: `du_${orderCode}` });
      expect(await orders.settle({ orderCode, at: minutes(2) })).toMatchObject({ status: 'paid' });
      expect(await deliveryOf(orderCode)).toBe('staffTask');
      expect(await goods.prepareResend({ orderCode, actor: 'cli', at: minutes(2) })).toEqual({ ok: false, rejected: 'HeldBack' });
      expect(await show(orderCode)).toBe('HeldBack');
    }
    await say(`${won}-1`, { kind: 'reinstated', objectId: `du_${won}` });
    expect(await orders.settle({ orderCode: won, at: minutes(3) })).toMatchObject({ untold: true });
    expect(await deliveryOf(won)).toBe('waiting');
    await say(`${lost}-1`, { kind: 'lost', objectId: `du_${lost}` });
    await orders.settle({ orderCode: lost, at: minutes(3) });
    expect(await deliveryOf(lost)).toBe('revoked');
    const units = await world.one(
      `select count(*)::int as free from unit u where u.state = 'free' and u.product_id = (select product_id from order_line where order_id = (select id from "order" where code = ?))`,
      [lost],
    );
    expect(units.free).toBe(10);
    await isGreen();
  });

  it('told before its money keeps the goods back from the start', async () => {
    const product = await world.addProduct({ methods: ['card'] });
    const customer = await world.addCustomer();
    const orderCode = newCode();
    await orders.open({ orderCode, place: world.placing(customer, product, { method: 'card' }), at: start });
    await say(`${orderCode}-1`, { kind: 'withdrawn', objectId: 'du_first', amount: 3_000 });
    await say(`${orderCode}-1`, { kind: 'refunded', objectId: 're_first', amount: 1_000 });
    await say(`${orderCode}-1`, { kind: 'settled', objectId: `pi_${orderCode}` });
    expect(await orders.settle({ orderCode, at: minutes(1) })).toMatchObject({ status: 'paid' });
    expect(await deliveryOf(orderCode)).toBe('staffTask');
    // It is the sale's, as if it had been told afterwards.
    expect(await lossOf('du_first')).toBe(3_000);
    expect(await walletOf(world, customer)).toEqual({ cash: 0, stars: 0, bonus: 0, debt: 0 });
    expect((await findOrderView(world.db.em.fork(), orderCode))?.refunds).toMatchObject([{ amount: 1_000, status: 'succeeded' }]);
    await isGreen();
  });

  it('that was only warned of may be refunded, and staff may send its goods all the same', async () => {
    const customer = await world.addCustomer();
    const orderCode = await paidOrder(customer);
    await say(`${orderCode}-1`, { kind: 'warned', objectId: 'issfr_1', amount: null, currency: null });
    await orders.settle({ orderCode, at: minutes(2) });
    expect(await deliveryOf(orderCode)).toBe('staffTask');
    expect(await goods.prepareResend({ orderCode, actor: `customer:${customer.id}`, at: minutes(2) })).toMatchObject({
      rejected: 'HeldBack',
    });
    expect(await goods.prepareResend({ orderCode, actor: 'staff:1', at: minutes(2) })).toEqual({ ok: true });
    const request = { actor: 'cli', reason: 'staff' };
    expect(await refunds.decideRefund({ refundId: `${orderCode}-r1`, orderCode, request, at: minutes(3) })).toMatchObject({ ok: true });
    await isGreen();
  });

  it('whose money went to the wallet takes it from there: late money is the customer’s, and so is its dispute', async () => {
    const product = await world.addProduct({ methods: ['card'] });
    const customer = await world.addCustomer();
    const orderCode = newCode();
    await orders.open({ orderCode, place: world.placing(customer, product, { method: 'card' }), at: start });
    await orders.wake({ orderCode, at: minutes(15), closed: true });
    await say(`${orderCode}-1`, { kind: 'settled', objectId: `pi_${orderCode}`, providerAt: new Date(minutes(30)) });
    await orders.settle({ orderCode, at: minutes(31) });
    expect((await walletOf(world, customer)).cash).toBe(5_000);
    await say(`${orderCode}-1`, { kind: 'withdrawn', objectId: 'du_late', amount: 2_000 });
    await orders.settle({ orderCode, at: minutes(32) });
    expect((await walletOf(world, customer)).cash).toBe(3_000);
    expect(await lossOf('du_late')).toBe(0);
    await isGreen();
  });
});

describe('a refund made at Stripe', () => {
  it('of an order is a refund of the order with its credit note; delivered goods stand', async () => {
    const orderCode = await paidOrder(await world.addCustomer());
    await sold(orderCode);
    await say(`${orderCode}-1`, { kind: 'refunded', objectId: 're_part_of_order', amount: 2_000 });
    await orders.settle({ orderCode, at: minutes(2) });
    let view = await findOrderView(world.db.em.fork(), orderCode);
    expect(view).toMatchObject({ status: 'delivered', refunds: [{ amount: 2_000, status: 'succeeded', scope: 'order' }] });
    await say(`${orderCode}-1`, { kind: 'refunded', objectId: 're_rest_of_order', amount: 3_000 });
    await say(`${orderCode}-1`, { kind: 'refunded', objectId: 're_rest_of_order', amount: 3_000 });
    await orders.settle({ orderCode, at: minutes(3) });
    view = await findOrderView(world.db.em.fork(), orderCode);
    expect(view).toMatchObject({ status: 'refunded' });
    expect(await deliveryOf(orderCode)).toBe('sent');
    const notes = await world.one(
      `select count(*)::int as notes, sum(total) as total from receipt where kind = 'creditNote' and order_id = (select id from "order" where code = ?)`,
      [orderCode],
    );
    expect([notes.notes, Number(notes.total)]).toEqual([2, 5_000]);
    await isGreen();
  });

  it('beyond what the sale still has leaves the wallet: money that was given back twice', async () => {
    const customer = await world.addCustomer({ cash: 100 });
    const orderCode = await paidOrder(customer);
    await sold(orderCode);
    await say(`${orderCode}-1`, { kind: 'refunded', objectId: 're_whole' });
    await say(`${orderCode}-1`, { kind: 'withdrawn', objectId: 'du_on_top' });
    await orders.settle({ orderCode, at: minutes(2) });
    expect(await walletOf(world, customer)).toEqual({ cash: 0, stars: 0, bonus: 0, debt: 4_900 });
    await isGreen();
  });
});

it('whatever comes in whatever order, told once or often, the deposit ends the same', async () => {
  const words: readonly { kind: InboxRow['kind']; objectId: string; amount: number }[] = [
    { kind: 'settled', objectId: 'pi', amount: 5_000 },
    { kind: 'disputed', objectId: 'du_a', amount: 2_000 },
    { kind: 'withdrawn', objectId: 'du_a', amount: 2_000 },
    { kind: 'reinstated', objectId: 'du_a', amount: 2_000 },
    { kind: 'cleared', objectId: 'du_a', amount: 2_000 },
    { kind: 'withdrawn', objectId: 'du_b', amount: 1_700 },
    { kind: 'lost', objectId: 'du_b', amount: 1_700 },
    { kind: 'fee', objectId: 'txn_b', amount: 1_500 },
    { kind: 'refunded', objectId: 're_a', amount: 400 },
    { kind: 'refundFailed', objectId: 're_a', amount: 400 },
    { kind: 'refunded', objectId: 're_b', amount: 600 },
    { kind: 'warned', objectId: 'issfr', amount: 0 },
  ];
  const told = fc.shuffledSubarray([...words, ...words], { minLength: 2 * words.length });
  await fc.assert(
    fc.asyncProperty(told, fc.array(fc.boolean(), { minLength: 24, maxLength: 24 }), async (order, settles) => {
      const customer = await world.addCustomer({ bonus: 100 });
      const depositCode = await openDeposit(customer);
      for (const [index, word] of order.entries()) {
        const objectId = `${word.objectId}_${depositCode}`;
        await say(depositPaymentId(depositCode), { ...word, objectId, providerAt: new Date(minutes(index)) });
        if (settles[index]) await deposits.settleDeposit({ depositCode, at: minutes(index) });
      }
      await deposits.settleDeposit({ depositCode, at: minutes(30) });
      const { cash, bonus, debt } = await walletOf(world, customer);
      expect(cash + bonus - debt).toBe(5_000 + 100 - 1_700 - 600);
      expect(await depositView(depositCode)).toMatchObject({ status: 'credited', credited: 5_000, reversed: 2_300 });
    }),
    { numRuns: 25 },
  );
  await isGreen();
}, 120_000);

it('whatever comes in whatever order, told once or often, the order ends the same', async () => {
  const words: readonly { kind: InboxRow['kind']; objectId: string; amount: number }[] = [
    { kind: 'disputed', objectId: 'du_a', amount: 2_000 },
    { kind: 'withdrawn', objectId: 'du_a', amount: 2_000 },
    { kind: 'reinstated', objectId: 'du_a', amount: 2_000 },
    { kind: 'withdrawn', objectId: 'du_b', amount: 1_700 },
    { kind: 'refunded', objectId: 're_a', amount: 400 },
    { kind: 'refundFailed', objectId: 're_a', amount: 400 },
    { kind: 'refunded', objectId: 're_b', amount: 600 },
  ];
  const told = fc.shuffledSubarray([...words, ...words], { minLength: 2 * words.length });
  await fc.assert(
    fc.asyncProperty(told, fc.array(fc.boolean(), { minLength: 14, maxLength: 14 }), async (order, settles) => {
      const customer = await world.addCustomer();
      const orderCode = await paidOrder(customer);
      await sold(orderCode);
      for (const [index, word] of order.entries()) {
        const objectId = `${word.objectId}_${orderCode}`;
        await say(`${orderCode}-1`, { ...word, objectId, providerAt: new Date(minutes(index)) });
        if (settles[index]) await orders.settle({ orderCode, at: minutes(index) });
      }
      await orders.settle({ orderCode, at: minutes(30) });
      // A refund that failed is the customer's, as any other.
      expect(await walletOf(world, customer)).toEqual({ cash: 400, stars: 0, bonus: 0, debt: 0 });
      expect(await lossOf(`du_a_${orderCode}`)).toBe(0);
      expect(await lossOf(`du_b_${orderCode}`)).toBe(1_700);
      const refunded = await world.one(
        `select sum(amount) filter (where status = 'succeeded') as back, sum(amount) filter (where status = 'failed') as failed
           from refund where order_id = (select id from "order" where code = ?)`,
        [orderCode],
      );
      expect([Number(refunded.back), Number(refunded.failed)]).toEqual([600, 400]);
    }),
    { numRuns: 25 },
  );
  await isGreen();
}, 120_000);
