/** Orders paid in coins, with a real worker, bot, API and NOWPayments' side of the sandbox: exact, short, over, late, beside and told by nobody. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { placeOrder } from '../../temporal/order.ts';
import type { Customer } from '../../db/entities/customer.ts';
import { orderWorkflowId } from '../../workflows/messages/order.ts';
import { walletOf } from '../support/deposits.ts';
import { resultOf } from '../support/ending.ts';
import { openPerson } from '../support/person.ts';
import { newCode } from '../support/shop.ts';
import { isGreen, runBots, untilStatus, viewOf } from '../support/story.ts';
import { untilAnswered, waitFor } from '../support/wait.ts';
import { startWorld, type World } from '../support/world.ts';

let world: World;
let stopBots: () => Promise<void>;
beforeAll(async () => {
  world = await startWorld();
  stopBots = await runBots(world);
}, 120_000);
afterAll(async () => {
  await stopBots?.();
  await world?.close();
});
afterEach(() => isGreen(world));

const soon = { timeout: 20_000, interval: 100 };

/** 100.00 PLN to be paid in Bitcoin: 0.0005 BTC. */
async function placed(
  holdSeconds = 900,
  wish: Parameters<World['addProduct']>[0] = {},
): Promise<{ orderCode: string; customer: Customer; productId: number }> {
  const customer = await world.addPerson();
  const { id: productId } = await world.addProduct({ price: 10_000, methods: ['crypto', 'wallet'], units: 1, ...wish });
  const orderCode = newCode();
  const place = {
    shopId: world.shop.id,
    customerId: customer.id,
    lines: [{ productId, quantity: 1 }],
    shownTotal: 10_000,
    method: 'crypto',
    coin: 'BTC',
    holdSeconds,
    fromBasket: false,
    language: 'en',
  } as const;
  expect(await untilAnswered(() => placeOrder(world.door, orderCode, place))).toMatchObject({ ok: true });
  return { orderCode, customer, productId };
}

async function idOf(orderCode: string, attempt = 1): Promise<string> {
  const { payments } = await world.control<{ payments: { payment_id: string }[] }>(`/nowpayments/payments?orderId=${orderCode}-${attempt}`);
  return payments.at(-1)?.payment_id ?? '';
}
const send = async (orderCode: string, wish: object = {}, attempt = 1) =>
  world.control(`/nowpayments/payments/${await idOf(orderCode, attempt)}/send`, wish);
const become = async (orderCode: string, status: string) =>
  world.control(`/nowpayments/payments/${await idOf(orderCode)}/become`, { status });
const untilCash = (customer: Customer, cash: number) =>
  waitFor(async () => expect((await walletOf(world, customer)).cash).toBe(cash), soon);
const freeUnits = async (productId: number) =>
  Number((await world.one('select count(*)::int as free from free_unit where product_id = ?', [productId])).free);

describe('an order in coins', () => {
  it('is bought in the chat: method, coin, address, exact units, and the goods', async () => {
    const customer = await world.addPerson();
    const product = await world.addProduct({ price: 10_000, methods: ['crypto'], units: 1 });
    const person = openPerson(world, customer);
    await person.say(`/start p_${product.id}`);
    await person.press(/Buy now/);
    await person.press(/Crypto/);
    await person.see(/100.00 PLN: in which coin/);
    await person.press(/^BTC$/);
    await person.see(/Send exactly 0.0005 BTC/);
    const { code } = await world.one('select code from "order" where customer_id = ?', [customer.id]);
    await send(String(code));
    expect(await resultOf(world, orderWorkflowId(String(code)))).toBe('delivered');
    await person.see(/Delivered/);
  });

  it('may still be paid in another coin, in its own message', async () => {
    const customer = await world.addPerson();
    const product = await world.addProduct({ price: 10_000, methods: ['crypto'], units: 1 });
    const person = openPerson(world, customer);
    await person.say(`/start p_${product.id}`);
    await person.press(/Buy now/);
    // Nobody has asked the provider yet.
    await world.db.em.fork().execute('update provider_account set coin_offers = null where shop_id = ?', [world.shop.id]);
    await person.press(/Crypto/);
    await person.see(/BTC: about 0\.0005[^\d]/);
    await person.press(/^BTC$/);
    await person.see(/Send exactly 0.0005 BTC/);
    await person.press(/Another coin/);
    await person.press(/TRC20/);
    await person.see(/Send exactly 25(\.\d+)? USDT/);
    const { code } = await world.one('select code from "order" where customer_id = ?', [customer.id]);
    await send(`${code}`, {}, 2);
    expect(await resultOf(world, orderWorkflowId(String(code)))).toBe('delivered');
  });

  it('grants credits as any other method does', async () => {
    const { orderCode, customer } = await placed(900, { kind: 'credits', stockMode: 'unlimited', creditAmount: 25 });
    await send(orderCode);
    expect(await resultOf(world, orderWorkflowId(orderCode))).toBe('delivered');
    await openPerson(world, customer).see(/\+25 credits\s+You have 25 credits/);
  });

  it('20 % short is told what is missing; at the end the received value is in the wallet and the units are back (A7)', async () => {
    const { orderCode, customer, productId } = await placed(6);
    await send(orderCode, { percent: 80 });
    await openPerson(world, customer).see(/Received 80.00 PLN. Still missing: 20.00 PLN/);
    expect(await freeUnits(productId)).toBe(0);
    expect(await resultOf(world, orderWorkflowId(orderCode))).toBe('expired');
    await untilCash(customer, 8_000);
    expect(await freeUnits(productId)).toBe(1);
  });

  it('0.4 % short brings the goods: the shop bears it, and says so to the customer and its staff', async () => {
    const { orderCode, customer } = await placed();
    await send(orderCode, { percent: 99.6 });
    expect(await resultOf(world, orderWorkflowId(orderCode))).toBe('delivered');
    await openPerson(world, customer).see(/0.40 PLN less than the price arrived/);
    expect(await viewOf(world, orderCode)).toMatchObject({ held: 0, toWallet: 0, tolerated: 40 });
    expect((await walletOf(world, customer)).cash).toBe(0);
  });

  it('20 % over brings the goods, and the rest is in the wallet (A7)', async () => {
    const { orderCode, customer } = await placed();
    await send(orderCode, { percent: 120 });
    expect(await resultOf(world, orderWorkflowId(orderCode))).toBe('delivered');
    await untilCash(customer, 2_000);
    await openPerson(world, customer).see(/SECRET-/);
  });

  it.each([
    ['after', 0],
    ['an hour after', 3_600_000],
  ])('first seen %s the end is in the wallet, and the units are back (A7)', async (_, lateMs) => {
    const { orderCode, customer, productId } = await placed(2);
    expect(await resultOf(world, orderWorkflowId(orderCode))).toBe('expired');
    world.setFarClock(Date.now() + lateMs);
    try {
      await send(orderCode);
      await untilCash(customer, 10_000);
    } finally {
      world.setFarClock(Date.now());
    }
    expect(await freeUnits(productId)).toBe(1);
    await openPerson(world, customer).see(/100.00 PLN[\s\S]*wallet/);
    expect((await world.chat(customer)).filter(({ text }) => text.includes('SECRET-'))).toEqual([]);
  });

  it('that was seen in time is awaited beyond its hold, and settled by what comes then', async () => {
    const { orderCode, customer, productId } = await placed(4);
    await send(orderCode, { until: 'confirming' });
    await untilStatus(world, orderCode, ['awaitingSettlement']);
    expect(await freeUnits(productId)).toBe(0);
    const settleBy = await world.one('select extract(epoch from settle_by - hold_ends_at)::int as window from "order" where code = ?', [
      orderCode,
    ]);
    expect(settleBy.window).toBe(7_200);
    await become(orderCode, 'finished');
    expect(await resultOf(world, orderWorkflowId(orderCode))).toBe('delivered');
    expect((await walletOf(world, customer)).cash).toBe(0);
  });

  it('is not settled by a second transfer: that is in the wallet, and so is the first when its time is over', async () => {
    const { orderCode, customer } = await placed(7);
    await send(orderCode, { percent: 80 });
    await waitFor(async () => expect((await viewOf(world, orderCode)).held).toBe(8_000), soon);
    await send(orderCode, { percent: 20 });
    // The shop got 99 % of 20.00 PLN, in Tether.
    await untilCash(customer, 1_981);
    expect((await viewOf(world, orderCode)).status).toBe('awaitingPayment');
    expect(await resultOf(world, orderWorkflowId(orderCode))).toBe('expired');
    await untilCash(customer, 9_981);
  });

  it('is found paid at its end when nobody told', async () => {
    world.sandbox.faults.add({ target: 'webhook', kind: 'lose', method: 'nowpayments', times: 20 });
    const { orderCode } = await placed(4);
    await send(orderCode);
    expect(await resultOf(world, orderWorkflowId(orderCode))).toBe('delivered');
    world.sandbox.faults.clear();
  });

  it('counts once, told thirty times in any order', async () => {
    const { orderCode, customer } = await placed();
    await send(orderCode);
    await world.control(`/nowpayments/payments/${await idOf(orderCode)}/repeat`, { times: 30 });
    expect(await resultOf(world, orderWorkflowId(orderCode))).toBe('delivered');
    await waitFor(async () => expect(world.sandbox.deliveries.list().filter(({ target }) => target === 'nowpayments')).toEqual([]), {
      timeout: 40_000,
    });
    // What was told after the goods finds its order closed, and changes nothing of it.
    await waitFor(() => isGreen(world), soon);
    expect((await walletOf(world, customer)).cash).toBe(0);
  }, 90_000);
});
