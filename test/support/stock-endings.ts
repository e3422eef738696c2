/** How telling those who wait for a product ends. */
import { expect } from 'vitest';
import type { Customer } from '../../db/entities/customer.ts';
import type { Product } from '../../db/entities/product.ts';
import { watchStock } from '../../db/repositories/stock-watch.ts';
import { ringStockWatch } from '../../temporal/stock-watch.ts';
import { stockWatchWorkflowId } from '../../workflows/messages/stock-watch.ts';
import { type Ending, ended } from './ending.ts';
import { waitFor } from './wait.ts';
import type { World } from './world.ts';

/** Customers of the world who wait for a sold-out product, and then units of it. */
export async function waitForOne(
  world: World,
  { people, units }: { people: number; units: number },
): Promise<{ customers: Customer[]; product: Product }> {
  const product = await world.addProduct({ stockMode: 'counter', kind: 'pickup', units: 0 });
  const customers: Customer[] = [];
  for (let index = 0; index < people; index += 1) {
    const customer = await world.addPerson();
    const watching = { shopId: world.shop.id, customerId: customer.id, productId: product.id, at: new Date() };
    expect(await watchStock(world.db.em.fork(), watching)).toBe('watching');
    customers.push(customer);
  }
  await addUnits(world, product, units);
  return { customers, product };
}

export async function addUnits({ db }: World, product: Product, count: number): Promise<void> {
  await db.em.fork().execute(`insert into unit (product_id, state) select ?, 'free' from generate_series(1, ?)`, [product.id, count]);
}

const backOf = async (world: World, customer: Customer) => (await world.chat(customer)).filter(({ text }) => /is back/.test(text)).length;

/** Until they have been told so often in all, each at most once. */
export async function untilTold(world: World, customers: readonly Customer[], told: number): Promise<void> {
  await waitFor(
    async () => {
      const counts = await Promise.all(customers.map((customer) => backOf(world, customer)));
      expect(counts.reduce((sum, count) => sum + count, 0)).toBe(told);
      expect(Math.max(...counts)).toBeLessThanOrEqual(1);
    },
    { timeout: 20_000, interval: 100 },
  );
}

export const stockEndings: readonly Ending[] = [
  {
    name: 'stock-watch-told',
    async run(world) {
      const { customers, product } = await waitForOne(world, { people: 2, units: 2 });
      await ringStockWatch(world.door, product.id);
      await untilTold(world, customers, 2);
      return ended(world, stockWatchWorkflowId(product.id));
    },
  },
  {
    name: 'stock-watch-told-in-rounds',
    long: true,
    async run(world) {
      const { customers, product } = await waitForOne(world, { people: 3, units: 1 });
      await ringStockWatch(world.door, product.id);
      const end = await ended(world, stockWatchWorkflowId(product.id));
      await untilTold(world, customers, 3);
      return end;
    },
  },
];
