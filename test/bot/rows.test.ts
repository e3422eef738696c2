import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createOrderActivities } from '../../activities/order.ts';
import { addToBasket, readBasket, setBasketQuantity } from '../../db/repositories/basket.ts';
import { basketQuantityLimit } from '../../domain/order.ts';
import { listCategories, listProductsOf, readStock } from '../../db/repositories/catalogue.ts';
import { visitCustomer } from '../../db/repositories/customer.ts';
import { markShown, readGoods } from '../../db/repositories/delivery.ts';
import { post } from '../../db/repositories/ledger.ts';
import { findOrderView } from '../../db/repositories/order.ts';
import { markPreCheckout, type PreCheckout } from '../../db/repositories/payment.ts';
import { findOwnerOfMessage } from '../../db/repositories/screen.ts';
import { findStaff } from '../../db/repositories/staff.ts';
import { listWalletEntries } from '../../db/repositories/wallet.ts';
import { postOpening } from '../../domain/ledger.ts';
import { makeTestShop, newCode, type TestShop } from '../support/shop.ts';

let world: TestShop;
const em = () => world.db.em.fork();

beforeAll(async () => {
  world = await makeTestShop();
});
afterAll(() => world?.close());

async function placeOrder(method: 'stars' | 'wallet', cash = 0, bonus = 0) {
  const customer = await world.addCustomer({ cash, bonus });
  const product = await world.addProduct({ discountPercent: 0, taxRate: 2300 });
  const orderCode = newCode();
  const at = Date.now();
  const place = world.placing(customer, product, { method, screen: { chatId: customer.chatId, messageId: customer.id + 700 } });
  const row = await createOrderActivities({ db: world.db }).open({ orderCode, place, at });
  expect(row.rejected).toBeNull();
  return { customer, product, orderCode, at };
}

describe('pre-checkout', () => {
  async function placeStars() {
    const order = await placeOrder('stars');
    const view = await findOrderView(em(), order.orderCode);
    const ask: PreCheckout = {
      shopId: world.shop.id,
      paymentId: view?.payment?.id ?? '',
      telegramUserId: order.customer.telegramUserId,
      amount: view?.payment?.amount ?? 0,
      currency: 'XTR',
      at: new Date(order.at + 1000),
    };
    return { ...order, ask };
  }
  const statusOf = async (orderCode: string) => (await findOrderView(em(), orderCode))?.payment?.status;

  test('approves the right person and amount, again too, and the money counts as seen', async () => {
    const { ask, orderCode } = await placeStars();
    expect(await markPreCheckout(em(), ask)).toBe('approved');
    expect(await statusOf(orderCode)).toBe('processing');
    expect(await markPreCheckout(em(), ask)).toBe('approved');
    expect((await findOrderView(em(), orderCode))?.onItsWay).toBe(true);
  });

  test.each<[string, string, (ask: PreCheckout) => Partial<PreCheckout>]>([
    ['somebody else', 'notYours', (ask) => ({ telegramUserId: ask.telegramUserId + 1 })],
    ['another amount', 'other', (ask) => ({ amount: ask.amount - 1 })],
    ['another currency', 'other', () => ({ currency: 'PLN' })],
    ['another shop', 'other', (ask) => ({ shopId: ask.shopId + 1 })],
    ['an unknown payment', 'other', () => ({ paymentId: 'K7Q4MX2P-1' })],
    ['a hold that is over', 'over', (ask) => ({ at: new Date(ask.at.getTime() + 900_000) })],
  ])('refuses %s and changes nothing', async (_, verdict, change) => {
    const { ask, orderCode } = await placeStars();
    expect(await markPreCheckout(em(), { ...ask, ...change(ask) })).toBe(verdict);
    expect(await statusOf(orderCode)).toBe('pending');
  });

  test('refuses an order that ended', async () => {
    const { ask, orderCode, customer, at } = await placeStars();
    await createOrderActivities({ db: world.db }).cancel({ orderCode, at, by: 'customer', actor: `customer:${customer.id}` });
    expect(await markPreCheckout(em(), ask)).toBe('over');
    expect(await statusOf(orderCode)).toBe('expired');
  });
});

describe('goods shown on a press', () => {
  test('are marked before they are read, for their buyer only', async () => {
    const { customer, orderCode } = await placeOrder('wallet', 10_000);
    const view = await findOrderView(em(), orderCode);
    const deliveryId = view?.lines[0]?.delivery?.id ?? 0;
    expect(view?.lines[0]?.delivery?.shown).toBe(false);
    expect(await markShown(em(), { deliveryId, customerId: customer.id + 1, at: new Date() })).toBeUndefined();
    const shown = await markShown(em(), { deliveryId, customerId: customer.id, at: new Date() });
    expect(shown).toEqual({ orderCode, orderLineId: view?.lines[0]?.id });
    const after = (await findOrderView(em(), orderCode))?.lines[0];
    expect(after?.delivery?.shown).toBe(true);
    const goods = await readGoods(em(), world.secrets, { id: after?.id ?? 0, productId: after?.productId ?? 0 });
    expect(goods).toEqual({ texts: [{ kind: 'line', text: expect.stringMatching(/^SECRET-/) }], files: [] });
  });

  test('are not shown once they were taken back', async () => {
    const { customer, orderCode } = await placeOrder('wallet', 10_000);
    const deliveryId = (await findOrderView(em(), orderCode))?.lines[0]?.delivery?.id ?? 0;
    await em().execute("update delivery set status = 'revoked' where id = ?", [deliveryId]);
    expect(await markShown(em(), { deliveryId, customerId: customer.id, at: new Date() })).toBeUndefined();
  });
});

test('a message of an order is known as such, for its customer only', async () => {
  const { customer, orderCode } = await placeOrder('wallet', 10_000);
  const message = { customerId: customer.id, chatId: customer.chatId, messageId: customer.id + 700 };
  expect(await findOwnerOfMessage(em(), message)).toBe(orderCode);
  expect(await findOwnerOfMessage(em(), { ...message, messageId: 1 })).toBeUndefined();
  expect(await findOwnerOfMessage(em(), { ...message, customerId: customer.id + 1 })).toBeUndefined();
});

test('a wallet entry is one event, whatever its legs, with the balance after it', async () => {
  const { customer, orderCode } = await placeOrder('wallet', 4_000, 3_000);
  const where = { shopId: world.shop.id, customerId: customer.id, currency: 'PLN' };
  const { entries, hasMore } = await listWalletEntries(em(), where, { limit: 2, offset: 0 });
  expect(hasMore).toBe(true);
  expect(entries.map(({ amount, balance, orderCode: code }) => [amount, balance, code])).toEqual([
    [-5_000, 2_000, orderCode],
    [3_000, 7_000, null],
  ]);
  const last = await listWalletEntries(em(), where, { limit: 2, offset: 2 });
  expect(last.entries.map(({ balance }) => balance)).toEqual([4_000]);
  expect(last.hasMore).toBe(false);
});

test('entries of a long wallet are read from the newest end, page by page, and the last page says that it is the last', async () => {
  const customer = await world.addCustomer();
  const where = { shopId: world.shop.id, customerId: customer.id, currency: 'PLN' };
  for (let index = 1; index <= 60; index += 1) {
    const posting = { shopId: world.shop.id, currency: 'PLN', key: `long:${customer.id}:${index}`, actor: 'system', reason: 'opening' };
    await em().transactional((tx) => post(tx, { ...posting, legs: postOpening(customer.id, index), at: new Date() }));
  }
  const read = (offset: number) => listWalletEntries(em(), where, { limit: 8, offset });
  const first = await read(0);
  expect(first.entries.map(({ amount }) => amount)).toEqual([60, 59, 58, 57, 56, 55, 54, 53]);
  expect(first.entries.map(({ balance }) => balance).slice(0, 2)).toEqual([1_830, 1_770]);
  expect(first.hasMore).toBe(true);
  const last = await read(56);
  expect(last).toMatchObject({ hasMore: false, entries: [{ balance: 10 }, { balance: 6 }, { balance: 3 }, { balance: 1 }] });
  expect(last.entries).toHaveLength(4);
  const lastFull = await read(52);
  expect([lastFull.entries.length, lastFull.hasMore], 'exactly at the end').toEqual([8, false]);
  expect(await read(64)).toEqual({ entries: [], hasMore: false });
});

describe('basket', () => {
  test('two taps at once add two, a bound stops the hundred and first', async () => {
    const customer = await world.addCustomer();
    const product = await world.addProduct();
    await Promise.all([addToBasket(em(), customer.id, product.id), addToBasket(em(), customer.id, product.id)]);
    expect(await readBasket(em(), customer.id)).toEqual([{ productId: product.id, quantity: 2 }]);
    await setBasketQuantity(em(), customer.id, product.id, 5_000);
    expect((await readBasket(em(), customer.id))[0]?.quantity).toBe(basketQuantityLimit);
    expect(await addToBasket(em(), customer.id, product.id)).toBe(false);
    await setBasketQuantity(em(), customer.id, product.id, 0);
    expect(await readBasket(em(), customer.id)).toEqual([]);
  });

  test("a quantity of what is not in the basket, or is in somebody else's, changes nothing", async () => {
    const [one, other] = [await world.addCustomer(), await world.addCustomer()];
    const product = await world.addProduct();
    await addToBasket(em(), one.id, product.id);
    await setBasketQuantity(em(), other.id, product.id, 4);
    expect(await readBasket(em(), other.id)).toEqual([]);
    expect(await readBasket(em(), one.id)).toEqual([{ productId: product.id, quantity: 1 }]);
  });
});

describe('customer', () => {
  const visitor = { telegramUserId: 77, chatId: 77, name: 'Ana <b>', language: 'pl' as const };

  test('is one row however many updates come at once, with the name sealed', async () => {
    const visits = await Promise.all(
      Array.from({ length: 5 }, () => visitCustomer(em(), world.secrets, { ...visitor, shopId: world.shop.id })),
    );
    expect(new Set(visits.map(({ id }) => id)).size).toBe(1);
    const [row]: { name: Buffer }[] = await em().execute('select name from customer where id = ?', [visits[0]?.id]);
    expect(row?.name.toString('latin1')).not.toContain('Ana');
    expect(world.secrets.open({ table: 'customer', column: 'name', id: visits[0]?.id ?? 0 }, row?.name ?? Buffer.alloc(0))).toBe('Ana <b>');
  });

  test('keeps the language of the first visit, takes a new name, and is unblocked by writing', async () => {
    const first = await visitCustomer(em(), world.secrets, { ...visitor, telegramUserId: 78, shopId: world.shop.id });
    await em().execute('update customer set blocked_at = now() where id = ?', [first.id]);
    const again = await visitCustomer(em(), world.secrets, {
      ...visitor,
      telegramUserId: 78,
      shopId: world.shop.id,
      language: 'en',
      name: 'Bea',
    });
    expect([again.id, again.language, again.blockedAt]).toEqual([first.id, 'pl', null]);
    expect(world.secrets.open({ table: 'customer', column: 'name', id: again.id }, again.name ?? Buffer.alloc(0))).toBe('Bea');
  });
});

test('lists and stock are of this shop and of what is on sale', async () => {
  const product = await world.addProduct({ title: 'On sale', units: 3 });
  const withdrawn = await world.addProduct({ title: 'Withdrawn' });
  await em().execute('update product set active = false where id = ?', [withdrawn.id]);
  const endless = await world.addProduct({ stockMode: 'unlimited' });
  const stock = await readStock(em(), [product, endless]);
  expect([stock.get(product.id), stock.get(endless.id)]).toEqual([3, Number.POSITIVE_INFINITY]);
  const [category] = await listCategories(em(), world.shop.id);
  expect(category?.id).toBe(0);
  const listed = await listProductsOf(em(), { shopId: world.shop.id, categoryId: 0 }, { limit: 100, offset: 0 });
  expect(listed.rows.map(({ id }) => id)).toContain(product.id);
  expect(listed.rows.map(({ id }) => id)).not.toContain(withdrawn.id);
  expect(await listCategories(em(), world.shop.id + 1)).toEqual([]);
});

test('staff are known by shop and only while active', async () => {
  const insert = 'insert into staff (shop_id, telegram_user_id, role, active) values (?, ?, ?, ?)';
  await em().execute(insert, [world.shop.id, 901, 'support', true]);
  await em().execute(insert, [world.shop.id, 902, 'owner', false]);
  expect(await findStaff(em(), world.shop.id, 901)).toMatchObject({ role: 'support' });
  expect(await findStaff(em(), world.shop.id, 902)).toBeUndefined();
  expect(await findStaff(em(), world.shop.id + 1, 901)).toBeUndefined();
});
