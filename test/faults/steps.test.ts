/** Steps of one order in every order and at once, with money and time among them: whatever lands first, nothing is lost or counted twice. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createOrderActivities } from '../../activities/order.ts';
import { checkDatabase } from '../../db/check.ts';
import type { Customer } from '../../db/entities/customer.ts';
import { type InboxRow, insertInboxRow } from '../../db/repositories/inbox.ts';
import { readWallet } from '../../db/repositories/ledger.ts';
import { findAccount } from '../../db/repositories/provider-account.ts';
import type { MethodName, ProviderName } from '../../domain/payment.ts';
import { makeTestShop, newCode, type TestShop } from '../support/shop.ts';

const seed = Number(process.env.TILLFLOW_TEST_SEED ?? Date.now() % 1_000_000);
const rounds = 60;
const start = Date.parse('2026-05-01T10:00:00Z');

let world: TestShop;
let steps: ReturnType<typeof createOrderActivities>;
const accountOf = new Map<ProviderName, number | undefined>();
let said = 0;

beforeAll(async () => {
  world = await makeTestShop();
  steps = createOrderActivities({ db: world.db });
  for (const provider of ['stars', 'stripe'] as const) {
    accountOf.set(provider, (await findAccount(world.db.em.fork(), world.shop.id, provider))?.id);
  }
});
afterAll(() => world.close());

function makeDraw(from: number) {
  let state = (from * 2_654_435_761) >>> 0;
  const draw = () => {
    state = (Math.imul(state ^ (state >>> 15), 2_246_822_519) + 0x9e3779b9) >>> 0;
    return (state ^ (state >>> 13)) >>> 0;
  };
  return { below: (bound: number) => draw() % bound, pick: <T>(from: readonly T[]): T => from[draw() % from.length] as T };
}

async function say(orderCode: string, method: MethodName, row: Partial<InboxRow>): Promise<void> {
  said += 1;
  const provider = method === 'stars' ? 'stars' : 'stripe';
  await insertInboxRow(world.db.em.fork(), {
    shopId: world.shop.id,
    provider,
    accountId: accountOf.get(provider),
    source: 'webhook',
    eventId: `evt_${said}`,
    type: 'payment_intent.succeeded',
    verdict: 'verified',
    kind: 'settled',
    objectId: `money_${orderCode}`,
    paymentId: `${orderCode}-1`,
    amount: provider === 'stars' ? 2500 : 5000,
    currency: provider === 'stars' ? 'XTR' : 'PLN',
    liveMode: false,
    providerAt: new Date(start),
    body: Buffer.from('{}'),
    ...row,
  });
}

/** A step that ran into a lock's limit is tried again, as its workflow does. */
async function retrying<Row>(step: () => Promise<Row>): Promise<Row> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await step();
    } catch (err) {
      if (attempt === 5) throw err;
    }
  }
}

/** One order's life: a few things at random times, in groups that happen at once. */
async function live(round: number): Promise<{ orderCode: string; customer: Customer; status: string; productId: number; paidIn: number }> {
  const { below, pick } = makeDraw(seed + round);
  const method = pick(['card', 'stars'] as const);
  const product = await world.addProduct({ units: 1 });
  const customer = await world.addCustomer({ cash: 5000 });
  const orderCode = newCode();
  const opened = await steps.open({
    orderCode,
    place: world.placing(customer, product, { method, fromBasket: below(2) === 0 }),
    at: start,
  });
  expect(opened.rejected).toBeNull();
  // Around the end of the hold, where everything may land together.
  let at = start + 890_000;
  const acts = [
    () => say(orderCode, method, { providerAt: new Date(at) }),
    () => say(orderCode, method, { providerAt: new Date(at), objectId: `second_${orderCode}` }),
    () =>
      say(orderCode, method, { kind: 'seen', type: 'checkout.session.completed', amount: null, currency: null, providerAt: new Date(at) }),
    () =>
      say(orderCode, method, { kind: 'failed', type: 'checkout.session.expired', amount: null, currency: null, providerAt: new Date(at) }),
    () => retrying(() => steps.settle({ orderCode, at })),
    () => retrying(() => steps.wake({ orderCode, at })),
    () => retrying(() => steps.wake({ orderCode, at, closed: true })),
    () =>
      retrying(() =>
        steps.cancel({
          orderCode,
          by: pick(['customer', 'staff', 'temporal'] as const),
          actor: `customer:${customer.id}`,
          at,
          closed: below(2) === 0,
        }),
      ),
    () => retrying(() => steps.choose({ orderCode, method: 'wallet', customerId: customer.id, at })),
    () => retrying(() => steps.open({ orderCode, at })),
  ];
  // Short lives and long ones: who does nothing for long lets the hold end.
  const groups = below(7);
  for (let group = 0; group < groups; group += 1) {
    await Promise.all(Array.from({ length: 1 + below(3) }, () => pick(acts)()));
    at += below(6_000);
  }
  at = start + 900_000 + 3_600_000;
  await steps.wake({ orderCode, at, closed: true });
  const { status } = await steps.settle({ orderCode, at });
  const rows: { sum: string }[] = await world.db.em
    .fork()
    .execute(
      `select coalesce(sum(amount), 0) as sum from inbox where outcome = 'applied' and kind = 'settled' and payment_id = ? and currency = 'PLN'`,
      [`${orderCode}-1`],
    );
  return { orderCode, customer, status, productId: product.id, paidIn: Number(rows[0]?.sum ?? 0) };
}

describe(`steps of an order in any order and at once (seed ${seed})`, () => {
  it('end it sold or given back, with every coin accounted for', async () => {
    const ends = new Set<string>();
    for (let from = 0; from < rounds; from += 10) {
      const lives = await Promise.all(Array.from({ length: 10 }, (_, index) => live(from + index)));
      for (const { orderCode, customer, status, productId, paidIn } of lives) {
        const about = `${orderCode}, ${status}`;
        ends.add(status);
        expect(['paid', 'expired', 'cancelled'], about).toContain(status);
        const [pool]: { free: number }[] = await world.db.em
          .fork()
          .execute('select count(*)::int as free from free_unit where product_id = ?', [productId]);
        expect(pool?.free, about).toBe(status === 'paid' ? 0 : 1);
        const stars: { applied: number }[] = await world.db.em
          .fork()
          .execute(
            `select applied::int from payment where currency = 'XTR' and applied > 0 and order_id = (select id from "order" where code = ?)`,
            [orderCode],
          );
        const spent = status === 'paid' && stars.length === 0 ? 5000 : 0;
        expect((await readWallet(world.db.em.fork(), world.shop, customer.id)).cash, about).toBe(5000 + paidIn - spent);
      }
    }
    expect([...ends].sort(), 'every end is met').toEqual(['cancelled', 'expired', 'paid']);
    const report = await checkDatabase(world.db.em.fork(), { now: new Date(start + 900_000 + 3_660_000), settledGraceMs: 0 });
    expect(report.findings).toEqual([]);
  }, 60_000);
});
