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
