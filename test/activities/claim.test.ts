/** Faulty goods within their warranty: one open claim a unit, judged once, by somebody else, and units and money stay conserved. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createClaimActivities } from '../../activities/claim.ts';
import { createOrderActivities } from '../../activities/order.ts';
import { createRefundActivities } from '../../activities/refund.ts';
import { checkDatabase, findBroken } from '../../db/check.ts';
import { openDatabase } from '../../db/orm.ts';
import type { Customer } from '../../db/entities/customer.ts';
import type { Product } from '../../db/entities/product.ts';
import { answerWithinMs, readAwaitedAnswers } from '../../db/repositories/awaited-answer.ts';
import { askClaim, listClaimable, withdrawClaim } from '../../db/repositories/claim.ts';
import { claimDelivery, markSent } from '../../db/repositories/delivery.ts';
import { insertInboxRow } from '../../db/repositories/inbox.ts';
import { readWallet } from '../../db/repositories/ledger.ts';
import { createTelegram } from '../../gateways/telegram.ts';
import { addStaff } from '../support/approvals.ts';
import { claimOf, claimView, judge } from '../support/claims.ts';
import { makeTestShop, newCode, type TestShop } from '../support/shop.ts';
import { waitFor } from '../support/wait.ts';

let world: TestShop;
let steps: ReturnType<typeof createOrderActivities> & ReturnType<typeof createClaimActivities>;
const start = Date.now() - 3_600_000;
const day = 86_400_000;
const em = () => world.db.em.fork();

beforeAll(async () => {
  world = await makeTestShop();
  const telegram = createTelegram({ apiRoot: 'http://127.0.0.1:1' });
  steps = { ...createOrderActivities({ db: world.db }), ...createClaimActivities({ db: world.db, secrets: world.secrets, telegram }) };
});
afterAll(async () => {
  expect((await checkDatabase(em(), { now: new Date(start + 60_000) })).findings).toEqual([]);
  await world.close();
});

/** Bought by the wallet, and sent. */
async function buy(product: Product, { quantity = 1, customer }: { quantity?: number; customer?: Customer } = {}) {
  const buyer = customer ?? (await world.addCustomer({ cash: product.price * quantity }));
  const orderCode = newCode();
  const lines = [{ productId: product.id, quantity }];
  expect(await steps.open({ orderCode, place: world.placing(buyer, product, { lines }), at: start })).toMatchObject({ status: 'paid' });
  await send(orderCode);
  return { orderCode, customer: buyer, customerId: buyer.id, product };
}

async function send(orderCode: string): Promise<void> {
  const rows: { id: string }[] = await em().execute(
    `select d.id from delivery d join "order" o on o.id = d.order_id where o.code = ? and d.status = 'waiting'`,
    [orderCode],
  );
  for (const { id } of rows) {
    expect(await claimDelivery(em(), { id: Number(id), status: 'waiting', shownAt: null })).toBeDefined();
    await markSent(em(), { id: Number(id), messageId: 1, sentAt: new Date(start), shownAt: new Date(start) });
  }
}

const guaranteed = (units = 3, more = {}) => world.addProduct({ units, warrantyDays: 14, ...more });
const advance = (claimCode: string, cancelled = false) => steps.advanceClaim({ claimCode, cancelled, at: start + 60_000 });
const statesOf = async ({ id }: Product) =>
  Object.fromEntries(
    (
      await em().execute<{ state: string; count: number }[]>(
        'select state, count(*)::int as count from unit where product_id = ? group by state',
        [id],
      )
    ).map(({ state, count }) => [state, count]),
  );

describe('claiming', () => {
  it('is for each delivered piece on its own, until its warranty ends, and for its customer alone', async () => {
    const { orderCode, customerId } = await buy(await guaranteed(), { quantity: 2 });
    const asked = { orderCode, customerId, at: start + 14 * day };
    expect((await listClaimable(em(), asked)).map(({ piece }) => piece)).toEqual([1, 2]);
    expect(await listClaimable(em(), { ...asked, at: start + 14 * day + 1 })).toEqual([]);
    expect(await listClaimable(em(), { ...asked, customerId: customerId + 1 })).toEqual([]);
    const bare = await buy(await world.addProduct());
    expect(await listClaimable(em(), { ...bare, at: start })).toEqual([]);
  });

  it('is for what the customer has: not for what is granted, nor for what waits to be collected', async () => {
    const granted = await world.addProduct({ kind: 'credits', stockMode: 'unlimited', creditAmount: 10, warrantyDays: 14 });
    expect(await listClaimable(em(), { ...(await buy(granted)), at: start })).toEqual([]);
    const collected = await buy(await guaranteed(3, { kind: 'pickup', methods: ['wallet'] }), { quantity: 2 });
    expect(await listClaimable(em(), { ...collected, at: start })).toEqual([]);
    const handedOver = `update delivery set status = 'handedOver', handed_over_at = ?, handed_over_by = 'staff:1'
      where order_id = (select id from "order" where code = ?)`;
    await em().execute(handedOver, [new Date(start), collected.orderCode]);
    expect(await listClaimable(em(), { ...collected, at: start })).toHaveLength(2);
  });

  it('is over for a piece whose price went back: it is refunded once, and replaced no more', async () => {
    const bought = await buy(await guaranteed(3), { quantity: 3 });
    const { id, code } = await claimOf(world, bought);
    await judge(world, id, 'refund');
    expect(await advance(code)).toMatchObject({ status: 'refunded' });
    expect((await listClaimable(em(), { ...bought, at: start })).map(({ piece }) => piece)).toEqual([2, 3]);
    const first = await world.one('select order_line_id, unit_id from claim where id = ?', [id]);
    const again = { ...bought, lineId: Number(first.order_line_id), unitId: Number(first.unit_id), at: new Date(start) };
    expect(await askClaim(em(), again)).toEqual({ ok: false, rejected: 'WarrantyOver' });
    // Neither does the database let it stand twice.
    const twice = `insert into claim (code, shop_id, customer_id, order_id, order_line_id, unit_id, status, asked_at)
      select code || '0', shop_id, customer_id, order_id, order_line_id, unit_id, 'asked', asked_at from claim where id = ?`;
    await expect(em().execute(twice, [id])).rejects.toThrow('claim_unit_once');
    expect((await readWallet(em(), world.shop, bought.customerId)).cash).toBe(5_000);
  });

  it('is one open claim a unit, however often the customer presses, and what they wrote is sealed', async () => {
    const bought = await buy(await guaranteed());
    const [piece] = await listClaimable(em(), { ...bought, at: start });
    const wish = { ...bought, lineId: piece?.lineId as number, unitId: piece?.unitId as number, at: new Date() };
    const asked = await Promise.all(Array.from({ length: 4 }, () => askClaim(em(), wish)));
    expect(new Set(asked.map((one) => (one.ok ? one.claimId : one.rejected))).size).toBe(1);
    const awaited = async (afterMs: number) => (await readAwaitedAnswers(em(), bought.customerId, new Date(Date.now() + afterMs))).claimId;
    expect([await awaited(0), await awaited(answerWithinMs)]).toEqual([expect.any(Number), null]);
    const { id, code } = await claimOf(world, bought);
    expect(await askClaim(em(), wish)).toEqual({ ok: true, claimId: id });
    expect((await readAwaitedAnswers(em(), bought.customerId, new Date())).claimId).toBeNull();
    const stored = await world.one(`select encode(description, 'escape') as text from claim where id = ?`, [id]);
    expect(stored.text).not.toContain('The key');
    expect((await claimView(world, code)).description).toBe('The key says: used.');
    expect(await withdrawClaim(em(), { id, customerId: bought.customerId + 1, at: new Date() })).toMatchObject({ ok: false });
    expect(await withdrawClaim(em(), { id, customerId: bought.customerId, at: new Date() })).toMatchObject({ ok: true });
    expect(await judge(world, id, 'replace')).toEqual({ ok: false, rejected: 'AlreadyJudged' });
    expect(await advance(code)).toMatchObject({ status: 'withdrawn' });
  });
});

it('asked about two orders in one instant is one question: the press that came second waits for the first, and counts', async () => {
  const customer = await world.addCustomer({ cash: 10_000 });
  const [first, second] = [await buy(await guaranteed(), { customer }), await buy(await guaranteed(), { customer })];
  const [piece] = await listClaimable(em(), { ...second, at: start });
  let answer: ReturnType<typeof askClaim> | undefined;
  await em().transactional(async (tx) => {
    await tx.execute(
      `insert into claim (code, shop_id, customer_id, order_id, order_line_id, unit_id, status, asked_at)
       select o.code || '-c1', o.shop_id, o.customer_id, o.id, l.id, u.id, 'asked', now()
         from "order" o join order_line l on l.order_id = o.id join unit u on u.order_line_id = l.id where o.code = ?`,
      [first.orderCode],
    );
    answer = askClaim(em(), { ...second, lineId: piece?.lineId as number, unitId: piece?.unitId as number, at: new Date() });
    await waitFor(
      async () => {
        const waits = `select count(*)::int as waiting from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
        expect(await world.one(waits)).toEqual({ waiting: 1 });
      },
      { timeout: 900, interval: 10 },
    );
  });
  expect(await answer).toMatchObject({ ok: true });
  const { codes } = await world.one(`select string_agg(code, ' ') as codes from claim where customer_id = ? and status = 'asked'`, [
    customer.id,
  ]);
  expect(codes).toBe(`${second.orderCode}-c1`);
});

describe('a verdict', () => {
  it('counts once when two staff give one in the same instant, and never by whoever claimed', async () => {
    const bought = await buy(await guaranteed());
    const { id, code } = await claimOf(world, bought);
    const own = await addStaff(world, 'owner', bought.customer.telegramUserId);
    expect(await judge(world, id, 'refund', { by: own })).toEqual({ ok: false, rejected: 'OwnClaim' });
    const [first, second] = [await addStaff(world), await addStaff(world)];
    const said = await Promise.all([judge(world, id, 'refund', { by: first }), judge(world, id, 'replace', { by: second })]);
    expect(said.filter(({ ok }) => ok)).toHaveLength(1);
    expect(said).toContainEqual({ ok: false, rejected: 'AlreadyJudged' });
    const rows = await Promise.all(Array.from({ length: 4 }, () => advance(code)));
    expect(new Set(rows.map(({ status }) => status)).size).toBe(1);
    const refunds = await world.one(
      `select count(*)::int as refunds from refund where reason = 'warranty' and order_id = (select order_id from claim where id = ?)`,
      [id],
    );
    const replaced = (await statesOf(bought.product)).withdrawn ?? 0;
    expect(Number(refunds.refunds) + replaced).toBe(1);
  });

  it('to replace withdraws the faulty unit, gives a free one to the same line and has the line sent again', async () => {
    const product = await guaranteed(3);
    const bought = await buy(product, { quantity: 2 });
    const faulty = (await listClaimable(em(), { ...bought, at: start }))[1];
    const { id, code } = await claimOf(world, { ...bought, index: 1 });
    await judge(world, id, 'replace');
    expect(await advance(code)).toMatchObject({ status: 'replaced', sending: true, refundIds: [] });
    expect(await advance(code)).toMatchObject({ status: 'replaced' });
    expect(await statesOf(product)).toEqual({ sold: 2, withdrawn: 1 });
    await send(bought.orderCode);
    const pieces = await listClaimable(em(), { ...bought, at: start });
    expect(pieces).toHaveLength(2);
    expect(pieces.map(({ unitId }) => unitId)).not.toContain(faulty?.unitId);
    // None is left: the next one cannot be replaced, staff see why and give another verdict.
    const next = await claimOf(world, bought);
    await judge(world, next.id, 'replace');
    expect(await advance(next.code)).toMatchObject({ status: 'open' });
    expect(await claimView(world, next.code)).toMatchObject({ failure: 'SoldOut', verdict: null });
    await judge(world, next.id, 'refund');
    expect(await advance(next.code)).toMatchObject({ status: 'refunded' });
    expect((await readWallet(em(), world.shop, bought.customerId)).cash).toBe(5_000);
    expect(await world.one('select status from "order" where code = ?', [bought.orderCode])).toEqual({ status: 'delivered' });
  });

  it('to refund gives back the price of one piece; of Stars only when it is all there is', async () => {
    const product = await guaranteed(4);
    const orderCode = newCode();
    const customer = await world.addCustomer();
    const lines = [{ productId: product.id, quantity: 2 }];
    await steps.open({ orderCode, place: world.placing(customer, product, { lines, method: 'stars' }), at: start });
    await payStars(orderCode, 5_000);
    await send(orderCode);
    const { id, code } = await claimOf(world, { orderCode, customerId: customer.id });
    await judge(world, id, 'refund');
    expect(await advance(code)).toMatchObject({ status: 'open', refundIds: [] });
    expect(await claimView(world, code)).toMatchObject({ failure: 'WholeOnly' });
    await judge(world, id, 'refuse', { reason: 'used' });
    expect(await advance(code)).toMatchObject({ status: 'refused' });
    const told = await world.one(`select content->>'reason' as reason from notice where key = ?`, [`claim:${code}`]);
    expect(told.reason).toBe('used');
  });

  it('to refund gives what is left of its price when a part was given back before', async () => {
    const bought = await buy(await guaranteed());
    const refunds = createRefundActivities({ db: world.db } as Parameters<typeof createRefundActivities>[0]);
    const request = { actor: 'staff:1', reason: 'late', amount: 1_000 };
    await refunds.decideRefund({ orderCode: bought.orderCode, refundId: `${bought.orderCode}-r1`, request, at: start + 1_000 });
    const { id, code } = await claimOf(world, bought);
    await judge(world, id, 'refund');
    expect(await advance(code)).toMatchObject({ status: 'refunded' });
    expect((await readWallet(em(), world.shop, bought.customerId)).cash).toBe(5_000);
  });

  it('by a cancel in the Temporal UI refuses; after a refund of the order nothing is given any more', async () => {
    const first = await buy(await guaranteed());
    const cancelled = await claimOf(world, first);
    expect(await advance(cancelled.code, true)).toMatchObject({ status: 'refused', cancelled: true });
    const second = await claimOf(world, first);
    await judge(world, second.id, 'refund');
    expect(await advance(second.code)).toMatchObject({ status: 'refunded' });
    expect(await listClaimable(em(), { ...first, at: start })).toEqual([]);
    expect(await world.one('select status from "order" where code = ?', [first.orderCode])).toEqual({ status: 'refunded' });
  });
});

/** Stars arrived for it. */
async function payStars(orderCode: string, amount: number): Promise<void> {
  await insertInboxRow(em(), {
    shopId: world.shop.id,
    provider: 'stars',
    source: 'update',
    eventId: `charge-${orderCode}`,
    type: 'successful_payment',
    verdict: 'verified',
    kind: 'settled',
    objectId: `charge-${orderCode}`,
    paymentId: `${orderCode}-1`,
    amount,
    currency: 'XTR',
    liveMode: false,
    body: Buffer.from('{}'),
    providerAt: new Date(start + 1_000),
  });
  expect(await steps.settle({ orderCode, at: start + 2_000 })).toMatchObject({ status: 'paid' });
}

it('the checker names a replaced unit that is not withdrawn, and a verdict without what it says', async () => {
  const bought = await buy(await guaranteed());
  const { id, code } = await claimOf(world, bought);
  await judge(world, id, 'replace');
  await advance(code);
  await send(bought.orderCode);
  const owner = await openDatabase({ url: world.database.ownerUrl, poolSize: 1 });
  try {
    await owner.em.fork().transactional(async (tx) => {
      const times = { now: new Date(), settledBefore: new Date() };
      await tx.execute(`update unit set state = 'free' where id = (select unit_id from claim where id = ?)`, [id]);
      await tx.execute(`update claim set verdict = 'refund' where id = ?`, [id]);
      const rules = (await findBroken(tx, times)).map(({ rule }) => rule);
      expect(rules).toEqual(expect.arrayContaining(['replaced-units-are-withdrawn', 'claims-came-to-what-was-said']));
      throw new Error('undo');
    });
  } catch (err) {
    expect((err as Error).message).toBe('undo');
  } finally {
    await owner.close(true);
  }
});
