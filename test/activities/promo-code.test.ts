/** Promo codes with orders: a use is held, goes where its order goes, and the last one serves one. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAutoBuyActivities } from '../../activities/auto-buy.ts';
import { createOrderActivities } from '../../activities/order.ts';
import { createRefundActivities } from '../../activities/refund.ts';
import { checkDatabase } from '../../db/check.ts';
import type { Customer } from '../../db/entities/customer.ts';
import type { Product } from '../../db/entities/product.ts';
import type { PromoCode } from '../../db/entities/promo-code.ts';
import { readWallet } from '../../db/repositories/ledger.ts';
import { findOrderView } from '../../db/repositories/order.ts';
import { createPromoCode, type PromoCodeWish, stopPromoCode } from '../../db/repositories/promo-code-staff.ts';
import { applyCode, findAppliedCode, readCodeStats } from '../../db/repositories/promo-code.ts';
import { codeToPlace, quotePlacedLines } from '../../db/repositories/quote.ts';
import type { PlaceOrder } from '../../workflows/messages/order.ts';
import { makeTestShop, newCode, type TestShop } from '../support/shop.ts';
import { waitFor } from '../support/wait.ts';

let world: TestShop;
let steps: ReturnType<typeof createOrderActivities>;
const start = Date.parse('2026-05-01T10:00:00Z');
const minutes = (count: number) => start + count * 60_000;
const em = () => world.db.em.fork();

beforeAll(async () => {
  world = await makeTestShop();
  steps = createOrderActivities({ db: world.db });
});
afterAll(async () => {
  await world.close();
});

async function isGreen(now = minutes(1)): Promise<void> {
  expect((await checkDatabase(em(), { now: new Date(now) })).findings).toEqual([]);
}

let made = 0;
async function addCode(wish: Partial<PromoCodeWish> = {}): Promise<PromoCode> {
  made += 1;
  const code = await createPromoCode(em(), {
    ...{ shopId: world.shop.id, code: `CODE${made}`, description: '', kind: 'percent', value: 10 },
    ...{ useLimit: null, customerLimit: null, firstOrderOnly: false, productId: null, categoryId: null, minimumTotal: 0 },
    ...{ startsAt: null, endsAt: null, customerIds: [], actor: 'test', at: new Date(start - 1000) },
    ...wish,
  });
  if (!code) throw new Error('There is such a code');
  return code;
}

/** What a tap would send: what the quote showed. */
async function placing(customer: Customer, product: Product, code: PromoCode, more: Partial<PlaceOrder> = {}): Promise<PlaceOrder> {
  const { id: customerId } = customer;
  const applied = await applyCode(em(), { shopId: world.shop.id, customerId, text: code.code, at: new Date(start) });
  expect(applied).toMatchObject({ ok: true });
  const lines = more.lines ?? [{ productId: product.id, quantity: 1 }];
  const quoted = await quotePlacedLines(em(), { shop: world.shop, customerId }, lines);
  const shown = { shownTotal: quoted.quote.total, shownStars: quoted.quote.starsTotal ?? undefined };
  return world.placing(customer, product, { ...shown, code: codeToPlace(quoted, quoted.quote.total), lines, ...more });
}

/** Steps that ran into a lock's limit are tried again, as their workflow does. */
async function open(orderCode: string, place: PlaceOrder) {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await steps.open({ orderCode, place, at: start });
    } catch (err) {
      if (attempt === 8) throw err;
    }
  }
}

const leftOf = async (code: PromoCode) => (await world.one('select remaining from promo_code where id = ?', [code.id])).remaining;
const useOf = async (orderCode: string) =>
  (await world.one('select u.status from promo_use u join "order" o on o.id = u.order_id where o.code = ?', [orderCode])).status;

describe('an order with a code', () => {
  it('costs what was shown, freezes per line what the code took off, and counts the use', async () => {
    const [first, second] = [
      await world.addProduct({ price: 3333, taxRate: 2300 }),
      await world.addProduct({ price: 1000, discountPercent: 20 }),
    ];
    const code = await addCode({ kind: 'fixed', value: 1000, useLimit: 5, customerLimit: 1 });
    const customer = await world.addCustomer({ cash: 10_000 });
    const lines = [
      { productId: first.id, quantity: 1 },
      { productId: second.id, quantity: 2 },
    ];
    const orderCode = newCode();
    expect(await open(orderCode, await placing(customer, first, code, { lines }))).toMatchObject({ status: 'paid', rejected: null });
    // 3333 and 1600: 1000 splits into 675.66 and 324.33.
    const view = await findOrderView(em(), orderCode);
    expect(view).toMatchObject({ total: 3933, promo: { code: code.code, saved: 1000 } });
    const rows: { code_discount: string; tax: string }[] = await em().execute(
      'select l.code_discount, l.tax from order_line l join "order" o on o.id = l.order_id where o.code = ? order by l.position',
      [orderCode],
    );
    expect(rows.map(({ code_discount, tax }) => [Number(code_discount), Number(tax)])).toEqual([
      [676, 497],
      [324, 0],
    ]);
    expect(await readWallet(em(), world.shop, customer.id)).toMatchObject({ cash: 10_000 - 3933 });
    expect([await useOf(orderCode), await leftOf(code)]).toEqual(['used', 4]);
    expect(await findAppliedCode(em(), world.shop.id, customer.id)).toBeUndefined();
    expect(await readCodeStats(em(), code.id)).toMatchObject({ used: 1, customers: 1, revenue: 3933, saved: 1000 });
    const again = await applyCode(em(), { shopId: world.shop.id, customerId: customer.id, text: code.code, at: new Date(start) });
    expect(again).toEqual({ ok: false, why: 'CodeUsedByYou' });
    await isGreen();
  });

  it('that costs nothing by it is paid without any money', async () => {
    const product = await world.addProduct();
    const customer = await world.addCustomer();
    const orderCode = newCode();
    const place = await placing(customer, product, await addCode({ value: 100 }));
    expect([place.shownTotal, await open(orderCode, place)]).toEqual([0, expect.objectContaining({ status: 'paid' })]);
    await isGreen();
  });

  it('gives the use and the code back when it ends unpaid', async () => {
    const product = await world.addProduct();
    const code = await addCode({ useLimit: 1 });
    const customer = await world.addCustomer();
    const orderCode = newCode();
    const place = await placing(customer, product, code, { method: 'card', holdSeconds: 60 });
    expect(await open(orderCode, place)).toMatchObject({ status: 'awaitingPayment' });
    expect([await useOf(orderCode), await leftOf(code)]).toEqual(['reserved', 0]);
    for (let round = 0; round < 2; round += 1) await steps.wake({ orderCode, at: minutes(2), closed: true });
    expect([await useOf(orderCode), await leftOf(code)]).toEqual(['released', 1]);
    expect(await findAppliedCode(em(), world.shop.id, customer.id)).toMatchObject({ id: code.id });
    await isGreen(minutes(3));
  });

  it('has had its use when it is refunded', async () => {
    const product = await world.addProduct();
    const code = await addCode({ useLimit: 1 });
    const orderCode = newCode();
    const customer = await world.addCustomer({ cash: 5000 });
    await open(orderCode, await placing(customer, product, code));
    const refunds = createRefundActivities({ db: world.db } as Parameters<typeof createRefundActivities>[0]);
    const request = { actor: 'staff:1', reason: 'asked' };
    await refunds.decideRefund({ orderCode, refundId: `${orderCode}-r1`, request, at: minutes(1) });
    expect([await useOf(orderCode), await leftOf(code)]).toEqual(['revoked', 0]);
    expect(await readWallet(em(), world.shop, customer.id)).toMatchObject({ cash: 5000 });
    expect(await readCodeStats(em(), code.id)).toMatchObject({ used: 0, revoked: 1, saved: 0 });
    await isGreen(minutes(2));
  });

  it('is refused by the reason when the code stopped applying since it was shown, and at another price', async () => {
    const product = await world.addProduct({ methods: ['wallet', 'card'] });
    const customer = await world.addCustomer({ cash: 9000 });
    const code = await addCode();
    const place = await placing(customer, product, code);
    expect(await open(newCode(), { ...place, shownTotal: 5000 })).toMatchObject({ rejected: 'PriceChanged' });
    expect(await open(newCode(), { ...place, code: null })).toMatchObject({ rejected: 'PriceChanged' });
    await stopPromoCode(em(), code, { actor: 'test', at: new Date(start) });
    expect(await open(newCode(), place)).toMatchObject({ rejected: 'CodeStopped' });
    expect(await open(newCode(), { ...place, code: 999_999 })).toMatchObject({ rejected: 'CodeStopped' });
    const theirs = await addCode({ customerIds: [(await world.addCustomer()).id] });
    // Whoever reaches Temporal may name any code: one that this customer never entered is none.
    expect(await open(newCode(), { ...place, code: theirs.id })).toMatchObject({ rejected: 'CodeStopped' });
    await em().execute('update applied_code set promo_code_id = ? where customer_id = ?', [theirs.id, customer.id]);
    expect(await open(newCode(), { ...place, code: theirs.id })).toMatchObject({ rejected: 'CodeNotForYou' });
    await em().execute('update applied_code set promo_code_id = ? where customer_id = ?', [code.id, customer.id]);
    const quoted = await quotePlacedLines(em(), { shop: world.shop, customerId: customer.id }, place.lines);
    expect(quoted).toMatchObject({ quote: { total: 5000 }, code: { refusal: 'CodeStopped' } });
    // Who saw the full price pays it; who saw less hears why not.
    expect([codeToPlace(quoted, 5000), codeToPlace(quoted, 4500)]).toEqual([undefined, code.id]);
    expect((await readWallet(em(), world.shop, customer.id)).cash).toBe(9000);
    await isGreen();
  });

  it('for the first order only stays the customer’s when the shop could not fulfil what they ordered', async () => {
    const product = await world.addProduct();
    const customer = await world.addCustomer({ cash: 5000 });
    const orderCode = newCode();
    await open(orderCode, world.placing(customer, product));
    const refunds = createRefundActivities({ db: world.db } as Parameters<typeof createRefundActivities>[0]);
    const refund = { orderCode, refundId: `${orderCode}-r1`, at: minutes(1) };
    await refunds.decideRefund({ ...refund, request: { actor: 'staff:1', reason: 'asked' } });
    const code = await addCode({ firstOrderOnly: true });
    const wish = { shopId: world.shop.id, customerId: customer.id, text: code.code, at: new Date(minutes(2)) };
    expect(await applyCode(em(), wish)).toEqual({ ok: false, why: 'CodeFirstOrder' });
    await em().execute(`update refund set reason = 'unfulfillable' where id = ?`, [refund.refundId]);
    expect(await applyCode(em(), wish)).toMatchObject({ ok: true });
  });

  it('for the first order only is one order, however many are placed at once', async () => {
    const products = await Promise.all([1, 2, 3].map(() => world.addProduct()));
    const code = await addCode({ firstOrderOnly: true });
    const customer = await world.addCustomer({ cash: 20_000 });
    const places: PlaceOrder[] = [];
    for (const product of products) places.push(await placing(customer, product, code));
    const rows = await Promise.all(places.map((place) => open(newCode(), place)));
    expect(rows.map(({ rejected }) => rejected).sort()).toEqual(['CodeFirstOrder', 'CodeFirstOrder', null]);
    await isGreen();
  });
});

describe('a basket that buys itself', () => {
  it('buys at the price with the code while that applies, and asks when it does not any more', async () => {
    const buys = createAutoBuyActivities({ db: world.db } as Parameters<typeof createAutoBuyActivities>[0]);
    for (const isStopped of [false, true]) {
      const product = await world.addProduct();
      const code = await addCode({ useLimit: 1 });
      const customer = await world.addCustomer({ cash: 5_000 });
      const place = await placing(customer, product, code);
      const orderCode = newCode();
      const { shopId, customerId, lines, shownTotal, fromBasket, language } = place;
      const wish = { shopId, customerId, lines, shownTotal, code: place.code, fromBasket, language };
      expect(await buys.openAutoBuy({ orderCode, wish, at: start })).toMatchObject({ status: 'waiting', rejected: null });
      if (isStopped) await stopPromoCode(em(), code, { actor: 'test', at: new Date(start) });
      const row = await buys.lookAutoBuy({ orderCode, at: minutes(1) });
      expect(row.status).toBe(isStopped ? 'asked' : 'buying');
      if (isStopped) continue;
      const bought = await world.one('select total, promo_code_id from auto_buy where code = ?', [orderCode]);
      expect([Number(bought.total), Number(bought.promo_code_id)]).toEqual([4_500, code.id]);
      expect(await open(orderCode, place)).toMatchObject({ status: 'paid' });
      expect(await buys.closeAutoBuy({ orderCode, rejected: null, at: minutes(2) })).toMatchObject({ status: 'bought' });
    }
    await isGreen(minutes(3));
  });
});

describe('the last use', () => {
  it('for two at once serves one, and the other keeps the money and hears why', async () => {
    for (let round = 0; round < 4; round += 1) {
      const product = await world.addProduct({ units: 5 });
      const code = await addCode({ useLimit: 1 });
      const customers = [await world.addCustomer({ cash: 4500 }), await world.addCustomer({ cash: 4500 })];
      const places: PlaceOrder[] = [];
      for (const customer of customers) places.push(await placing(customer, product, code));
      const rows = await Promise.all(places.map((place) => open(newCode(), place)));
      expect(rows.map(({ rejected }) => rejected).sort()).toEqual(['CodeUsedUp', null]);
      const cash = await Promise.all(customers.map(async ({ id }) => (await readWallet(em(), world.shop, id)).cash));
      expect(cash.sort()).toEqual([0, 4500]);
    }
    await isGreen();
  });

  it('of seven for thirty customers is the seventh', async () => {
    const product = await world.addProduct({ units: 40 });
    const code = await addCode({ useLimit: 7 });
    const places: PlaceOrder[] = [];
    for (let count = 0; count < 30; count += 1) places.push(await placing(await world.addCustomer({ cash: 4500 }), product, code));
    const rows = await Promise.all(places.map((place) => open(newCode(), place)));
    expect(rows.filter(({ rejected }) => rejected === null)).toHaveLength(7);
    expect(rows.filter(({ rejected }) => rejected === 'CodeUsedUp')).toHaveLength(23);
    expect(await leftOf(code)).toBe(0);
    await isGreen();
  });
});

describe('a limited code', () => {
  it('is locked before what its customer has entered, whether a use is held or given back: neither waits for the other', async () => {
    const product = await world.addProduct();
    const code = await addCode({ useLimit: 3 });
    const customer = await world.addCustomer({ cash: 4500 });
    const held = newCode();
    await open(held, await placing(customer, product, code, { method: 'card', holdSeconds: 60 }));
    const bought = newCode();
    const place = await placing(customer, await world.addProduct(), code);
    await em().transactional(async (tx) => {
      await tx.execute('select from promo_code where id = ? for no key update', [code.id]);
      const givingBack = steps.wake({ orderCode: held, at: minutes(2), closed: true }).catch(() => undefined);
      const holding = steps.open({ orderCode: bought, place, at: start }).catch(() => undefined);
      await waitFor(
        async () =>
          expect(
            await world.one(
              `select count(*)::int as waiting from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
            ),
          ).toEqual({ waiting: 2 }),
        { timeout: 900, interval: 10 },
      );
      await em().transactional(async (other) => {
        const free = await other.execute('select customer_id from applied_code where customer_id = ? for update nowait', [customer.id]);
        expect(free).toHaveLength(1);
      });
      void Promise.all([givingBack, holding]);
    });
    await Promise.all([steps.wake({ orderCode: held, at: minutes(2), closed: true }), open(bought, place)]);
    expect([await useOf(held), await useOf(bought), await leftOf(code)]).toEqual(['released', 'used', 2]);
    await isGreen(minutes(3));
  });

  it('for a category covers a variant whose own row names none, and nothing of elsewhere', async () => {
    const shown = await world.addProduct({ options: [{ name: 'Size', values: ['S'] }], units: 0 });
    const small = await world.addProduct({ variantOf: shown.id, optionValues: ['S'] });
    const elsewhere = await world.addProduct();
    const { id } = await world.one(`insert into category (shop_id, name) values (?, 'Clothes') returning id`, [world.shop.id]);
    await em().execute('update product set category_id = ? where id = ?', [id, shown.id]);
    const code = await addCode({ categoryId: Number(id), useLimit: 5 });
    const customer = await world.addCustomer({ cash: 9_000 });
    const place = await placing(customer, small, code);
    expect(place).toMatchObject({ shownTotal: 4500, code: code.id });
    expect(await open(newCode(), place)).toMatchObject({ status: 'paid', rejected: null });
    const other = await placing(customer, elsewhere, code);
    expect([other.shownTotal, other.code]).toEqual([5000, undefined]);
    expect(await open(newCode(), { ...other, code: code.id })).toMatchObject({ rejected: 'CodeNotForThese' });
    await isGreen();
  });
});

describe('entering codes', () => {
  it('takes five that are none in ten minutes, also when they come at once', async () => {
    const customer = await world.addCustomer();
    const code = await addCode();
    const enter = (text: string, at: number) => applyCode(em(), { shopId: world.shop.id, customerId: customer.id, text, at: new Date(at) });
    const guesses = await Promise.all(Array.from({ length: 9 }, (_, index) => enter(`GUESS${index}`, start)));
    expect(guesses.filter((guess) => !guess.ok && guess.why === 'unknown')).toHaveLength(5);
    expect(await enter(code.code, minutes(9))).toEqual({ ok: false, why: 'tooMany' });
    expect(await enter(code.code.toLowerCase(), minutes(11))).toMatchObject({ ok: true });
  });

  it('finds no code of another shop', async () => {
    const customer = await world.addCustomer();
    const code = await addCode();
    const wrong = { shopId: world.shop.id + 1, customerId: customer.id, text: code.code, at: new Date(start) };
    expect(await applyCode(em(), wrong)).toEqual({ ok: false, why: 'unknown' });
  });
});
