import { afterAll, beforeAll, expect, test } from 'vitest';
import { createOrderActivities } from '../../activities/order.ts';
import { Inbox } from '../../db/entities/inbox.ts';
import { countWaiting, type InboxRow, insertInboxRow, refusedEventId } from '../../db/repositories/inbox.ts';
import { findAccount } from '../../db/repositories/provider-account.ts';
import { createShop } from '../../db/repositories/shop.ts';
import { makeTestShop, newCode, type TestShop } from '../support/shop.ts';

let world: TestShop;
let code: string;

beforeAll(async () => {
  world = await makeTestShop();
  code = newCode();
  const [customer, product] = [await world.addCustomer(), await world.addProduct()];
  await createOrderActivities({ db: world.db }).open({
    orderCode: code,
    place: world.placing(customer, product, { method: 'stars' }),
    at: Date.now(),
  });
});
afterAll(() => world.close());

const row = (more: Partial<InboxRow> = {}): InboxRow => ({
  shopId: world.shop.id,
  provider: 'stars',
  source: 'update',
  eventId: 'charge:settled',
  type: 'successful_payment',
  verdict: 'verified',
  kind: 'settled',
  objectId: 'charge',
  paymentId: `${code}-1`,
  amount: 2_500,
  currency: 'XTR',
  providerAt: new Date(),
  body: Buffer.from('{"a":1}'),
  ...more,
});

test('an event is stored once, with the order and account it belongs to', async () => {
  const answers = await Promise.all(Array.from({ length: 6 }, () => insertInboxRow(world.db.em.fork(), row())));
  expect(answers.filter((answer) => answer.fresh)).toHaveLength(1);
  expect(new Set(answers.map((answer) => answer.id)).size).toBe(1);
  expect(answers.every((answer) => answer.about?.code === code && answer.waiting)).toBe(true);
  const stored = await world.db.em.fork().findOneOrFail(Inbox, { id: answers[0]?.id ?? 0 }, { populate: ['body'] });
  expect(Buffer.from(stored.body).toString()).toBe('{"a":1}');
  expect(stored.accountId).toBe((await findAccount(world.db.em.fork(), world.shop.id, 'stars'))?.id);
  expect((await countWaiting(world.db.em.fork())).waiting).toBe(1);
});

test('a refused row of the same event neither hides a verified one nor names an order', async () => {
  const answer = await insertInboxRow(world.db.em.fork(), row({ verdict: 'refused', reason: 'secret', body: Buffer.alloc(50_000, 1) }));
  expect(answer).toMatchObject({ fresh: true, about: null, waiting: false });
  const stored = await world.db.em.fork().findOneOrFail(Inbox, { id: answer.id }, { populate: ['body'] });
  expect(stored.body.length).toBe(4_096);
  expect(stored).toMatchObject({ outcome: 'refused', orderId: null });
});

test('another shop that names this shop’s payment gets no hold of its order', async () => {
  const other = await createShop(world.db.em.fork(), world.secrets, { slug: 'other', title: 'Other', currency: 'EUR', actor: 'test' });
  const answer = await insertInboxRow(world.db.em.fork(), row({ shopId: other.id }));
  expect(answer).toMatchObject({ fresh: true, about: null, waiting: true });
});

test('a flood of refused bodies is at most 256 rows a minute an address', () => {
  const ids = new Set(Array.from({ length: 5_000 }, (_, index) => refusedEventId(Buffer.from(`body ${index}`), 'address', 1_000)));
  expect(ids.size).toBeLessThanOrEqual(256);
  const body = Buffer.from('body');
  const [once, later, elsewhere] = [refusedEventId(body, 'a', 0), refusedEventId(body, 'a', 60_000), refusedEventId(body, 'b', 0)];
  expect(new Set([once, refusedEventId(body, 'a', 59_999), later, elsewhere]).size).toBe(3);
});
