/** Workflows that vanish and rings that are lost: the relay heals them from the rows. */
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { readWallet } from '../../db/repositories/ledger.ts';
import { resendOrder } from '../../temporal/delivery.ts';
import { requestRefund } from '../../temporal/refund.ts';
import { isRunning } from '../../temporal/visibility.ts';
import { type Relay, startRelay } from '../../workers/relay.ts';
import { deliveryWorkflowId } from '../../workflows/messages/delivery.ts';
import { orderWorkflowId } from '../../workflows/messages/order.ts';
import { refundWorkflowId } from '../../workflows/messages/refund.ts';
import { resultOf } from '../support/ending.ts';
import { freeUnits, isGreen, payByCard, placeOne, untilStatus, viewOf } from '../support/story.ts';
import { startWorld, type World } from '../support/world.ts';

const log = pino({ level: 'silent' });
let world: World;
/** Looks when told to. */
let relay: Relay;

beforeAll(async () => {
  world = await startWorld();
  relay = startRelay({ db: world.db, door: world.door, log, intervalMs: 3_600_000, patienceMs: 0 });
}, 120_000);
afterAll(async () => {
  await world?.stopWorker();
  // Its pause is long: it is woken by the stop.
  await relay?.stop();
  await world?.close();
});

const handleOf = (workflowId: string) => world.door.client.workflow.getHandle(workflowId);

/** Looks until what vanished runs again; visibility lags a moment. */
async function untilHealed(workflowId: string): Promise<void> {
  await vi.waitFor(
    async () => {
      await relay.look();
      expect(await isRunning(world.door, workflowId)).toBe(true);
    },
    { timeout: 15_000, interval: 300 },
  );
}

/** As if Temporal had never heard of it. */
async function forget(workflowId: string): Promise<void> {
  const { client, connection } = world.door;
  await connection.workflowService.deleteWorkflowExecution({ namespace: client.options.namespace, workflowExecution: { workflowId } });
  await vi.waitFor(async () => expect(await isRunning(world.door, workflowId)).toBe(false), { timeout: 15_000, interval: 100 });
}

async function reset(workflowId: string): Promise<void> {
  const { client, connection } = world.door;
  await connection.workflowService.resetWorkflowExecution({
    namespace: client.options.namespace,
    workflowExecution: { workflowId },
    reason: 'test',
    // The first workflow task: everything after it is forgotten.
    workflowTaskFinishEventId: 4 as never,
    requestId: workflowId,
  });
}

const secretsIn = async (customer: { chatId: number }) =>
  (await world.chat(customer)).filter((line) => line.text.includes('SECRET-')).length;

describe('the relay', () => {
  it('starts a terminated order again by its own cadence, within a minute, and it is sold as if nothing had happened', async () => {
    const cadence = startRelay({ db: world.db, door: world.door, log });
    try {
      const { orderCode, customer } = await placeOne(world, { method: 'card' });
      await handleOf(orderWorkflowId(orderCode)).terminate('test');
      const since = Date.now();
      await vi.waitFor(async () => expect(await isRunning(world.door, orderWorkflowId(orderCode))).toBe(true), {
        timeout: 60_000,
        interval: 250,
      });
      expect(Date.now() - since).toBeLessThan(60_000);
      await payByCard(world, orderCode);
      expect(await resultOf(world, orderWorkflowId(orderCode))).toBe('delivered');
      expect(await secretsIn(customer)).toBe(1);
    } finally {
      await cadence.stop();
    }
  }, 90_000);

  it('compensates a terminated order at once when its hold is over', async () => {
    const { orderCode, product } = await placeOne(world, { method: 'card', holdSeconds: 2 });
    await handleOf(orderWorkflowId(orderCode)).terminate('test');
    await sleep(2_100);
    expect((await viewOf(world, orderCode)).status).toBe('awaitingPayment');
    await vi.waitFor(
      async () => {
        await relay.look();
        expect((await viewOf(world, orderCode)).status).toBe('expired');
      },
      { timeout: 15_000, interval: 300 },
    );
    expect(await freeUnits(world, product.id)).toBe(1);
  });

  it('goes on with what Temporal forgot, and compensates what is over', async () => {
    const [alive, over] = [await placeOne(world, { method: 'card' }), await placeOne(world, { method: 'stars', holdSeconds: 2 })];
    await Promise.all([forget(orderWorkflowId(alive.orderCode)), forget(orderWorkflowId(over.orderCode))]);
    await sleep(2_100);
    expect(await relay.pass()).toBe(2);
    await untilStatus(world, over.orderCode, ['expired']);
    expect(await freeUnits(world, over.product.id)).toBe(1);
    await payByCard(world, alive.orderCode);
    expect(await resultOf(world, orderWorkflowId(alive.orderCode))).toBe('delivered');
    expect(await relay.pass()).toBe(0);
  });

  it('leaves an order alone that came to its end while it passed over it', async () => {
    const { orderCode, customer } = await placeOne(world, { method: 'card' });
    const handle = handleOf(orderWorkflowId(orderCode));
    const describe = handle.describe.bind(handle);
    handle.describe = async () => {
      await payByCard(world, orderCode);
      expect(await resultOf(world, orderWorkflowId(orderCode))).toBe('delivered');
      return describe();
    };
    const getHandle = vi.spyOn(world.door.client.workflow, 'getHandle').mockReturnValueOnce(handle);
    try {
      expect(await relay.pass()).toBe(0);
    } finally {
      getHandle.mockRestore();
    }
    expect(await secretsIn(customer)).toBe(1);
  });

  it('has nothing to do for an order that is reset: it begins again with its row', async () => {
    const { orderCode, customer } = await placeOne(world, { method: 'card' });
    await reset(orderWorkflowId(orderCode));
    await payByCard(world, orderCode);
    expect(await resultOf(world, orderWorkflowId(orderCode))).toBe('delivered');
    await reset(orderWorkflowId(orderCode));
    expect(await resultOf(world, orderWorkflowId(orderCode))).toBe('delivered');
    expect(await secretsIn(customer)).toBe(1);
    const { sessions } = await world.control<{ sessions: unknown[] }>(`/stripe/sessions?paymentId=${orderCode}-1&limit=500`);
    expect(sessions).toHaveLength(1);
  });

  it('rings for money nobody was rung for', async () => {
    const { orderCode, customer } = await placeOne(world, { method: 'card' });
    await world.say(orderCode, {});
    expect((await viewOf(world, orderCode)).status).toBe('awaitingPayment');
    await relay.look();
    expect(await resultOf(world, orderWorkflowId(orderCode))).toBe('delivered');
    expect(await secretsIn(customer)).toBe(1);
  });

  it('brings money to the wallet that came after the end while nobody was rung', async () => {
    const { orderCode, customer } = await placeOne(world, { method: 'card', holdSeconds: 1 });
    expect(await resultOf(world, orderWorkflowId(orderCode))).toBe('expired');
    await world.say(orderCode, {});
    await relay.look();
    await vi.waitFor(async () => expect((await readWallet(world.db.em.fork(), world.shop, customer.id)).cash).toBe(5000), {
      timeout: 10_000,
      interval: 100,
    });
    await relay.look();
    await vi.waitFor(async () => expect((await world.chat(customer)).some((line) => /wallet/i.test(line.text))).toBe(true), {
      timeout: 10_000,
    });
    expect((await readWallet(world.db.em.fork(), world.shop, customer.id)).cash).toBe(5000);
  });

  it('goes on with a terminated refund that is on its way', async () => {
    const { orderCode } = await placeOne(world, { method: 'card' });
    await payByCard(world, orderCode, { card: '4000000000007726' });
    expect(await resultOf(world, orderWorkflowId(orderCode))).toBe('delivered');
    await requestRefund(world.door, { orderCode, number: 1, actor: 'cli', reason: 'test' });
    const refund = async () => (await viewOf(world, orderCode)).refunds[0]?.status;
    await vi.waitFor(async () => expect(await refund()).toBe('sent'), { timeout: 10_000, interval: 100 });
    await handleOf(refundWorkflowId(`${orderCode}-r1`)).terminate('test');
    await untilHealed(refundWorkflowId(`${orderCode}-r1`));
    await vi.waitFor(async () => expect(await refund()).toBe('succeeded'), { timeout: 15_000, interval: 100 });
    const { refunds } = await world.control<{ refunds: { metadata: Record<string, string> }[] }>('/stripe/refunds');
    expect(refunds.filter((one) => Object.values(one.metadata).includes(`${orderCode}-r1`))).toHaveLength(1);
  });

  it('goes on with a terminated re-send that Telegram still refuses', async () => {
    const { orderCode, customer } = await placeOne(world, { method: 'wallet', cash: 5000 });
    expect(await resultOf(world, orderWorkflowId(orderCode))).toBe('delivered');
    const block = (blocked: boolean) =>
      world.control('/chats/block', { bot: world.shop.botUsername, person: customer.telegramUserId, blocked });
    await block(true);
    expect(await resendOrder(world.door, { orderCode, actor: 'cli' })).toEqual({ ok: true });
    await handleOf(deliveryWorkflowId(orderCode)).terminate('test');
    await untilHealed(deliveryWorkflowId(orderCode));
    await block(false);
    expect(await resultOf(world, deliveryWorkflowId(orderCode))).toBe('sent');
    expect(await secretsIn(customer)).toBe(2);
  }, 60_000);

  it('leaves nothing the checker would name', () => isGreen(world));
});
