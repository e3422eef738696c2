/** Confirm screens: one wish shown twice has one code, in whichever process it is drawn. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createOrderActivities } from '../../activities/order.ts';
import type { Customer } from '../../db/entities/customer.ts';
import { type ConfirmWish, dropConfirmCode, takeConfirmCode, takeConfirmCodes } from '../../db/repositories/confirm-code.ts';
import { makeTestShop, type TestShop } from '../support/shop.ts';

let world: TestShop;
let customer: Customer;
let wish: ConfirmWish;
const start = Date.UTC(2026, 10, 26, 12);
const take = (afterMs: number, more: Partial<ConfirmWish> = {}) =>
  takeConfirmCode(world.db.em.fork(), { ...wish, ...more }, new Date(start + afterMs));

beforeAll(async () => {
  world = await makeTestShop();
});
afterAll(() => world.close());
beforeEach(async () => {
  customer = await world.addCustomer();
  wish = { customerId: customer.id, wish: 'lines' };
});

test('the same wish of the same customer keeps its code for a minute; others, and later, have another', async () => {
  const made = await take(0);
  expect(await take(60_000)).toBe(made);
  const others = [await take(1, { customerId: (await world.addCustomer()).id }), await take(1, { wish: 'deposit:5000' })];
  expect(new Set([made, ...others, await take(60_001)]).size).toBe(4);
});

test('screens drawn at the same instant by many processes have one code', async () => {
  const codes = await Promise.all(Array.from({ length: 20 }, (_, index) => take(index)));
  expect(new Set(codes).size).toBe(1);
});

test('those of one screen come together, in its order; what was shown a moment ago among them stays', async () => {
  const second = await take(0, { wish: 'gift:2' });
  const together = (wishes: string[]) => takeConfirmCodes(world.db.em.fork(), { customerId: customer.id, wishes }, new Date(start + 1_000));
  const codes = await together(['gift:3', 'gift:2', 'gift:1']);
  expect([new Set(codes).size, codes[1]]).toEqual([3, second]);
  expect(await Promise.all([together(['gift:1', 'gift:2']), together(['gift:2', 'gift:1'])])).toEqual([
    [codes[2], second],
    [second, codes[2]],
  ]);
  expect(await together([])).toEqual([]);
});

test('what stands under its code gives it up, and the new one is kept for a minute from then', async () => {
  const first = await take(0);
  const place = world.placing(customer, await world.addProduct(), { method: 'stars' });
  await createOrderActivities({ db: world.db }).open({ orderCode: first, place, at: start });
  const anew = await take(30_000);
  expect(anew).not.toBe(first);
  expect(await take(90_000)).toBe(anew);
});

test('a code that was dropped is not shown again, and nobody else can drop it', async () => {
  const first = await take(0);
  await dropConfirmCode(world.db.em.fork(), { customerId: (await world.addCustomer()).id, code: first });
  expect(await take(1)).toBe(first);
  await dropConfirmCode(world.db.em.fork(), { customerId: customer.id, code: first });
  expect(await take(2)).not.toBe(first);
});

test('codes older than a minute are forgotten when their customer is shown the next', async () => {
  await take(0, { wish: 'one' });
  await take(30_000, { wish: 'two' });
  await take(61_000, { wish: 'three' });
  const sql = 'select array_agg(wish order by wish) as wishes from confirm_code where customer_id = ?';
  expect(await world.one(sql, [wish.customerId])).toEqual({ wishes: ['three', 'two'] });
});
