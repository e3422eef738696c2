import * as fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ActivityContext } from '../../activities/context.ts';
import { createDepositActivities } from '../../activities/deposit.ts';
import { createReconcileActivities } from '../../activities/reconcile.ts';
import { checkDatabase } from '../../db/check.ts';
import { Deposit } from '../../db/entities/deposit.ts';
import { insertInboxRow } from '../../db/repositories/inbox.ts';
import { findAccount } from '../../db/repositories/provider-account.ts';
import { depositPaymentId } from '../../domain/deposit.ts';
import type { ProviderMove, Reconciled } from '../../domain/reconcile.ts';
import { createTelegram } from '../../gateways/telegram.ts';
import { makeTestShop, newCode, type TestShop } from '../support/shop.ts';

let world: TestShop;
let deposits: ReturnType<typeof createDepositActivities>;
let steps: ReturnType<typeof createReconcileActivities>;
let accountId: number;
/** What the provider's statement says now. */
let statement: ProviderMove[] = [];
const start = Date.parse('2026-05-01T10:00:00Z');
const hours = (count: number) => start + count * 3_600_000;

beforeAll(async () => {
  world = await makeTestShop();
  const { db, secrets } = world;
  deposits = createDepositActivities({ db, secrets, telegram: createTelegram({ apiRoot: 'http://127.0.0.1:9' }) });
  const gateways = {
    stripe: {
      statement: () => Promise.resolve({ moves: statement, cursor: 'read' }),
      find: () => Promise.resolve({ status: 'pending', events: [] }),
    },
  };
  steps = createReconcileActivities({ db, secrets, gateways, door: undefined } as unknown as ActivityContext);
  accountId = (await findAccount(db.em.fork(), world.shop.id, 'stripe'))?.id ?? 0;
});
afterAll(() => world.close());
beforeEach(async () => {
  statement = [];
});

let lines = 0;
function line(move: Partial<ProviderMove> & Pick<ProviderMove, 'kind' | 'objectId'>): ProviderMove {
  lines += 1;
  const amount = move.kind === 'refund' || move.kind === 'withdrawn' ? -5_000 : 5_000;
  return { transactionId: `txn_${lines}`, amount, fee: 0, currency: world.shop.currency, at: hours(1), ...move };
}

/** A deposit of 50.00. @returns its payment's id, its code and the id of its money */
async function openDeposit(): Promise<{ paymentId: string; depositCode: string; money: string }> {
  const customer = await world.addCustomer();
  const depositCode = newCode();
  const open = { shopId: world.shop.id, customerId: customer.id, amount: 5_000, payWithinSeconds: 864_000, language: 'en' } as const;
  await deposits.openDeposit({ depositCode, open: { ...open, method: 'card' }, at: start });
  return { paymentId: depositPaymentId(depositCode), depositCode, money: `pi_${depositCode}` };
}

/** One that Stripe told us was paid. */
async function paidDeposit(amount = 5_000) {
  const deposit = await openDeposit();
  await insertInboxRow(world.db.em.fork(), {
    shopId: world.shop.id,
    provider: 'stripe',
    accountId,
    source: 'webhook',
    eventId: `evt_${deposit.money}`,
    type: 'payment_intent.succeeded',
    verdict: 'verified',
    kind: 'settled',
    objectId: deposit.money,
    paymentId: deposit.paymentId,
    amount,
    currency: world.shop.currency,
    liveMode: false,
    providerAt: new Date(hours(1)),
    body: Buffer.from('{}'),
  });
  await deposits.settleDeposit({ depositCode: deposit.depositCode, at: hours(1) });
  return deposit;
}

const payment = ({ paymentId, money }: { paymentId: string; money: string }, more: Partial<ProviderMove> = {}) =>
  line({ kind: 'payment', objectId: money, moneyObject: money, paymentId, ...more });

const about = () => ({ shopId: world.shop.id, provider: 'stripe' as const });

/** Reads and compares; what was found is settled by `settle`, as its stories would. */
async function reconcile(settle: () => Promise<unknown> = async () => undefined, at = hours(10)): Promise<Reconciled> {
  const { reconciliationId } = await steps.readStatement({ ...about(), at });
  await settle();
  return steps.compareStatement({ ...about(), reconciliationId, graceSeconds: 600, asked: 0, found: 0, at });
}

const only = (result: Reconciled, objectIds: readonly string[]) =>
  result.differences.filter(({ objectId }) => objectIds.includes(objectId));

describe('reconciling', () => {
  it('finds nothing where both are equal, and books what the provider took for itself once', async () => {
    const deposit = await paidDeposit();
    statement = [payment(deposit, { fee: 100 })];
    expect(await reconcile()).toMatchObject({ read: 1, found: 0, fees: 100, statement: 4_900, ledger: 4_900, differences: [] });
    // Lines come again, readings overlap.
    expect(await reconcile()).toMatchObject({ read: 1, found: 0, fees: 0, statement: 4_900, ledger: 4_900, differences: [] });
    const report = await checkDatabase(world.db.em.fork(), { now: new Date(hours(10)), settledGraceMs: 0 });
    expect(report.findings).toEqual([]);
  });

  it('hears of money, refunds and disputes that nobody told us of, and settles them like any other', async () => {
    const [quiet, refunded, disputed] = [await openDeposit(), await paidDeposit(), await paidDeposit()];
    statement = [
      payment(quiet),
      payment(refunded),
      line({ kind: 'refund', objectId: 're_quiet', moneyObject: refunded.money, amount: -2_000 }),
      payment(disputed),
      line({ kind: 'withdrawn', objectId: 'du_quiet', moneyObject: disputed.money, fee: 1_500 }),
    ];
    const codes = [quiet, refunded, disputed].map(({ depositCode }) => depositCode);
    const result = await reconcile(() => Promise.all(codes.map((depositCode) => deposits.settleDeposit({ depositCode, at: hours(10) }))));
    expect(result).toMatchObject({ found: 3, fees: 1_500, differences: [] });
    const rows = await world.db.em.fork().find(Deposit, { code: { $in: codes } }, { orderBy: { id: 'asc' } });
    expect(rows.map(({ credited, reversed }) => [credited, reversed])).toEqual([
      [5_000, 0],
      [5_000, 2_000],
      [5_000, 5_000],
    ]);
    expect((await reconcile()).found).toBe(0);
    const report = await checkDatabase(world.db.em.fork(), { now: new Date(hours(10)), settledGraceMs: 0 });
    expect(report.findings).toEqual([]);
  });

  it('names each planted difference and invents none', async () => {
    const plants = fc.uniqueArray(
      fc.constantFrom('equal', 'unheard', 'short', 'over', 'unknown', 'foreign', 'payout', 'young', 'converted'),
      {
        minLength: 1,
        maxLength: 9,
      },
    );
    await fc.assert(
      fc.asyncProperty(plants, async (planted) => {
        statement = [];
        const expected: unknown[] = [];
        const ours: string[] = [];
        for (const plant of planted) {
          if (plant === 'foreign')
            statement.push(line({ kind: 'payment', objectId: `pi_foreign_${lines}`, moneyObject: `pi_foreign_${lines}` }));
          else if (plant === 'payout') statement.push(line({ kind: 'other', objectId: `po_${lines}`, amount: -900 }));
          else if (plant === 'unheard') {
            // Nobody settles it here: it stays what the ledger lacks.
            const deposit = await openDeposit();
            ours.push(deposit.money);
            statement.push(payment(deposit));
            expected.push({ kind: 'ledgerLacks', objectId: deposit.money, amount: 5_000 });
          } else {
            const deposit = await paidDeposit();
            ours.push(deposit.money);
            const amounts = { equal: 5_000, short: 4_000, over: 5_001, young: 7_000, converted: 1_100 } as const;
            if (plant !== 'unknown') {
              const more = {
                at: plant === 'young' ? hours(10) - 1_000 : hours(1),
                currency: plant === 'converted' ? 'EUR' : world.shop.currency,
              };
              statement.push(payment(deposit, { amount: amounts[plant], ...more }));
            }
            const { money: objectId } = deposit;
            if (plant === 'short') expected.push({ kind: 'ledgerHasMore', objectId, amount: 1_000 });
            if (plant === 'over') expected.push({ kind: 'ledgerLacks', objectId, amount: 1 });
            if (plant === 'unknown' || plant === 'converted') expected.push({ kind: 'ledgerHasMore', objectId, amount: 5_000 });
          }
        }
        const result = await reconcile();
        expect(only(result, ours)).toHaveLength(expected.length);
        expect(only(result, ours)).toEqual(expect.arrayContaining(expected));
        const strangers = result.differences.filter(({ objectId }) => /foreign|po_/.test(objectId));
        expect(strangers).toEqual([]);
        // What is planted here is settled before the next round, or would be named again.
        await world.db.em.fork().execute('delete from inbox where outcome is null and shop_id = ?', [world.shop.id]);
      }),
      { numRuns: 15 },
    );
  }, 120_000);

  it('tells staff of a difference once, however often it is found', async () => {
    const deposit = await paidDeposit();
    statement = [payment(deposit, { amount: 4_900 })];
    const reports = () => world.one(`select count(*)::int as told from alert where kind = 'unequal'`);
    const { told } = await reports();
    await reconcile();
    await reconcile();
    expect(await reports()).toEqual({ told: Number(told) + 1 });
    const alerts: { kind: string; params: unknown }[] = await world.db.em
      .fork()
      .execute('select kind, params from alert where key like ?', [`%${deposit.money}%`]);
    expect(alerts).toEqual([{ kind: 'ledgerHasMore', params: { what: `stripe ${deposit.money}`, amount: 100, currency: 'PLN' } }]);
  });

  it('rehearsed, says what it would find and leaves no trace', async () => {
    const deposit = await openDeposit();
    statement = [payment(deposit, { fee: 70 })];
    const count = () =>
      world.one(
        `select (select count(*) from provider_move) || ' ' || (select count(*) from inbox) || ' ' || (select count(*) from transfer) || ' '
             || (select count(*) from reconciliation) || ' ' || (select count(*) from alert) as rows`,
      );
    const before = await count();
    const result = await steps.rehearseStatement({ ...about(), graceSeconds: 600, quietSeconds: 1_800, at: hours(10) });
    expect(result).toMatchObject({ read: 1, found: 1, fees: 70 });
    expect(only(result, [deposit.money])).toEqual([{ kind: 'ledgerLacks', objectId: deposit.money, amount: 5_000 }]);
    expect(await count()).toEqual(before);
  });
});
