/** Tolerance of orders in coins: a little less than asked settles, the shop bears what is missing, and nothing else gets cheaper. */
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ActivityContext } from '../../activities/context.ts';
import { createOrderActivities } from '../../activities/order.ts';
import { createPaymentActivities } from '../../activities/payment.ts';
import { createRefundActivities } from '../../activities/refund.ts';
import { checkDatabase } from '../../db/check.ts';
import type { Customer } from '../../db/entities/customer.ts';
import { insertInboxRow } from '../../db/repositories/inbox.ts';
import { readWallet } from '../../db/repositories/ledger.ts';
import { findOrderView } from '../../db/repositories/order.ts';
import { findTimeline } from '../../db/repositories/timeline.ts';
import { writeSetting } from '../../db/repositories/setting.ts';
import type { CoinFacts, InboxEventKind } from '../../domain/payment.ts';
import type { PaymentGateway } from '../../gateways/payments/provider.ts';
import { giveCoinAccount, giveOffers, giveRates } from '../support/coins.ts';
import { makeTestShop, newCode } from '../support/shop.ts';

const start = Date.parse('2026-05-01T10:00:00Z');
const minutes = (count: number) => start + count * 60_000;

/** A shop that takes Bitcoin at 200,000 PLN, 50,000 USD or 40,000 EUR. */
async function openShop(currency: string) {
  const world = await makeTestShop({ currency });
  const em = () => world.db.em.fork();
  const accountId = await giveCoinAccount(em(), world.secrets, world.shop);
  await giveOffers(em(), accountId, new Date(start));
  await giveRates(em(), new Date(start));
  const steps = createOrderActivities({ db: world.db });
  let object = 0;
  const prices = new Map<string, CoinFacts>();
  const nowpayments = {
    provider: 'nowpayments',
    open: async ({ paymentId, price, coin }) => {
      object += 1;
      // Written as the provider's answers are, without decimals that say nothing.
      const asked = String(price.amount / 100);
      const units = String(Number((price.amount / 100 / 40_000).toFixed(8)));
      prices.set(paymentId, facts(String(object), units, asked, price.currency));
      return { instructions: { kind: 'address', coin: coin ?? 'BTC', address: 'bc1q', units, memo: null }, providerObject: String(object) };
    },
  } as Partial<PaymentGateway> as PaymentGateway;
  const context = { db: world.db, secrets: world.secrets, gateways: { nowpayments }, publicUrl: 'http://127.0.0.1:9' };
  const payments = createPaymentActivities(context as unknown as ActivityContext);
  const refunds = createRefundActivities({ ...context, gateways: {} } as unknown as ActivityContext);

  async function openPayment(orderCode: string, attempt: number): Promise<string> {
    const paymentId = `${orderCode}-${attempt}`;
    await payments.openPayment({ orderCode, paymentId, at: minutes(1) });
    return paymentId;
  }

  return {
    world,
    em,
    steps,
    refunds,
    openPayment,
    unitsOf: (paymentId: string) => (prices.get(paymentId) as CoinFacts).payUnits,
    setTolerance: (value: number) =>
      writeSetting(em(), { shopId: world.shop.id, key: 'coinTolerance', value, actor: 'cli', mode: 'live', at: new Date(start) }),

    /** An order of `price` minor units to be paid in Bitcoin. */
    async order(price: number, wallet: { cash?: number } = {}) {
      const customer = await world.addCustomer(wallet);
      const product = await world.addProduct({ price, taxRate: 2_300, methods: ['crypto', 'wallet'], units: 1 });
      const orderCode = newCode();
      const place = world.placing(customer, product, { method: 'crypto', coin: 'BTC' });
      expect(await steps.open({ orderCode, place, at: start })).toMatchObject({ status: 'awaitingPayment', rejected: null });
      return { orderCode, customer, paymentId: await openPayment(orderCode, 1) };
    },

    /** The provider says that `paid` Bitcoin came for a payment. */
    async say(paymentId: string, status: string, paid: string, { at = minutes(2), ...more }: Partial<CoinFacts> & { at?: number } = {}) {
      const coins = { ...(prices.get(paymentId) as CoinFacts), status, paidUnits: paid, ...more };
      const kind = kinds[status] ?? 'settled';
      await insertInboxRow(em(), {
        shopId: world.shop.id,
        provider: 'nowpayments',
        accountId,
        source: 'webhook',
        eventId: `${coins.object}:${status}:${paid}`,
        type: `ipn.${status}`,
        verdict: 'verified',
        kind,
        objectId: kind === 'settled' ? `${coins.object}:${paid}` : coins.object,
        paymentId,
        coins,
        providerAt: new Date(at),
        body: Buffer.from('{}'),
      });
    },

    settle: (orderCode: string, at = minutes(3)) => steps.settle({ orderCode, at }),
    wake: (orderCode: string, at = minutes(15)) => steps.wake({ orderCode, at, closed: true }),
    wallet: (customer: Customer) => readWallet(em(), world.shop, customer.id),

    /** What the ledger says of an order, by account. */
    async booked(orderCode: string): Promise<Record<string, number>> {
      const rows: { kind: string; sum: string }[] = await em().execute(
        `select a.kind, sum(case when t.debit_account_id = a.id then t.amount else -t.amount end) as sum
           from transfer t join account a on a.id in (t.debit_account_id, t.credit_account_id)
          where t.order_id = (select id from "order" where code = ?) group by a.kind`,
        [orderCode],
      );
      return Object.fromEntries(rows.map(({ kind, sum }) => [kind, Number(sum)]));
    },

    async isGreen() {
      expect((await checkDatabase(em(), { now: new Date(minutes(16)), settledGraceMs: 0 })).findings).toEqual([]);
    },
  };
}

const kinds: Readonly<Record<string, InboxEventKind>> = { confirming: 'seen', sending: 'confirming', expired: 'failed' };
const facts = (object: string, units: string, price: string, priceCurrency: string): CoinFacts => ({
  object,
  parent: null,
  status: 'waiting',
  payCoin: 'BTC',
  payUnits: units,
  paidUnits: '0',
  price,
  priceCurrency,
  outcomeCoin: null,
  outcomeUnits: null,
});

let pln: Awaited<ReturnType<typeof openShop>>;
let eur: Awaited<ReturnType<typeof openShop>>;
let jpy: Awaited<ReturnType<typeof openShop>>;
beforeAll(async () => {
  [pln, eur, jpy] = await Promise.all([openShop('PLN'), openShop('EUR'), openShop('JPY')]);
});
afterAll(() => Promise.all([pln, eur, jpy].map((shop) => shop?.world.close())));

describe('an order in coins that is a little short', () => {
  it.each(['finished', 'partially_paid'])(
    'settles at exactly the tolerance when it is %s; the shop bears the rest, tax included',
    async (status) => {
      const { orderCode, customer, paymentId } = await pln.order(10_000);
      expect(pln.unitsOf(paymentId)).toBe('0.0005');
      await pln.say(paymentId, status, '0.0004975');
      expect(await pln.settle(orderCode)).toMatchObject({ status: 'paid' });
      expect(await pln.booked(orderCode)).toEqual({
        'clearing:nowpayments': 9_950,
        held: 0,
        'expense:tolerance': 50,
        revenue: -8_130,
        'tax:payable': -1_870,
      });
      expect(await pln.wallet(customer)).toEqual({ cash: 0, stars: 0, bonus: 0, debt: 0 });
      expect(await findOrderView(pln.em(), orderCode)).toMatchObject({ tolerated: 50, toWallet: 0 });
      expect((await findTimeline(pln.em(), orderCode))?.steps.map(({ what }) => what)).toContain(
        'A little short, within tolerance: the shop bears it',
      );
      await pln.isGreen();
    },
  );

  it('one unit below the tolerance waits for the rest, and is in the wallet at the end', async () => {
    const { orderCode, customer, paymentId } = await pln.order(10_000);
    await pln.say(paymentId, 'partially_paid', '0.00049749');
    expect(await pln.settle(orderCode)).toMatchObject({ status: 'awaitingPayment' });
    expect(await pln.wake(orderCode)).toMatchObject({ status: 'expired' });
    expect((await pln.wallet(customer)).cash).toBe(9_949);
    await pln.isGreen();
  });

  it.each([
    ['EUR', () => eur, 100_000, '0.025', '0.024975', '0.02497499', 100],
    // 1.00 EUR is 5.00 PLN, and 200 JPY.
    ['PLN', () => pln, 500_000, '0.025', '0.024975', '0.02497499', 500],
    ['JPY', () => jpy, 200_000, '0.025', '0.024975', '0.02497499', 200],
  ] as const)('is short by 1.00 EUR at most, whatever a half percent is: in %s', async (_name, shop, price, units, least, below, borne) => {
    const [exact, under] = [await shop().order(price), await shop().order(price)];
    expect(shop().unitsOf(exact.paymentId)).toBe(units);
    await shop().say(exact.paymentId, 'finished', least);
    expect(await shop().settle(exact.orderCode)).toMatchObject({ status: 'paid' });
    expect((await shop().booked(exact.orderCode))['expense:tolerance']).toBe(borne);
    await shop().say(under.paymentId, 'finished', below);
    expect(await shop().settle(under.orderCode)).toMatchObject({ status: 'awaitingPayment' });
    await shop().wake(under.orderCode);
    await shop().isGreen();
  });

  it('has the tolerance it was opened with; with none, and within its bounds only', async () => {
    expect(await pln.setTolerance(201)).toBe(false);
    expect(await pln.setTolerance(-1)).toBe(false);
    expect(await pln.setTolerance(200)).toBe(true);
    const wide = await pln.order(10_000);
    await pln.setTolerance(0);
    const none = await pln.order(10_000);
    await pln.setTolerance(50);
    await pln.say(wide.paymentId, 'finished', '0.00049');
    expect(await pln.settle(wide.orderCode)).toMatchObject({ status: 'paid' });
    await pln.say(none.paymentId, 'finished', '0.00049999');
    expect(await pln.settle(none.orderCode)).toMatchObject({ status: 'awaitingPayment' });
    await pln.wake(none.orderCode);
    expect((await pln.wallet(none.customer)).cash).toBe(9_999);
    const audit = await pln.world.one(`select before, after, actor from audit where subject_id = 'coinTolerance' order by id desc limit 1`);
    expect(audit).toEqual({ before: 0, after: 50, actor: 'cli' });
    await pln.isGreen();
  });

  it('by the rest of a part-paid order: of that rest alone', async () => {
    const { orderCode, customer, paymentId } = await pln.order(100_000);
    await pln.say(paymentId, 'partially_paid', '0.004');
    expect(await pln.settle(orderCode)).toMatchObject({ status: 'awaitingPayment' });
    await pln.steps.choose({ orderCode, method: 'wallet', customerId: customer.id, at: minutes(4) });
    expect(
      await pln.steps.choose({ orderCode, method: 'crypto', coin: 'BTC', customerId: customer.id, attempt: 2, at: minutes(4) }),
    ).toMatchObject({
      rejected: null,
    });
    const rest = await pln.openPayment(orderCode, 2);
    expect(pln.unitsOf(rest)).toBe('0.001');
    await pln.say(rest, 'finished', '0.000995', { at: minutes(5) });
    expect(await pln.settle(orderCode, minutes(6))).toMatchObject({ status: 'paid' });
    expect(await pln.booked(orderCode)).toMatchObject({ 'clearing:nowpayments': 99_900, 'expense:tolerance': 100, held: 0 });
    await pln.isGreen();
  });

  it('is short all the same when it was seen after its time, or came beside what was asked', async () => {
    const late = await pln.order(10_000);
    await pln.wake(late.orderCode);
    await pln.say(late.paymentId, 'finished', '0.000499', { at: minutes(15) + 1 });
    expect(await pln.settle(late.orderCode, minutes(16))).toMatchObject({ status: 'expired' });
    expect((await pln.wallet(late.customer)).cash).toBe(9_980);
    const beside = await pln.order(10_000);
    await pln.say(beside.paymentId, 'finished', '0.000499', { object: 'child', parent: '1', outcomeCoin: 'BTC', outcomeUnits: '0.000499' });
    expect(await pln.settle(beside.orderCode)).toMatchObject({ status: 'awaitingPayment' });
    await pln.wake(beside.orderCode);
    expect(await pln.booked(beside.orderCode)).not.toHaveProperty('expense:tolerance');
    await pln.isGreen();
  });

  it('and then gets the rest: that is the customer’s', async () => {
    const { orderCode, customer, paymentId } = await pln.order(10_000);
    await pln.say(paymentId, 'partially_paid', '0.000498');
    await pln.settle(orderCode);
    await pln.say(paymentId, 'finished', '0.0005', { at: minutes(4) });
    expect(await pln.settle(orderCode, minutes(5))).toMatchObject({ status: 'paid' });
    expect((await pln.wallet(customer)).cash).toBe(40);
    await pln.isGreen();
  });

  it('gives back no more than came', async () => {
    const { orderCode, paymentId } = await pln.order(10_000);
    await pln.say(paymentId, 'finished', '0.000498');
    await pln.settle(orderCode);
    const refund = (amount?: number) =>
      pln.refunds.decideRefund({
        refundId: `${orderCode}-r1`,
        orderCode,
        request: { actor: 'cli', reason: 'test', amount },
        at: minutes(4),
      });
    expect(await refund(9_961)).toMatchObject({ rejected: 'TooMuch' });
    expect(await refund()).toMatchObject({ ok: true });
    expect(await findOrderView(pln.em(), orderCode)).toMatchObject({ refunds: [{ amount: 9_960 }] });
    await pln.isGreen();
  });
});

it('whatever part of it comes, in whatever order it is told and however many read it at once: paid or in the wallet, never both', async () => {
  const word = fc.constantFrom('confirming', 'sending', 'partially_paid', 'finished');
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 10_000, max: 900_000 }),
      fc.integer({ min: 970_000, max: 1_010_000 }),
      fc.array(word, { minLength: 1, maxLength: 6 }),
      async (price, perMillion, words) => {
        const { orderCode, customer, paymentId } = await pln.order(price);
        const units = BigInt(Math.round(Number(pln.unitsOf(paymentId)) * 1e8));
        const paid = (units * BigInt(perMillion)) / 1_000_000n;
        for (const status of [...words, 'finished']) await pln.say(paymentId, status, `0.${String(paid).padStart(8, '0')}`);
        await Promise.all([
          pln.settle(orderCode),
          pln.settle(orderCode),
          pln.wake(orderCode),
          pln.steps.cancel({ orderCode, by: 'customer', actor: `customer:${customer.id}`, at: minutes(3) }),
        ]);
        const view = await findOrderView(pln.em(), orderCode);
        const worth = Number((BigInt(price) * paid) / units);
        const missing = Math.max(0, price - worth);
        const isClose = paid * 10_000n >= units * 9_950n && BigInt(price) * paid >= units * BigInt(price - 500);
        const booked = await pln.booked(orderCode);
        if (isClose) {
          expect(view).toMatchObject({ status: 'paid', tolerated: missing });
          expect(booked['expense:tolerance'] ?? 0).toBe(missing);
          expect((await pln.wallet(customer)).cash).toBe(Math.max(0, worth - price));
        } else {
          expect(['expired', 'cancelled']).toContain(view?.status);
          expect(booked['expense:tolerance']).toBeUndefined();
          expect((await pln.wallet(customer)).cash).toBe(worth);
        }
      },
    ),
    { numRuns: 25 },
  );
  await pln.isGreen();
}, 60_000);
