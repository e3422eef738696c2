/** What kinds of products and their variants change about placing an order. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createOrderActivities } from '../../activities/order.ts';
import { checkDatabase } from '../../db/check.ts';
import { makeTestShop, newCode, type TestShop } from '../support/shop.ts';

let world: TestShop;
let steps: ReturnType<typeof createOrderActivities>;
const start = Date.parse('2026-05-01T10:00:00Z');

beforeAll(async () => {
  world = await makeTestShop();
  steps = createOrderActivities({ db: world.db });
});
afterAll(async () => {
  const { findings } = await checkDatabase(world.db.em.fork(), { now: new Date(start + 60_000) });
  await world.close();
  expect(findings).toEqual([]);
});

describe('options', () => {
  it('sell the variant from its own stock at its own price, and never the product they belong to', async () => {
    const shown = await world.addProduct({ options: [{ name: 'Size', values: ['S', 'M'] }], price: 4000, units: 3 });
    const small = await world.addProduct({ variantOf: shown.id, optionValues: ['S'], price: 4500, units: 1, warrantyDays: 30 });
    const customer = await world.addCustomer({ cash: 20_000 });
    const buy = (product: typeof small) => steps.open({ orderCode: newCode(), place: world.placing(customer, product), at: start });
    expect(await buy(shown)).toMatchObject({ rejected: 'OptionNeeded' });
    expect(await buy(small)).toMatchObject({ status: 'paid' });
    expect(await buy(small)).toMatchObject({ rejected: 'SoldOut' });
    expect(await world.one('select base_price::int, warranty_days from order_line where product_id = ?', [small.id])).toEqual({
      base_price: 4500,
      warranty_days: 30,
    });
  });

  it('of a product that is not on sale are not on sale either', async () => {
    const shown = await world.addProduct({ options: [{ name: 'Size', values: ['S'] }], units: 0, active: false });
    const small = await world.addProduct({ variantOf: shown.id, optionValues: ['S'] });
    const customer = await world.addCustomer({ cash: 20_000 });
    const place = world.placing(customer, small);
    expect(await steps.open({ orderCode: newCode(), place, at: start })).toMatchObject({ rejected: 'ProductGone' });
  });
});

describe('a donation', () => {
  const wish = {
    kind: 'donation',
    stockMode: 'unlimited',
    price: 1000,
    donationMinimum: 500,
    donationMaximum: 100_000,
  } as const;

  it.each([
    [499, 'AmountOutOfBounds'],
    [100_001, 'AmountOutOfBounds'],
    [500.5, 'AmountOutOfBounds'],
    [500, null],
    [100_000, null],
  ])('of %s is answered %s', async (amount, rejected) => {
    const product = await world.addProduct(wish);
    const customer = await world.addCustomer({ cash: 100_000 });
    const lines = [{ productId: product.id, quantity: 1, amount }];
    const row = await steps.open({
      orderCode: newCode(),
      place: world.placing(customer, product, { lines, shownTotal: amount }),
      at: start,
    });
    expect(row).toMatchObject({ rejected });
    if (rejected) return;
    expect(await world.one('select base_price::int, price::int from order_line where product_id = ?', [product.id])).toEqual({
      base_price: amount,
      price: amount,
    });
  });

  it('is named by nobody else: what has a price of its own is not sold for another', async () => {
    const key = await world.addProduct({ price: 5000 });
    const customer = await world.addCustomer({ cash: 5000 });
    const lines = [{ productId: key.id, quantity: 1, amount: 1 }];
    const place = world.placing(customer, key, { lines, shownTotal: 1 });
    expect(await steps.open({ orderCode: newCode(), place, at: start })).toMatchObject({ rejected: 'AmountOutOfBounds' });
  });

  it('of another amount is another order, and of none is the usual one', async () => {
    const product = await world.addProduct({ ...wish, methods: ['card'] });
    const customer = await world.addCustomer();
    const give = (amount?: number) => {
      const lines = [{ productId: product.id, quantity: 1, ...(amount === undefined ? {} : { amount }) }];
      const shownTotal = amount ?? product.price;
      return steps.open({
        orderCode: newCode(),
        place: world.placing(customer, product, { lines, shownTotal, method: 'card' }),
        at: start,
      });
    };
    const first = await give(700);
    expect(first).toMatchObject({ status: 'awaitingPayment' });
    expect(await give(800)).toMatchObject({ status: 'awaitingPayment' });
    expect(await give()).toMatchObject({ status: 'awaitingPayment' });
    expect(await give(700)).toMatchObject({ rejected: 'AlreadyPlaced', existing: first.orderCode });
  });
});
