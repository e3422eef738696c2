import { afterAll, beforeAll, expect, it } from 'vitest';
import { Order, OrderLine } from '../../db/entities/order.ts';
import { holdUnits } from '../../db/repositories/unit.ts';
import { makeTestShop, newCode, type TestShop } from '../support/shop.ts';

let world: TestShop;
beforeAll(async () => {
  world = await makeTestShop();
});
afterAll(async () => {
  await world.close();
});

async function addLines(productId: number, count: number): Promise<number[]> {
  const em = world.db.em.fork();
  const customer = await world.addCustomer();
  const at = new Date();
  const orders = Array.from({ length: count }, () =>
    em.create(Order, {
      code: newCode(),
      shopId: world.shop.id,
      customerId: customer.id,
      status: 'awaitingPayment',
      currency: 'PLN',
      total: 1,
      tax: 0,
      method: 'wallet',
      methods: ['wallet'],
      linesKey: 'x',
      holdSeconds: 900,
      placedAt: at,
      holdEndsAt: at,
      language: 'en',
    }),
  );
  em.persist(orders);
  await em.flush();
  const frozen = { kind: 'digital' as const, title: 'Key', basePrice: 1, discountPercent: 0, price: 1, taxRate: 0, tax: 0, position: 0 };
  const lines = orders.map((order) => em.create(OrderLine, { ...frozen, orderId: order.id, productId, quantity: 1 }));
  em.persist(lines);
  await em.flush();
  return lines.map((line) => line.id);
}

it('every buyer draws exactly one unit while there are any, whatever plan PostgreSQL chooses', async () => {
  const product = await world.addProduct({ units: 60, price: 1 });
  const lines = await addLines(product.id, 80);
  const drawn = await Promise.all(
    lines.map((line) =>
      world.db.em.fork().transactional(async (em) => {
        // The plan in which a sub-select of the delete's condition would be run again for every row.
        await em.execute('set local enable_hashjoin = off');
        await em.execute('set local enable_mergejoin = off');
        await em.execute('set local enable_hashagg = off');
        await em.execute('set local enable_sort = off');
        await em.execute('set local enable_material = off');
        await em.execute('set local lock_timeout = 10000');
        return holdUnits(em, product.id, line, 1);
      }),
    ),
  );
  expect(drawn.filter((count) => count === 1)).toHaveLength(60);
  expect(drawn.filter((count) => count === 0)).toHaveLength(20);
});

const free = (orderLineId: number) =>
  world.db.em.fork().execute(`update unit set state = 'free', order_line_id = null where order_line_id = ?`, [orderLineId]);
const hold = (productId: number, line: number, quantity = 1) =>
  world.db.em.fork().transactional((em) => holdUnits(em, productId, line, quantity));

it('units that come back are drawn as any others, and as many as are asked for', async () => {
  const product = await world.addProduct({ units: 6, price: 1 });
  const [first, second, third, fourth] = (await addLines(product.id, 4)) as [number, number, number, number];
  expect([await hold(product.id, first, 2), await hold(product.id, second, 2)]).toEqual([2, 2]);
  await free(first);
  expect(await hold(product.id, third, 4)).toBe(4);
  expect(await hold(product.id, fourth)).toBe(0);
  await free(third);
  await free(second);
  expect(await hold(product.id, fourth, 6)).toBe(6);
});

it('what was drawn and rolled back is drawn by the next', async () => {
  const product = await world.addProduct({ units: 3, price: 1 });
  const [first, second] = (await addLines(product.id, 2)) as [number, number];
  const undone = world.db.em.fork().transactional(async (em) => {
    expect(await holdUnits(em, product.id, first, 3)).toBe(3);
    throw new Error('undone');
  });
  await expect(undone).rejects.toThrow('undone');
  expect(await hold(product.id, second, 3)).toBe(3);
});

it('keeps the pool whole while many draw and give back at once', async () => {
  const product = await world.addProduct({ units: 20, price: 1 });
  const lines = await addLines(product.id, 120);
  await Promise.all(
    lines.map(async (line, index) => {
      if ((await hold(product.id, line)) === 1 && index % 3 > 0) await free(line);
    }),
  );
  const [pool] = await world.db.em.fork().execute<{ free: number; held: number; standing: number }[]>(
    `select count(*) filter (where state = 'free')::int as free, count(*) filter (where state = 'held')::int as held,
            (select count(*)::int from free_unit where product_id = ?) as standing from unit where product_id = ?`,
    [product.id, product.id],
  );
  expect(pool?.standing).toBe(pool?.free);
  expect((pool?.free ?? 0) + (pool?.held ?? 0)).toBe(20);
  const [last] = (await addLines(product.id, 1)) as [number];
  expect(await hold(product.id, last, 20)).toBe(pool?.free);
});
