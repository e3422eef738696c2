/** Payouts at the database: what may leave a wallet, by which rail, by whom, once; also when everybody speaks at once. */
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createOrderActivities } from '../../activities/order.ts';
import { createCommissionActivities } from '../../activities/commission.ts';
import { createDepositActivities } from '../../activities/deposit.ts';
import { createPayoutActivities } from '../../activities/payout.ts';
import { checkDatabase } from '../../db/check.ts';
import type { Customer } from '../../db/entities/customer.ts';
import type { Judge } from '../../db/repositories/approval.ts';
import { visitCustomer } from '../../db/repositories/customer.ts';
import { insertInboxRow } from '../../db/repositories/inbox.ts';
import { post } from '../../db/repositories/ledger.ts';
import { listOpenWork } from '../../db/repositories/open-work.ts';
import { readAwaitedAnswers } from '../../db/repositories/awaited-answer.ts';
import { confirmDestination, confirmSent, draftSent, findPayout, nameDestination } from '../../db/repositories/payout.ts';
import { openReferralCode } from '../../db/repositories/referral.ts';
import { findTimeline } from '../../db/repositories/timeline.ts';
import { writeSetting } from '../../db/repositories/setting.ts';
import { depositPaymentId } from '../../domain/deposit.ts';
import { ofCustomer } from '../../domain/ledger.ts';
import { makePayoutCode, nameUntil } from '../../domain/payout.ts';
import { createTelegram } from '../../gateways/telegram.ts';
import { addStaff, approving, say } from '../support/approvals.ts';
import { walletOf } from '../support/deposits.ts';
import { approve, close, iban, name, newTransaction, payoutOf, sent } from '../support/payouts.ts';
import { makeTestShop, newCode, type TestShop } from '../support/shop.ts';

let world: TestShop;
let deposits: ReturnType<typeof createDepositActivities>;
let steps: ReturnType<typeof createPayoutActivities>;
let orders: ReturnType<typeof createOrderActivities>;
let [ann, bob, carl]: Judge[] = [];
const start = Date.parse('2026-05-01T10:00:00Z');
const hours = (count: number) => start + count * 3_600_000;
const em = () => world.db.em.fork();
const judges = () => ({ ann: ann as Judge, bob: bob as Judge, carl: carl as Judge });

beforeAll(async () => {
  world = await makeTestShop();
  // Nobody is told in these tests.
  const context = { db: world.db, secrets: world.secrets, telegram: createTelegram({ apiRoot: 'http://127.0.0.1:9' }) };
  deposits = createDepositActivities(context);
  steps = createPayoutActivities(context);
  orders = createOrderActivities({ ...context, mode: 'sandbox' } as never);
  [ann, bob, carl] = [await addStaff(world), await addStaff(world, 'owner'), await addStaff(world)];
});
afterAll(() => world.close());

async function isGreen(): Promise<void> {
  expect((await checkDatabase(em(), { now: new Date(hours(4)), settledGraceMs: 0 })).findings).toEqual([]);
}

/** A transfer that staff approved: as much is in the wallet. */
async function credited(customer: Customer, amount = 5_000): Promise<string> {
  const depositCode = newCode();
  const open = {
    shopId: world.shop.id,
    customerId: customer.id,
    amount,
    method: 'bank',
    payWithinSeconds: 259_200,
    language: 'en',
  } as const;
  expect(await deposits.openDeposit({ depositCode, open, at: start })).toMatchObject({ rejected: null });
  const judged = await say(world, depositCode, judges().ann, approving({ amount }), hours(1));
  if (judged.ok && judged.waitsForSecond) throw new Error('more than one person may approve');
  expect(await deposits.settleDeposit({ depositCode, at: hours(1) })).toMatchObject({ status: 'credited' });
  return depositCode;
}

const request = (depositCode: string, number = 1, more: { amount?: number; actor?: string } = {}) =>
  steps.openPayout({
    payoutCode: makePayoutCode(depositCode, number),
    request: { depositCode, actor: more.actor ?? 'cli', reason: 'asked for', amount: more.amount },
    at: hours(2),
  });
const advance = (payoutCode: string, at = hours(3), cancelled = false) => steps.advancePayout({ payoutCode, cancelled, at });
const cashOf = async (customer: Customer) => (await walletOf(world, customer)).cash;

/** The wallet pays for something. */
async function spend(customer: Customer, amount: number): Promise<void> {
  const product = await world.addProduct({ price: amount, units: 1 });
  const row = await orders.open({ orderCode: newCode(), place: world.placing(customer, product), at: hours(1) });
  expect(row).toMatchObject({ status: 'paid' });
}

async function begun(amount = 5_000): Promise<{ customer: Customer; depositCode: string; payoutCode: string }> {
  const customer = await world.addCustomer();
  const depositCode = await credited(customer, amount);
  expect(await request(depositCode)).toEqual({ ok: true, payoutCode: `${depositCode}-p1` });
  return { customer, depositCode, payoutCode: `${depositCode}-p1` };
}

describe('the commission of a friend', () => {
  const visitBy = async (referrer: Customer): Promise<Customer> => {
    const referralCode = await openReferralCode(em(), { shopId: world.shop.id, customerId: referrer.id });
    const id = 7_000_000_000 + referrer.id;
    const visitor = { shopId: world.shop.id, telegramUserId: id, chatId: id, name: 'Bea', language: 'en', referralCode } as const;
    return visitCustomer(em(), world.secrets, visitor);
  };
  const bonusOf = async (referrer: Customer) => (await walletOf(world, referrer)).bonus;

  it('goes with what is paid out, and comes again when that came back', async () => {
    const { settleCommission } = createCommissionActivities({ db: world.db });
    const referrer = await world.addCustomer();
    const depositCode = await credited(await visitBy(referrer), 5_000);
    const settle = () => settleCommission({ depositCode, at: hours(2) });
    await settle();
    expect(await bonusOf(referrer)).toBe(150);

    expect(await request(depositCode, 1, { amount: 2_000 })).toMatchObject({ ok: true });
    expect(await request(depositCode, 2, { amount: 3_000 })).toMatchObject({ ok: true });
    // Whoever died before ringing is found by the relay.
    expect(await listOpenWork(em(), { depositCode })).toContainEqual({ noun: 'commission', depositCode });
    await settle();
    await settle();
    expect(await bonusOf(referrer)).toBe(0);

    await close(world, makePayoutCode(depositCode, 2), judges().bob, 'refused', hours(3));
    await advance(makePayoutCode(depositCode, 2));
    await advance(makePayoutCode(depositCode, 2));
    await settle();
    expect(await bonusOf(referrer)).toBe(90);
    const told = (await findTimeline(em(), depositCode))?.steps.map(({ what }) => what);
    expect(told).toEqual(expect.arrayContaining(['To be paid out: its customer is asked where to', 'Not paid out: in the wallet again']));
    expect(await listOpenWork(em(), { depositCode })).not.toContainEqual({ noun: 'commission', depositCode });
    await isGreen();
  });
});

describe('what may leave', () => {
  it('is the unspent rest of that deposit, out of the wallet at once, and comes back when it fails', async () => {
    const { customer, depositCode, payoutCode } = await begun();
    expect(await cashOf(customer)).toBe(0);
    expect(await request(depositCode)).toMatchObject({ ok: true });
    expect(await cashOf(customer)).toBe(0);
    expect(await request(depositCode, 2)).toEqual({ ok: false, rejected: 'NothingLeft' });
    expect(await close(world, payoutCode, judges().bob, 'refused', hours(3))).toMatchObject({ ok: true });
    expect(await advance(payoutCode)).toMatchObject({ status: 'failed' });
    expect(await advance(payoutCode)).toMatchObject({ status: 'failed' });
    expect(await cashOf(customer)).toBe(5_000);
    expect(await request(depositCode, 2)).toMatchObject({ ok: true });
    await isGreen();
  });

  it('is not what was spent, nor what came by another deposit, nor a bonus', async () => {
    const customer = await world.addCustomer({ bonus: 1_000 });
    const first = await credited(customer, 5_000);
    // The bonus first, then 2,000 of the cash.
    await spend(customer, 3_000);
    const second = await credited(customer, 4_000);
    expect(await request(first, 1, { amount: 3_001 })).toEqual({ ok: false, rejected: 'TooMuch' });
    expect(await request(first, 1, { amount: 3_000 })).toMatchObject({ ok: true });
    expect(await request(second, 1, { amount: 4_001 })).toEqual({ ok: false, rejected: 'TooMuch' });
    expect(await request(second)).toMatchObject({ ok: true });
    expect(await walletOf(world, customer)).toMatchObject({ cash: 0 });
    await isGreen();
  });

  it('is nothing of a wallet in debt, of a card, of Stars or of nobody', async () => {
    const customer = await world.addCustomer();
    const depositCode = await credited(customer);
    const legs = [
      { leg: 'debt', debit: ofCustomer('debt', customer.id), credit: { kind: 'equity:adjustment' as const, owner: '' }, amount: 100 },
    ];
    await post(em(), {
      shopId: world.shop.id,
      currency: 'PLN',
      key: `debt:${customer.id}`,
      legs,
      actor: 'cli',
      reason: 'test',
      at: new Date(start),
    });
    expect(await request(depositCode)).toEqual({ ok: false, rejected: 'WalletInDebt' });
    const card = newCode();
    const open = {
      shopId: world.shop.id,
      customerId: customer.id,
      amount: 5_000,
      method: 'card',
      payWithinSeconds: 1_800,
      language: 'en',
    } as const;
    await deposits.openDeposit({ depositCode: card, open, at: start });
    expect(await request(card)).toEqual({ ok: false, rejected: 'GoesBackItself' });
    await deposits.rejectDeposit({ depositCode: card, at: start });
    expect(await request(newCode())).toEqual({ ok: false, rejected: 'UnknownDeposit' });
    for (const amount of [0, -1, 0.5, Number.NaN, Number.MAX_SAFE_INTEGER + 1]) {
      const fresh = await credited(await world.addCustomer());
      expect(await request(fresh, 1, { amount })).toEqual({ ok: false, rejected: 'TooMuch' });
    }
    await isGreen();
  });

  it('is asked for by many at once and leaves once; with a purchase at once, never twice', async () => {
    const customer = await world.addCustomer();
    const depositCode = await credited(customer, 6_000);
    const product = await world.addProduct({ price: 4_000, units: 5 });
    const asked = await Promise.all([
      ...[1, 2, 3, 4, 5].map((number) => request(depositCode, number, { amount: 2_500 }).catch(() => undefined)),
      ...[1, 2].map(() =>
        orders.open({ orderCode: newCode(), place: world.placing(customer, product), at: hours(2) }).catch(() => undefined),
      ),
    ]);
    const { cash } = await walletOf(world, customer);
    const [row] = await em().execute('select coalesce(sum(amount), 0)::int as out from payout where customer_id = ?', [customer.id]);
    const bought = asked.filter((one) => one && 'status' in one && one.status === 'paid').length * 4_000;
    expect(cash + Number(row?.out) + bought).toBe(6_000);
    await isGreen();
  });

  it('the database itself refuses more than came, a change of what counts and an approval by whoever asked', async () => {
    const { payoutCode } = await begun();
    const run = (sql: string) => em().execute(`update payout set ${sql} where code = ?`, [payoutCode]);
    await expect(run('amount = amount + 1')).rejects.toThrow(/frozen/);
    await expect(run("status = 'succeeded'")).rejects.toThrow(/may not go|payout_stands/);
    await expect(run("sent_at = now(), sent_by = 'cli', transaction = 'abcd'")).rejects.toThrow(/payout_sent_as_approved/);
    await expect(run("confirmed_at = now(), destination = 'x', approved_by = requested_by, total = 1, second_above = 2")).rejects.toThrow(
      /payout_approved_by_another/,
    );
    await expect(
      em().execute(
        `insert into payout (code, shop_id, customer_id, deposit_id, payment_id, provider, method, amount, currency, status, requested_by, reason, requested_at, destination_kind, staff_since)
         select code || '9', shop_id, customer_id, deposit_id, payment_id, provider, method, 1, currency, 'requested', 'cli', '', now(), 'account', now() from payout where code = ?`,
        [payoutCode],
      ),
    ).rejects.toThrow(/exceed what came/);
  });
});

describe('where to', () => {
  it('counts when the customer agreed to what was shown back, is kept sealed, and is theirs alone to say', async () => {
    const { customer, payoutCode } = await begun();
    const { id, customerId, shopId } = await payoutOf(world, payoutCode);
    const naming = { id, customerId, at: new Date(hours(2)) };
    expect(await approve(world, payoutCode, judges().bob, hours(2))).toEqual({ ok: false, rejected: 'NotNamed' });
    expect(await nameDestination(em(), world.secrets, { ...naming, text: 'PL61109010140000071219812875' })).toEqual({
      ok: false,
      misfit: 'checksum',
    });
    expect(await nameDestination(em(), world.secrets, { ...naming, text: 'DE89370400440532013000' })).toEqual({ ok: true });
    const confirm = (digest: string) => confirmDestination(em(), world.secrets, { ...naming, digest });
    expect(await confirm('000000')).toEqual({ ok: false, rejected: 'NotNamed' });
    const stranger = await world.addCustomer();
    expect(await nameDestination(em(), world.secrets, { ...naming, customerId: stranger.id, text: iban })).toEqual({
      ok: false,
      rejected: 'UnknownPayout',
    });
    expect(await findPayout(em(), world.secrets, { id, shopId: shopId + 1 })).toBeUndefined();
    const awaited = async () => (await readAwaitedAnswers(em(), customer.id, new Date())).payoutId;
    expect(await awaited()).toBe(id);
    expect(await name(world, payoutCode, iban, hours(2))).toMatchObject({ ok: true });
    expect(await awaited()).toBeNull();
    expect(await name(world, payoutCode, 'DE89370400440532013000', hours(2))).toEqual({ ok: false, rejected: 'AlreadyJudged' });
    expect(await payoutOf(world, payoutCode)).toMatchObject({ destination: iban, stage: 'approval' });
    const raw = await world.one("select encode(destination, 'escape') as destination from payout where code = ?", [payoutCode]);
    expect(String(raw.destination)).not.toContain('6110');
    const audit = await world.one("select string_agg(coalesce(after::text, action), ' ') as text from audit where subject_id = ?", [
      payoutCode,
    ]);
    expect(String(audit.text)).not.toContain('6110');
    await isGreen();
  });

  it('unnamed for fourteen days ends in the wallet, with four reminders; named in time it does not', async () => {
    const { customer, payoutCode } = await begun();
    const asked = async () =>
      Number((await world.one('select count(*)::int as count from notice where key like ?', [`payout:${payoutCode}:ask:%`])).count);
    expect(await asked()).toBe(1);
    for (const days of [1, 3, 7, 12]) await advance(payoutCode, hours(2 + 24 * days));
    await advance(payoutCode, hours(2 + 24 * 12));
    expect(await asked()).toBe(5);
    const end = nameUntil(hours(2));
    expect(await advance(payoutCode, end - 1)).toMatchObject({ status: 'requested', wakeAt: end });
    expect(await advance(payoutCode, end)).toMatchObject({ status: 'failed', cancelled: false });
    expect(await payoutOf(world, payoutCode)).toMatchObject({ failure: 'notNamed', closedBy: 'system' });
    expect(await cashOf(customer)).toBe(5_000);
    const { payoutCode: named } = await begun();
    await name(world, named, iban, hours(3));
    expect(await advance(named, end + 1)).toMatchObject({ status: 'requested', stage: 'approval' });
    await close(world, named, judges().bob, 'refused', hours(3));
    await advance(named, end + 2);
    await isGreen();
  });
});

describe('who', () => {
  it('nobody approves what they asked for, nor their own money; small ones in all are large', async () => {
    await writeSetting(em(), {
      shopId: world.shop.id,
      key: 'secondApprovalAbove',
      value: 6_000,
      actor: 'cli',
      mode: 'sandbox',
      at: new Date(start),
    });
    const customer = await world.addCustomer();
    const depositCode = await credited(customer, 6_000);
    await writeSetting(em(), {
      shopId: world.shop.id,
      key: 'secondApprovalAbove',
      value: 5_000,
      actor: 'cli',
      mode: 'sandbox',
      at: new Date(start),
    });
    const { ann: one, bob: other, carl: third } = judges();
    const own = await addStaff(world, 'manager', customer.telegramUserId);
    await request(depositCode, 1, { amount: 4_000, actor: one.actor });
    await request(depositCode, 2, { amount: 2_000, actor: 'cli' });
    const [large, small] = [`${depositCode}-p1`, `${depositCode}-p2`];
    for (const code of [large, small]) await name(world, code, iban, hours(2));
    expect(await approve(world, large, one, hours(2))).toEqual({ ok: false, rejected: 'AskedForIt' });
    expect(await approve(world, large, own, hours(2))).toEqual({ ok: false, rejected: 'OwnPayout' });
    // 6,000 together.
    expect(await approve(world, small, { actor: 'cli' }, hours(2))).toEqual({ ok: false, rejected: 'AskedForIt' });
    expect(await approve(world, small, other, hours(2))).toMatchObject({ ok: true });
    expect(await payoutOf(world, small)).toMatchObject({ stage: 'second' });
    expect(await approve(world, small, other, hours(2))).toEqual({ ok: false, rejected: 'SamePerson' });
    expect(await sent(world, small, other, hours(2))).toEqual({ ok: false, rejected: 'NotApproved' });
    expect(await approve(world, small, third, hours(2))).toMatchObject({ ok: true });
    expect(await approve(world, small, third, hours(2))).toMatchObject({ ok: true });
    expect(await payoutOf(world, small)).toMatchObject({ stage: 'sending', approvedBy: other.actor, secondBy: third.actor });
    await writeSetting(em(), {
      shopId: world.shop.id,
      key: 'secondApprovalAbove',
      value: 100_000,
      actor: 'cli',
      mode: 'sandbox',
      at: new Date(start),
    });
    await isGreen();
  });

  it('by two at once it is approved by one, sent by one transaction, and a transaction pays one payout', async () => {
    const [one, two] = [await begun(), await begun()];
    const { ann: first, bob: second } = judges();
    for (const { payoutCode } of [one, two]) {
      await name(world, payoutCode, iban, hours(2));
      const both = await Promise.all([approve(world, payoutCode, first, hours(2)), approve(world, payoutCode, second, hours(2))]);
      expect(both.filter(({ ok }) => ok)).toHaveLength(1);
    }
    const transaction = newTransaction();
    const marked = await Promise.all([one, two].map(({ payoutCode }) => sent(world, payoutCode, first, hours(2), transaction)));
    expect(marked.filter(({ ok }) => ok)).toHaveLength(1);
    expect(marked.find(({ ok }) => !ok)).toEqual({ ok: false, rejected: 'TransactionUsed' });
    const { id, shopId } = await payoutOf(world, marked[0]?.ok ? two.payoutCode : one.payoutCode);
    const word = { id, shopId, at: new Date(hours(2)) };
    await draftSent(em(), { ...word, by: first, transaction: newTransaction() });
    expect(await confirmSent(em(), { ...word, by: second })).toEqual({ ok: false, rejected: 'NoDraft' });
    for (const { payoutCode } of [one, two]) await advance(payoutCode);
    await isGreen();
  });
});

describe('what became of it', () => {
  async function underway() {
    const begin = await begun();
    await name(world, begin.payoutCode, iban, hours(2));
    await approve(world, begin.payoutCode, judges().bob, hours(2));
    expect(await close(world, begin.payoutCode, judges().bob, 'succeeded', hours(2))).toEqual({ ok: false, rejected: 'NotSent' });
    expect(await sent(world, begin.payoutCode, judges().carl, hours(2))).toMatchObject({ ok: true });
    expect(await advance(begin.payoutCode)).toMatchObject({ status: 'sent', stage: 'arrival' });
    return begin;
  }

  it('arrived: booked once, told once, and when it comes back after all it is in the wallet', async () => {
    const { customer, payoutCode } = await underway();
    expect(await close(world, payoutCode, judges().carl, 'refused', hours(3))).toEqual({ ok: false, rejected: 'AlreadyJudged' });
    await close(world, payoutCode, judges().carl, 'succeeded', hours(3));
    await Promise.all([1, 2, 3].map(() => advance(payoutCode)));
    expect(await payoutOf(world, payoutCode)).toMatchObject({ status: 'succeeded' });
    await isGreen();
    expect(await cashOf(customer)).toBe(0);
    expect(await close(world, payoutCode, judges().bob, 'cameBack', hours(3))).toMatchObject({ ok: true });
    await Promise.all([1, 2, 3].map(() => advance(payoutCode)));
    expect(await payoutOf(world, payoutCode)).toMatchObject({ status: 'failed', failure: 'cameBack' });
    expect(await cashOf(customer)).toBe(5_000);
    const told = await world.one('select count(*)::int as count from notice where key like ?', [`payout:${payoutCode}:%`]);
    expect(told.count).toBe(4);
    await isGreen();
  });

  it('came back before it arrived, or a cancel in the Temporal UI before it was sent: in the wallet; sent, a cancel changes nothing', async () => {
    const { customer, payoutCode } = await underway();
    expect(await advance(payoutCode, hours(3), true)).toMatchObject({ status: 'sent', cancelled: false });
    await close(world, payoutCode, judges().bob, 'cameBack', hours(3));
    expect(await advance(payoutCode)).toMatchObject({ status: 'failed' });
    expect(await cashOf(customer)).toBe(5_000);
    const unsent = await begun();
    expect(await advance(unsent.payoutCode, hours(3), true)).toMatchObject({ status: 'failed', cancelled: true });
    expect(await cashOf(unsent.customer)).toBe(5_000);
    await isGreen();
  });

  it('is not sent any more when the provider took the deposit back meanwhile', async () => {
    const { depositCode, payoutCode } = await begun();
    await name(world, payoutCode, iban, hours(2));
    await insertInboxRow(em(), {
      shopId: world.shop.id,
      provider: 'manual',
      source: 'asked',
      eventId: `back:${depositCode}`,
      type: 'takenBack',
      verdict: 'verified',
      kind: 'refunded',
      objectId: `back:${depositCode}`,
      paymentId: depositPaymentId(depositCode),
      amount: 5_000,
      currency: 'PLN',
      providerAt: new Date(hours(2)),
      body: Buffer.from('{}'),
    });
    await deposits.settleDeposit({ depositCode, at: hours(2) });
    expect(await approve(world, payoutCode, judges().bob, hours(3))).toEqual({ ok: false, rejected: 'TakenBack' });
    await isGreen();
  });
});

it('whatever people say in whatever order, money is in the wallet, owed, or gone by the word of two people', async () => {
  await writeSetting(em(), {
    shopId: world.shop.id,
    key: 'secondApprovalAbove',
    value: 3_000,
    actor: 'cli',
    mode: 'sandbox',
    at: new Date(start),
  });
  const act = fc.record({
    who: fc.constantFrom('ann' as const, 'bob' as const, 'carl' as const),
    what: fc.constantFrom('request', 'name', 'approve', 'sent', 'arrived', 'refused', 'cameBack', 'advance', 'cancel'),
    which: fc.integer({ min: 1, max: 2 }),
    amount: fc.integer({ min: 1, max: 4_000 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(act, { minLength: 4, maxLength: 16 }), async (acts) => {
      const customer = await world.addCustomer();
      const depositCode = await credited(customer, 3_000);
      const codes = new Set<string>();
      for (const { who, what, which, amount } of acts) {
        const by = judges()[who];
        const payoutCode = makePayoutCode(depositCode, which);
        if (what === 'request' && (await request(depositCode, which, { amount, actor: by.actor })).ok) codes.add(payoutCode);
        if (!codes.has(payoutCode)) continue;
        if (what === 'name') await name(world, payoutCode, iban, hours(2));
        if (what === 'approve') await approve(world, payoutCode, by, hours(2));
        if (what === 'sent') await sent(world, payoutCode, by, hours(2));
        if (what === 'arrived') await close(world, payoutCode, by, 'succeeded', hours(2));
        if (what === 'refused' || what === 'cameBack') await close(world, payoutCode, by, what, hours(2));
        if (what === 'advance' || what === 'cancel') await advance(payoutCode, hours(3), what === 'cancel');
      }
      let away = 0;
      for (const payoutCode of codes) {
        const { status } = await advance(payoutCode);
        const view = await payoutOf(world, payoutCode);
        if (status !== 'failed') away += view.amount;
        if (status === 'sent' || status === 'succeeded') expect(view.approvedBy).not.toBe(view.requestedBy);
      }
      expect((await cashOf(customer)) + away).toBe(3_000);
    }),
    { numRuns: 25 },
  );
  await isGreen();
});
