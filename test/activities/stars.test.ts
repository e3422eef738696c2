import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ActivityContext } from '../../activities/context.ts';
import { createCommissionActivities } from '../../activities/commission.ts';
import { createOrderActivities } from '../../activities/order.ts';
import { createRefundActivities } from '../../activities/refund.ts';
import { checkDatabase } from '../../db/check.ts';
import type { Customer } from '../../db/entities/customer.ts';
import type { Product } from '../../db/entities/product.ts';
import { listWalletEntries } from '../../db/repositories/wallet.ts';
import { visitCustomer } from '../../db/repositories/customer.ts';
import { writeMethodRule } from '../../db/repositories/method-rule.ts';
import { openReferralCode } from '../../db/repositories/referral.ts';
import { writeSetting } from '../../db/repositories/setting.ts';
import { depositRefundId } from '../../domain/refund.ts';
import { balanceOf } from '../../domain/ledger.ts';
import { walletOf } from '../support/deposits.ts';
import { makeTestShop, newCode, type TestShop } from '../support/shop.ts';
import { allowStars, starsOf } from '../support/stars.ts';

let world: TestShop;
let stars: ReturnType<typeof starsOf>;
let orders: ReturnType<typeof createOrderActivities>;
let refunds: ReturnType<typeof createRefundActivities>;
let digital: Product;
let pickup: Product;
const start = Date.parse('2026-05-01T10:00:00Z');

beforeAll(async () => {
  world = await makeTestShop();
  stars = starsOf(world, start);
  orders = createOrderActivities({ db: world.db });
  refunds = createRefundActivities({ db: world.db, secrets: world.secrets, gateways: {} } as unknown as ActivityContext);
  await allowStars(world);
  digital = await world.addProduct({ stockMode: 'unlimited', price: 2_000, taxRate: 2_300 });
  pickup = await world.addProduct({ kind: 'pickup', stockMode: 'unlimited', price: 2_000, methods: ['card', 'wallet'] });
});
afterAll(async () => {
  await world.close();
});

async function isGreen(): Promise<void> {
  const report = await checkDatabase(world.db.em.fork(), { now: new Date(stars.minutes(3)), settledGraceMs: 0 });
  expect(report.findings).toEqual([]);
}

const buy = async (customer: Customer, product: Product, changes: object = {}) => {
  const orderCode = newCode();
  return { orderCode, row: await orders.open({ orderCode, place: world.placing(customer, product, changes), at: stars.minutes(2) }) };
};
const refundOrder = (orderCode: string, number: number, amount?: number) =>
  refunds.decideRefund({
    refundId: `${orderCode}-r${number}`,
    orderCode,
    request: { actor: 'cli', reason: 'test', ...(amount === undefined ? {} : { amount }) },
    at: stars.minutes(3),
  });
const refundDeposit = (depositCode: string, amount?: number) =>
  refunds.decideRefund({
    refundId: depositRefundId(depositCode),
    depositCode,
    request: { actor: 'cli', reason: 'test', ...(amount === undefined ? {} : { amount }) },
    at: stars.minutes(3),
  });
const refundRows = (depositCode: string): Promise<{ id: string; status: string; amount: string; reason: string }[]> =>
  world.db.em
    .fork()
    .execute('select r.id, r.status, r.amount, r.reason from refund r join deposit d on d.id = r.deposit_id where d.code = ?', [
      depositCode,
    ]);

describe('a top-up in Stars', () => {
  it('is off until the owner switches it on, and off again when they say so', async () => {
    const customer = await world.addCustomer();
    await writeMethodRule(world.db.em.fork(), {
      shopId: world.shop.id,
      method: 'stars',
      rule: { deposits: null },
      actor: 'cli',
      at: new Date(),
    });
    expect((await stars.open(customer)).row).toMatchObject({ rejected: 'MethodUnavailable' });
    await allowStars(world);
    expect((await stars.open(customer)).row).toMatchObject({ rejected: null, status: 'waiting' });
    await allowStars(world, false);
    expect((await stars.open(customer)).row).toMatchObject({ rejected: 'MethodUnavailable' });
    // Orders are paid in Stars all the same.
    expect((await buy(customer, digital, { method: 'stars' })).row).toMatchObject({ rejected: null });
    await allowStars(world);
  });

  it('asks for the amount divided by what a Star is worth, rounded up, by an invoice that names the payment and leads back', async () => {
    const customer = await world.addCustomer();
    for (const [amount, asked] of [
      [5_000, 2_500],
      [5_001, 2_501],
    ] as const) {
      const { depositCode, row } = await stars.open(customer, { amount });
      expect(row).toMatchObject({ status: 'waiting', opening: null });
      const payment = await world.one('select amount, currency, instructions from payment where id = ?', [`deposit-${depositCode}`]);
      expect([Number(payment.amount), payment.currency]).toEqual([asked, 'XTR']);
      expect(payment.instructions).toMatchObject({
        kind: 'invoice',
        invoice: {
          title: 'Top-up of your wallet',
          payload: `deposit-${depositCode}`,
          price: { amount: asked, currency: 'XTR' },
          startParameter: `deposit_${depositCode}`,
        },
      });
    }
  });

  it("keeps to the shop's bounds in Stars, and to the most that Telegram takes", async () => {
    const customer = await world.addCustomer();
    const at = new Date();
    const bound = { shopId: world.shop.id, method: 'stars' as const, actor: 'cli', at };
    await writeMethodRule(world.db.em.fork(), { ...bound, rule: { minimum: 300, maximum: 2_500 } });
    expect((await stars.open(customer, { amount: 598 })).row).toMatchObject({ rejected: 'AmountTooSmall' });
    expect((await stars.open(customer, { amount: 599 })).row).toMatchObject({ rejected: null });
    expect((await stars.open(customer, { amount: 5_000 })).row).toMatchObject({ rejected: null });
    expect((await stars.open(customer, { amount: 5_001 })).row).toMatchObject({ rejected: 'AmountTooLarge' });
    await writeMethodRule(world.db.em.fork(), { ...bound, rule: { minimum: null, maximum: null } });
    expect((await stars.open(await world.addCustomer(), { amount: 200_001 })).row).toMatchObject({ rejected: 'AmountTooLarge' });
  });

  it('is credited once as what was asked for, for digital goods, although it is told many times and read by many at once', async () => {
    const customer = await world.addCustomer();
    const { depositCode } = await stars.open(customer, { amount: 4_999 });
    expect(await stars.approve(customer, depositCode)).toBe('approved');
    for (let times = 0; times < 4; times += 1) await stars.say(depositCode, { eventId: `told-${depositCode}-${times}` });
    const rows = await Promise.all(Array.from({ length: 4 }, () => stars.steps.settleDeposit({ depositCode, at: stars.minutes(1) })));
    expect(new Set(rows.map(({ status }) => status))).toEqual(new Set(['credited']));
    expect(await walletOf(world, customer)).toEqual({ cash: 0, stars: 4_999, bonus: 0, debt: 0 });
    const where = { shopId: world.shop.id, customerId: customer.id, currency: 'PLN' };
    expect((await listWalletEntries(world.db.em.fork(), where, { limit: 5, offset: 0 })).entries).toMatchObject([
      { amount: 4_999, balance: 4_999, reason: 'deposit' },
    ]);
    const legs: object[] = await world.db.em.fork().execute(
      `select d.kind as debit, c.kind as credit, t.amount::int, t.currency from transfer t join account d on d.id = t.debit_account_id
         join account c on c.id = t.credit_account_id where t.key like ? order by t.id`,
      [`stars:${world.shop.id}:charge-${depositCode}#%`],
    );
    expect(legs).toEqual([
      { debit: 'clearing:stars', credit: 'conversion', amount: 2_500, currency: 'XTR' },
      { debit: 'conversion', credit: 'stars', amount: 4_999, currency: 'PLN' },
    ]);
    await isGreen();
  });

  it('goes back whole when it is paid a second time, late, or with another amount; a refund is told to be carried out', async () => {
    const customer = await world.addCustomer();
    const depositCode = await stars.topUp(customer);
    await stars.say(depositCode, { objectId: `second-${depositCode}` });
    const row = await stars.steps.settleDeposit({ depositCode, at: stars.minutes(2) });
    expect(row).toMatchObject({ status: 'credited', refunds: [`stray-stars-second-${depositCode}`] });

    const late = await stars.open(customer);
    await stars.steps.wakeDeposit({ depositCode: late.depositCode, at: stars.minutes(30) });
    await stars.say(late.depositCode, { providerAt: new Date(stars.minutes(31)) });
    expect(await stars.steps.settleDeposit({ depositCode: late.depositCode, at: stars.minutes(32) })).toMatchObject({ status: 'expired' });
    expect(await refundRows(late.depositCode)).toMatchObject([{ status: 'requested', amount: '2500', reason: 'lateMoney' }]);

    const cancelled = await stars.open(customer);
    const wish = { depositCode: cancelled.depositCode, by: 'customer' as const, actor: `customer:${customer.id}` };
    expect(await stars.steps.cancelDeposit({ ...wish, at: stars.minutes(2) })).toMatchObject({ status: 'expired', rejected: null });
    await stars.say(cancelled.depositCode, { providerAt: new Date(stars.minutes(3)) });
    await stars.steps.settleDeposit({ depositCode: cancelled.depositCode, at: stars.minutes(3) });
    expect(await refundRows(cancelled.depositCode)).toMatchObject([{ reason: 'lateMoney' }]);

    const less = await stars.open(customer);
    await stars.say(less.depositCode, { amount: 2_499 });
    expect(await stars.steps.settleDeposit({ depositCode: less.depositCode, at: stars.minutes(2) })).toMatchObject({ status: 'waiting' });
    expect(await refundRows(less.depositCode)).toMatchObject([{ amount: '2499', reason: 'secondMoney' }]);
    expect((await walletOf(world, customer)).stars).toBe(5_000);
    await isGreen();
  });

  it('that was approved in time is waited for and credited, however late Telegram tells', async () => {
    const customer = await world.addCustomer();
    const { depositCode } = await stars.open(customer);
    await stars.approve(customer, depositCode, { at: new Date(stars.minutes(29)) });
    const wish = { depositCode, by: 'customer' as const, actor: `customer:${customer.id}` };
    expect(await stars.steps.cancelDeposit({ ...wish, at: stars.minutes(30) })).toMatchObject({ rejected: 'PaymentOnItsWay' });
    expect(await stars.steps.wakeDeposit({ depositCode, at: stars.minutes(30) })).toMatchObject({ status: 'seen', mustAsk: true });
    expect(await stars.steps.wakeDeposit({ depositCode, at: stars.minutes(32) })).toMatchObject({ status: 'seen', mustClose: true });
    expect(await stars.steps.wakeDeposit({ depositCode, at: stars.minutes(32), closed: true })).toMatchObject({ status: 'expired' });
    await stars.say(depositCode, { providerAt: new Date(stars.minutes(33)) });
    expect(await stars.steps.settleDeposit({ depositCode, at: stars.minutes(34) })).toMatchObject({ status: 'credited' });
    expect((await walletOf(world, customer)).stars).toBe(5_000);
    await isGreen();
  });

  it('pays a debt first', async () => {
    const customer = await world.addCustomer();
    const first = await stars.topUp(customer, 3_000);
    await buy(customer, digital);
    await stars.say(first, { kind: 'refunded', amount: 1_500 });
    await stars.steps.settleDeposit({ depositCode: first, at: stars.minutes(2) });
    expect(await walletOf(world, customer)).toEqual({ cash: 0, stars: 0, bonus: 0, debt: 2_000 });
    await stars.topUp(customer, 5_000);
    expect(await walletOf(world, customer)).toEqual({ cash: 0, stars: 3_000, bonus: 0, debt: 0 });
    await isGreen();
  });
});

describe('a pre-checkout', () => {
  it('is for this person, amount, currency and shop, a deposit that waits and its time', async () => {
    const [customer, stranger] = [await world.addCustomer(), await world.addCustomer()];
    const { depositCode } = await stars.open(customer);
    expect(await stars.approve(stranger, depositCode)).toBe('notYours');
    expect(await stars.approve(customer, depositCode, { amount: 2_499 })).toBe('other');
    expect(await stars.approve(customer, depositCode, { currency: 'PLN' })).toBe('other');
    expect(await stars.approve(customer, depositCode, { shopId: 999_999 })).toBe('other');
    expect(await stars.approve(customer, newCode())).toBe('other');
    expect(await stars.approve(customer, depositCode, { at: new Date(stars.minutes(30)) })).toBe('over');
    expect(await stars.approve(customer, depositCode, { at: new Date(stars.minutes(29)) })).toBe('approved');
    await stars.say(depositCode);
    await stars.steps.settleDeposit({ depositCode, at: stars.minutes(2) });
    expect(await stars.approve(customer, depositCode)).toBe('over');
    const ended = await stars.open(customer);
    await stars.steps.wakeDeposit({ depositCode: ended.depositCode, at: stars.minutes(30) });
    expect(await stars.approve(customer, ended.depositCode)).toBe('over');
    await world.db.em.fork().execute('update customer set banned_at = now() where id = ?', [customer.id]);
    await isGreen();
  });

  it('and a cancel at the same time have one winner', async () => {
    for (let round = 0; round < 8; round += 1) {
      const customer = await world.addCustomer();
      const { depositCode } = await stars.open(customer);
      const wish = { depositCode, by: 'customer' as const, actor: `customer:${customer.id}`, at: stars.minutes(1) };
      const [verdict, row] = await Promise.all([stars.approve(customer, depositCode), stars.steps.cancelDeposit(wish)]);
      expect([verdict, row.status]).toEqual(verdict === 'approved' ? ['approved', 'seen'] : ['over', 'expired']);
    }
  });
});

describe('money that came in Stars', () => {
  it('buys digital goods after bonus and before cash, and nothing else', async () => {
    const customer = await world.addCustomer({ cash: 1_000, bonus: 500 });
    await stars.topUp(customer, 1_000);
    expect((await buy(customer, digital)).row).toMatchObject({ status: 'paid' });
    expect(await walletOf(world, customer)).toEqual({ cash: 500, stars: 0, bonus: 0, debt: 0 });
    await stars.topUp(customer, 5_000);
    expect((await buy(customer, pickup)).row).toMatchObject({ rejected: 'InsufficientFunds' });
    const both = [
      { productId: digital.id, quantity: 1 },
      { productId: pickup.id, quantity: 1 },
    ];
    expect((await buy(customer, digital, { lines: both })).row).toMatchObject({ rejected: 'InsufficientFunds' });
    expect(await walletOf(world, customer)).toEqual({ cash: 500, stars: 5_000, bonus: 0, debt: 0 });
    await isGreen();
  });

  it('comes back to its bucket with a refund: bonus first, then Stars, cash last, in parts too', async () => {
    const customer = await world.addCustomer({ cash: 1_000, bonus: 500 });
    await stars.topUp(customer, 1_000);
    const { orderCode } = await buy(customer, digital);
    expect(await walletOf(world, customer)).toMatchObject({ cash: 500, stars: 0, bonus: 0 });
    expect(await refundOrder(orderCode, 1, 700)).toMatchObject({ ok: true });
    expect(await walletOf(world, customer)).toMatchObject({ cash: 500, stars: 200, bonus: 500 });
    expect(await refundOrder(orderCode, 2, 900)).toMatchObject({ ok: true });
    expect(await walletOf(world, customer)).toMatchObject({ cash: 600, stars: 1_000, bonus: 500 });
    expect(await refundOrder(orderCode, 3)).toMatchObject({ ok: true });
    expect(await walletOf(world, customer)).toMatchObject({ cash: 1_000, stars: 1_000, bonus: 500 });
    await isGreen();
  });

  it('is spent once by orders placed at the same time', async () => {
    const customer = await world.addCustomer();
    await stars.topUp(customer, 2_000);
    const placed = await Promise.all(
      Array.from({ length: 3 }, (_, index) =>
        buy(customer, digital, { lines: [{ productId: digital.id, quantity: 1 }], fromBasket: index > 9 }),
      ),
    );
    expect(placed.filter(({ row }) => row.status === 'paid' && row.rejected === null)).toHaveLength(1);
    expect(await walletOf(world, customer)).toEqual({ cash: 0, stars: 0, bonus: 0, debt: 0 });
    await isGreen();
  });

  it('is taken with the Stars that Telegram takes back: its own bucket first, then cash and bonus, the rest is owed', async () => {
    const customer = await world.addCustomer({ cash: 700, bonus: 200 });
    const depositCode = await stars.topUp(customer, 2_000);
    await buy(customer, digital, {});
    expect(await walletOf(world, customer)).toEqual({ cash: 700, stars: 200, bonus: 0, debt: 0 });
    for (const told of ['a', 'b'])
      await stars.say(depositCode, { kind: 'refunded', amount: 1_000, eventId: `back-${told}-${depositCode}` });
    expect(await stars.steps.settleDeposit({ depositCode, at: stars.minutes(2) })).toMatchObject({ status: 'reversed' });
    expect(await walletOf(world, customer)).toEqual({ cash: 0, stars: 0, bonus: 0, debt: 1_100 });
    await isGreen();
  });

  it('told to be back before it was told to have come, comes to the same', async () => {
    const customer = await world.addCustomer({ cash: 500 });
    const { depositCode } = await stars.open(customer);
    await stars.say(depositCode, { kind: 'refunded' });
    await stars.steps.settleDeposit({ depositCode, at: stars.minutes(1) });
    expect(await walletOf(world, customer)).toMatchObject({ cash: 0, debt: 4_500 });
    await stars.say(depositCode);
    expect(await stars.steps.settleDeposit({ depositCode, at: stars.minutes(2) })).toMatchObject({ status: 'reversed' });
    expect(balanceOf(await walletOf(world, customer))).toBe(500);
    await isGreen();
  });
});

describe('a refund of a top-up in Stars', () => {
  it('is whole, takes the money out of the wallet when it is decided, and is done once', async () => {
    const customer = await world.addCustomer({ cash: 300 });
    const depositCode = await stars.topUp(customer);
    expect(await refundDeposit(depositCode, 1)).toEqual({ ok: false, rejected: 'WholeOnly' });
    const answers = await Promise.all(Array.from({ length: 4 }, () => refundDeposit(depositCode)));
    for (const answer of answers) expect(answer).toEqual({ ok: true, refundIds: [depositRefundId(depositCode)] });
    expect(await walletOf(world, customer)).toEqual({ cash: 300, stars: 0, bonus: 0, debt: 0 });
    await isGreen();
    const result = { status: 'succeeded' as const, refundId: `charge-${depositCode}` };
    for (const at of [3, 4])
      await refunds.recordRefund({ refundId: depositRefundId(depositCode), depositCode, result, at: stars.minutes(at) });
    await stars.say(depositCode, { kind: 'refunded' });
    expect(await stars.steps.settleDeposit({ depositCode, at: stars.minutes(5) })).toMatchObject({ status: 'reversed' });
    expect(await refundRows(depositCode)).toMatchObject([{ status: 'succeeded', amount: '2500' }]);
    expect(await walletOf(world, customer)).toEqual({ cash: 300, stars: 0, bonus: 0, debt: 0 });
    await isGreen();
  });

  it('is refused when the money is spent, when nothing came, for other methods, and a second time', async () => {
    const customer = await world.addCustomer({ cash: 9_000 });
    const depositCode = await stars.topUp(customer);
    await buy(customer, digital);
    expect(await refundDeposit(depositCode)).toEqual({ ok: false, rejected: 'Spent' });
    const waiting = await stars.open(customer);
    expect(await refundDeposit(waiting.depositCode)).toEqual({ ok: false, rejected: 'NotPaid' });
    const card = await stars.open(customer, { method: 'card' });
    expect(await refundDeposit(card.depositCode)).toEqual({ ok: false, rejected: 'NotByItself' });
    expect(await refundDeposit(newCode())).toEqual({ ok: false, rejected: 'UnknownDeposit' });
    await stars.say(depositCode, { kind: 'refunded' });
    await stars.steps.settleDeposit({ depositCode, at: stars.minutes(2) });
    expect(await refundDeposit(depositCode)).toMatchObject({ ok: false });
    await isGreen();
  });

  it('that Telegram would not carry out stays owed, and may be asked for again', async () => {
    const customer = await world.addCustomer();
    const depositCode = await stars.topUp(customer);
    await refundDeposit(depositCode);
    const refundId = depositRefundId(depositCode);
    const failed = { status: 'failed' as const, reason: 'BALANCE_TOO_LOW' };
    await refunds.recordRefund({ refundId, depositCode, result: failed, at: stars.minutes(3) });
    expect(await refundRows(depositCode)).toMatchObject([{ status: 'failed' }]);
    expect(await world.one(`select params ->> 'reason' as reason from alert where kind = 'refundFailed' order by id desc`)).toEqual({
      reason: 'BALANCE_TOO_LOW',
    });
    await isGreen();
    expect(await refundDeposit(depositCode)).toEqual({ ok: true, refundIds: [refundId] });
    const result = { status: 'succeeded' as const, refundId: `charge-${depositCode}` };
    await refunds.recordRefund({ refundId, depositCode, result, at: stars.minutes(5) });
    expect(await refundRows(depositCode)).toMatchObject([{ status: 'succeeded' }]);
    expect(await walletOf(world, customer)).toEqual({ cash: 0, stars: 0, bonus: 0, debt: 0 });
    await isGreen();
  });
});

describe("a friend's top-up in Stars", () => {
  it('brings a commission of what it came to, after the hold that the shop has for cards and Stars, and takes it back with it', async () => {
    const { db, shop, secrets } = world;
    const commissions = createCommissionActivities({ db });
    const days = (count: number) => start + count * 86_400_000;
    const bound = { shopId: shop.id, actor: 'cli', mode: 'sandbox' as const, at: new Date(start) };
    const change = (value: number) => writeSetting(db.em.fork(), { ...bound, key: 'commissionHoldDays', value });
    const referrer = await world.addCustomer();
    const referralCode = await openReferralCode(db.em.fork(), { shopId: shop.id, customerId: referrer.id });
    const visitor = { shopId: shop.id, telegramUserId: 880_001, chatId: 880_001, name: 'Bea', language: 'en' as const, referralCode };
    const friend = await visitCustomer(db.em.fork(), secrets, visitor);
    await change(14);
    const depositCode = await stars.topUp(friend, 5_001);
    expect(await commissions.settleCommission({ depositCode, at: start })).toMatchObject({ status: 'held', wakeAt: days(14) });
    expect(await commissions.settleCommission({ depositCode, at: days(14) - 1 })).toMatchObject({ status: 'held' });
    expect(await commissions.settleCommission({ depositCode, at: days(14) })).toMatchObject({ status: 'paid' });
    // 3 % of 50.01 PLN, rounded down; not of 2,501 Stars.
    expect(await walletOf(world, referrer)).toMatchObject({ bonus: 150, debt: 0 });
    expect(await refundDeposit(depositCode)).toMatchObject({ ok: true });
    expect(await commissions.settleCommission({ depositCode, at: days(15) })).toMatchObject({ status: 'reversed' });
    expect(await walletOf(world, referrer)).toMatchObject({ bonus: 0, debt: 0 });
    await change(0);
    await isGreen();
  });
});

it('whatever a customer does in whatever order, no bucket is negative and all that is there is what came less what went', async () => {
  const act = fc.constantFrom('topUp', 'second', 'digital', 'pickup', 'refundOrder', 'refundDeposit', 'takeBack', 'twiceAtOnce' as const);
  await fc.assert(
    fc.asyncProperty(fc.array(act, { minLength: 3, maxLength: 12 }), async (acts) => {
      const customer = await world.addCustomer({ cash: 3_000, bonus: 700 });
      const deposits: string[] = [];
      const bought: string[] = [];
      let worth = 3_700;
      for (const [index, what] of acts.entries()) {
        const before = await walletOf(world, customer);
        const last = deposits.at(-1);
        if (what === 'topUp') {
          deposits.push(await stars.topUp(customer, 2_000));
          worth += 2_000;
        } else if (what === 'second' && last) {
          await stars.say(last, { objectId: `more-${index}-${last}`, amount: 1_000 });
          await stars.steps.settleDeposit({ depositCode: last, at: stars.minutes(2) });
        } else if (what === 'digital' || what === 'pickup' || what === 'twiceAtOnce') {
          const product = what === 'pickup' ? pickup : digital;
          const placed = await Promise.all(Array.from({ length: what === 'twiceAtOnce' ? 2 : 1 }, () => buy(customer, product)));
          const paid = placed.filter(({ row }) => row.rejected === null);
          bought.push(...paid.map(({ orderCode }) => orderCode));
          worth -= paid.length * 2_000;
          if (what === 'pickup') expect((await walletOf(world, customer)).stars).toBe(before.stars);
        } else if (what === 'refundOrder') {
          const orderCode = bought.pop();
          if (orderCode && (await refundOrder(orderCode, 1)).ok) worth += 2_000;
        } else if (what === 'refundDeposit' && last) {
          if ((await refundDeposit(last)).ok) worth -= 2_000;
          deposits.pop();
        } else if (what === 'takeBack' && last) {
          await stars.say(last, { kind: 'refunded', amount: 1_000 });
          await stars.steps.settleDeposit({ depositCode: last, at: stars.minutes(2) });
          worth -= 2_000;
          deposits.pop();
        }
        const now = await walletOf(world, customer);
        expect(Math.min(...Object.values(now))).toBeGreaterThanOrEqual(0);
        expect(balanceOf(now) - now.debt).toBe(worth);
      }
    }),
    { numRuns: 40 },
  );
  await isGreen();
}, 180_000);
