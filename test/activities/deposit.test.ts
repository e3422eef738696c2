import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDepositActivities } from '../../activities/deposit.ts';
import { createOrderActivities } from '../../activities/order.ts';
import { createStrayActivities } from '../../activities/stray.ts';
import { checkDatabase } from '../../db/check.ts';
import type { Customer } from '../../db/entities/customer.ts';
import { writeSetting } from '../../db/repositories/setting.ts';
import { findDepositView, readDebtPaid } from '../../db/repositories/deposit.ts';
import { insertInboxRow, type InboxRow } from '../../db/repositories/inbox.ts';
import { post } from '../../db/repositories/ledger.ts';
import { findAccount } from '../../db/repositories/provider-account.ts';
import { depositPaymentId } from '../../domain/deposit.ts';
import { ofCustomer } from '../../domain/ledger.ts';
import { createTelegram } from '../../gateways/telegram.ts';
import { depositNotice, depositScreen } from '../../texts/screens/deposit.ts';
import type { OpenDeposit } from '../../workflows/messages/deposit.ts';
import { walletOf } from '../support/deposits.ts';
import { makeTestShop, newCode, type TestShop } from '../support/shop.ts';

let world: TestShop;
let steps: ReturnType<typeof createDepositActivities>;
let accountId: number;
const start = Date.parse('2026-05-01T10:00:00Z');
const minutes = (count: number) => start + count * 60_000;

beforeAll(async () => {
  world = await makeTestShop();
  // Nobody is told in these tests.
  steps = createDepositActivities({ db: world.db, secrets: world.secrets, telegram: createTelegram({ apiRoot: 'http://127.0.0.1:9' }) });
  accountId = (await findAccount(world.db.em.fork(), world.shop.id, 'stripe'))?.id ?? 0;
});
afterAll(async () => {
  await world.close();
});

async function isGreen(): Promise<void> {
  const report = await checkDatabase(world.db.em.fork(), { now: new Date(minutes(3)), settledGraceMs: 0 });
  expect(report.findings).toEqual([]);
}

function opening(customer: Customer, changes: Partial<OpenDeposit> = {}): OpenDeposit {
  return {
    shopId: world.shop.id,
    customerId: customer.id,
    amount: 5_000,
    method: 'card',
    payWithinSeconds: 1_800,
    language: 'en',
    ...changes,
  };
}

/** One that waits for its customer, as after the page was opened. */
async function waiting(customer: Customer, changes: Partial<OpenDeposit> = {}): Promise<string> {
  const depositCode = newCode();
  await steps.openDeposit({ depositCode, open: opening(customer, changes), at: start });
  await world.db.em
    .fork()
    .execute(`update payment set instructions = '{"kind":"link","url":"https://pay.example.org"}', provider_object = ? where id = ?`, [
      `cs_${depositCode}`,
      depositPaymentId(depositCode),
    ]);
  expect(await steps.settleDeposit({ depositCode, at: start })).toMatchObject({ status: 'waiting', opening: null });
  return depositCode;
}

let said = 0;
/** What Stripe says, as a verified row of the inbox. */
async function say(depositCode: string, row: Partial<InboxRow> = {}) {
  said += 1;
  return insertInboxRow(world.db.em.fork(), {
    shopId: world.shop.id,
    provider: 'stripe',
    accountId,
    source: 'webhook',
    eventId: `evt_deposit_${said}`,
    type: 'payment_intent.succeeded',
    verdict: 'verified',
    kind: 'settled',
    objectId: `pi_${depositCode}`,
    paymentId: depositPaymentId(depositCode),
    amount: 5_000,
    currency: world.shop.currency,
    liveMode: false,
    providerAt: new Date(minutes(1)),
    body: Buffer.from('{}'),
    ...row,
  });
}

const outcomes = async (depositCode: string): Promise<unknown[]> =>
  (
    (await world.db.em
      .fork()
      .execute('select i.outcome from inbox i join deposit d on d.id = i.deposit_id where d.code = ? order by i.id', [depositCode])) as {
      outcome: string;
    }[]
  ).map(({ outcome }) => outcome);

describe('opening', () => {
  it('answers the row as it stands when repeated, and NotYours to anybody else', async () => {
    const [customer, stranger] = [await world.addCustomer(), await world.addCustomer()];
    const depositCode = newCode();
    const first = await steps.openDeposit({ depositCode, open: opening(customer), at: start });
    expect(first).toMatchObject({ status: 'opened', rejected: null, opening: depositPaymentId(depositCode), untold: true });
    expect(await steps.openDeposit({ depositCode, open: opening(customer), at: start })).toEqual(first);
    expect(await steps.openDeposit({ depositCode, at: start })).toEqual(first);
    expect(await steps.openDeposit({ depositCode, open: opening(stranger), at: start })).toMatchObject({ rejected: 'NotYours' });
    expect(await steps.openDeposit({ depositCode: newCode(), at: start })).toMatchObject({ rejected: 'UnknownDeposit' });
  });

  it.each([
    ['AmountTooSmall', { amount: 499 }],
    ['AmountTooSmall', { amount: 0 }],
    ['AmountTooLarge', { amount: 1_000_001 }],
    ['MethodUnavailable', { method: 'wallet' as const }],
    ['MethodUnavailable', { method: 'stars' as const }],
    ['NotYours', { shopId: 999_999 }],
    ['NotYours', { customerId: 999_999 }],
  ])('is refused as %s, and nothing is kept: %j', async (rejected, changes) => {
    const customer = await world.addCustomer();
    const depositCode = newCode();
    expect(await steps.openDeposit({ depositCode, open: opening(customer, changes), at: start })).toMatchObject({ rejected });
    expect(await steps.openDeposit({ depositCode, at: start })).toMatchObject({ rejected: 'UnknownDeposit' });
  });

  it("keeps to the shop's own bounds, and to those of a closed shop and a banned customer", async () => {
    const customer = await world.addCustomer();
    const em = () => world.db.em.fork();
    const bound = { shopId: world.shop.id, key: 'depositMinimum' as const, actor: 'cli', mode: 'sandbox' as const, at: new Date(start) };
    await writeSetting(em(), { ...bound, value: 6_000 });
    expect(await steps.openDeposit({ depositCode: newCode(), open: opening(customer), at: start })).toMatchObject({
      rejected: 'AmountTooSmall',
    });
    await writeSetting(em(), { ...bound, value: 500 });
    await em().execute('update shop set open = false where id = ?', [world.shop.id]);
    expect(await steps.openDeposit({ depositCode: newCode(), open: opening(customer), at: start })).toMatchObject({
      rejected: 'ShopClosed',
    });
    await em().execute('update shop set open = true where id = ?', [world.shop.id]);
    await em().execute('update customer set banned_at = now() where id = ?', [customer.id]);
    expect(await steps.openDeposit({ depositCode: newCode(), open: opening(customer), at: start })).toMatchObject({
      rejected: 'CustomerBanned',
    });
  });

  it('lets a customer have three open at once, however fast they tap', async () => {
    const customer = await world.addCustomer();
    const rows = await Promise.all(
      Array.from({ length: 8 }, () => steps.openDeposit({ depositCode: newCode(), open: opening(customer), at: start })),
    );
    expect(rows.filter((row) => row.rejected === null)).toHaveLength(3);
    expect(new Set(rows.flatMap((row) => row.rejected ?? []))).toEqual(new Set(['TooManyOpenPayments']));
  });

  it('counts unpaid orders among the open payments, and an order counts deposits', async () => {
    const orders = createOrderActivities({ db: world.db });
    const [customer, product] = [await world.addCustomer(), await world.addProduct({ units: 5 })];
    const other = await world.addProduct({ units: 5 });
    const placing = (one: typeof product) => world.placing(customer, one, { method: 'stars', holdSeconds: 3_600 });
    await orders.open({ orderCode: newCode(), place: placing(product), at: start });
    for (const rejected of [null, null, 'TooManyOpenPayments']) {
      expect(await steps.openDeposit({ depositCode: newCode(), open: opening(customer), at: start })).toMatchObject({ rejected });
    }
    expect(await orders.open({ orderCode: newCode(), place: placing(other), at: start })).toMatchObject({ rejected: 'TooManyOpenOrders' });
  });
});

describe('money', () => {
  it('is credited once, although it is told five times and read by many at once', async () => {
    const customer = await world.addCustomer();
    const depositCode = await waiting(customer);
    for (let times = 0; times < 5; times += 1) await say(depositCode);
    const rows = await Promise.all(Array.from({ length: 6 }, () => steps.settleDeposit({ depositCode, at: minutes(2) })));
    expect(new Set(rows.map((row) => row.status))).toEqual(new Set(['credited']));
    expect(await walletOf(world, customer)).toEqual({ cash: 5_000, stars: 0, bonus: 0, debt: 0 });
    expect(await outcomes(depositCode)).toEqual(['applied', 'duplicate', 'duplicate', 'duplicate', 'duplicate']);
    await isGreen();
  });

  it('pays a debt first, the rest is cash', async () => {
    const customer = await world.addCustomer();
    await post(world.db.em.fork(), {
      shopId: world.shop.id,
      currency: world.shop.currency,
      key: `test:debt:${customer.id}`,
      legs: [{ leg: 'debt', debit: ofCustomer('debt', customer.id), credit: { kind: 'loss:badDebt', owner: '' }, amount: 1_200 }],
      actor: 'cli',
      reason: 'adjustment',
      at: new Date(start),
    });
    const depositCode = await waiting(customer);
    await say(depositCode);
    await steps.settleDeposit({ depositCode, at: minutes(2) });
    expect(await walletOf(world, customer)).toEqual({ cash: 3_800, stars: 0, bonus: 0, debt: 0 });
    // And says so: not all that came is in the wallet.
    const found = await findDepositView(world.db.em.fork(), depositCode);
    expect(found && depositScreen(found.view).text).toMatch(/12\.00.* paid what you owed the shop, .*38\.00.* is in your wallet now/);
    const debtPaid = await readDebtPaid(world.db.em.fork(), { provider: 'stripe', shopId: world.shop.id, objectId: `pi_${depositCode}` });
    const notice = found && depositNotice(found.view, { amount: 5_000, currency: world.shop.currency }, debtPaid);
    expect(notice?.text).toMatch(/50\.00.* has arrived[\s\S]*12\.00.* paid what you owed the shop, .*38\.00.* is in your wallet now/);
    await isGreen();
  });

  it('less than asked is credited and says so; the rest, and more, is credited when it comes', async () => {
    const customer = await world.addCustomer();
    const depositCode = await waiting(customer);
    await say(depositCode, { objectId: `pi_1_${depositCode}`, amount: 4_000 });
    expect(await steps.settleDeposit({ depositCode, at: minutes(2) })).toMatchObject({ status: 'partial' });
    await say(depositCode, { objectId: `pi_2_${depositCode}`, amount: 1_500 });
    expect(await steps.settleDeposit({ depositCode, at: minutes(2) })).toMatchObject({ status: 'credited' });
    expect((await walletOf(world, customer)).cash).toBe(5_500);
    await isGreen();
  });

  it('after the end is credited all the same, by way of the story of stray money', async () => {
    const customer = await world.addCustomer();
    const depositCode = await waiting(customer);
    expect(await steps.wakeDeposit({ depositCode, at: minutes(30), closed: true })).toMatchObject({ status: 'expired' });
    await say(depositCode, { providerAt: new Date(minutes(60)) });
    const stray = { shopId: world.shop.id, provider: 'stripe', objectId: `pi_${depositCode}`, at: minutes(61) };
    expect(await createStrayActivities({ db: world.db }).sortStray(stray)).toEqual({ orderCodes: [], depositCodes: [depositCode] });
    expect(await steps.settleDeposit({ depositCode, at: minutes(61) })).toMatchObject({ status: 'credited' });
    expect((await walletOf(world, customer)).cash).toBe(5_000);
    await isGreen();
  });

  it.each([
    ['another currency', { currency: 'EUR' }],
    ['live money', { liveMode: true }],
    ['no money', { amount: 0 }],
    ['another account', { accountId: null }],
  ])('that does not fit moves nothing of the deposit: %s', async (_, changes) => {
    const customer = await world.addCustomer();
    const depositCode = await waiting(customer);
    await say(depositCode, { ...changes, ...('accountId' in changes ? { provider: 'stars' as const } : {}) });
    expect(await steps.settleDeposit({ depositCode, at: minutes(2) })).toMatchObject({ status: 'waiting' });
    expect(await outcomes(depositCode)).toEqual(['suspense']);
    expect((await walletOf(world, customer)).cash).toBe(0);
    await isGreen();
  });

  it('of a forged or foreign word moves nothing: an unverified row, and a payment of another shop', async () => {
    const customer = await world.addCustomer();
    const depositCode = await waiting(customer);
    await say(depositCode, { verdict: 'refused', reason: 'signature' });
    const other = await makeTestShop();
    try {
      await expect(say(depositCode, { shopId: 999_999 })).rejects.toThrow();
    } finally {
      await other.close();
    }
    expect(await steps.settleDeposit({ depositCode, at: minutes(2) })).toMatchObject({ status: 'waiting' });
    expect((await walletOf(world, customer)).cash).toBe(0);
    await isGreen();
  });
});

describe('an end', () => {
  it('waits for the page to be closed, and finds money first', async () => {
    const customer = await world.addCustomer();
    const depositCode = await waiting(customer);
    const wish = { depositCode, by: 'customer' as const, actor: `customer:${customer.id}` };
    expect(await steps.cancelDeposit({ ...wish, at: minutes(2) })).toMatchObject({ status: 'waiting', mustClose: true });
    await say(depositCode);
    expect(await steps.cancelDeposit({ ...wish, at: minutes(2), closed: true })).toMatchObject({
      status: 'credited',
      rejected: 'AlreadyCredited',
    });
    expect((await walletOf(world, customer)).cash).toBe(5_000);
    await isGreen();
  });

  it('belongs to its customer', async () => {
    const [customer, stranger] = [await world.addCustomer(), await world.addCustomer()];
    const depositCode = await waiting(customer);
    expect(await steps.cancelDeposit({ depositCode, by: 'customer', actor: `customer:${stranger.id}`, at: minutes(2) })).toMatchObject({
      status: 'waiting',
      rejected: 'NotYours',
    });
  });

  it('does not come while money is on its way: it is seen, asked about, and ends when the provider gives it up', async () => {
    const customer = await world.addCustomer();
    const depositCode = await waiting(customer);
    await say(depositCode, { kind: 'seen', type: 'checkout.session.completed' });
    expect(await steps.settleDeposit({ depositCode, at: minutes(2) })).toMatchObject({ status: 'seen' });
    expect(await steps.wakeDeposit({ depositCode, at: minutes(400) })).toMatchObject({ status: 'seen', mustAsk: true });
    await say(depositCode, { kind: 'failed', type: 'checkout.session.async_payment_failed' });
    expect(await steps.settleDeposit({ depositCode, at: minutes(401) })).toMatchObject({ status: 'expired', wakeAt: null });
    await isGreen();
  });

  it('waits for the last word of what is confirmed, told after it was seen, before it or alone, and is credited', async () => {
    for (const said of [['seen', 'confirming'], ['confirming', 'seen'], ['confirming']] as const) {
      const customer = await world.addCustomer();
      const depositCode = await waiting(customer);
      for (const kind of said) {
        await say(depositCode, { kind, type: kind });
        await steps.settleDeposit({ depositCode, at: minutes(2) });
      }
      expect(await steps.wakeDeposit({ depositCode, at: minutes(400) })).toMatchObject({ status: 'confirming', mustAsk: true });
      expect(await steps.cancelDeposit({ depositCode, by: 'staff', actor: 'cli', at: minutes(401) })).toMatchObject({
        rejected: 'PaymentOnItsWay',
      });
      await say(depositCode, { kind: 'settled', amount: 5_000 });
      expect(await steps.settleDeposit({ depositCode, at: minutes(402) })).toMatchObject({ status: 'credited' });
      expect((await walletOf(world, customer)).cash).toBe(5_000);
    }
    await isGreen();
  });

  it('comes at once when the provider would not open it', async () => {
    const customer = await world.addCustomer();
    const depositCode = newCode();
    await steps.openDeposit({ depositCode, open: opening(customer), at: start });
    await steps.rejectDeposit({ depositCode, at: minutes(1) });
    expect(await steps.settleDeposit({ depositCode, at: minutes(1) })).toMatchObject({ status: 'rejected', opening: null });
    await isGreen();
  });
});

it('that was opened by a try that had been given up waits for its customer', async () => {
  const depositCode = await waiting(await world.addCustomer());
  await steps.rejectDeposit({ depositCode, at: minutes(1) });
  expect(await steps.settleDeposit({ depositCode, at: minutes(1) })).toMatchObject({ status: 'waiting' });
});

it('whatever comes in whatever order, the wallet has exactly what arrived, and no step done twice changes it', async () => {
  const act = fc.constantFrom('pay', 'payMore', 'seen', 'failed', 'expired', 'settle', 'wake', 'cancel', 'cancelInUi', 'close' as const);
  await fc.assert(
    fc.asyncProperty(fc.array(act, { minLength: 1, maxLength: 8 }), async (acts) => {
      const customer = await world.addCustomer();
      const depositCode = await waiting(customer);
      let arrived = 0;
      for (const [index, what] of acts.entries()) {
        const at = minutes(index * 10);
        const providerAt = new Date(at);
        if (what === 'pay') {
          // One object of money, however often it is told.
          arrived += (await say(depositCode, { providerAt, eventId: `evt_${depositCode}` })).fresh ? 5_000 : 0;
        } else if (what === 'payMore') {
          await say(depositCode, { providerAt, objectId: `pi_${index}_${depositCode}`, amount: 700 });
          arrived += 700;
        } else if (what === 'seen') await say(depositCode, { providerAt, kind: 'seen', type: 'checkout.session.completed' });
        else if (what === 'failed') await say(depositCode, { providerAt, kind: 'failed', type: 'checkout.session.async_payment_failed' });
        else if (what === 'expired') await say(depositCode, { providerAt, kind: 'failed', type: 'checkout.session.expired' });
        else if (what === 'settle') await steps.settleDeposit({ depositCode, at });
        else if (what === 'wake') await steps.wakeDeposit({ depositCode, at });
        else if (what === 'close') await steps.wakeDeposit({ depositCode, at, closed: true });
        else if (what === 'cancel')
          await steps.cancelDeposit({ depositCode, by: 'customer', actor: `customer:${customer.id}`, at, closed: true });
        else await steps.cancelDeposit({ depositCode, by: 'temporal', actor: 'temporal', at, closed: true });
      }
      const last = minutes(acts.length * 10);
      await steps.settleDeposit({ depositCode, at: last });
      await steps.settleDeposit({ depositCode, at: last });
      expect((await walletOf(world, customer)).cash).toBe(arrived);
    }),
    { numRuns: 60 },
  );
  const report = await checkDatabase(world.db.em.fork(), { now: new Date(start), settledGraceMs: 0 });
  expect(report.findings).toEqual([]);
}, 120_000);
