/** A worker process killed by SIGKILL between any two steps, and another that takes over: the order ends as if nothing had happened. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readWallet } from '../../db/repositories/ledger.ts';
import type { MethodName } from '../../domain/payment.ts';
import { orderWorkflowId } from '../../workflows/messages/order.ts';
import { resultOf } from '../support/ending.ts';
import type { KillPoint } from '../support/kill-point.ts';
import { invoiceOf, isGreen, payByCard, payByStars, type Placed, placeOne, runBots, viewOf } from '../support/story.ts';
import { startWorld, type World } from '../support/world.ts';
import { openWorkerPark, type WorkerPark } from '../support/worker-process.ts';

const points: readonly (readonly [MethodName, KillPoint])[] = [
  // A message under way is waited for the longest, so these begin first.
  ['wallet', 'after:sendMessage'],
  ['stars', 'after:tell'],
  ['card', 'before:tell'],
  ['wallet', 'before:open'],
  ['wallet', 'after:open'],
  ['stars', 'after:open'],
  ['stars', 'before:settle'],
  ['stars', 'after:settle'],
  ['card', 'after:open'],
  ['card', 'before:openPayment'],
  ['card', 'after:openPayment'],
  ['card', 'after:settle'],
];

let world: World;
let stopBots: () => Promise<void>;
const parks: WorkerPark[] = [];
const runs = new Map<string, Promise<Placed>>();

const nameOf = (method: MethodName, point: KillPoint) => `${method}-${point.replace(':', '-').toLowerCase()}`;

function begin(name: string, index: number, buy: () => Promise<Placed>): void {
  // Not all processes start in the same second.
  const run = sleep(Math.floor(index / 2) * 1_500).then(buy);
  run.catch(() => undefined);
  runs.set(name, run);
}

/** All of them at once: most of their time is Temporal waiting for a worker that is dead. */
beforeAll(async () => {
  world = await startWorld({ worker: false });
  stopBots = await runBots(world);
  for (const [index, [method, point]] of points.entries()) {
    begin(nameOf(method, point), index, () => buyThroughKill(method, point));
  }
  begin('absent', points.length, buyWhileAway);
}, 120_000);

afterAll(async () => {
  await Promise.all(parks.map((park) => park.close()));
  await stopBots?.();
  await world?.close();
});

async function pay(park: WorkerPark, { orderCode, customer }: Placed, method: MethodName): Promise<void> {
  if (method === 'card') await payByCard(park.world, orderCode);
  if (method === 'stars') await payByStars(park.world, customer, await invoiceOf(park.world, orderCode));
}

async function buyThroughKill(method: MethodName, point: KillPoint): Promise<Placed> {
  const park = openWorkerPark(world, nameOf(method, point));
  parks.push(park);
  park.arm(point);
  const killed = park.start();
  const takenOver = killed.ended.then((signal) => {
    park.start();
    return signal;
  });
  const placed = await placeOne(park.world, { method, cash: method === 'wallet' ? 5000 : 0, deadlineMs: 90_000 });
  expect(placed.answer, park.log()).toMatchObject({ ok: true });
  await pay(park, placed, method);
  expect(await resultOf(park.world, orderWorkflowId(placed.orderCode)), park.log()).toBe('delivered');
  expect(await takenOver).toBe('SIGKILL');
  return placed;
}

async function buyWhileAway(): Promise<Placed> {
  const park = openWorkerPark(world, 'absent');
  parks.push(park);
  const first = park.start();
  const placed = await placeOne(park.world, { method: 'card', deadlineMs: 60_000 });
  first.kill();
  expect(await first.ended).toBe('SIGKILL');
  await payByCard(park.world, placed.orderCode);
  await sleep(3_000);
  park.start();
  expect(await resultOf(park.world, orderWorkflowId(placed.orderCode)), park.log()).toBe('delivered');
  return placed;
}

async function isDeliveredOnce({ orderCode, customer, product }: Placed, method: MethodName): Promise<void> {
  const view = await viewOf(world, orderCode);
  expect(view).toMatchObject({ status: 'delivered', refunds: [] });
  const units: { state: string }[] = await world.db.em.fork().execute('select state from unit where product_id = ?', [product.id]);
  expect(units).toEqual([{ state: 'sold' }]);
  const wallet = await readWallet(world.db.em.fork(), world.shop, customer.id);
  expect(wallet).toEqual({ cash: 0, stars: 0, bonus: 0, debt: 0 });
  const money: { count: number; sum: string }[] = await world.db.em
    .fork()
    .execute('select count(*)::int as count, sum(received) as sum from payment where order_id = (select id from "order" where code = ?)', [
      orderCode,
    ]);
  expect(money.map(({ count, sum }) => ({ count, sum: Number(sum) }))).toEqual([{ count: 1, sum: method === 'stars' ? 2500 : 5000 }]);

  const chat = await world.chat(customer);
  const goods = chat.filter((line) => line.text.includes('SECRET-'));
  const shows = chat.filter((line) => line.text.startsWith('Your goods are here'));
  expect(goods.length, 'the secret is sent at most once').toBeLessThanOrEqual(1);
  expect(goods.length + shows.length, 'and is there, with at most one message more').toBeGreaterThanOrEqual(1);
  expect(shows.length).toBeLessThanOrEqual(1);
  if (method === 'card') {
    const { sessions } = await world.control<{ sessions: unknown[] }>(`/stripe/sessions?paymentId=${orderCode}-1&limit=500`);
    expect(sessions, 'one page to pay on').toHaveLength(1);
  }
}

describe('a worker killed', () => {
  it.each(points)(
    'with %s at %s leaves an order that another delivers once',
    async (method, point) => {
      await isDeliveredOnce((await runs.get(nameOf(method, point))) as Placed, method);
    },
    150_000,
  );

  it('between the tap and the payment, for three seconds, is not noticed', async () => {
    await isDeliveredOnce((await runs.get('absent')) as Placed, 'card');
  }, 150_000);

  it('leaves nothing the checker would name', async () => {
    await Promise.allSettled(runs.values());
    await isGreen(world);
  }, 150_000);
});
