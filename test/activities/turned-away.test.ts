/** Who comes too late is told so by a look at the stock; what they were told stays true. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createOrderActivities } from '../../activities/order.ts';
import { checkDatabase } from '../../db/check.ts';
import type { Customer } from '../../db/entities/customer.ts';
import type { Product } from '../../db/entities/product.ts';
import { Unit } from '../../db/entities/unit.ts';
import { quotePlacedLines } from '../../db/repositories/quote.ts';
import { turnAway } from '../../db/repositories/turned-away.ts';
import type { PlaceOrder } from '../../workflows/messages/order.ts';
import { makeTestShop, newCode, type TestShop } from '../support/shop.ts';

let world: TestShop;
let steps: ReturnType<typeof createOrderActivities>;
const now = new Date();

beforeAll(async () => {
  world = await makeTestShop({ poolSize: 8 });
  steps = createOrderActivities({ db: world.db });
});
afterAll(async () => {
  expect((await checkDatabase(world.db.em.fork(), { now: new Date() })).findings).toEqual([]);
  await world.close();
});

const em = () => world.db.em.fork();
const quote = (customer: Customer, { lines }: Pick<PlaceOrder, 'lines'>) =>
  quotePlacedLines(em(), { shop: world.shop, customerId: customer.id }, lines);

/** Looks whether a tap is late, as bot and Mini App do before they place. */
async function look(customer: Customer, product: Product, tap: Partial<PlaceOrder> & { orderCode?: string; at?: Date } = {}) {
  const { orderCode = newCode(), at = now, ...more } = tap;
  const place = world.placing(customer, product, more);
  return { orderCode, place, late: await turnAway(em(), { ...place, orderCode, at }, await quote(customer, place)) };
}
const open = (orderCode: string, place: PlaceOrder) => steps.open({ orderCode, place, at: now.getTime() });

async function putBack(product: Product): Promise<void> {
  const fork = em();
  const [unit] = await fork.find(Unit, { state: 'withdrawn', productId: product.id }, { limit: 1 });
  if (unit) unit.state = 'free';
  await fork.flush();
}

/** A product whose one unit is not there, but may come back. */
async function sellOut(): Promise<Product> {
  const product = await world.addProduct({ units: 1 });
  await em().nativeUpdate(Unit, { productId: product.id }, { state: 'withdrawn' });
  return product;
}

test('a tap that comes too late is turned away, and its order is never placed, not even when a unit comes back', async () => {
  const [product, customer] = [await sellOut(), await world.addCustomer({ cash: 5_000 })];
  const { orderCode, place, late } = await look(customer, product);
  expect(late).toBe(true);
  expect((await look(customer, product, { orderCode })).late).toBe(true);
  await putBack(product);
  // An earlier tap of the same order that is still on its way, and the same tap once more.
  expect(await open(orderCode, place)).toMatchObject({ rejected: 'SoldOut' });
  expect(await open(orderCode, place)).toMatchObject({ rejected: 'SoldOut' });
  // Another tap is another wish.
  const again = await look(customer, product);
  expect(again.late).toBe(false);
  expect(await open(again.orderCode, again.place)).toMatchObject({ rejected: null, status: 'paid' });
});

test('who has the last unit is turned away neither by the tap that bought it nor by another that was answered with it; everybody else is', async () => {
  const [product, customer] = [await world.addProduct({ units: 1 }), await world.addCustomer({ cash: 5_000 })];
  const orderCode = newCode();
  expect(await open(orderCode, world.placing(customer, product))).toMatchObject({ status: 'paid' });
  expect((await look(customer, product, { orderCode })).late).toBe(false);
  expect((await look(customer, product)).late).toBe(false);
  expect((await look(await world.addCustomer(), product)).late).toBe(true);
});

test('an order is known by its code, also one of long ago', async () => {
  const [product, customer] = [await world.addProduct({ units: 1 }), await world.addCustomer({ cash: 5_000 })];
  const orderCode = newCode();
  await open(orderCode, world.placing(customer, product));
  const inTwoWeeks = new Date(now.getTime() + 14 * 86_400_000);
  expect((await look(customer, product, { orderCode, at: inTwoWeeks })).late).toBe(false);
  expect((await look(customer, product, { at: inTwoWeeks })).late).toBe(true);
});

test('whose own unpaid order keeps the last unit is left to be led to it', async () => {
  const [product, customer] = [await world.addProduct({ units: 1 }), await world.addCustomer()];
  const orderCode = newCode();
  await open(orderCode, world.placing(customer, product, { method: 'stars' }));
  const again = await look(customer, product, { method: 'stars' });
  expect(again.late).toBe(false);
  expect(await open(again.orderCode, again.place)).toMatchObject({ existing: orderCode });
  await steps.cancel({ orderCode, by: 'customer', actor: `customer:${customer.id}`, at: now.getTime() });
});

test('a basket, and what never runs out, are left to the order’s step', async () => {
  const customer = await world.addCustomer({ cash: 5_000 });
  expect((await look(customer, await sellOut(), { fromBasket: true })).late).toBe(false);
  expect((await look(customer, await world.addProduct({ stockMode: 'unlimited' }))).late).toBe(false);
});

test('a unit that came back since it was quoted is not refused', async () => {
  const [product, customer] = [await sellOut(), await world.addCustomer({ cash: 5_000 })];
  const place = world.placing(customer, product);
  const quoted = await quote(customer, place);
  await putBack(product);
  expect(await turnAway(em(), { ...place, orderCode: newCode(), at: now }, quoted)).toBe(false);
});

test('is forgotten after a week', async () => {
  const [product, customer] = [await sellOut(), await world.addCustomer()];
  const first = await look(customer, product, { at: new Date(now.getTime() - 8 * 86_400_000) });
  const second = await look(customer, product);
  const kept = await em().execute('select order_code from turned_away where customer_id = ?', [customer.id]);
  expect([first.late, kept]).toEqual([true, [{ order_code: second.orderCode }]]);
});

test('one order is placed or turned away, never both, however its taps and a returning unit meet', async () => {
  const outcomes = new Set<string>();
  for (let round = 0; round < 40; round += 1) {
    const [product, customer, orderCode] = [await sellOut(), await world.addCustomer({ cash: 5_000 }), newCode()];
    const place = world.placing(customer, product);
    const quoted = await quote(customer, place);
    const later = (ms: number) => new Promise((done) => setTimeout(done, ms));
    const [late, row] = await Promise.all([
      later(round % 5).then(() => turnAway(em(), { ...place, orderCode, at: now }, quoted)),
      later(round % 7).then(() => open(orderCode, place)),
      later(round % 3).then(() => putBack(product)),
    ]);
    expect([late, row.rejected]).not.toEqual([true, null]);
    outcomes.add(`${late} ${row.rejected}`);
  }
  expect(outcomes.size).toBeGreaterThan(1);
});
