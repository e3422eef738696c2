/** Who waits for a product is told once each, in turn, not more at once than units came; staff are told of a crossing once. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createOrderActivities } from '../../activities/order.ts';
import { createStockWatchActivities } from '../../activities/stock-watch.ts';
import { checkDatabase } from '../../db/check.ts';
import type { Customer } from '../../db/entities/customer.ts';
import type { Product } from '../../db/entities/product.ts';
import { loadOrderToTell } from '../../db/repositories/order-rows.ts';
import { judgeStock, listRisen, listStock, setLowStock } from '../../db/repositories/stock-alarm.ts';
import { isWatching, listDueWatches, listWatched, unwatchStock, watchStock } from '../../db/repositories/stock-watch.ts';
import { makeTestShop, newCode, type TestShop } from '../support/shop.ts';

let world: TestShop;
let steps: ReturnType<typeof createOrderActivities> & ReturnType<typeof createStockWatchActivities>;
// Whoever is due is found by the database's clock.
const start = Date.now() - 3_600_000;
const minutes = (count: number) => start + count * 60_000;
const em = () => world.db.em.fork();

beforeAll(async () => {
  world = await makeTestShop();
  steps = { ...createOrderActivities({ db: world.db }), ...createStockWatchActivities({ db: world.db }) };
});
afterAll(async () => {
  expect((await checkDatabase(em(), { now: new Date() })).findings).toEqual([]);
  await world.close();
});

const watch = (customer: Customer, product: Product, at = start) =>
  watchStock(em(), { shopId: world.shop.id, customerId: customer.id, productId: product.id, at: new Date(at) });
const tell = async (product: Product, at: number) => steps.tellWatchers({ productId: product.id, at });
const addUnits = (product: Product, count: number) =>
  em().execute(`insert into unit (product_id, state) select ?, 'free' from generate_series(1, ?)`, [product.id, count]);
const noticesOf = async (product: Product) =>
  (
    await em().execute<{ customer_id: string }[]>(
      `select customer_id from notice where content->>'kind' = 'stockBack' and (content->>'productId')::bigint = ? order by id`,
      [product.id],
    )
  ).map(({ customer_id }) => Number(customer_id));
const soldOut = () => world.addProduct({ stockMode: 'counter', units: 0, kind: 'pickup' });

async function waitingFor(product: Product, count: number): Promise<Customer[]> {
  const customers: Customer[] = [];
  for (let index = 0; index < count; index += 1) {
    const customer = await world.addCustomer({ cash: 5_000 });
    expect(await watch(customer, product, start + index)).toBe('watching');
    customers.push(customer);
  }
  return customers;
}

describe('waiting for a product', () => {
  it('tells as many as units came, in the order in which they asked, and the next when their head start is over', async () => {
    const product = await soldOut();
    const ids = (await waitingFor(product, 5)).map(({ id }) => id);
    expect(await tell(product, minutes(1))).toEqual({ customerIds: [], wakeAt: null });
    await addUnits(product, 2);
    expect(await tell(product, minutes(2))).toEqual({ customerIds: ids.slice(0, 2), wakeAt: minutes(17) });
    expect(await tell(product, minutes(10))).toEqual({ customerIds: [], wakeAt: minutes(17) });
    // One more unit comes: one more is told at once.
    await addUnits(product, 1);
    expect(await tell(product, minutes(11))).toMatchObject({ customerIds: [ids[2]] });
    expect(await tell(product, minutes(17) + 1)).toMatchObject({ customerIds: [ids[3], ids[4]], wakeAt: null });
    expect(await noticesOf(product)).toEqual(ids);
  });

  it('gives the place of whoever bought to nobody, and frees it for units that come', async () => {
    const product = await soldOut();
    const [first, second, third] = await waitingFor(product, 3);
    await addUnits(product, 1);
    expect((await tell(product, minutes(1))).customerIds).toEqual([first?.id]);
    await steps.open({ orderCode: newCode(), place: world.placing(first as Customer, product), at: minutes(2) });
    expect(await tell(product, minutes(3))).toEqual({ customerIds: [], wakeAt: null });
    await addUnits(product, 2);
    expect((await tell(product, minutes(4))).customerIds).toEqual([second?.id, third?.id]);
  });

  it('is told of a unit that an expired hold frees', async () => {
    const product = await world.addProduct({ units: 1 });
    const orderCode = newCode();
    await steps.open({ orderCode, place: world.placing(await world.addCustomer(), product, { method: 'stars' }), at: start });
    const [waiting] = await waitingFor(product, 1);
    expect(await listDueWatches(em(), { limit: 100 })).not.toContain(product.id);
    await steps.wake({ orderCode, at: minutes(15) });
    expect(await listDueWatches(em(), { limit: 100 })).toContain(product.id);
    expect((await tell(product, minutes(15))).customerIds).toEqual([waiting?.id]);
    expect(await listDueWatches(em(), { limit: 100 })).not.toContain(product.id);
  });

  it('tells nobody twice, however many rounds run at once, and again only who asked again', async () => {
    const product = await soldOut();
    const customers = await waitingFor(product, 20);
    await addUnits(product, 8);
    const rounds = await Promise.all(Array.from({ length: 6 }, () => tell(product, minutes(1))));
    expect(rounds.flatMap(({ customerIds }) => customerIds).sort((a, b) => a - b)).toEqual(customers.slice(0, 8).map(({ id }) => id));
    expect(await noticesOf(product)).toHaveLength(8);
    const [first] = customers;
    await em().execute(`update unit set state = 'withdrawn' where product_id = ?`, [product.id]);
    expect(await watch(first as Customer, product, minutes(2))).toBe('watching');
    expect(await watch(first as Customer, product, minutes(3))).toBe('watching');
    await addUnits(product, 100);
    await tell(product, minutes(4));
    const notices = await noticesOf(product);
    expect(notices.filter((id) => id === first?.id)).toHaveLength(2);
    expect(new Set(notices).size).toBe(20);
  });

  it('is one row a customer and product, and goes when they no longer want it', async () => {
    const product = await soldOut();
    const customer = await world.addCustomer();
    expect(await Promise.all(Array.from({ length: 5 }, () => watch(customer, product)))).toEqual(Array(5).fill('watching'));
    expect((await listWatched(em(), customer.id)).map(({ id }) => id)).toEqual([product.id]);
    await unwatchStock(em(), { customerId: customer.id, productId: product.id });
    expect(await isWatching(em(), { customerId: customer.id, productId: product.id })).toBe(false);
    await addUnits(product, 1);
    expect(await tell(product, minutes(1))).toEqual({ customerIds: [], wakeAt: null });
    expect(await watch(customer, product)).toBe('inStock');
    expect(await watchStock(em(), { shopId: world.shop.id + 1, customerId: customer.id, productId: product.id, at: new Date() })).toBe(
      'gone',
    );
  });

  it('tells nobody while the shop is closed or the product is off, nor who is banned', async () => {
    const product = await soldOut();
    const [banned, other] = await waitingFor(product, 2);
    await em().execute('update customer set banned_at = now() where id = ?', [banned?.id as number]);
    await addUnits(product, 2);
    await em().execute('update shop set open = false where id = ?', [world.shop.id]);
    expect(await tell(product, minutes(1))).toEqual({ customerIds: [], wakeAt: null });
    expect(await listDueWatches(em(), { limit: 100 })).not.toContain(product.id);
    await em().execute('update shop set open = true where id = ?', [world.shop.id]);
    expect((await tell(product, minutes(2))).customerIds).toEqual([other?.id]);
  });

  it('is for at most fifty products at once', async () => {
    const customer = await world.addCustomer();
    const products = await Promise.all(Array.from({ length: 51 }, soldOut));
    for (const product of products.slice(0, 50)) expect(await watch(customer, product)).toBe('watching');
    expect(await watch(customer, products[50] as Product)).toBe('tooMany');
  });
});

describe('the alarm of low stock', () => {
  const alertsOf = (product: Product) =>
    em().execute<{ kind: string; params: { left: number } }[]>(`select kind, params from alert where key like ? order by id`, [
      `stock:${product.id}:%`,
    ]);
  const kinds = async (product: Product) => (await alertsOf(product)).map(({ kind, params }) => `${kind} ${params.left}`);

  const listFallen = async (orderCode: string) => (await loadOrderToTell(em(), orderCode))?.sale?.fallen ?? [];

  async function buy(product: Product): Promise<void> {
    const orderCode = newCode();
    await steps.open({ orderCode, place: world.placing(await world.addCustomer({ cash: 5_000 }), product), at: start });
    for (const productId of await listFallen(orderCode)) await judgeStock(em(), productId, new Date(start));
  }

  it('is raised once when stock falls to it and once when it is out, not at every sale, and again after it was back', async () => {
    const product = await world.addProduct({ units: 5 });
    for (let sold = 0; sold < 5; sold += 1) await buy(product);
    expect(await kinds(product)).toEqual(['stockLow 3', 'stockOut 0']);
    await addUnits(product, 10);
    expect(await listRisen(em(), { limit: 100 })).toContain(product.id);
    await Promise.all(Array.from({ length: 4 }, () => judgeStock(em(), product.id, new Date(start))));
    expect(await listRisen(em(), { limit: 100 })).not.toContain(product.id);
    for (let sold = 0; sold < 7; sold += 1) await buy(product);
    // What is back is counted no further than one above the alarm.
    expect(await kinds(product)).toEqual(['stockLow 3', 'stockOut 0', 'stockBack 4', 'stockLow 3']);
  });

  it('is not raised by what is only kept, and has one alert when many buy in the same instant', async () => {
    const product = await world.addProduct({ units: 6 });
    const held: string[] = [];
    for (let count = 0; count < 4; count += 1) {
      const orderCode = newCode();
      await steps.open({ orderCode, place: world.placing(await world.addCustomer(), product, { method: 'stars' }), at: start });
      held.push(orderCode);
    }
    await buy(product);
    expect(await kinds(product)).toEqual([]);
    for (const orderCode of held) await steps.wake({ orderCode, at: minutes(15) });
    await Promise.all(Array.from({ length: 5 }, () => buy(product)));
    expect((await kinds(product)).filter((kind) => kind.startsWith('stockLow'))).toHaveLength(1);
  });

  it('is the product’s own, or the shop’s', async () => {
    const product = await world.addProduct({ units: 2 });
    const set = (lowAt: number | null) =>
      setLowStock(em(), { shopId: world.shop.id, productId: product.id, lowAt, actor: 'test', at: new Date(start) });
    expect(await set(0)).toEqual({ title: product.title, before: null });
    await buy(product);
    expect(await kinds(product)).toEqual([]);
    await set(null);
    const row = (await listStock(em(), world.shop.id)).find(({ productId }) => productId === product.id);
    expect(row).toMatchObject({ free: 1, sold: 1, lowAt: 3, own: false, level: 'low' });
    expect(
      await setLowStock(em(), { shopId: world.shop.id + 1, productId: product.id, lowAt: 1, actor: 'test', at: new Date() }),
    ).toBeUndefined();
  });
});
