/** The basket of the Mini App is the basket of the chat, and its quote says what can be paid and how. */
import type { Hono } from 'hono';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createOrderActivities } from '../../activities/order.ts';
import { addToBasket, readBasket, setBasketQuantity } from '../../db/repositories/basket.ts';
import { basketLineLimit } from '../../domain/order.ts';
import { writeMethodRule } from '../../db/repositories/method-rule.ts';
import { makeTestApi } from '../support/api.ts';
import { callAs, noLimits } from '../support/mini-app.ts';
import { makeTestShop, newCode, type TestShop } from '../support/shop.ts';

let world: TestShop;
let app: Hono;
beforeAll(async () => {
  world = await makeTestShop();
  ({ app } = makeTestApi(world, { limits: noLimits }));
});
afterAll(() => world.close());

const em = () => world.db.em.fork();
async function open(money: { cash?: number } = {}) {
  const customer = await world.addCustomer(money);
  return { customer, api: callAs(app, world.shop, customer), standing: () => readBasket(em(), customer.id) };
}

test('is one row for both: what one changes the other shows, in the order it was added', async () => {
  const { customer, api, standing } = await open();
  const [one, two, three] = [await world.addProduct(), await world.addProduct(), await world.addProduct()];
  await addToBasket(em(), customer.id, two.id);
  const put = await api.basket.$put({ json: { lines: [one, two, three].map(({ id }) => ({ productId: id, quantity: 2 })) } });
  expect((await put.json()).lines.map(({ id, quantity }) => [id, quantity])).toEqual([two, one, three].map(({ id }) => [id, 2]));
  await addToBasket(em(), customer.id, one.id);
  await setBasketQuantity(em(), customer.id, two.id, 0);
  expect((await (await api.basket.$get()).json()).lines.map(({ id, quantity }) => [id, quantity])).toEqual([
    [one.id, 3],
    [three.id, 2],
  ]);
  const line = (id: number, quantity: number) =>
    api.basket.lines[':productId'].$put({ param: { productId: String(id) }, json: { quantity } });
  await line(three.id, 0);
  await line(two.id, 5);
  expect(await standing()).toEqual([
    { productId: one.id, quantity: 3 },
    { productId: two.id, quantity: 5 },
  ]);
  expect((await (await api.basket.$put({ json: { lines: [] } })).json()).lines).toEqual([]);
});

test('takes nothing that is not on sale here, nothing twice and not too much; then all stays as it was', async () => {
  const { api, standing } = await open();
  const product = await world.addProduct();
  await api.basket.$put({ json: { lines: [{ productId: product.id, quantity: 1 }] } });
  const lines = (...all: [number, number][]) =>
    api.basket.$put({ json: { lines: all.map(([productId, quantity]) => ({ productId, quantity })) } });
  for (const [response, status, field] of [
    [lines([product.id, 2], [999_999, 1]), 409, 'lines.1'],
    [lines([product.id, 1], [product.id, 2]), 400, 'lines'],
    [lines([product.id, 101]), 400, 'lines.0.quantity'],
    [lines([product.id, 0]), 400, 'lines.0.quantity'],
    [lines(...Array.from({ length: 51 }, (_, index): [number, number] => [index + 1, 1])), 400, 'lines'],
    [api.basket.lines[':productId'].$put({ param: { productId: '999999' }, json: { quantity: 1 } }), 409, 'productId'],
  ] as const) {
    const told = await response;
    expect([told.status, ((await told.json()) as { field?: string }).field]).toEqual([status, field]);
  }
  expect(await standing()).toEqual([{ productId: product.id, quantity: 1 }]);
});

test('is full with fifty products, whichever door the next comes by', async () => {
  const { customer, api, standing } = await open();
  const ids: number[] = [];
  for (let number = 0; number <= basketLineLimit; number += 1) ids.push((await world.addProduct({ units: 0 })).id);
  const last = ids.pop() as number;
  await api.basket.$put({ json: { lines: ids.map((productId) => ({ productId, quantity: 1 })) } });
  const refused = await api.basket.lines[':productId'].$put({ param: { productId: String(last) }, json: { quantity: 1 } });
  expect([refused.status, await refused.json()]).toEqual([409, expect.objectContaining({ reason: 'BasketFull' })]);
  expect(await addToBasket(em(), customer.id, last)).toBe(false);
  expect(await standing()).toHaveLength(basketLineLimit);
});

test('names what is gone, and makes one order a group of what no method pays for together', async () => {
  const { api } = await open();
  const [stars, card, both, gone] = [
    await world.addProduct({ methods: ['stars'] }),
    await world.addProduct({ methods: ['card'] }),
    await world.addProduct({ methods: ['stars', 'card'] }),
    await world.addProduct({ title: 'Gone' }),
  ];
  await api.basket.$put({ json: { lines: [stars, card, both, gone].map(({ id }) => ({ productId: id, quantity: 1 })) } });
  await em().execute('update product set active = false where id = ?', [gone.id]);
  const basket = await (await api.basket.$get()).json();
  expect(basket).toMatchObject({ gone: ['Gone'], total: 15_000, groups: [[stars.id, both.id], [card.id]] });
  const quote = await (await api.quote.$get({ query: {} })).json();
  expect(quote).toMatchObject({ total: 15_000, methods: [], gone: ['Gone'] });
  const group = await (await api.quote.$get({ query: { lines: `${stars.id}x1,${both.id}x1` } })).json();
  expect(group.methods).toEqual([
    { method: 'stars', amount: 5_000, currency: 'XTR', minimum: 1, maximum: expect.any(Number), offered: true, coins: false },
  ]);
});

test('that was bought by one door is not bought again by another, however late it comes', async () => {
  const { customer, standing } = await open({ cash: 20_000 });
  const product = await world.addProduct();
  await addToBasket(em(), customer.id, product.id);
  const { open: place } = createOrderActivities({ db: world.db });
  const wish = world.placing(customer, product, { fromBasket: true });
  const [first, second] = [newCode(), newCode()];
  // Both read the basket before either had its lines taken out.
  expect(await place({ orderCode: first, place: wish, at: Date.now() })).toMatchObject({ rejected: null, status: 'paid' });
  expect(await standing()).toEqual([]);
  const late = Date.now() + 3_600_000;
  const told = { rejected: 'AlreadyPlaced', existing: first, existingStatus: 'paid' };
  expect(await place({ orderCode: second, place: wish, at: late })).toMatchObject(told);
  expect(await place({ orderCode: second, place: { ...wish, fromBasket: false }, at: Date.now() })).toMatchObject({ status: 'paid' });
  await addToBasket(em(), customer.id, product.id);
  expect(await place({ orderCode: newCode(), place: wish, at: Date.now() })).toMatchObject({ rejected: null, status: 'paid' });
});

test('takes no product whose options are not chosen, and none whose price the customer names', async () => {
  const { api, standing } = await open();
  const shirt = await world.addProduct({ title: 'Shirt', units: 0 });
  await em().execute(`update product set options = '[{"name":"Size","values":["S"]}]' where id = ?`, [shirt.id]);
  const put = await api.basket.$put({ json: { lines: [{ productId: shirt.id, quantity: 1 }] } });
  expect([put.status, await standing()]).toEqual([409, []]);
});

test('a quote says which methods take this much, what the wallet has for it, and what would fill it', async () => {
  const { api } = await open({ cash: 2_000 });
  const product = await world.addProduct({ methods: ['card', 'wallet'] });
  await writeMethodRule(em(), { shopId: world.shop.id, method: 'card', rule: { minimum: 6_000 }, actor: 'cli', at: new Date() });
  const quote = async (lines: string) => (await api.quote.$get({ query: { lines } })).json();
  const card = async (lines: string) => (await quote(lines)).methods.find(({ method }) => method === 'card');
  expect(await card(`${product.id}x1`)).toMatchObject({ offered: false, minimum: 6_000, amount: 5_000, currency: 'PLN' });
  expect(await card(`${product.id}x2`)).toMatchObject({ offered: true, amount: 10_000 });
  // A method's rule is for top-ups as well: 30.00 are missing, by bank one may pay them.
  expect(await quote(`${product.id}x1`)).toMatchObject({ balance: 2_000, topUp: 3_000, holdSeconds: 900, open: true });
  const rich = await open({ cash: 5_000 });
  expect(await (await rich.api.quote.$get({ query: { lines: `${product.id}x1` } })).json()).toMatchObject({ topUp: null, balance: 5_000 });
});
