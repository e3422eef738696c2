/** Money that finds no open order, on a real server: to the wallet or back, told, and counted once. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { readWallet } from '../../db/repositories/ledger.ts';
import { startStray } from '../../temporal/stray.ts';
import { orderWorkflowId } from '../../workflows/messages/order.ts';
import { strayWorkflowId } from '../../workflows/messages/stray.ts';
import { resultOf } from '../support/ending.ts';
import { invoiceOf, isGreen, payByCard, payByStars, type Placed, placeOne, runBots, viewOf } from '../support/story.ts';
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

const cashOf = async ({ customer }: Placed) => (await readWallet(world.db.em.fork(), world.shop, customer.id)).cash;
const soon = <T>(look: () => Promise<T>) => vi.waitFor(look, { timeout: 15_000, interval: 100 });

describe('money', () => {
  it('by card after the end goes to the wallet and the customer is told once, however often Stripe tells', async () => {
    const placed = await placeOne(world, { method: 'card', holdSeconds: 1 });
    expect(await resultOf(world, orderWorkflowId(placed.orderCode))).toBe('expired');
    const intent = await payByCard(world, placed.orderCode, { force: true });
    await soon(async () => expect(await cashOf(placed)).toBe(5000));
    const { events } = await world.control<{ events: { id: string; type: string; data: { object: { id: string } } }[] }>('/stripe/events');
    const told = events.find(({ type, data }) => type === 'payment_intent.succeeded' && data.object.id === intent);
    await world.control(`/stripe/events/${told?.id}/resend`, { times: 5, parallel: true });
    await startStray(world.door, { shopId: world.shop.id, provider: 'stripe', objectId: intent });
    expect(await resultOf(world, strayWorkflowId('stripe', intent))).toMatch(/applied|laid aside/);
    await soon(async () => expect((await world.chat(placed.customer)).filter((line) => /wallet/i.test(line.text))).toHaveLength(1));
    expect(await cashOf(placed)).toBe(5000);
    const rows: { count: number }[] = await world.db.em
      .fork()
      .execute(`select count(*)::int as count from inbox where object_id = ? and outcome = 'applied' and kind = 'settled'`, [intent]);
    expect(rows[0]?.count).toBe(1);
    expect((await viewOf(world, placed.orderCode)).status).toBe('expired');
  });

  it('in Stars paid twice in the same moment buys once, and the second goes back whole', async () => {
    const placed = await placeOne(world, { method: 'stars' });
    const [before] = (await world.control<{ id: number; stars: number }[]>('/people')).filter(
      ({ id }) => id === placed.customer.telegramUserId,
    );
    const startingStars = before?.stars ?? 0;
    const slugs = [await invoiceOf(world, placed.orderCode), await invoiceOf(world, placed.orderCode)];
    const paid = await Promise.all(slugs.map((slug) => payByStars(world, placed.customer, slug)));
    expect(await resultOf(world, orderWorkflowId(placed.orderCode))).toBe('delivered');
    const accepted = paid.filter(({ status }) => status === 'paid').length;
    expect(accepted).toBeGreaterThanOrEqual(1);
    await soon(async () => {
      const back = (await viewOf(world, placed.orderCode)).refunds;
      expect(back.map(({ scope, amount, status }) => ({ scope, amount, status }))).toEqual(
        Array.from({ length: accepted - 1 }, () => ({ scope: 'money', amount: 2500, status: 'succeeded' })),
      );
    });
    const people = await world.control<{ id: number; stars: number }[]>('/people');
    expect(people.find(({ id }) => id === placed.customer.telegramUserId)?.stars).toBe(startingStars + 20_000 - 2500);
  });

  it('that names a payment this shop does not have waits in suspense and reaches nobody', async () => {
    const objectId = `pi_nobody_${Date.now()}`;
    await world.say('NOBODYXX', { objectId });
    await startStray(world.door, { shopId: world.shop.id, provider: 'stripe', objectId });
    expect(await resultOf(world, strayWorkflowId('stripe', objectId))).toBe('laid aside');
    const rows: { outcome: string }[] = await world.db.em.fork().execute('select outcome from inbox where object_id = ?', [objectId]);
    expect(rows).toEqual([{ outcome: 'suspense' }]);
  });

  it('leaves nothing the checker would name', () => soon(() => isGreen(world)));
});
