/** Refunds on a real server: once, the way the money came, however the provider behaves. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { readWallet } from '../../db/repositories/ledger.ts';
import { requestRefund } from '../../temporal/refund.ts';
import { orderWorkflowId } from '../../workflows/messages/order.ts';
import { refundWorkflowId } from '../../workflows/messages/refund.ts';
import { resultOf } from '../support/ending.ts';
import {
  freeUnits,
  invoiceOf,
  isGreen,
  payByCard,
  payByStars,
  type Placed,
  placeOne,
  runBots,
  untilStatus,
  viewOf,
} from '../support/story.ts';
import { startWorld, type World } from '../support/world.ts';

let world: World;
let stopBots: () => Promise<void>;
beforeAll(async () => {
  world = await startWorld();
  stopBots = await runBots(world);
}, 120_000);
afterAll(async () => {
  await stopBots?.();
  await world?.close();
});

async function buy(method: 'wallet' | 'stars' | 'card', card?: string): Promise<Placed> {
  const placed = await placeOne(world, { method, cash: method === 'wallet' ? 5000 : 0 });
  if (method === 'card') await payByCard(world, placed.orderCode, { card });
  if (method === 'stars') await payByStars(world, placed.customer, await invoiceOf(world, placed.orderCode));
  expect(await resultOf(world, orderWorkflowId(placed.orderCode))).toBe('delivered');
  return placed;
}

const refund = ({ orderCode }: Placed, number = 1, amount?: number) =>
  requestRefund(world.door, { orderCode, number, actor: 'cli', reason: 'test', amount });
const refundResult = ({ orderCode }: Placed, number = 1) => resultOf(world, refundWorkflowId(`${orderCode}-r${number}`));
const cashOf = async ({ customer }: Placed) => (await readWallet(world.db.em.fork(), world.shop, customer.id)).cash;

async function stripeRefunds({ orderCode }: Placed) {
  const { refunds } = await world.control<{ refunds: { amount: number; metadata: Record<string, string> }[] }>('/stripe/refunds');
  return refunds.filter(({ metadata }) => Object.values(metadata).some((value) => value.startsWith(orderCode)));
}

describe('a refund', () => {
  it('to the wallet is there at once; what was delivered stays sold', async () => {
    const placed = await buy('wallet');
    expect(await refund(placed)).toMatchObject({ ok: true });
    expect(await refundResult(placed)).toBe('succeeded');
    expect(await cashOf(placed)).toBe(5000);
    expect((await viewOf(world, placed.orderCode)).status).toBe('refunded');
    expect(await freeUnits(world, placed.product.id)).toBe(0);
    expect((await world.chat(placed.customer)).some((line) => /refund|went back|given back/i.test(line.text))).toBe(true);
  });

  it('in parts never exceeds what was paid', async () => {
    const placed = await buy('card');
    expect(await refund(placed, 1, 2000)).toMatchObject({ ok: true });
    expect(await refundResult(placed, 1)).toBe('succeeded');
    expect(await refund(placed, 2, 3001)).toEqual({ ok: false, rejected: 'TooMuch' });
    expect(await refund(placed, 2)).toMatchObject({ ok: true });
    expect(await refundResult(placed, 2)).toBe('succeeded');
    expect(await refund(placed, 3)).toEqual({ ok: false, rejected: 'NothingLeft' });
    expect((await stripeRefunds(placed)).map(({ amount }) => amount).sort()).toEqual([2000, 3000]);
    await untilStatus(world, placed.orderCode, ['refunded']);
  });

  it('cancelled in the Temporal UI in the instant it is asked for is answered all the same', async () => {
    const placed = await buy('wallet');
    // The next worker meets both in one workflow task.
    await world.stopWorker();
    const asked = refund(placed);
    const handle = world.door.client.workflow.getHandle(refundWorkflowId(`${placed.orderCode}-r1`));
    await vi.waitFor(() => handle.cancel(), { timeout: 5_000, interval: 20 });
    await world.startWorker();
    expect(await asked).toMatchObject({ ok: true });
    expect(await cashOf(placed)).toBe(5000);
  });

  it.each(['500', 'timeoutAfter'] as const)(
    'is one refund although Stripe answers with %s',
    async (kind) => {
      const placed = await buy('card');
      world.sandbox.faults.add({ target: 'stripe', kind, method: 'POST /v1/refunds', times: 1, seconds: 1 });
      expect(await refund(placed)).toMatchObject({ ok: true });
      expect(await refundResult(placed)).toBe('succeeded');
      expect(await stripeRefunds(placed)).toHaveLength(1);
    },
    60_000,
  );

  it('in Stars gives all of them back once, and Telegram telling of it changes nothing', async () => {
    const placed = await buy('stars');
    const stars = async () => {
      const people = await world.control<{ id: number; stars: number }[]>('/people');
      return people.find(({ id }) => id === placed.customer.telegramUserId)?.stars ?? 0;
    };
    const before = await stars();
    expect(await refund(placed, 1, 100)).toEqual({ ok: false, rejected: 'WholeOnly' });
    expect(await refund(placed)).toMatchObject({ ok: true });
    expect(await refundResult(placed)).toBe('succeeded');
    expect((await stars()) - before).toBe(2500);
    await untilStatus(world, placed.orderCode, ['refunded']);
  });

  it('that the bank sends back days later becomes wallet money', async () => {
    const placed = await buy('card', '4000000000005126');
    expect(await refund(placed)).toMatchObject({ ok: true });
    expect(await refundResult(placed)).toBe('succeeded');
    await vi.waitFor(async () => expect(await cashOf(placed)).toBe(5000), { timeout: 15_000, interval: 200 });
    expect((await viewOf(world, placed.orderCode)).refunds).toMatchObject([{ status: 'failed' }]);
  });

  it('of what was never paid or never was is refused', async () => {
    const placed = await placeOne(world, { method: 'stars', holdSeconds: 1 });
    expect(await resultOf(world, orderWorkflowId(placed.orderCode))).toBe('expired');
    expect(await refund(placed)).toEqual({ ok: false, rejected: 'NotPaid' });
    expect(await refund({ ...placed, orderCode: 'ZZZZZZZZ' })).toEqual({ ok: false, rejected: 'UnknownOrder' });
  });

  it('leaves nothing the checker would name', () => vi.waitFor(() => isGreen(world), { timeout: 15_000, interval: 500 }));
});
