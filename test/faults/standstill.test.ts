/** Runs that are open and stand still: the relay starts them again from their rows, and lets be whatever merely waits. */
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger, NativeConnection } from '@temporalio/worker';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createOrderActivities } from '../../activities/order.ts';
import { createGateways } from '../../gateways/payments/registry.ts';
import { createChainSources } from '../../gateways/chain/sources.ts';
import { createRateSources } from '../../gateways/rates.ts';
import { restartOrder, ringOrder } from '../../temporal/order.ts';
import { type Relay, startRelay } from '../../workers/relay.ts';
import { createOrdersWorker } from '../../workers/orders.ts';
import { orderWorkflowId } from '../../workflows/messages/order.ts';
import { resultOf } from '../support/ending.ts';
import { isGreen, payByCard, placeOne, untilStatus, viewOf } from '../support/story.ts';
import { startWorld, type World } from '../support/world.ts';

const log = pino({ level: 'silent' });
const stillMs = 1_500;
let world: World;
/** Looks when told to. */
let relay: Relay;

beforeAll(async () => {
  world = await startWorld();
  relay = startRelay({ db: world.db, door: world.door, log, intervalMs: 3_600_000, patienceMs: 0, stillMs });
}, 120_000);
afterAll(async () => {
  await world?.stopWorker();
  await relay?.stop();
  await world?.close();
});

const runOf = async (orderCode: string) => (await world.door.client.workflow.getHandle(orderWorkflowId(orderCode)).describe()).runId;

const secretsIn = async (customer: { chatId: number }) =>
  (await world.chat(customer)).filter((line) => line.text.includes('SECRET-')).length;

/** Watches until an order has another run. */
async function untilAnotherRun(orderCode: string, before: string): Promise<void> {
  await vi.waitFor(
    async () => {
      await relay.watch();
      expect(await runOf(orderCode)).not.toBe(before);
    },
    { timeout: 20_000, interval: 400 },
  );
}

/** A worker of a deploy with one command more in front of every order, and no patch. */
async function startBadDeploy(): Promise<() => Promise<void>> {
  const workflowsPath = fileURLToPath(new URL('../support/changed-workflows.ts', import.meta.url));
  const bundle = await bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger('ERROR') });
  const { config, db, secrets, telegram, door } = world;
  const connection = await NativeConnection.connect({ address: config.temporal.address });
  const context = {
    db,
    secrets,
    gateways: createGateways({ config, telegram }),
    rates: createRateSources({ config }),
    chains: createChainSources({ config }),
    telegram,
    door,
    mode: 'sandbox' as const,
    publicUrl: config.publicUrl,
  };
  const worker = await createOrdersWorker({ connection, namespace: config.temporal.namespace, bundle, context });
  const done = worker.run();
  return async () => {
    worker.shutdown();
    await done;
    await connection.close();
  };
}

describe('the relay', () => {
  it('starts a paid order again whose run, from an older copy of the store, does not know of the money', async () => {
    const { orderCode, customer } = await placeOne(world, { method: 'card' });
    const before = await runOf(orderCode);
    await world.say(orderCode, {});
    // What the lost history did: its step is in the row, and nothing else of it is anywhere.
    await createOrderActivities({ db: world.db }).settle({ orderCode, at: Date.now() });
    expect((await viewOf(world, orderCode)).status).toBe('paid');
    await relay.look();
    expect(await relay.watch()).toBe(0);
    await sleep(stillMs);
    expect(await relay.watch()).toBe(1);
    expect(await resultOf(world, orderWorkflowId(orderCode))).toBe('delivered');
    expect(await runOf(orderCode)).not.toBe(before);
    expect(await secretsIn(customer)).toBe(1);
  }, 60_000);

  it('starts an order again that was begun by a deploy which is rolled back, when its money comes', async () => {
    const { orderCode, customer } = await placeOne(world, { method: 'card' });
    await world.stopWorker();
    const rollBack = await startBadDeploy();
    await world.door.client.workflow.getHandle(orderWorkflowId(orderCode)).terminate('test');
    const order = { orderCode, shopId: world.shop.id, customerId: customer.id, method: 'card' as const, total: 5000 };
    expect(await restartOrder(world.door, order)).toBe(true);
    const before = await runOf(orderCode);
    await vi.waitFor(async () => expect(await world.eventsOf(orderCode)).toContain('markerRecorded'), { timeout: 20_000, interval: 100 });
    await rollBack();
    await world.startWorker();
    await payByCard(world, orderCode);
    await ringOrder(world.door, orderCode);
    await untilAnotherRun(orderCode, before);
    // It rings for the money, as every few seconds.
    await relay.look();
    expect(await resultOf(world, orderWorkflowId(orderCode))).toBe('delivered');
    expect(await secretsIn(customer)).toBe(1);
  }, 90_000);

  it('lets be what waits for a customer, for time, or for Telegram', async () => {
    const waiting = await placeOne(world, { method: 'card' });
    const blocked = await placeOne(world, { method: 'stars' });
    const block = (on: boolean) =>
      world.control('/chats/block', { bot: world.shop.botUsername, person: blocked.customer.telegramUserId, blocked: on });
    await block(true);
    await world.say(blocked.orderCode, { provider: 'stars' });
    await ringOrder(world.door, blocked.orderCode);
    await untilStatus(world, blocked.orderCode, ['paid']);
    const awaited = await placeOne(world, { method: 'card', holdSeconds: 2 });
    await payByCard(world, awaited.orderCode, { async: true });
    await untilStatus(world, awaited.orderCode, ['awaitingSettlement']);
    const runs = () => Promise.all([waiting, blocked, awaited].map(({ orderCode }) => runOf(orderCode)));
    const before = await runs();
    for (let looks = 0; looks < 6; looks += 1) {
      expect([await relay.watch(), await relay.pass()]).toEqual([0, 0]);
      await sleep(stillMs / 2);
    }
    expect(await runs()).toEqual(before);
    await block(false);
    expect(await resultOf(world, orderWorkflowId(blocked.orderCode))).toBe('delivered');
  }, 60_000);

  it('leaves nothing the checker would name', () => isGreen(world));
});
