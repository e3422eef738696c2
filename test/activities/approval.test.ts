/** Verdicts of staff and receipts, at the database: what counts, once, by whom, and what is refused. */
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDepositActivities } from '../../activities/deposit.ts';
import { checkDatabase } from '../../db/check.ts';
import type { Customer } from '../../db/entities/customer.ts';
import { agreeToVerdict, draftVerdict, giveVerdict, type Judge, type Judged, type VerdictWish } from '../../db/repositories/approval.ts';
import { findStaffDeposit } from '../../db/repositories/deposit-staff.ts';
import { findDepositView } from '../../db/repositories/deposit.ts';
import { insertInboxRow } from '../../db/repositories/inbox.ts';
import { listAccountStates, saveAccount } from '../../db/repositories/provider-account.ts';
import { findUsableMethod } from '../../db/repositories/payment-account.ts';
import { writeSetting } from '../../db/repositories/setting.ts';
import { listUntoldReceipts } from '../../db/repositories/transfer-receipt.ts';
import { readReference } from '../../domain/approval.ts';
import { depositPaymentId } from '../../domain/deposit.ts';
import { createManualGateway } from '../../gateways/payments/manual.ts';
import { createTelegram } from '../../gateways/telegram.ts';
import { addStaff, approving, newReference, receiptFile, say, send } from '../support/approvals.ts';
import { walletOf } from '../support/deposits.ts';
import { makePaymentRequest } from '../support/payment-request.ts';
import { makeTestShop, newCode, type TestShop } from '../support/shop.ts';

let world: TestShop;
let steps: ReturnType<typeof createDepositActivities>;
let [ann, bob]: Judge[] = [];
const start = Date.parse('2026-05-01T10:00:00Z');
const hours = (count: number) => start + count * 3_600_000;

beforeAll(async () => {
  world = await makeTestShop();
  // Nobody is told in these tests.
  steps = createDepositActivities({ db: world.db, secrets: world.secrets, telegram: createTelegram({ apiRoot: 'http://127.0.0.1:9' }) });
  [ann, bob] = [await addStaff(world), await addStaff(world, 'owner')];
});
afterAll(async () => {
  await world.close();
});

const judges = () => ({ ann: ann as Judge, bob: bob as Judge });
const viewOf = async (depositCode: string) => (await findDepositView(world.db.em.fork(), depositCode))?.view;
const settle = (depositCode: string, at = hours(2)) => steps.settleDeposit({ depositCode, at });

async function isGreen(): Promise<void> {
  const report = await checkDatabase(world.db.em.fork(), { now: new Date(hours(3)), settledGraceMs: 0 });
  expect(report.findings).toEqual([]);
}

/** A transfer that waits for its customer. */
async function waiting(customer: Customer, amount = 5_000): Promise<string> {
  const depositCode = newCode();
  const open = {
    shopId: world.shop.id,
    customerId: customer.id,
    amount,
    method: 'bank',
    payWithinSeconds: 259_200,
    language: 'en',
  } as const;
  expect(await steps.openDeposit({ depositCode, open, at: start })).toMatchObject({ rejected: null });
  const request = makePaymentRequest({ method: 'bank', code: depositCode });
  const credentials = { shopId: 1, accountId: 1, liveMode: false, keys: { name: 'N', account: 'A' } };
  const { instructions } = await createManualGateway().open(request, credentials);
  await world.db.em
    .fork()
    .execute('update payment set instructions = ?::jsonb where id = ?', [JSON.stringify(instructions), depositPaymentId(depositCode)]);
  expect(await settle(depositCode, start)).toMatchObject({ status: 'waiting' });
  return depositCode;
}

async function shown(depositCode: string): Promise<string> {
  await send(world, depositCode, receiptFile(), hours(1));
  expect(await settle(depositCode)).toMatchObject({ status: 'seen' });
  return depositCode;
}

const idOf = (judged: Judged) => (judged.ok ? judged.approvalId : 0);
const agreeing = (judged: Judged, by: Judge) =>
  agreeToVerdict(world.db.em.fork(), { shopId: world.shop.id, approvalId: idOf(judged), by, at: new Date(hours(2)) });

describe('what staff say', () => {
  it('credits what they entered, once, however often it is said and rung', async () => {
    const customer = await world.addCustomer();
    const depositCode = await shown(await waiting(customer));
    const { ann: by } = judges();
    const wish = approving({ amount: 4_200 });
    const at = new Date(hours(2));
    const draft = await draftVerdict(world.db.em.fork(), world.secrets, { shopId: world.shop.id, depositCode, wish, by, at });
    expect((await walletOf(world, customer)).cash).toBe(0);
    const give = () => giveVerdict(world.db.em.fork(), { shopId: world.shop.id, approvalId: draft.ok ? draft.approvalId : 0, by, at });
    const given = await Promise.all([give(), give(), give()]);
    expect(given.map((one) => one.ok)).toEqual([true, true, true]);
    await settle(depositCode);
    await settle(depositCode);
    expect(await viewOf(depositCode)).toMatchObject({ status: 'partial', credited: 4_200 });
    expect((await walletOf(world, customer)).cash).toBe(4_200);
    await isGreen();
  });

  it('keeps names sealed and shows them to staff alone', async () => {
    const depositCode = await shown(await waiting(await world.addCustomer()));
    await say(world, depositCode, judges().ann, approving({ sender: 'Żółw Nowak' }), hours(2));
    await settle(depositCode);
    const rows = await world.one("select encode(sender, 'escape') as sender from approval order by id desc limit 1");
    expect(String(rows.sender)).not.toContain('Nowak');
    const inbox = await world.one("select encode(body, 'escape') as body from inbox where source = 'staff' order by id desc limit 1");
    expect(String(inbox.body)).not.toContain('Nowak');
    const staff = await findStaffDeposit(world.db.em.fork(), world.secrets, { shopId: world.shop.id, depositCode });
    expect(staff?.approvals[0]).toMatchObject({ sender: 'Żółw Nowak', status: 'given' });
    await isGreen();
  });

  it('is one credit when two people say it at once', async () => {
    const customer = await world.addCustomer();
    const depositCode = await shown(await waiting(customer));
    const at = new Date(hours(2));
    const shopId = world.shop.id;
    const drafts = await Promise.all(
      [judges().ann, judges().bob].map(async (by) => ({
        by,
        draft: await draftVerdict(world.db.em.fork(), world.secrets, { shopId, depositCode, wish: approving(), by, at }),
      })),
    );
    const both = await Promise.all(
      drafts.map(({ by, draft }) => giveVerdict(world.db.em.fork(), { shopId, approvalId: draft.ok ? draft.approvalId : 0, by, at })),
    );
    expect(both.filter((one) => one.ok)).toHaveLength(1);
    expect(both.find((one) => !one.ok)).toEqual({ ok: false, rejected: 'AlreadyJudged' });
    await settle(depositCode);
    expect((await walletOf(world, customer)).cash).toBe(5_000);
    await isGreen();
  });

  it('refuses by name a reference that credited another deposit, also of two at once', async () => {
    const [first, second] = [await world.addCustomer(), await world.addCustomer()];
    const codes = [await shown(await waiting(first)), await shown(await waiting(second))];
    const wish = approving();
    const judged = await Promise.all(codes.map((depositCode) => say(world, depositCode, judges().ann, wish, hours(2))));
    expect(judged.filter((one) => one.ok)).toHaveLength(1);
    expect(judged.find((one) => !one.ok)).toEqual({ ok: false, rejected: 'ReferenceUsed' });
    for (const depositCode of codes) await settle(depositCode);
    expect((await walletOf(world, first)).cash + (await walletOf(world, second)).cash).toBe(5_000);
    const written = `${wish.verdict === 'approve' ? wish.reference.toLowerCase().replace(/(...)/g, '$1 -') : ''}`;
    expect(readReference(written)).toBe(wish.verdict === 'approve' ? wish.reference : '');
    await isGreen();
  });

  it('needs another person above the limit, in all, and nobody judges their own money', async () => {
    const { ann: one, bob: other } = judges();
    const customer = await world.addCustomer();
    const depositCode = await shown(await waiting(customer, 150_000));
    const first = await say(world, depositCode, one, approving({ amount: 150_000 }), hours(2));
    expect(first).toMatchObject({ ok: true, waitsForSecond: true });
    await settle(depositCode);
    expect((await walletOf(world, customer)).cash).toBe(0);
    expect(await agreeing(first, one)).toEqual({ ok: false, rejected: 'SamePerson' });
    expect(await say(world, depositCode, other, approving(), hours(2))).toEqual({ ok: false, rejected: 'AlreadyJudged' });
    expect(await agreeing(first, other)).toMatchObject({ ok: true, waitsForSecond: false });
    await settle(depositCode);
    expect((await walletOf(world, customer)).cash).toBe(150_000);

    // A little more by one person, twice, is no way around it.
    expect(await say(world, depositCode, one, approving({ amount: 100 }), hours(2))).toMatchObject({ waitsForSecond: true });
    const own = await addStaff(world, 'manager', customer.telegramUserId);
    const another = await waiting(customer);
    expect(await say(world, another, own, approving(), hours(2))).toEqual({ ok: false, rejected: 'OwnDeposit' });
    await isGreen();
  });

  it('the database itself refuses a large approval by one person, and a change of what was given', async () => {
    const em = world.db.em.fork();
    await expect(em.execute("update approval set status = 'given' where status = 'awaitingSecond'")).rejects.toThrow(/approval_by_two/);
    await expect(em.execute("update approval set amount = amount + 1 where status = 'given'")).rejects.toThrow(/frozen/);
  });

  it('that no money came ends it, tells why, takes back a first approval, and may be corrected later', async () => {
    const { ann: one, bob: other } = judges();
    const customer = await world.addCustomer();
    const depositCode = await shown(await waiting(customer, 150_000));
    const wish = approving({ amount: 150_000 });
    const first = await say(world, depositCode, one, wish, hours(2));
    expect(await say(world, depositCode, other, { verdict: 'reject', reason: 'unreadable' }, hours(2))).toMatchObject({ ok: true });
    expect(await agreeing(first, other)).toEqual({ ok: false, rejected: 'AlreadyJudged' });
    await settle(depositCode);
    expect(await viewOf(depositCode)).toMatchObject({ status: 'rejected', endedBy: 'rejection', credited: 0 });
    expect(await say(world, depositCode, one, { verdict: 'reject', reason: 'other' }, hours(2))).toEqual({
      ok: false,
      rejected: 'AlreadyEnded',
    });
    const again = await say(world, depositCode, one, wish, hours(2));
    await agreeing(again, other);
    await settle(depositCode);
    expect(await viewOf(depositCode)).toMatchObject({ status: 'credited', credited: 150_000 });
    expect(await say(world, depositCode, one, { verdict: 'reject', reason: 'other' }, hours(2))).toEqual({
      ok: false,
      rejected: 'AlreadyCredited',
    });
    await isGreen();
  });

  it('of a deposit of another shop or provider is refused, and a draft counts for nobody but its writer', async () => {
    const depositCode = await waiting(await world.addCustomer());
    const at = new Date(hours(2));
    const { ann: by, bob: other } = judges();
    const draft = (shopId: number, code: string) =>
      draftVerdict(world.db.em.fork(), world.secrets, { shopId, depositCode: code, wish: approving(), by, at });
    expect(await draft(world.shop.id + 1, depositCode)).toEqual({ ok: false, rejected: 'UnknownDeposit' });
    expect(await draft(world.shop.id, newCode())).toEqual({ ok: false, rejected: 'UnknownDeposit' });
    const drafted = await draft(world.shop.id, depositCode);
    const approvalId = drafted.ok ? drafted.approvalId : 0;
    expect(await giveVerdict(world.db.em.fork(), { shopId: world.shop.id, approvalId, by: other, at })).toEqual({
      ok: false,
      rejected: 'AnotherDraft',
    });
    await isGreen();
  });

  it('whatever the order of two people, credits what was given and never without a second person above the limit', async () => {
    await writeSetting(world.db.em.fork(), {
      shopId: world.shop.id,
      key: 'secondApprovalAbove',
      value: 6_000,
      actor: 'cli',
      mode: 'sandbox',
      at: new Date(start),
    });
    const act = fc.record({
      who: fc.constantFrom('ann' as const, 'bob' as const),
      what: fc.constantFrom('approve', 'agree', 'reject', 'receipt', 'settle'),
      amount: fc.integer({ min: 1, max: 9_000 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(act, { minLength: 1, maxLength: 8 }), async (acts) => {
        const customer = await world.addCustomer();
        const depositCode = await waiting(customer);
        let last: Judged | undefined;
        for (const { who, what, amount } of acts) {
          const by = judges()[who];
          if (what === 'approve') last = await say(world, depositCode, by, approving({ amount }), hours(2));
          if (what === 'agree' && last?.ok) await agreeing(last, by);
          if (what === 'reject') await say(world, depositCode, by, { verdict: 'reject', reason: 'other' } satisfies VerdictWish, hours(2));
          if (what === 'receipt') await send(world, depositCode, receiptFile(), hours(1));
          if (what === 'settle') await settle(depositCode);
        }
        await settle(depositCode);
        const staff = await findStaffDeposit(world.db.em.fork(), world.secrets, { shopId: world.shop.id, depositCode });
        const given = (staff?.approvals ?? []).filter(({ status, verdict }) => status === 'given' && verdict === 'approve');
        const sum = given.reduce((total, { amount }) => total + (amount ?? 0), 0);
        expect((await walletOf(world, customer)).cash).toBe(sum);
        if (sum > 6_000) expect(given.some(({ by, secondBy }) => secondBy !== null && secondBy !== by)).toBe(true);
      }),
      { numRuns: 40 },
    );
    await isGreen();
  });
});

describe('receipts', () => {
  it('are kept sealed, several for one deposit, and the same one again is no second', async () => {
    const depositCode = await waiting(await world.addCustomer());
    const file = receiptFile('same');
    expect(await send(world, depositCode, file, hours(1))).toMatchObject({ status: 'saved' });
    expect(await send(world, depositCode, file, hours(1))).toEqual({ status: 'known' });
    expect(await send(world, depositCode, receiptFile(), hours(1))).toMatchObject({ status: 'saved' });
    expect(await settle(depositCode)).toMatchObject({ status: 'seen' });
    const found = await findDepositView(world.db.em.fork(), depositCode);
    const kept = await listUntoldReceipts(world.db.em.fork(), world.secrets, found?.deposit.id ?? 0);
    expect(kept.map(({ bytes }) => Buffer.from(bytes).toString())[0]).toBe('%PDF-1.4 same');
    const raw = await world.one("select encode(content, 'escape') as content from transfer_receipt order by id limit 1");
    expect(String(raw.content)).not.toContain('PDF');
    await isGreen();
  });

  it('that were sent for another deposit are flagged to staff, whoever sends them, also two at once', async () => {
    const codes = [await waiting(await world.addCustomer()), await waiting(await world.addCustomer())];
    const file = receiptFile();
    await Promise.all(codes.map((depositCode) => send(world, depositCode, file, hours(1))));
    const staff = await Promise.all(
      codes.map((depositCode) => findStaffDeposit(world.db.em.fork(), world.secrets, { shopId: world.shop.id, depositCode })),
    );
    const flags = staff.flatMap((one) => one?.receipts ?? []).filter(({ twin }) => twin !== null);
    expect(flags).toEqual([expect.objectContaining({ likeness: 'sameFile' })]);
    for (const depositCode of codes) await settle(depositCode);
    await isGreen();
  });

  it('are at most ten a deposit', async () => {
    const depositCode = await waiting(await world.addCustomer());
    for (let count = 0; count < 10; count += 1) await send(world, depositCode, receiptFile(), hours(1));
    expect(await send(world, depositCode, receiptFile(), hours(1))).toEqual({ status: 'tooMany' });
    await settle(depositCode);
    await isGreen();
  });
});

describe('the method', () => {
  it('is off with a reason when the shop does not say where to transfer to, and BLIK is for PLN only', async () => {
    const shop = await makeTestShop({ currency: 'EUR' });
    const em = () => shop.db.em.fork();
    const now = { at: new Date() };
    expect(await findUsableMethod(em(), shop.shop, 'bank', now)).toMatchObject({ usable: true });
    expect(await findUsableMethod(em(), shop.shop, 'blik', now)).toMatchObject({ usable: false });
    const account = { shopId: shop.shop.id, provider: 'manual', liveMode: false } as const;
    await saveAccount(em(), shop.secrets, { ...account, keys: { name: 'N', phone: '500' }, methods: ['blik'] });
    expect(await findUsableMethod(em(), shop.shop, 'bank', now)).toMatchObject({ usable: false });
    const states = await listAccountStates(em());
    expect(states[0]?.providers).toContainEqual({ provider: 'manual', on: true, reason: 'bank: no account' });
    await shop.close();
  });
});

describe('the checker', () => {
  it('finds money that no approval stands behind', async () => {
    const depositCode = await waiting(await world.addCustomer());
    await insertInboxRow(world.db.em.fork(), {
      shopId: world.shop.id,
      provider: 'manual',
      source: 'staff',
      eventId: `forged:${depositCode}`,
      type: 'approved',
      verdict: 'verified',
      kind: 'settled',
      objectId: `approval:${newReference()}`,
      paymentId: depositPaymentId(depositCode),
      amount: 5_000,
      currency: 'PLN',
      providerAt: new Date(hours(2)),
      body: Buffer.from('{}'),
    });
    await settle(depositCode);
    const { findings } = await checkDatabase(world.db.em.fork(), { now: new Date(hours(3)), settledGraceMs: 0 });
    expect(findings.map(({ rule }) => rule)).toEqual(['transfers-are-credited-by-an-approval']);
  });
});
