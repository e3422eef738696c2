/** Limits against hoarding: a customer who lets holds end unpaid waits; others, the wallet and what never runs out do not. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createOrderActivities } from '../../activities/order.ts';
import type { Customer } from '../../db/entities/customer.ts';
import type { Product } from '../../db/entities/product.ts';
import { checkDatabase } from '../../db/check.ts';
import { writeSetting } from '../../db/repositories/setting.ts';
import { makeTestShop, newCode, type TestShop } from '../support/shop.ts';

let world: TestShop;
let steps: ReturnType<typeof createOrderActivities>;
const start = Date.parse('2026-05-01T10:00:00Z');
const minutes = (count: number) => start + count * 60_000;

beforeAll(async () => {
  world = await makeTestShop();
  steps = createOrderActivities({ db: world.db });
});
afterAll(async () => {
  expect((await checkDatabase(world.db.em.fork(), { now: new Date(minutes(600)) })).findings).toEqual([]);
  await world.close();
});

async function hold(customer: Customer, product: Product, at: number, quantity = 1) {
  const orderCode = newCode();
  const lines = [{ productId: product.id, quantity }];
  const row = await steps.open({ orderCode, place: world.placing(customer, product, { method: 'stars', lines }), at });
  return { ...row, orderCode };
}

/** Three holds of 15 minutes, the last of which ends at minute 55. */
async function letThreeEnd(customer: Customer, product: Product): Promise<void> {
  for (const begin of [0, 20, 40]) {
    const { orderCode, rejected } = await hold(customer, product, minutes(begin));
    expect(rejected).toBeNull();
    await steps.wake({ orderCode, at: minutes(begin + 15) });
  }
}

describe('cool-down', () => {
  it('a customer whose third hold ended unpaid within an hour is told until when nothing is kept, and may buy again then', async () => {
    const [customer, product] = [await world.addCustomer(), await world.addProduct()];
    await letThreeEnd(customer, product);
    expect(await hold(customer, product, minutes(56))).toMatchObject({ rejected: 'CoolDown', facts: { until: minutes(85) } });
    expect(await hold(customer, product, minutes(85) - 1)).toMatchObject({ rejected: 'CoolDown' });
    const later = await hold(customer, product, minutes(85));
    expect(later.rejected).toBeNull();
    await steps.wake({ orderCode: later.orderCode, at: minutes(100) });
  });

  it('keeps neither from the wallet, which holds nothing, nor from what never runs out, nor anybody else', async () => {
    const [customer, product] = [await world.addCustomer({ cash: 5_000 }), await world.addProduct()];
    await letThreeEnd(customer, product);
    const wallet = await steps.open({ orderCode: newCode(), place: world.placing(customer, product), at: minutes(56) });
    expect(wallet).toMatchObject({ rejected: null, status: 'paid' });
    const always = await hold(customer, await world.addProduct({ stockMode: 'unlimited' }), minutes(56));
    expect(always.rejected).toBeNull();
    const other = await hold(await world.addCustomer(), product, minutes(56));
    expect(other.rejected).toBeNull();
    for (const { orderCode } of [always, other]) await steps.wake({ orderCode, at: minutes(75) });
  });

  it('counts what the customer cancelled after a minute, not what was cancelled at once or never kept anything', async () => {
    const [customer, product] = [await world.addCustomer(), await world.addProduct()];
    const always = await world.addProduct({ stockMode: 'unlimited' });
    const cancelAfter = async (of: Product, from: number, seconds: number) => {
      const { orderCode, rejected } = await hold(customer, of, from);
      expect(rejected).toBeNull();
      await steps.cancel({ orderCode, by: 'customer', actor: `customer:${customer.id}`, at: from + seconds * 1000 });
    };
    for (const from of [0, 1, 2]) await cancelAfter(product, minutes(from), 30);
    for (const from of [3, 6, 9]) await cancelAfter(always, minutes(from), 120);
    for (const from of [12, 15, 18]) await cancelAfter(product, minutes(from), 120);
    expect(await hold(customer, product, minutes(21))).toMatchObject({ rejected: 'CoolDown', facts: { until: minutes(50) } });
  });

  it('follows the shop’s settings, which have hard bounds', async () => {
    const em = world.db.em.fork();
    const set = (key: 'unpaidHoldLimit' | 'coolDownSeconds', value: number) =>
      writeSetting(em, { shopId: world.shop.id, key, value, actor: 'test', mode: 'live', at: new Date(start) });
    expect(await set('unpaidHoldLimit', 0)).toBe(false);
    expect(await set('coolDownSeconds', 86_401)).toBe(false);
    const [customer, product] = [await world.addCustomer(), await world.addProduct()];
    await letThreeEnd(customer, product);
    expect(await set('coolDownSeconds', 60)).toBe(true);
    expect(await hold(customer, product, minutes(55) + 30_000)).toMatchObject({ facts: { until: minutes(56) } });
    expect(await set('coolDownSeconds', 1_800)).toBe(true);
    expect(await set('unpaidHoldLimit', 4)).toBe(true);
    const open = await hold(customer, product, minutes(56));
    expect(open.rejected).toBeNull();
    await steps.wake({ orderCode: open.orderCode, at: minutes(71) });
    expect(await set('unpaidHoldLimit', 3)).toBe(true);
  });
});

describe('units kept at once', () => {
  it('of one product are limited over all open orders of a customer, also when they are placed in the same instant', async () => {
    const em = world.db.em.fork();
    await writeSetting(em, { shopId: world.shop.id, key: 'heldUnitLimit', value: 5, actor: 'test', mode: 'live', at: new Date(start) });
    const [customer, product] = [await world.addCustomer({ cash: 50_000 }), await world.addProduct({ units: 30 })];
    const rows = await Promise.all([2, 3, 4].map((quantity) => hold(customer, product, start, quantity)));
    const kept = await world.one(`select count(*)::int as units from unit where product_id = ? and state = 'held'`, [product.id]);
    expect(kept.units).toBeLessThanOrEqual(5);
    const refused = rows.filter(({ rejected }) => rejected !== null);
    expect(refused.length).toBeGreaterThan(0);
    for (const row of refused) expect(row).toMatchObject({ rejected: 'TooManyHeld', facts: { limit: 5 } });
    const lines = [{ productId: product.id, quantity: 7 }];
    const wallet = await steps.open({ orderCode: newCode(), place: world.placing(customer, product, { lines }), at: start });
    expect(wallet).toMatchObject({ rejected: null, status: 'paid' });
    for (const { orderCode, rejected } of rows) if (rejected === null) await steps.wake({ orderCode, at: minutes(15) });
  });
});
