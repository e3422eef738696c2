import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Inbox } from '../../db/entities/inbox.ts';
import type { ProviderAccount } from '../../db/entities/provider-account.ts';
import { openDatabase } from '../../db/orm.ts';
import { findAccount } from '../../db/repositories/provider-account.ts';
import { type ReceivedEvent, receiveAll } from '../../db/repositories/receive.ts';
import { makeTestShop, type TestShop } from '../support/shop.ts';

let world: TestShop;
let account: ProviderAccount;

beforeAll(async () => {
  world = await makeTestShop();
  account = (await findAccount(world.db.em.fork(), world.shop.id, 'stripe')) as ProviderAccount;
});
afterAll(() => world.close());

/** Money for a payment nobody knows, so that it is locked by its object and waits. */
function told(objectId: string, { of = account, eventId = `evt_${randomUUID()}` } = {}): ReceivedEvent {
  const at = new Date();
  const body = Buffer.from(`{"id":"${eventId}","note":"a\\\\b, \\"c\\" {d} ${objectId}"}`);
  const money = { kind: 'settled', objectId, paymentId: 'SOMEBODYS-1', amount: 5_000, currency: 'PLN' } as const;
  const rest = { type: 'payment_intent.succeeded', reason: null, liveMode: false, providerAt: at, receivedAt: at, headers: {} };
  return { account: of, event: { ...money, ...rest, eventId, body } };
}

test('events stored together are each stored as told, in the order they are answered', async () => {
  const all = ['pi_z', 'pi_a', 'pi_m'].map((objectId) => told(objectId));
  const rows = await receiveAll(world.db.em.fork(), all);
  for (const [index, { event }] of all.entries()) {
    const stored = await world.db.em.fork().findOneOrFail(Inbox, { eventId: event.eventId }, { populate: ['body'] });
    expect(rows[index]).toEqual({ id: stored.id, fresh: true, waiting: true, about: null });
    expect(stored).toMatchObject({ objectId: event.objectId, amount: 5_000, currency: 'PLN', liveMode: false, verdict: 'verified' });
    expect(Buffer.from(stored.body as Uint8Array).equals(event.body as Buffer)).toBe(true);
  }
});

test('an event twice among those stored together is one row, and money told twice is known the second time', async () => {
  const [eventId, objectId] = ['evt_together', 'pi_together'];
  const all = [told(objectId, { eventId }), told(objectId, { eventId }), told(objectId)];
  const rows = await receiveAll(world.db.em.fork(), all);
  expect(rows.map((row) => row?.fresh)).toEqual([true, false, true]);
  expect(rows[1]?.id).toBe(rows[0]?.id);
  expect(rows.map((row) => row?.waiting)).toEqual([true, true, false]);
});

test('an event whose account has changed is not stored, those beside it are', async () => {
  const changed = { ...account, keys: Buffer.from('other keys') } as ProviderAccount;
  const rows = await receiveAll(world.db.em.fork(), [told('pi_1'), told('pi_2', { of: changed }), told('pi_3')]);
  expect(rows.map((row) => row?.fresh)).toEqual([true, undefined, true]);
});

test('processes that store events of the same objects at once do not wait for each other in a circle', async () => {
  const objects = Array.from({ length: 30 }, (_, index) => `pi_circle_${index}`);
  const stores = Array.from({ length: 20 }, (_, index) => {
    const order = index % 2 === 0 ? objects : objects.toReversed();
    return receiveAll(
      world.db.em.fork(),
      order.map((objectId) => told(objectId)),
    );
  });
  const rows = (await Promise.all(stores)).flat();
  expect(rows.filter((row) => row?.waiting)).toHaveLength(objects.length);
});

test('storing looks up what was told by index, also with plans made when little had been told', async () => {
  const young = await makeTestShop();
  try {
    const of = (await findAccount(young.db.em.fork(), young.shop.id, 'stripe')) as ProviderAccount;
    const early = Array.from({ length: 60 }, (_, index) => told(`pi_early_${index}`, { of }));
    await receiveAll(young.db.em.fork(), early);
    const owner = await openDatabase({ url: young.database.ownerUrl, poolSize: 1, applicationName: 'tillflow-test' });
    await owner.em.fork().execute('analyze inbox');
    await owner.close(true);
    const scans = await young.db.em.fork().transactional(async (em) => {
      // A connection keeps a plan from the sixth time on.
      for (let time = 0; time < 12; time += 1) await receiveAll(em, [told(`pi_late_${time}`, { of }), told('pi_early_1', { of })]);
      return em.execute('select seq_scan, idx_scan from pg_stat_xact_user_tables where relname = ?', ['inbox']);
    });
    expect(scans).toEqual([{ seq_scan: '0', idx_scan: expect.stringMatching(/^[1-9]/) }]);
  } finally {
    await young.close();
  }
});
