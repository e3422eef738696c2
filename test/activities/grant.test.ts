import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ActivityContext } from '../../activities/context.ts';
import { createOrderActivities } from '../../activities/order.ts';
import { createRefundActivities } from '../../activities/refund.ts';
import { checkDatabase } from '../../db/check.ts';
import type { Customer } from '../../db/entities/customer.ts';
import type { Product } from '../../db/entities/product.ts';
import { openDatabase } from '../../db/orm.ts';
import { readCredits } from '../../db/repositories/credit.ts';
import { markShown } from '../../db/repositories/delivery.ts';
import { insertInboxRow, type InboxRow } from '../../db/repositories/inbox.ts';
import { readWallet, post } from '../../db/repositories/ledger.ts';
import { findAccount } from '../../db/repositories/provider-account.ts';
import { creditCurrency, ofCustomer } from '../../domain/ledger.ts';
import { makeTestShop, newCode, type TestShop } from '../support/shop.ts';

let world: TestShop;
let orders: ReturnType<typeof createOrderActivities>;
let refunds: ReturnType<typeof createRefundActivities>;
let accountId: number;
const start = Date.parse('2026-05-01T10:00:00Z');
const minutes = (count: number) => start + count * 60_000;
const em = () => world.db.em.fork();

beforeAll(async () => {
  world = await makeTestShop();
  orders = createOrderActivities({ db: world.db });
  refunds = createRefundActivities({ db: world.db, secrets: world.secrets, gateways: {} } as unknown as ActivityContext);
  accountId = (await findAccount(em(), world.shop.id, 'stripe'))?.id ?? 0;
});
afterAll(() => world.close());

async function findings(): Promise<string[]> {
  const report = await checkDatabase(em(), { now: new Date(minutes(3)), settledGraceMs: 0 });
  return report.findings.map(({ rule, subject, detail }) => `${rule}: ${subject} ${detail}`);
}

const addPack = (creditAmount = 10, wish: Partial<Product> = {}) =>
  world.addProduct({ kind: 'credits', stockMode: 'unlimited', price: 1000, creditAmount, ...(wish as object) });

async function buy(customer: Customer, product: Product, quantity = 1): Promise<string> {
  const orderCode = newCode();
  const place = world.placing(customer, product, { lines: [{ productId: product.id, quantity }] });
  expect(await orders.open({ orderCode, place, at: start })).toMatchObject({ status: 'paid' });
  return orderCode;
}

const refund = (orderCode: string, amount?: number) =>
  refunds.decideRefund({
    refundId: `${orderCode}-r1`,
    orderCode,
    request: { actor: 'cli', reason: 'test', ...(amount === undefined ? {} : { amount }) },
    at: minutes(1),
  });

let spends = 0;
/** A message that costs credits, as it will be booked. @throws when there are too few */
function spend(customer: Customer, amount: number): Promise<void> {
  spends += 1;
  const legs = [{ leg: 'used', debit: ofCustomer('credits', customer.id), credit: { kind: 'credits:used' as never, owner: '' }, amount }];
  const posting = {
    shopId: world.shop.id,
    currency: creditCurrency,
    actor: `customer:${customer.id}`,
    reason: 'creditsUsed',
    at: new Date(start),
  };
  return em().transactional((tx) => post(tx, { ...posting, key: `message:${spends}`, legs }));
}

const creditsOf = (customer: Customer) => readCredits(em(), { shopId: world.shop.id, customerId: customer.id });
const grantsOf = (customer: Customer) =>
  em().execute(
    'select kind, credits::int, access_seconds::int, held_at is not null as held, revoked_at is not null as revoked, credits_back::int from "grant" where customer_id = ? order by id',
    [customer.id],
  );

let said = 0;
async function say(orderCode: string, row: Pick<InboxRow, 'kind'>): Promise<void> {
  said += 1;
  await insertInboxRow(em(), {
    shopId: world.shop.id,
    provider: 'stripe',
    accountId,
    source: 'webhook',
    eventId: `evt_grant_${said}`,
    type: row.kind,
    verdict: 'verified',
    paymentId: `${orderCode}-1`,
    objectId: row.kind === 'settled' ? `pi_${orderCode}` : `dp_${orderCode}`,
    amount: 1000,
    currency: world.shop.currency,
    liveMode: false,
    providerAt: new Date(minutes(1)),
    body: Buffer.from('{}'),
    ...row,
  });
}

describe('a settled order', () => {
  it('grants what each line brings for all its units, in the transaction that settles it', async () => {
    const customer = await world.addCustomer({ cash: 10_000 });
    await buy(customer, await addPack(25), 2);
    await buy(customer, await world.addProduct({ kind: 'access', stockMode: 'counter', units: 1, price: 1000, accessSeconds: 86_400 }));
    await buy(customer, await world.addProduct({ kind: 'course', stockMode: 'unlimited', price: 1000 }));
    await buy(customer, await world.addProduct({ price: 1000 }));
    const plain = { credits: null, access_seconds: null, held: false, revoked: false, credits_back: 0 };
    expect(await grantsOf(customer)).toEqual([
      { ...plain, kind: 'credits', credits: 50 },
      { ...plain, kind: 'access', access_seconds: 86_400 },
      { ...plain, kind: 'course' },
    ]);
    expect(await creditsOf(customer)).toBe(50);
    expect(await readWallet(em(), world.shop, customer.id)).toMatchObject({ cash: 5_000 });
    expect(await findings()).toEqual([]);
  });

  it('grants once when its money is told five times at the same instant', async () => {
    const customer = await world.addCustomer();
    const orderCode = newCode();
    await orders.open({ orderCode, place: world.placing(customer, await addPack(), { method: 'card' }), at: start });
    expect(await grantsOf(customer)).toEqual([]);
    await say(orderCode, { kind: 'settled' });
    await Promise.all([1, 2, 3, 4, 5].map(() => orders.settle({ orderCode, at: minutes(1) })));
    expect(await grantsOf(customer)).toHaveLength(1);
    expect(await creditsOf(customer)).toBe(10);
    expect(await findings()).toEqual([]);
  });

  it('grants what was promised when it was placed, not what the product became', async () => {
    const customer = await world.addCustomer();
    const pack = await addPack(10);
    const orderCode = newCode();
    await orders.open({ orderCode, place: world.placing(customer, pack, { method: 'card' }), at: start });
    await em().execute('update product set credit_amount = 1 where id = ?', [pack.id]);
    await say(orderCode, { kind: 'settled' });
    await orders.settle({ orderCode, at: minutes(1) });
    expect(await creditsOf(customer)).toBe(10);
  });

  it('shows nothing on a button whose kind holds no secret, so that its refund still takes it back', async () => {
    const customer = await world.addCustomer({ cash: 1000 });
    const orderCode = await buy(customer, await addPack());
    const { id } = await world.one('select d.id::int as id from delivery d join "order" o on o.id = d.order_id where o.code = ?', [
      orderCode,
    ]);
    expect(await markShown(em(), { deliveryId: Number(id), customerId: customer.id, at: new Date(start) })).toBeUndefined();
  });
});

describe('a refund', () => {
  it('takes back what was granted, of credits what is unspent, and gives units back to the pool', async () => {
    const customer = await world.addCustomer({ cash: 3000 });
    const seat = await world.addProduct({ kind: 'access', stockMode: 'counter', units: 1, price: 1000, accessSeconds: 60 });
    const pack = await buy(customer, await addPack(10));
    const pass = await buy(customer, seat);
    await spend(customer, 4);
    await em().execute('update delivery set status = \'sent\' where order_id in (select id from "order" where customer_id = ?)', [
      customer.id,
    ]);
    await refund(pack);
    await refund(pass);
    // Asked once more, it is the same refund.
    await refund(pack);
    expect(await grantsOf(customer)).toMatchObject([
      { credits: 10, revoked: true, credits_back: 6 },
      { access_seconds: 60, revoked: true },
    ]);
    expect(await creditsOf(customer)).toBe(0);
    expect(await readWallet(em(), world.shop, customer.id)).toMatchObject({ cash: 3000 });
    expect((await world.one('select count(*)::int as free from free_unit where product_id = ?', [seat.id])).free).toBe(1);
    expect(await findings()).toEqual([]);
  });

  it('of a part leaves it', async () => {
    const customer = await world.addCustomer({ cash: 1000 });
    await refund(await buy(customer, await addPack(10)), 400);
    expect(await grantsOf(customer)).toMatchObject([{ revoked: false }]);
    expect(await creditsOf(customer)).toBe(10);
    expect(await findings()).toEqual([]);
  });
});

it('what was granted rests while its money is disputed, counts again when that ends well, and ends when the money is lost', async () => {
  const customer = await world.addCustomer();
  const orderCode = newCode();
  await orders.open({ orderCode, place: world.placing(customer, await addPack(), { method: 'card' }), at: start });
  const hear = async (kind: InboxRow['kind']) => {
    await say(orderCode, { kind });
    await orders.settle({ orderCode, at: minutes(1) });
  };
  await hear('settled');
  await hear('disputed');
  expect(await grantsOf(customer)).toMatchObject([{ held: true, revoked: false }]);
  await hear('withdrawn');
  await hear('reinstated');
  await hear('cleared');
  expect(await grantsOf(customer)).toMatchObject([{ held: false, revoked: false }]);
  expect(await findings()).toEqual([]);
});

it('is taken back when the money of it is lost, once', async () => {
  const customer = await world.addCustomer();
  const orderCode = newCode();
  await orders.open({ orderCode, place: world.placing(customer, await addPack(), { method: 'card' }), at: start });
  for (const kind of ['settled', 'disputed', 'withdrawn', 'lost', 'lost'] as const) {
    await say(orderCode, { kind });
    await orders.settle({ orderCode, at: minutes(1) });
  }
  expect(await grantsOf(customer)).toMatchObject([{ revoked: true, credits_back: 10 }]);
  expect(await creditsOf(customer)).toBe(0);
  expect(await findings()).toEqual([]);
});

it('however credits are bought, spent and refunded: none appear, none are owed, and what is refunded is spent no more', async () => {
  const packs = await Promise.all([addPack(3), addPack(10)]);
  const act = fc.oneof(
    fc.record({ do: fc.constant('buy' as const), pack: fc.nat(1), quantity: fc.integer({ min: 1, max: 3 }) }),
    fc.record({ do: fc.constant('spend' as const), amount: fc.integer({ min: 1, max: 12 }) }),
    fc.record({ do: fc.constant('refund' as const), which: fc.nat(5) }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(act, { minLength: 3, maxLength: 10 }), async (acts) => {
      const customer = await world.addCustomer({ cash: 100_000 });
      const bought: { code: string; credits: number }[] = [];
      let expected = 0;
      for (const one of acts) {
        if (one.do === 'buy') {
          const pack = packs[one.pack] as Product;
          const credits = Number(pack.creditAmount) * one.quantity;
          bought.push({ code: await buy(customer, pack, one.quantity), credits });
          expected += credits;
        } else if (one.do === 'spend') {
          const isEnough = one.amount <= expected;
          await expect(
            spend(customer, one.amount).then(
              () => true,
              () => false,
            ),
          ).resolves.toBe(isEnough);
          if (isEnough) expected -= one.amount;
        } else {
          const [order] = bought.splice(one.which, 1);
          if (!order) continue;
          await refund(order.code);
          expected -= Math.min(expected, order.credits);
        }
        expect(await creditsOf(customer)).toBe(expected);
      }
    }),
    { numRuns: 12 },
  );
  expect(await findings()).toEqual([]);
}, 60_000);

it('credits that are spent and refunded at the same instant go one way or the other', async () => {
  const pack = await addPack(10);
  const customers = await Promise.all([1, 2, 3, 4].map(() => world.addCustomer({ cash: 1000 })));
  await Promise.all(
    customers.map(async (customer) => {
      const orderCode = await buy(customer, pack);
      const spent = await Promise.all([
        spend(customer, 6).then(
          () => 6,
          () => 0,
        ),
        spend(customer, 3).then(
          () => 3,
          () => 0,
        ),
        refund(orderCode).then(() => 0),
      ]);
      const used = spent.reduce((sum, amount) => sum + amount, 0);
      expect(await grantsOf(customer)).toMatchObject([{ revoked: true, credits_back: 10 - used }]);
      expect(await creditsOf(customer)).toBe(0);
    }),
  );
  expect(await findings()).toEqual([]);
});

it('the database lets nobody change what was granted, or grant a line twice', async () => {
  const customer = await world.addCustomer({ cash: 1000 });
  await buy(customer, await addPack());
  const change = (set: string) => em().execute(`update "grant" set ${set} where customer_id = ?`, [customer.id]);
  await expect(change('credits = 99')).rejects.toThrow('frozen');
  await expect(change('credits_back = 1')).rejects.toThrow('grant_back');
  const again =
    'insert into "grant" (shop_id, customer_id, order_line_id, product_id, kind, credits, granted_at) select shop_id, customer_id, order_line_id, product_id, kind, credits, granted_at from "grant" where customer_id = ?';
  await expect(em().execute(again, [customer.id])).rejects.toThrow('grant_order_line_id_unique');
  await expect(em().execute('delete from "grant" where customer_id = ?', [customer.id])).rejects.toThrow('permission denied');
});

it('the checker finds a grant that is missing, is not what was bought, outlived its money, or is not in the ledger', async () => {
  const broken = await makeTestShop();
  try {
    const steps = createOrderActivities({ db: broken.db });
    const customer = await broken.addCustomer({ cash: 4000 });
    const pack = await broken.addProduct({ kind: 'credits', stockMode: 'unlimited', price: 1000, creditAmount: 10 });
    const codes = [newCode(), newCode(), newCode()];
    for (const orderCode of codes) await steps.open({ orderCode, place: broken.placing(customer, pack), at: start });
    const owner = await openDatabase({ url: broken.database.ownerUrl, poolSize: 1 });
    const run = (sql: string) => owner.em.fork().execute(sql);
    await run('alter table "grant" disable trigger grant_frozen');
    const line = (index: number) =>
      `order_line_id = (select l.id from order_line l join "order" o on o.id = l.order_id where o.code = '${codes[index]}')`;
    await run(`delete from "grant" where ${line(0)}`);
    await run(`update "grant" set credits = 11 where ${line(1)}`);
    await run(`update "grant" set revoked_at = now() where ${line(2)}`);
    await owner.close(true);
    const report = await checkDatabase(broken.db.em.fork(), { now: new Date(minutes(1)) });
    expect([...new Set(report.findings.map(({ rule }) => rule))].sort()).toEqual([
      'credits-are-in-the-ledger',
      'grants-are-what-was-bought',
      'grants-end-with-their-money',
      'paid-lines-are-granted-once',
      'sold-credits-were-bought',
    ]);
  } finally {
    await broken.close();
  }
});
