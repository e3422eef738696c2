/** Baskets that buy themselves: once, by the wallet, in time, at the price that was shown; else the customer is asked. */
import { pino } from 'pino';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { checkDatabase } from '../../db/check.ts';
import type { Customer } from '../../db/entities/customer.ts';
import { setBasketQuantity } from '../../db/repositories/basket.ts';
import { post } from '../../db/repositories/ledger.ts';
import { restartAutoBuy, ringAutoBuy, wishAutoBuy } from '../../temporal/auto-buy.ts';
import { orderWorkflowId } from '../../workflows/messages/order.ts';
import { autoBuyWorkflowId } from '../../workflows/messages/auto-buy.ts';
import { startRelay } from '../../workers/relay.ts';
import { statusOfWish, topUp, untilWish, wishOne } from '../support/auto-buys.ts';
import { depositOne, payDeposit, walletOf } from '../support/deposits.ts';
import { resultOf } from '../support/ending.ts';
import { isGreen, placeOne, viewOf } from '../support/story.ts';
import { timeSkipping } from '../support/temporal.ts';
import { waitFor } from '../support/wait.ts';
import { startWorld, type World } from '../support/world.ts';

const soon = { timeout: 20_000, interval: 100 };

const ordersOf = async (world: World, { id }: Pick<Customer, 'id'>) =>
  world.db.em
    .fork()
    .execute<{ code: string; status: string; total: number }[]>(
      'select code, status, total::int as total from "order" where customer_id = ? order by id',
      [id],
    );
const saidTo = async (world: World, customer: Customer, words: RegExp) =>
  (await world.chat(customer)).filter(({ text }) => words.test(text)).length;
const untilCash = (world: World, customer: Customer, cash: number) =>
  waitFor(async () => expect((await walletOf(world, customer)).cash).toBe(cash), soon);

describe('a basket short of money', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld();
  }, 120_000);
  afterAll(() => world?.close());
  afterEach(() => isGreen(world));

  it('buys itself when the top-up is credited, holds nothing until then, and is out of the basket', async () => {
    const { orderCode, customer, product } = await wishOne(world);
    expect(await world.one('select count(*)::int as free from free_unit where product_id = ?', [product.id])).toEqual({ free: 3 });
    await topUp(world, customer);
    expect(await resultOf(world, autoBuyWorkflowId(orderCode))).toBe('bought');
    expect(await resultOf(world, orderWorkflowId(orderCode))).toBe('delivered');
    expect(await viewOf(world, orderCode)).toMatchObject({ total: 5_000, method: 'wallet', status: 'delivered' });
    expect(await saidTo(world, customer, /SECRET-/)).toBe(1);
    expect((await walletOf(world, customer)).cash).toBe(0);
    expect(await world.one('select count(*)::int as lines from basket_line where product_id = ?', [product.id])).toEqual({ lines: 0 });
  }, 60_000);

  it('buys once, however often it is rung and however often money comes', async () => {
    const { orderCode, customer } = await wishOne(world);
    const deposits = [await depositOne(world, { customer }), await depositOne(world, { customer })];
    await Promise.all(deposits.map(({ depositCode }) => payDeposit(world, depositCode)));
    for (let times = 0; times < 5; times += 1) await ringAutoBuy(world.door, orderCode);
    expect(await resultOf(world, autoBuyWorkflowId(orderCode))).toBe('bought');
    await untilCash(world, customer, 5_000);
    expect(await ordersOf(world, customer)).toMatchObject([{ code: orderCode }]);
    // Started again from its row it finds that it is over.
    await restartAutoBuy(world.door, { orderCode, shopId: world.shop.id, customerId: customer.id });
    expect(await resultOf(world, autoBuyWorkflowId(orderCode))).toBe('bought');
    expect(await ordersOf(world, customer)).toHaveLength(1);
  }, 60_000);

  it('waits while too little came, and buys when the rest is there', async () => {
    const { orderCode, customer } = await wishOne(world);
    await topUp(world, customer, 4_999);
    await untilCash(world, customer, 4_999);
    await ringAutoBuy(world.door, orderCode);
    expect(await statusOfWish(world, orderCode)).toMatchObject({ status: 'waiting' });
    await topUp(world, customer, 2_500);
    expect(await resultOf(world, autoBuyWorkflowId(orderCode))).toBe('bought');
    await untilCash(world, customer, 2_499);
  }, 60_000);

  it('asks when the price rose, buys for less when it fell', async () => {
    const dearer = await wishOne(world);
    const cheaper = await wishOne(world);
    await world.db.em.fork().execute('update product set price = 5001 where id = ?', [dearer.product.id]);
    await world.db.em.fork().execute('update product set price = 4000 where id = ?', [cheaper.product.id]);
    await topUp(world, dearer.customer);
    await topUp(world, cheaper.customer);
    expect(await resultOf(world, autoBuyWorkflowId(dearer.orderCode))).toBe('asked');
    expect(await statusOfWish(world, dearer.orderCode)).toEqual({ status: 'asked', reason: 'PriceChanged', told: true });
    expect(await ordersOf(world, dearer.customer)).toEqual([]);
    expect(await saidTo(world, dearer.customer, /did not buy .* by myself/)).toBe(1);
    await untilCash(world, dearer.customer, 5_000);
    expect(await resultOf(world, autoBuyWorkflowId(cheaper.orderCode))).toBe('bought');
    expect(await ordersOf(world, cheaper.customer)).toMatchObject([{ total: 4_000 }]);
  }, 60_000);

  it('says that it is sold out, or that the basket changed, and buys nothing', async () => {
    const gone = await wishOne(world, { product: await world.addProduct({ units: 0 }) });
    await topUp(world, gone.customer);
    expect(await resultOf(world, autoBuyWorkflowId(gone.orderCode))).toBe('asked');
    expect(await saidTo(world, gone.customer, /by myself.*sold/i)).toBe(1);
    const changed = await wishOne(world);
    await setBasketQuantity(world.db.em.fork(), changed.customer.id, changed.product.id, 2);
    await topUp(world, changed.customer);
    expect(await resultOf(world, autoBuyWorkflowId(changed.orderCode))).toBe('asked');
    expect(await statusOfWish(world, changed.orderCode)).toMatchObject({ reason: 'changed' });
    for (const { customer } of [gone, changed]) {
      expect(await ordersOf(world, customer)).toEqual([]);
      await untilCash(world, customer, 5_000);
    }
  }, 60_000);

  it('in debt buys nothing until the debt is paid', async () => {
    const { orderCode, customer } = await wishOne(world);
    const legs = [
      {
        leg: 'debt',
        debit: { kind: 'debt' as const, owner: `customer:${customer.id}` },
        credit: { kind: 'loss:badDebt' as const, owner: '' },
        amount: 1_000,
      },
    ];
    await post(world.db.em.fork(), {
      shopId: world.shop.id,
      currency: 'PLN',
      key: `test:${orderCode}`,
      legs,
      actor: 'system',
      reason: 'test',
      at: new Date(),
    }).catch((err: unknown) => {
      throw err;
    });
    await topUp(world, customer);
    await untilCash(world, customer, 4_000);
    await ringAutoBuy(world.door, orderCode);
    expect(await statusOfWish(world, orderCode)).toMatchObject({ status: 'waiting' });
    expect(await ordersOf(world, customer)).toEqual([]);
    await topUp(world, customer, 2_500);
    expect(await resultOf(world, autoBuyWorkflowId(orderCode))).toBe('bought');
  }, 60_000);

  it('ordered another way meanwhile is not bought again', async () => {
    const { orderCode, customer, product } = await wishOne(world);
    const placed = await placeOne(world, { method: 'card', customer, product });
    await topUp(world, customer);
    expect(await resultOf(world, autoBuyWorkflowId(orderCode))).toBe('ended');
    expect(await ordersOf(world, customer)).toMatchObject([{ code: placed.orderCode }]);
    await untilCash(world, customer, 5_000);
  }, 60_000);

  it('is one wish by two taps, and nobody else can take it over', async () => {
    const { orderCode, customer, product } = await wishOne(world);
    const stranger = await world.addPerson();
    const wish = {
      shopId: world.shop.id,
      lines: [{ productId: product.id, quantity: 1 }],
      shownTotal: 5_000,
      fromBasket: true,
      language: 'en',
    };
    expect(await wishAutoBuy(world.door, orderCode, { ...wish, customerId: customer.id })).toEqual({ ok: true, status: 'waiting' });
    await wishAutoBuy(world.door, orderCode, { ...wish, customerId: stranger.id });
    expect(
      await world.one('select count(*)::int as wishes, min(customer_id)::int as customer from auto_buy where code = ?', [orderCode]),
    ).toEqual({
      wishes: 1,
      customer: customer.id,
    });
  }, 60_000);

  it('is rung by the relay when nobody else did, and started again when its workflow vanished', async () => {
    const { orderCode, customer } = await wishOne(world);
    const workflowId = autoBuyWorkflowId(orderCode);
    await world.door.client.workflow.getHandle(workflowId).terminate('lost');
    await topUp(world, customer);
    await untilCash(world, customer, 5_000);
    const relay = startRelay({ db: world.db, door: world.door, log: pino({ level: 'silent' }), intervalMs: 3_600_000, patienceMs: 0 });
    try {
      await waitFor(
        async () => {
          await relay.pass();
          await relay.look();
          expect((await statusOfWish(world, orderCode)).status).toBe('bought');
        },
        { timeout: 20_000, interval: 300 },
      );
    } finally {
      await relay.stop();
    }
    expect(await ordersOf(world, customer)).toHaveLength(1);
  }, 60_000);
});

describe('with time skipped', () => {
  let env: TestWorkflowEnvironment | undefined;
  let world: World;
  beforeAll(async () => {
    env = await timeSkipping();
    if (env) world = await startWorld({ env });
  }, 180_000);
  afterAll(async () => {
    await world?.close();
    await env?.teardown();
  });
  const now = async () => (await env?.currentTimeMs()) ?? 0;

  it('asks when the money came after 24 hours, and ends after a week without any', async (test) => {
    if (!env) return test.skip();
    world.setFarClock(await now());
    const { orderCode, customer } = await wishOne(world);
    await env.sleep('25 hours');
    world.setFarClock(await now());
    await topUp(world, customer);
    await untilWish(world, orderCode, 'asked');
    expect(await resultOf(world, autoBuyWorkflowId(orderCode))).toBe('asked');
    expect(await statusOfWish(world, orderCode)).toMatchObject({ reason: 'late', told: true });
    expect(await ordersOf(world, customer)).toEqual([]);

    const unpaid = await wishOne(world);
    expect(await resultOf(world, autoBuyWorkflowId(unpaid.orderCode))).toBe('ended');
    expect((await checkDatabase(world.db.em.fork(), { now: new Date(await now()) })).findings).toEqual([]);
  }, 120_000);
});
