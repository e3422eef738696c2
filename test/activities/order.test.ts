import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createOrderActivities } from '../../activities/order.ts';
import { checkDatabase } from '../../db/check.ts';
import { readWallet } from '../../db/repositories/ledger.ts';
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
  await world.close();
});

async function isGreen(now: number): Promise<void> {
  const report = await checkDatabase(world.db.em.fork(), { now: new Date(now) });
  expect(report.findings).toEqual([]);
}

/** A step that ran into a lock's limit is tried again, as its workflow does. */
async function retrying<Row>(step: () => Promise<Row>): Promise<Row> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await step();
    } catch (err) {
      if (attempt === 5) throw err;
    }
  }
}

describe('open', () => {
  it('reserves, charges the wallet and settles in one step', async () => {
    const product = await world.addProduct({ price: 10_000, discountPercent: 20, units: 1 });
    const customer = await world.addCustomer({ cash: 8500 });
    const row = await steps.open({ orderCode: newCode(), place: world.placing(customer, product), at: start });
    expect(row).toMatchObject({ status: 'paid', rejected: null, untold: true });
    expect(await readWallet(world.db.em.fork(), world.shop, customer.id)).toEqual({ cash: 500, stars: 0, bonus: 0, debt: 0 });
    await isGreen(minutes(1));
  });

  it('answers the row as it stands when repeated, and NotYours to anybody else', async () => {
    const product = await world.addProduct();
    const customer = await world.addCustomer({ cash: 9000 });
    const stranger = await world.addCustomer({ cash: 9000 });
    const orderCode = newCode();
    const first = await steps.open({ orderCode, place: world.placing(customer, product), at: start });
    expect(await steps.open({ orderCode, place: world.placing(customer, product), at: minutes(3) })).toEqual(first);
    expect(await steps.open({ orderCode, at: minutes(3) })).toEqual(first);
    expect(await steps.open({ orderCode, place: world.placing(stranger, product), at: start })).toMatchObject({ rejected: 'NotYours' });
    expect((await readWallet(world.db.em.fork(), world.shop, customer.id)).cash).toBe(4000);
  });

  it('keeps nothing of an order that the wallet cannot pay', async () => {
    const product = await world.addProduct({ units: 1 });
    const customer = await world.addCustomer({ cash: 4999 });
    const orderCode = newCode();
    expect(await steps.open({ orderCode, place: world.placing(customer, product), at: start })).toMatchObject({
      rejected: 'InsufficientFunds',
    });
    expect(await steps.open({ orderCode, at: start })).toMatchObject({ rejected: 'UnknownOrder' });
    const pool = await world.one('select count(*)::int as free from free_unit where product_id = ?', [product.id]);
    expect(pool.free).toBe(1);
    expect((await readWallet(world.db.em.fork(), world.shop, customer.id)).cash).toBe(4999);
    await isGreen(minutes(1));
  });

  it.each([
    ['PriceChanged', { shownTotal: 4999 }],
    ['MethodNotAllowed', { method: 'card' as const }],
    ['EmptyBasket', { lines: [] }],
    ['ProductGone', { lines: [{ productId: 999_999, quantity: 1 }] }],
    ['LimitReached', { lines: [{ productId: -1, quantity: -1 }] }],
    ['LimitReached', { lines: [{ productId: 1, quantity: 0.5 }] }],
    ['LimitReached', { lines: [{ productId: 1, quantity: 1e21 }] }],
    ['ShopClosed', { shopId: 999_999 }],
    ['NotYours', { customerId: 999_999 }],
  ])('rejects with %s and changes nothing', async (rejected, wrong) => {
    const product = await world.addProduct({ methods: ['wallet'] });
    const customer = await world.addCustomer({ cash: 5000 });
    const place = { ...world.placing(customer, product), ...wrong };
    expect(await steps.open({ orderCode: newCode(), place, at: start })).toMatchObject({ rejected });
    await isGreen(minutes(1));
  });

  it('spends bonus before cash and gives both back as they came', async () => {
    const product = await world.addProduct({ price: 5000 });
    const customer = await world.addCustomer({ cash: 4000, bonus: 3000 });
    await steps.open({ orderCode: newCode(), place: world.placing(customer, product), at: start });
    expect(await readWallet(world.db.em.fork(), world.shop, customer.id)).toEqual({ cash: 2000, stars: 0, bonus: 0, debt: 0 });
  });

  it('shows the open order of the same lines, whatever the order of the lines', async () => {
    const [a, b] = [await world.addProduct(), await world.addProduct()];
    const customer = await world.addCustomer();
    const lines = [
      { productId: a.id, quantity: 1 },
      { productId: b.id, quantity: 1 },
    ];
    const orderCode = newCode();
    const place = world.placing(customer, a, { lines, method: 'stars' });
    await steps.open({ orderCode, place, at: start });
    const again = await steps.open({ orderCode: newCode(), place: { ...place, lines: [...lines].reverse() }, at: minutes(1) });
    expect(again).toMatchObject({ existing: orderCode });
    await steps.wake({ orderCode, at: minutes(15) });
  });

  it('sells one unit once when two ask in the same instant, and charges once', async () => {
    for (let round = 0; round < 10; round += 1) {
      const product = await world.addProduct({ units: 1 });
      const buyers = [await world.addCustomer({ cash: 5000 }), await world.addCustomer({ cash: 5000 })];
      const rows = await Promise.all(
        buyers.map((buyer) => steps.open({ orderCode: newCode(), place: world.placing(buyer, product), at: start })),
      );
      expect(rows.map((row) => row.rejected ?? row.status).sort()).toEqual(['SoldOut', 'paid']);
      const wallets = await Promise.all(buyers.map((buyer) => readWallet(world.db.em.fork(), world.shop, buyer.id)));
      expect(wallets.map((wallet) => wallet.cash).sort()).toEqual([0, 5000]);
    }
    await isGreen(minutes(1));
  });

  it('sells exactly 50 of 50 units to 200 customers at once', async () => {
    const product = await world.addProduct({ units: 50 });
    const buyers = await Promise.all(Array.from({ length: 200 }, () => world.addCustomer({ cash: 5000 })));
    const rows = await Promise.all(
      buyers.map((buyer) => {
        const orderCode = newCode();
        return retrying(() => steps.open({ orderCode, place: world.placing(buyer, product), at: start }));
      }),
    );
    expect(rows.filter((row) => row.status === 'paid')).toHaveLength(50);
    expect(rows.filter((row) => row.rejected === 'SoldOut')).toHaveLength(150);
    await isGreen(minutes(1));
  }, 60_000);

  it('never lets parallel orders of one customer spend more than the wallet has', async () => {
    const products = await Promise.all(Array.from({ length: 8 }, () => world.addProduct()));
    const customer = await world.addCustomer({ cash: 12_000 });
    const rows = await Promise.all(
      products.map((product) => steps.open({ orderCode: newCode(), place: world.placing(customer, product), at: start })),
    );
    expect(rows.filter((row) => row.status === 'paid')).toHaveLength(2);
    expect((await readWallet(world.db.em.fork(), world.shop, customer.id)).cash).toBe(2000);
    await isGreen(minutes(1));
  });
});

describe('the end of the hold', () => {
  it('gives units and basket back, once, however often it is asked', async () => {
    const product = await world.addProduct({ units: 3 });
    const customer = await world.addCustomer();
    const orderCode = newCode();
    await steps.open({
      orderCode,
      place: world.placing(customer, product, { method: 'stars', lines: [{ productId: product.id, quantity: 3 }], fromBasket: true }),
      at: start,
    });
    expect(await steps.wake({ orderCode, at: minutes(10) })).toMatchObject({ status: 'awaitingPayment' });
    expect(await steps.wake({ orderCode, at: minutes(15) - 1 })).toMatchObject({ status: 'awaitingPayment' });
    expect(await steps.wake({ orderCode, at: minutes(15) })).toMatchObject({ status: 'expired' });
    expect(await steps.wake({ orderCode, at: minutes(16) })).toMatchObject({ status: 'expired' });
    const counts = await world.one(
      `select (select count(*)::int from free_unit where product_id = ?) as free,
              (select sum(quantity)::int from basket_line l join basket b on b.id = l.basket_id where b.customer_id = ?) as basket`,
      [product.id, customer.id],
    );
    expect(counts).toEqual({ free: 3, basket: 3 });
    await isGreen(minutes(20));
  });

  it('refuses a cancel by customer or staff once paid, and says so', async () => {
    const product = await world.addProduct();
    const customer = await world.addCustomer({ cash: 5000 });
    const orderCode = newCode();
    await steps.open({ orderCode, place: world.placing(customer, product), at: start });
    for (const by of ['customer', 'staff', 'temporal'] as const) {
      expect(await steps.cancel({ orderCode, by, actor: `customer:${customer.id}`, at: minutes(1) })).toMatchObject({
        status: 'paid',
        rejected: 'AlreadyPaid',
      });
    }
  });

  it('pays with the wallet instead when the customer chooses so within the hold, and not after it', async () => {
    const product = await world.addProduct();
    const customer = await world.addCustomer({ cash: 5000 });
    const orderCode = newCode();
    await steps.open({ orderCode, place: world.placing(customer, product, { method: 'stars' }), at: start });
    expect(await steps.choose({ orderCode, method: 'wallet', customerId: customer.id + 1, at: minutes(1) })).toMatchObject({
      rejected: 'NotYours',
    });
    expect(await steps.choose({ orderCode, method: 'wallet', customerId: customer.id, at: minutes(15) })).toMatchObject({
      rejected: 'HoldExpired',
    });
    expect(await steps.choose({ orderCode, method: 'wallet', customerId: customer.id, at: minutes(14) })).toMatchObject({ status: 'paid' });
    expect(await steps.choose({ orderCode, method: 'wallet', customerId: customer.id, at: minutes(14) })).toMatchObject({
      rejected: 'AlreadyPaid',
    });
    await isGreen(minutes(20));
  });

  it('answers a choice that is repeated after it paid as it answered the first one, and charges once', async () => {
    const product = await world.addProduct();
    const customer = await world.addCustomer({ cash: 12_000 });
    const orderCode = newCode();
    await steps.open({ orderCode, place: world.placing(customer, product, { method: 'stars' }), at: start });
    const choose = (attempt: number, method: 'wallet' | 'stars' = 'wallet') =>
      steps.choose({ orderCode, method, customerId: customer.id, attempt, at: minutes(1) });
    expect(await choose(2)).toMatchObject({ status: 'paid', rejected: null });
    expect(await choose(2)).toMatchObject({ status: 'paid', rejected: null });
    expect(await choose(3)).toMatchObject({ rejected: 'AlreadyPaid' });
    expect(await choose(2, 'stars')).toMatchObject({ rejected: 'AlreadyPaid' });
    expect((await readWallet(world.db.em.fork(), world.shop, customer.id)).cash).toBe(7_000);
    await isGreen(minutes(20));
  });
});
