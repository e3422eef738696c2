import { afterAll, beforeAll, expect, test } from 'vitest';
import { createOrderActivities } from '../../activities/order.ts';
import { checkDatabase } from '../../db/check.ts';
import { claimDelivery, deliverOrder, markSent } from '../../db/repositories/delivery.ts';
import { makeTestShop, newCode, type TestShop } from '../support/shop.ts';

let world: TestShop;

beforeAll(async () => {
  world = await makeTestShop();
});
afterAll(() => world.close());

/** A paid order of two products, both deliveries being sent. @returns the ids of the deliveries and of the order */
async function sendingTwo(): Promise<{ orderId: number; first: number; second: number }> {
  const customer = await world.addCustomer({ cash: 10_000 });
  const [one, other] = [await world.addProduct(), await world.addProduct()];
  const lines = [one, other].map(({ id }) => ({ productId: id, quantity: 1 }));
  const orderCode = newCode();
  await createOrderActivities({ db: world.db }).open({ orderCode, place: world.placing(customer, one, { lines }), at: Date.now() });
  const em = world.db.em.fork();
  const deliveries: { id: string; order_id: string }[] = await em.execute(
    `select d.id, d.order_id from delivery d join "order" o on o.id = d.order_id where o.code = ? and o.status = 'paid' order by d.id`,
    [orderCode],
  );
  const [first = 0, second = 0] = deliveries.map(({ id }) => Number(id));
  for (const id of [first, second]) expect(await claimDelivery(em, { id, status: 'waiting', shownAt: null })).toHaveLength(1);
  return { orderId: Number(deliveries[0]?.order_id), first, second };
}

const sent = (id: number) => ({ id, messageId: 7, sentAt: new Date(), shownAt: new Date() });
const statusOf = (orderId: number) => world.one('select status from "order" where id = ?', [orderId]);

test('the last of an order’s goods delivers it', async () => {
  const { orderId, first, second } = await sendingTwo();
  expect(await markSent(world.db.em.fork(), sent(first))).toBeUndefined();
  expect(await markSent(world.db.em.fork(), sent(second))).toMatchObject({ id: orderId, status: 'delivered' });
});

test('the last two marked in the same instant do not see each other: the second look delivers the order, and only once', async () => {
  const { orderId, first, second } = await sendingTwo();
  await world.db.em.fork().transactional(async (tx) => {
    expect(await markSent(tx, sent(first))).toBeUndefined();
    // The first is not committed when another worker marks the second.
    expect(await markSent(world.db.em.fork(), sent(second))).toBeUndefined();
  });
  expect(await statusOf(orderId)).toEqual({ status: 'paid' });
  const looks = await Promise.all([1, 2, 3].map(() => deliverOrder(world.db.em.fork(), orderId, new Date())));
  expect(looks.filter((order) => order !== undefined)).toHaveLength(1);
  expect(await statusOf(orderId)).toEqual({ status: 'delivered' });
  expect((await checkDatabase(world.db.em.fork(), { now: new Date() })).findings).toEqual([]);
});
