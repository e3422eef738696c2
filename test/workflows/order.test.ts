import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { checkDatabase } from '../../db/check.ts';
import { readWallet } from '../../db/repositories/ledger.ts';
import { askOrder, cancelOrder, payOrder, placeOrder, ringOrder } from '../../temporal/order.ts';
import { orderWorkflowId } from '../../workflows/messages/order.ts';
import { newCode } from '../support/shop.ts';
import { timeSkipping } from '../support/temporal.ts';
import { startWorld, type World } from '../support/world.ts';

let env: TestWorkflowEnvironment | undefined;
let world: World;

beforeAll(async () => {
  env = await timeSkipping();
  if (env) world = await startWorld({ env });
}, 180_000);
afterAll(async () => {
  await world?.close();
  await env?.teardown();
});

const now = async () => (await env?.currentTimeMs()) ?? 0;

async function place(method: 'wallet' | 'stars' | 'card', money: { cash?: number } = {}, holdSeconds = 900) {
  world.setFarClock(await now());
  const product = await world.addProduct({ units: 1 });
  const customer = await world.addPerson(money);
  const orderCode = newCode();
  const answer = await placeOrder(world.door, orderCode, world.placing(customer, product, { method, holdSeconds }));
  return { product, customer, orderCode, answer };
}

async function isGreen(): Promise<void> {
  expect((await checkDatabase(world.db.em.fork(), { now: new Date(await now()) })).findings).toEqual([]);
}

const freeUnits = async (productId: number) =>
  (await world.one('select count(*)::int as free from free_unit where product_id = ?', [productId])).free;

describe('an order, with time skipped', () => {
  it('ends unpaid 15 minutes after the tap, reminds once, gives the unit back and says so', async (test) => {
    if (!env) return test.skip();
    const { product, customer, orderCode, answer } = await place('stars');
    expect(answer).toMatchObject({ ok: true, status: 'awaitingPayment' });
    expect(await world.resultOf(orderCode)).toEqual({ status: 'expired' });
    const row = await world.one('select extract(epoch from closed_at - placed_at)::float8 as open from "order" where code = ?', [
      orderCode,
    ]);
    expect(row.open).toBeGreaterThanOrEqual(900);
    expect(row.open).toBeLessThan(905);
    expect(await freeUnits(product.id)).toBe(1);
    const reminded = await world.one('select extract(epoch from reminded_at - placed_at)::float8 as after from "order" where code = ?', [
      orderCode,
    ]);
    expect(Number(reminded.after)).toBeGreaterThanOrEqual(600);
    expect(Number(reminded.after)).toBeLessThan(605);
    expect((await world.chat(customer)).some((line) => line.text.includes('Not paid in time'))).toBe(true);
    await isGreen();
  });

  it('is paid by the wallet in the tap and delivered', async (test) => {
    if (!env) return test.skip();
    const { customer, orderCode, answer } = await place('wallet', { cash: 5000 });
    expect(answer).toMatchObject({ ok: true, status: 'paid' });
    expect(await world.resultOf(orderCode)).toEqual({ status: 'delivered' });
    expect((await world.chat(customer)).some((line) => line.text.includes('SECRET-'))).toBe(true);
    await isGreen();
  });

  it('settles by card when Stripe calls, and closes nothing', async (test) => {
    if (!env) return test.skip();
    const { orderCode } = await place('card');
    const { sessions } = await world.control<{ sessions: { id: string }[] }>(`/stripe/sessions?paymentId=${orderCode}-1`);
    await world.control(`/stripe/sessions/${sessions[0]?.id}/pay`, {});
    expect(await world.resultOf(orderCode)).toEqual({ status: 'delivered' });
    await isGreen();
  });

  it('is found paid when the customer says so although every webhook is lost', async (test) => {
    if (!env) return test.skip();
    const { orderCode } = await place('card');
    world.sandbox.faults.add({ target: 'webhook', kind: 'lose', times: 10 });
    const { sessions } = await world.control<{ sessions: { id: string }[] }>(`/stripe/sessions?paymentId=${orderCode}-1`);
    await world.control(`/stripe/sessions/${sessions[0]?.id}/pay`, {});
    expect(await askOrder(world.door, orderCode)).toBe(true);
    expect(await world.resultOf(orderCode)).toEqual({ status: 'delivered' });
    world.sandbox.faults.clear();
    await isGreen();
  });

  it('expires its Stripe session at the end of the hold', async (test) => {
    if (!env) return test.skip();
    const { orderCode, product } = await place('card');
    expect(await world.resultOf(orderCode)).toEqual({ status: 'expired' });
    const { sessions } = await world.control<{ sessions: { status: string }[] }>(`/stripe/sessions?paymentId=${orderCode}-1`);
    expect(sessions[0]?.status).toBe('expired');
    expect(await freeUnits(product.id)).toBe(1);
    await isGreen();
  });

  it('is cancelled by the customer, and a second order can take the unit', async (test) => {
    if (!env) return test.skip();
    const { customer, product, orderCode } = await place('stars');
    expect(await cancelOrder(world.door, orderCode, { by: 'customer', actor: `customer:${customer.id}` })).toMatchObject({
      ok: true,
      status: 'cancelled',
    });
    expect(await world.resultOf(orderCode)).toEqual({ status: 'cancelled' });
    expect(await freeUnits(product.id)).toBe(1);
    await isGreen();
  });

  it('cancelled in the Temporal UI compensates, tells the customer and shows Canceled', async (test) => {
    if (!env) return test.skip();
    const { customer, product, orderCode } = await place('card');
    const handle = world.door.client.workflow.getHandle(orderWorkflowId(orderCode));
    await handle.cancel();
    await expect(handle.result()).rejects.toThrow(/failed|cancel/i);
    expect((await handle.describe()).status.name).toBe('CANCELLED');
    expect(await freeUnits(product.id)).toBe(1);
    expect((await world.chat(customer)).some((line) => /cancelled/i.test(line.text))).toBe(true);
    await isGreen();
  });

  it('cancelled in the Temporal UI after payment changes nothing', async (test) => {
    if (!env) return test.skip();
    world.sandbox.faults.add({ target: 'telegram', kind: '500', method: 'sendMessage', times: 3 });
    const { customer, orderCode } = await place('wallet', { cash: 5000 });
    const handle = world.door.client.workflow.getHandle(orderWorkflowId(orderCode));
    await handle.cancel().catch(() => undefined);
    expect(await world.resultOf(orderCode)).toEqual({ status: 'delivered' });
    expect((await readWallet(world.db.em.fork(), world.shop, customer.id)).cash).toBe(0);
    await isGreen();
  });

  it('takes another method within the hold', async (test) => {
    if (!env) return test.skip();
    const { customer, orderCode } = await place('card', { cash: 5000 });
    const wish = { method: 'wallet' as const, customerId: customer.id, attempt: 2 };
    expect(await payOrder(world.door, orderCode, wish)).toMatchObject({ ok: true, status: 'paid' });
    expect(await world.resultOf(orderCode)).toEqual({ status: 'delivered' });
    const { sessions } = await world.control<{ sessions: { status: string }[] }>(`/stripe/sessions?paymentId=${orderCode}-1`);
    expect(sessions[0]?.status).toBe('expired');
    await isGreen();
  });

  it('keeps goods that Telegram refuses for seven days, then leaves them to staff', async (test) => {
    if (!env) return test.skip();
    const product = await world.addProduct({ units: 1 });
    const customer = await world.addPerson({ cash: 5000 });
    await world.control('/chats/block', { bot: world.shop.botUsername, person: customer.telegramUserId, blocked: true });
    const orderCode = newCode();
    await placeOrder(world.door, orderCode, world.placing(customer, product));
    const before = await now();
    expect(await world.resultOf(orderCode)).toEqual({ status: 'paid' });
    expect((await now()) - before).toBeGreaterThan(6.9 * 24 * 3_600_000);
    const delivery = await world.one(`select d.status from delivery d join "order" o on o.id = d.order_id where o.code = ?`, [orderCode]);
    expect(delivery.status).toBe('staffTask');
    await isGreen();
  }, 120_000);

  it('keeps trying goods for days although Telegram was away long before they were paid', async (test) => {
    if (!env) return test.skip();
    const { orderCode } = await place('card');
    // Every message fails, from the reminder on: its hour of tries is over long after the payment.
    for (let more = 0; more < 4; more += 1) world.sandbox.faults.add({ target: 'telegram', kind: '500', times: 100 });
    await env.sleep('12 minutes');
    await world.say(orderCode, { providerAt: new Date(await now()) });
    await ringOrder(world.door, orderCode);
    await env.sleep('70 minutes');
    const [delivery] = await world.db.em
      .fork()
      .execute(`select d.status from delivery d join "order" o on o.id = d.order_id where o.code = ?`, [orderCode]);
    expect(delivery?.status).toMatch(/^(waiting|sending)$/);
    world.sandbox.faults.clear();
    expect(await world.resultOf(orderCode)).toEqual({ status: 'delivered' });
    await isGreen();
  }, 120_000);

  it('waits for the verdict of money seen in time, and settles on it', async (test) => {
    if (!env) return test.skip();
    const { orderCode } = await place('card', {}, 60);
    await world.say(orderCode, {
      kind: 'seen',
      type: 'checkout.session.completed',
      amount: null,
      currency: null,
      providerAt: new Date(await now()),
    });
    await ringOrder(world.door, orderCode);
    await env.sleep('2 minutes');
    await vi.waitFor(async () => {
      const row = await world.one('select status from "order" where code = ?', [orderCode]);
      expect(row.status).toBe('awaitingSettlement');
    }, 5000);
    await world.say(orderCode, { providerAt: new Date(await now()) });
    await ringOrder(world.door, orderCode);
    expect(await world.resultOf(orderCode)).toEqual({ status: 'delivered' });
    await isGreen();
  });
});
