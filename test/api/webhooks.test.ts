import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createOrderActivities } from '../../activities/order.ts';
import { checkDatabase } from '../../db/check.ts';
import { Inbox } from '../../db/entities/inbox.ts';
import { ProviderAccount } from '../../db/entities/provider-account.ts';
import { Shop } from '../../db/entities/shop.ts';
import { findAccount, saveAccount } from '../../db/repositories/provider-account.ts';
import { openWebhookSecret } from '../../db/repositories/shop.ts';
import { makeTestApi, type TestApi } from '../support/api.ts';
import { makeTestShop, newCode, type TestShop } from '../support/shop.ts';

let world: TestShop;
let api: TestApi;
let account: ProviderAccount;
let secret: string;
let steps: ReturnType<typeof createOrderActivities>;
let events = 0;

beforeAll(async () => {
  world = await makeTestShop();
  account = (await findAccount(world.db.em.fork(), world.shop.id, 'stripe')) as ProviderAccount;
  secret = `whsec_${world.shop.botId}`;
  steps = createOrderActivities({ db: world.db });
});
afterAll(() => world.close());
beforeEach(() => {
  api = makeTestApi(world);
});

interface Wish {
  type?: string;
  paymentId?: string;
  amount?: number;
  intent?: string;
  id?: string;
  object?: object;
}

function stripeEvent({
  type = 'payment_intent.succeeded',
  paymentId,
  amount = 5_000,
  intent = `pi_${++events}`,
  id = `evt_${++events}`,
  object,
}: Wish): string {
  const metadata = paymentId === undefined ? {} : { tillflow_payment_id: paymentId };
  return JSON.stringify({
    id,
    object: 'event',
    type,
    created: Math.floor(Date.now() / 1_000),
    livemode: false,
    api_version: '2026-08-26.dahlia',
    data: { object: object ?? { id: intent, amount_received: amount, currency: 'pln', metadata } },
  });
}

function sign(body: string, key = secret): string {
  const at = Math.floor(Date.now() / 1_000);
  return `t=${at},v1=${createHmac('sha256', key).update(`${at}.${body}`).digest('hex')}`;
}

function post(body: string, { path = `/webhooks/stripe/${account.endpointId}`, signature = sign(body) } = {}): Promise<Response> {
  return Promise.resolve(api.app.request(path, { method: 'POST', body, headers: { 'stripe-signature': signature } }));
}

async function openCardOrder(): Promise<string> {
  const orderCode = newCode();
  const [customer, product] = [await world.addCustomer(), await world.addProduct()];
  await steps.open({ orderCode, place: world.placing(customer, product, { method: 'card' }), at: Date.now() });
  return orderCode;
}

const rows = (where: object) => world.db.em.fork().find(Inbox, where, { orderBy: { id: 'asc' } });
/** Rings follow the answer. */
const settleDown = () => new Promise((done) => setTimeout(done, 50));

describe('stripe', () => {
  test('a verified event is a row before the answer, and the order is rung after it', async () => {
    const code = await openCardOrder();
    const body = stripeEvent({ paymentId: `${code}-1`, id: 'evt_first', intent: 'pi_first' });
    const response = await post(body);
    expect(response.status).toBe(200);
    const [row] = await rows({ eventId: 'evt_first' });
    expect(row).toMatchObject({
      verdict: 'verified',
      outcome: null,
      kind: 'settled',
      objectId: 'pi_first',
      paymentId: `${code}-1`,
      amount: 5_000,
      currency: 'PLN',
      accountId: account.id,
      source: 'webhook',
    });
    await settleDown();
    expect(api.door.rung).toEqual([`order:${code}`]);
    await steps.settle({ orderCode: code, at: Date.now() });
  });

  test('five in parallel are one row', async () => {
    const code = await openCardOrder();
    const body = stripeEvent({ paymentId: `${code}-1`, id: 'evt_five' });
    const statuses = await Promise.all(Array.from({ length: 5 }, async () => (await post(body)).status));
    expect(statuses).toEqual([200, 200, 200, 200, 200]);
    expect(await rows({ eventId: 'evt_five' })).toHaveLength(1);
    await steps.settle({ orderCode: code, at: Date.now() });
    await settleDown();
    api.door.rung.length = 0;
    expect((await post(body)).status).toBe(200);
    await settleDown();
    expect(api.door.rung).toEqual([]);
  });

  test('two events of one payment in the same instant ring once', async () => {
    const code = await openCardOrder();
    for (let round = 0; round < 25; round += 1) {
      const told = { paymentId: `${code}-1`, intent: `pi_instant_${round}` };
      await Promise.all(['a', 'b', 'c'].map((event) => post(stripeEvent({ ...told, id: `evt_instant_${round}_${event}` }))));
    }
    await settleDown();
    expect(api.door.rung).toHaveLength(25);
    await steps.settle({ orderCode: code, at: Date.now() });
  });

  test('money told by a second event, and the end of a payment that has ended, are known: nobody is rung', async () => {
    const code = await openCardOrder();
    const told = { paymentId: `${code}-1`, intent: 'pi_told' };
    await post(stripeEvent({ ...told, id: 'evt_told' }));
    await post(stripeEvent({ ...told, id: 'evt_again' }));
    await post(stripeEvent({ ...told, id: 'evt_more', amount: 6_000 }));
    expect((await rows({ objectId: 'pi_told' })).map((row) => row.outcome ?? 'waits')).toEqual(['waits', 'duplicate', 'waits']);
    await settleDown();
    expect(api.door.rung).toHaveLength(2);
    await steps.settle({ orderCode: code, at: Date.now() });

    const other = await openCardOrder();
    const metadata = { tillflow_payment_id: `${other}-1` };
    const session = {
      id: 'cs_ended',
      mode: 'payment',
      payment_intent: null,
      payment_status: 'unpaid',
      amount_total: 5_000,
      currency: 'pln',
      metadata,
    };
    const expired = (id: string) => stripeEvent({ type: 'checkout.session.expired', id, object: session });
    await post(expired('evt_expired'));
    await steps.settle({ orderCode: other, at: Date.now() });
    await post(expired('evt_expired_again'));
    const ends = await rows({ eventId: { $in: ['evt_expired', 'evt_expired_again'] } });
    expect(ends.map((row) => row.outcome)).toEqual(['applied', 'duplicate']);
    await settleDown();
    expect(api.door.rung.filter((id) => id === `order:${other}`)).toHaveLength(1);
  });

  test('money that finds its order closed, or no order at all, starts its own story', async () => {
    const code = await openCardOrder();
    api.door.closed.add(`order:${code}`);
    await post(stripeEvent({ paymentId: `${code}-1`, intent: 'pi_late' }));
    await post(stripeEvent({ paymentId: 'ZZZZZZZZ-1', intent: 'pi_unknown' }));
    await settleDown();
    // Two rings side by side: the late one asks its order first.
    expect(api.door.started.toSorted()).toEqual(['stray:stripe:pi_late', 'stray:stripe:pi_unknown']);
    await steps.settle({ orderCode: code, at: Date.now() });
    await world.db.em.fork().nativeUpdate(Inbox, { objectId: 'pi_unknown' }, { outcome: 'suspense' });
  });

  test('with Temporal away it is stored and answered all the same', async () => {
    const code = await openCardOrder();
    api.door.away = true;
    expect((await post(stripeEvent({ paymentId: `${code}-1`, id: 'evt_away' }))).status).toBe(200);
    await settleDown();
    expect(await rows({ eventId: 'evt_away', outcome: null })).toHaveLength(1);
    await steps.settle({ orderCode: code, at: Date.now() });
  });

  test('an event about no payment of ours is kept as not ours and rings nobody', async () => {
    expect((await post(stripeEvent({ id: 'evt_foreign' }))).status).toBe(200);
    expect((await rows({ eventId: 'evt_foreign' }))[0]).toMatchObject({ outcome: 'notOurs', verdict: 'verified' });
    await settleDown();
    expect([...api.door.rung, ...api.door.started]).toEqual([]);
  });

  test('a dispute without our words on it is traced to its payment by the money', async () => {
    const code = await openCardOrder();
    await post(stripeEvent({ paymentId: `${code}-1`, intent: 'pi_disputed' }));
    await steps.settle({ orderCode: code, at: Date.now() });
    const object = { id: 'dp_1', amount: 5_000, currency: 'pln', payment_intent: 'pi_disputed', charge: 'ch_1', metadata: {} };
    await post(stripeEvent({ type: 'charge.dispute.created', id: 'evt_dispute', object }));
    expect((await rows({ eventId: 'evt_dispute' }))[0]).toMatchObject({ kind: 'disputed', paymentId: `${code}-1`, outcome: null });
    await steps.settle({ orderCode: code, at: Date.now() });
  });

  test('a dispute told before its money is about it once that is told, also when both come at once', async () => {
    for (const [one, together] of [
      ['early', false],
      ['at_once', true],
    ] as const) {
      const code = await openCardOrder();
      const object = { id: `du_${one}`, amount: 5_000, currency: 'pln', payment_intent: `pi_${one}`, metadata: {} };
      const dispute = () => post(stripeEvent({ type: 'charge.dispute.funds_withdrawn', id: `evt_du_${one}`, object }));
      const money = () => post(stripeEvent({ paymentId: `${code}-1`, intent: `pi_${one}` }));
      if (together) await Promise.all([dispute(), money()]);
      else {
        await dispute();
        expect((await rows({ eventId: `evt_du_${one}` }))[0]).toMatchObject({ outcome: 'notOurs', paymentId: null });
        await money();
      }
      expect((await rows({ eventId: `evt_du_${one}` }))[0]).toMatchObject({ kind: 'withdrawn', outcome: null, paymentId: `${code}-1` });
      expect(await steps.settle({ orderCode: code, at: Date.now() })).toMatchObject({ status: 'paid' });
      expect((await rows({ eventId: `evt_du_${one}` }))[0]).toMatchObject({ outcome: 'applied' });
    }
  });

  test.each([
    ['a wrong secret', (body: string) => sign(body, 'whsec_other')],
    ['no signature', () => ''],
    ['an old signature', (body: string) => sign(body).replace(/t=\d+/, 't=1')],
  ])('%s is refused, kept cut to 4 kB, and moves nothing', async (_name, signature) => {
    const code = await openCardOrder();
    const body = stripeEvent({
      paymentId: `${code}-1`,
      object: { id: 'pi_x', amount_received: 5_000, currency: 'pln', filler: 'x'.repeat(9_000) },
    });
    const before = await rows({ verdict: 'refused' });
    const drawn = async () =>
      Number((await world.db.em.fork().execute<{ last_value: string }[]>('select last_value from inbox_id_seq'))[0]?.last_value);
    const drawnBefore = await drawn();
    for (let time = 0; time < 3; time++) {
      const response = await post(body, { signature: signature(body) });
      expect(response.status).toBe(400);
      expect(response.headers.get('content-type')).toContain('application/problem+json');
      expect(await response.json()).toMatchObject({ status: 400, field: 'stripe-signature' });
    }
    const fresh = (await rows({ verdict: 'refused' })).slice(before.length);
    expect(fresh.length).toBeGreaterThanOrEqual(1);
    expect(fresh.length, 'a repeated body is one row a minute').toBeLessThanOrEqual(2);
    expect((await drawn()) - drawnBefore, 'and not even tried again').toBeLessThanOrEqual(2);
    const stored = await world.db.em.fork().findOneOrFail(Inbox, { id: fresh[0]?.id ?? 0 }, { populate: ['body'] });
    expect(stored.outcome).toBe('refused');
    expect(stored.body.length).toBe(4_096);
    expect(await steps.settle({ orderCode: code, at: Date.now() })).toMatchObject({ status: 'awaitingPayment' });
    await settleDown();
    expect(api.door.rung).toEqual([]);
  });

  test('another shop’s address does not take this shop’s signature, and an unknown one does not exist', async () => {
    const body = stripeEvent({});
    expect((await post(body, { path: '/webhooks/stripe/nobody' })).status).toBe(404);
  });

  test.each(['/webhooks/stripe', '/webhook'])('%s serves the default shop', async (path) => {
    const id = `evt_default_${path.length}`;
    expect((await post(stripeEvent({ id }), { path })).status).toBe(200);
    expect((await rows({ eventId: id }))[0]?.shopId).toBe(world.shop.id);
  });

  test('keys that changed count from the next event on: the new secret is believed, the old one refused', async () => {
    const { keys } = account;
    expect((await post(stripeEvent({ id: 'evt_before_change' }))).status).toBe(200);
    const changed = { secretKey: 'sk_test_changed', webhookSecret: 'whsec_changed' };
    await saveAccount(world.db.em.fork(), world.secrets, { shopId: world.shop.id, provider: 'stripe', liveMode: false, keys: changed });
    const [old, fresh] = [stripeEvent({ id: 'evt_old_secret' }), stripeEvent({ id: 'evt_new_secret' })];
    // What is remembered of the account still verifies this one; storing it says that the account has changed.
    expect((await post(old)).status).toBe(400);
    expect((await post(fresh, { signature: sign(fresh, 'whsec_changed') })).status).toBe(200);
    expect(await rows({ eventId: 'evt_old_secret' })).toEqual([]);
    expect(await rows({ eventId: 'evt_new_secret', verdict: 'verified' })).toHaveLength(1);
    await world.db.em.fork().nativeUpdate(ProviderAccount, { id: account.id }, { keys: keys ?? null });
    expect((await post(fresh)).status, 'and back again').toBe(200);
  });

  test('a burst of events of one object rings once while the ring waits its turn', async () => {
    const code = await openCardOrder();
    const told = Array.from({ length: 40 }, (_, index) => stripeEvent({ paymentId: `${code}-1`, intent: 'pi_burst', amount: 100 + index }));
    const [first = '', ...others] = told;
    // What is stored first is what is booked; the checker knows the first and the last amount told.
    await post(first);
    await Promise.all(others.map((body) => post(body)));
    expect(await rows({ objectId: 'pi_burst', outcome: null })).toHaveLength(40);
    await settleDown();
    expect(api.door.rung.length).toBeGreaterThanOrEqual(1);
    expect(new Set(api.door.rung)).toEqual(new Set([`order:${code}`]));
    await steps.settle({ orderCode: code, at: Date.now() });
  });

  test('a body over a megabyte is not read', async () => {
    const response = await post('x'.repeat(1024 * 1024 + 1));
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({ field: 'body' });
  });

  test('what cannot be stored is answered so that Stripe comes again', async () => {
    const fork = () => {
      throw new Error('no connection');
    };
    const broken = { ...world, db: { em: { fork } } } as unknown as TestShop;
    api = makeTestApi(broken);
    const response = await post(stripeEvent({ id: 'evt_lost' }));
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('5');
  });
});

describe('telegram', () => {
  const path = () => `/webhooks/telegram/${world.shop.webhookEndpointId}`;
  const send = (body: string, token: string) =>
    api.app.request(path(), {
      method: 'POST',
      body,
      headers: { 'x-telegram-bot-api-secret-token': token, 'content-type': 'application/json' },
    });
  const right = () => openWebhookSecret(world.secrets, world.shop) as string;

  test('an update with the shop’s secret reaches its bot before the answer', async () => {
    const update = { update_id: 7, message: { text: 'hi' } };
    expect((await send(JSON.stringify(update), right())).status).toBe(200);
    expect(api.updates).toEqual([{ shopId: world.shop.id, update }]);
  });

  test('a secret that changed counts from the next update on', async () => {
    const before = right();
    expect((await send('{"update_id":1}', before)).status).toBe(200);
    const sealed = world.secrets.seal({ table: 'shop', column: 'webhook_secret', id: world.shop.id }, 'another');
    const { webhookSecret } = world.shop;
    await world.db.em.fork().nativeUpdate(Shop, { id: world.shop.id }, { webhookSecret: sealed });
    expect((await send('{"update_id":2}', before)).status).toBe(403);
    expect((await send('{"update_id":3}', 'another')).status).toBe(200);
    await world.db.em.fork().nativeUpdate(Shop, { id: world.shop.id }, { webhookSecret: webhookSecret ?? null });
    expect((await send('{"update_id":4}', before)).status).toBe(200);
  });

  test.each(['', 'wrong', 'x'.repeat(43)])('a wrong secret (%j) is refused', async (token) => {
    expect((await send('{"update_id":1}', token)).status).toBe(403);
    expect(api.updates).toEqual([]);
  });

  test.each(['', '[]', 'nonsense', '{"update_id":"1"}', '{"update_id":-1}'])(
    'what is no update (%j) is answered with what is wrong',
    async (body) => {
      const response = await send(body, right());
      expect(response.status).toBe(400);
      expect(await response.json()).toHaveProperty('field');
      expect(api.updates).toEqual([]);
    },
  );

  test('an update the bot could not handle is asked for again', async () => {
    api.botFailure = new Error('no database');
    expect((await send('{"update_id":1}', right())).status).toBe(503);
  });
});

test('after all of it the books are right', async () => {
  const report = await checkDatabase(world.db.em.fork(), { now: new Date(), settledGraceMs: 0 });
  expect(report.findings).toEqual([]);
});
