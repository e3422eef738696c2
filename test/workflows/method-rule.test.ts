/** What a shop allows of its methods: seen by whom it is for, refused by name at the first step, hidden when it fails. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Customer } from '../../db/entities/customer.ts';
import { Staff } from '../../db/entities/staff.ts';
import { judgeMethod, listMethodStates, noteOpened, noteOpenFailed, writeMethodRule } from '../../db/repositories/method-rule.ts';
import { listUsableMethods } from '../../db/repositories/offered-method.ts';
import { saveAccount } from '../../db/repositories/provider-account.ts';
import { failuresToHide, type MethodRule, noRule } from '../../domain/method-rule.ts';
import { payOrder } from '../../temporal/order.ts';
import { depositOne } from '../support/deposits.ts';
import { isGreen, placeOne, untilStatus, viewOf } from '../support/story.ts';
import { untilAnswered, waitFor } from '../support/wait.ts';
import { startWorld, type World } from '../support/world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
}, 120_000);
afterAll(() => world?.close());
afterEach(async () => {
  await rule(noRule);
  await world.db.em.fork().execute('delete from method_health');
  await isGreen(world);
});

const em = () => world.db.em.fork();
async function rule(change: Partial<MethodRule>): Promise<void> {
  const written = await writeMethodRule(em(), { shopId: world.shop.id, method: 'card', rule: change, actor: 'cli', at: new Date() });
  expect(written).toBeUndefined();
}
const seenBy = async (customer: Customer) =>
  (await listUsableMethods(em(), { shop: world.shop, customerId: customer.id })).map(({ method }) => method);
const makeStaff = async ({ telegramUserId }: Customer) => {
  const fork = em();
  fork.persist(fork.create(Staff, { shopId: world.shop.id, telegramUserId, role: 'support', active: true }));
  await fork.flush();
};
const alertsOf = (kind: string) => em().execute<{ params: object }[]>('select params from alert where kind = ? order by id', [kind]);

describe('a method', () => {
  it('for staff only is seen by staff only, and refused to others at the first step of orders and deposits', async () => {
    const [customer, tester] = [await world.addPerson(), await world.addPerson()];
    await makeStaff(tester);
    await rule({ staffOnly: true });
    expect(await seenBy(customer)).not.toContain('card');
    expect(await seenBy(tester)).toContain('card');
    expect((await placeOne(world, { method: 'card', customer })).answer).toEqual({ ok: false, rejected: 'MethodUnavailable' });
    expect((await depositOne(world, { customer })).answer).toEqual({ ok: false, rejected: 'MethodUnavailable' });
    expect((await placeOne(world, { method: 'card', customer: tester })).answer).toMatchObject({ ok: true });
    expect((await depositOne(world, { customer: tester })).answer).toMatchObject({ ok: true });
  }, 60_000);

  it('that is hidden is offered to nobody, not as another method of an order either', async () => {
    const customer = await world.addPerson();
    await rule({ hidden: true });
    expect(await seenBy(customer)).not.toContain('card');
    const placed = await placeOne(world, { method: 'stars', customer });
    expect((await viewOf(world, placed.orderCode)).methods).not.toContain('card');
    const wish = { method: 'card', customerId: customer.id, attempt: 2 } as const;
    expect(await untilAnswered(() => payOrder(world.door, placed.orderCode, wish))).toMatchObject({ ok: false });
  }, 60_000);

  it('is refused by name to new customers, and open to those who have received enough', async () => {
    const customer = await world.addPerson({ cash: 5_000 });
    await rule({ deliveredOrders: 1 });
    expect(await seenBy(customer)).not.toContain('card');
    expect((await placeOne(world, { method: 'card', customer })).answer).toEqual({ ok: false, rejected: 'MethodNotYet' });
    expect((await depositOne(world, { customer })).answer).toEqual({ ok: false, rejected: 'MethodNotYet' });
    const bought = await placeOne(world, { method: 'wallet', customer });
    await untilStatus(world, bought.orderCode, ['delivered']);
    expect(await seenBy(customer)).toContain('card');
    await rule({ deliveredOrders: 0, accountDays: 3 });
    expect((await depositOne(world, { customer })).answer).toEqual({ ok: false, rejected: 'MethodNotYet' });
    await em().execute(`update customer set created_at = now() - interval '4 days' where id = ?`, [customer.id]);
    expect((await depositOne(world, { customer })).answer).toMatchObject({ ok: true });
  }, 60_000);

  it('takes no less and no more than its rule says', async () => {
    await rule({ minimum: 1_000, maximum: 4_999 });
    expect((await placeOne(world, { method: 'card' })).answer).toEqual({ ok: false, rejected: 'MethodNotAllowed' });
    expect((await depositOne(world, { amount: 999 })).answer).toEqual({ ok: false, rejected: 'AmountTooSmall' });
    expect((await depositOne(world, { amount: 5_000 })).answer).toEqual({ ok: false, rejected: 'AmountTooLarge' });
    expect((await depositOne(world, { amount: 4_999 })).answer).toMatchObject({ ok: true });
    const inStars = await placeOne(world, { method: 'stars' });
    const wish = { method: 'card', customerId: inStars.customer.id, attempt: 2 } as const;
    expect(await untilAnswered(() => payOrder(world.door, inStars.orderCode, wish))).toEqual({ ok: false, rejected: 'MethodNotAllowed' });
  }, 60_000);

  it('changes by its bounds only, and who changed it is kept', async () => {
    const change = { shopId: world.shop.id, method: 'card' as const, actor: 'cli', at: new Date() };
    expect(await writeMethodRule(em(), { ...change, rule: { minimum: 500, maximum: 400 } })).toBe('maximum');
    expect(await writeMethodRule(em(), { ...change, rule: { accountDays: 1_000 } })).toBe('accountDays');
    await rule({ maximum: 9_000 });
    const kept = await world.one(
      `select after->>'maximum' as maximum, actor from audit where subject = 'methodRule' order by id desc limit 1`,
    );
    expect(kept).toEqual({ maximum: '9000', actor: 'cli' });
  });
});

describe('a method that fails', () => {
  const keys = () => ({ secretKey: `sk_test_${world.shop.botId}`, webhookSecret: `whsec_${world.shop.botId}` });
  const withKey = (secretKey: string) =>
    saveAccount(em(), world.secrets, { shopId: world.shop.id, provider: 'stripe', liveMode: false, keys: { ...keys(), secretKey } });

  it('hides itself from everybody, staff hear of it once, and it comes back when it works', async () => {
    await withKey('sk_test_nobody');
    for (let times = 0; times < failuresToHide; times += 1) await depositOne(world);
    await waitFor(async () => expect(await alertsOf('methodHidden')).toEqual([{ params: { method: 'card', count: failuresToHide } }]), {
      timeout: 15_000,
    });
    expect((await depositOne(world)).answer).toEqual({ ok: false, rejected: 'MethodUnavailable' });
    expect((await placeOne(world, { method: 'card' })).answer).toEqual({ ok: false, rejected: 'MethodUnavailable' });
    expect(await seenBy(await world.addPerson())).not.toContain('card');

    // Its rest is over: the next one is let through, and it does not work yet.
    const restOver = () => em().execute(`update method_health set hidden_until = now() - interval '1 second'`);
    await restOver();
    const tried = await depositOne(world);
    expect(tried.answer).toMatchObject({ ok: true });
    await waitFor(
      async () =>
        expect((await listMethodStates(em(), world.shop.id)).find(({ method }) => method === 'card')?.failed).toBe(failuresToHide + 1),
      { timeout: 15_000 },
    );
    expect((await depositOne(world)).answer).toEqual({ ok: false, rejected: 'MethodUnavailable' });

    await withKey(keys().secretKey);
    await restOver();
    expect((await depositOne(world)).answer).toMatchObject({ ok: true, status: 'waiting' });
    expect(await alertsOf('methodBack')).toEqual([{ params: { method: 'card' } }]);
    expect(await alertsOf('methodHidden')).toHaveLength(1);
    expect(await seenBy(await world.addPerson())).toContain('card');
  }, 90_000);

  it('is counted once for each opening, also for many at once', async () => {
    const at = new Date();
    const opening = { shopId: world.shop.id, method: 'card' as const, at };
    await Promise.all(Array.from({ length: 12 }, () => em().transactional((tx) => noteOpenFailed(tx, opening))));
    expect(await world.one('select failed from method_health where shop_id = ?', [world.shop.id])).toEqual({ failed: 12 });
    expect((await judgeMethod(em(), world.shop, 'card', { at })).barred).toBe('MethodUnavailable');
    await Promise.all(Array.from({ length: 4 }, () => em().transactional((tx) => noteOpened(tx, opening))));
    expect((await judgeMethod(em(), world.shop, 'card', { at })).barred).toBeUndefined();
    expect(await em().execute('select 1 from alert where key = ?', [`method:card:back:${at.toISOString()}`])).toHaveLength(1);
  });
});
