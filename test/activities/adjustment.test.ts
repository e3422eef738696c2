import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createAdjustmentActivities } from '../../activities/adjustment.ts';
import { checkDatabase } from '../../db/check.ts';
import type { Customer } from '../../db/entities/customer.ts';
import { post } from '../../db/repositories/ledger.ts';
import type { AdjustmentKind } from '../../domain/adjustment.ts';
import { ofCustomer } from '../../domain/ledger.ts';
import { walletOf } from '../support/deposits.ts';
import { makeTestShop, type TestShop } from '../support/shop.ts';

let world: TestShop;
let steps: ReturnType<typeof createAdjustmentActivities>;
const at = Date.parse('2026-05-01T10:00:00Z');
let ids = 0;

beforeAll(async () => {
  world = await makeTestShop();
  steps = createAdjustmentActivities({ db: world.db });
});
afterAll(() => world.close());

async function debtor(debt: number, money: { cash?: number; bonus?: number } = {}): Promise<Customer> {
  const customer = await world.addCustomer(money);
  const legs = [
    { leg: 'debt', debit: ofCustomer('debt', customer.id), credit: { kind: 'equity:adjustment' as const, owner: '' }, amount: debt },
  ];
  const posting = { shopId: world.shop.id, currency: world.shop.currency, actor: 'cli', reason: 'adjustment', at: new Date(at) };
  if (debt > 0) await post(world.db.em.fork(), { ...posting, key: `test:debt:${customer.id}`, legs });
  return customer;
}

const wish = (customer: Customer, kind: AdjustmentKind, amount?: number, adjustmentId = `a${++ids}`) => ({
  ...{ adjustmentId, shopId: world.shop.id, customerId: customer.id, kind, amount },
  ...{ reason: 'a mistake of ours', actor: 'cli', at },
});

it('a debt is written off once, whole or in part, with its reason in the audit and for the customer', async () => {
  const customer = await debtor(3_000);
  const part = wish(customer, 'writeOff', 1_000);
  const answers = await Promise.all(Array.from({ length: 5 }, () => steps.adjustWallet(part)));
  expect(answers).toEqual(Array.from({ length: 5 }, () => ({ ok: true, amount: 1_000 })));
  expect((await walletOf(world, customer)).debt).toBe(2_000);
  expect(await steps.adjustWallet(wish(customer, 'writeOff', 2_001))).toEqual({ ok: false, rejected: 'TooMuch' });
  expect(await steps.adjustWallet(wish(customer, 'writeOff'))).toEqual({ ok: true, amount: 2_000 });
  expect(await steps.adjustWallet(wish(customer, 'writeOff'))).toEqual({ ok: false, rejected: 'NothingOwed' });
  const lost = await world.one(
    `select sum(t.amount)::int as lost from transfer t join account a on a.id = t.debit_account_id where a.kind = 'loss:badDebt' and t.key like 'adjustment:%'`,
  );
  expect(lost.lost).toBe(3_000);
  const told = await world.one(
    `select count(*)::int as told from notice where customer_id = ? and content->>'reason' = 'a mistake of ours'`,
    [customer.id],
  );
  expect(told.told).toBe(2);
  const noted = await world.one(`select count(*)::int as noted from audit where subject = 'adjustment' and subject_id = ?`, [
    part.adjustmentId,
  ]);
  expect(noted.noted).toBe(1);
});

it('a customer of another shop is unknown', async () => {
  const customer = await debtor(100);
  expect(await steps.adjustWallet({ ...wish(customer, 'writeOff'), shopId: 999_999 })).toEqual({ ok: false, rejected: 'UnknownCustomer' });
  expect(await steps.adjustWallet({ ...wish(customer, 'add', 5), customerId: 999_999 })).toEqual({
    ok: false,
    rejected: 'UnknownCustomer',
  });
});

it('whatever is added, taken or written off, a wallet has what it came to, and never less than nothing', async () => {
  const amount = fc.integer({ min: 1, max: 5_000 });
  const act = fc.record({ kind: fc.constantFrom<AdjustmentKind>('add', 'take', 'writeOff'), amount });
  await fc.assert(
    fc.asyncProperty(fc.array(act, { minLength: 1, maxLength: 6 }), fc.nat(3_000), async (acts, debt) => {
      const customer = await debtor(debt, { cash: 1_000, bonus: 500 });
      let worth = 1_500 - debt;
      for (const { kind, amount: wished } of acts) {
        const answer = await steps.adjustWallet(wish(customer, kind, wished));
        if (answer.ok) worth += kind === 'take' ? -answer.amount : answer.amount;
      }
      const { cash, bonus, debt: owed } = await walletOf(world, customer);
      expect(cash + bonus - owed).toBe(worth);
    }),
    { numRuns: 20 },
  );
  const report = await checkDatabase(world.db.em.fork(), { now: new Date(at), settledGraceMs: 0 });
  expect(report.findings).toEqual([]);
}, 60_000);
