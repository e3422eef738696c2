/** Claims: staff are reminded while nobody says anything, and a claim whose workflow vanished, or whose ring died, goes on from its row. */
import { pino } from 'pino';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ringClaim } from '../../temporal/claim.ts';
import { claimWorkflowId } from '../../workflows/messages/claim.ts';
import { startRelay } from '../../workers/relay.ts';
import { claimOf, claimOne, claimView, decide, judge } from '../support/claims.ts';
import { resultOf } from '../support/ending.ts';
import { delivered, freeUnits, isGreen } from '../support/story.ts';
import { timeSkipping } from '../support/temporal.ts';
import { waitFor } from '../support/wait.ts';
import { startWorld, type World } from '../support/world.ts';

const soon = { timeout: 20_000, interval: 100 };

describe('a claim nobody looks at', () => {
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

  it('reminds staff after a day, after two and later seldom, and still hears them after a month', async (test) => {
    if (!env) return test.skip();
    world.setFarClock(await env.currentTimeMs());
    const staff = await world.addPerson();
    await world.db.em.fork().execute('update shop set staff_chat_id = ? where id = ?', [staff.chatId, world.shop.id]);
    const product = await world.addProduct({ units: 2, warrantyDays: 30 });
    const placed = await delivered(world, { method: 'wallet', cash: 5_000, product });
    const at = new Date(await env.currentTimeMs());
    const claim = await claimOf(world, { orderCode: placed.orderCode, customerId: placed.customer.id, at });
    await ringClaim(world.door, claim.code);
    const reminders = async () => (await world.chat(staff)).filter(({ text }) => /wait for a decision since/.test(text)).length;
    await waitFor(async () => expect((await world.chat(staff)).some(({ text }) => /The key says: used/.test(text))).toBe(true), soon);
    expect(await reminders()).toBe(0);
    await env.sleep('25 hours');
    await waitFor(async () => expect(await reminders()).toBe(1), soon);
    await env.sleep('30 days');
    await waitFor(async () => expect(await reminders()).toBeGreaterThanOrEqual(3), soon);
    expect(await reminders()).toBeLessThanOrEqual(9);
    await decide(world, claim, 'replace');
    expect(await resultOf(world, claimWorkflowId(claim.code))).toBe('replaced');
  }, 120_000);
});

describe('a claim', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld();
  }, 120_000);
  afterAll(() => world?.close());

  it('goes on from its row when its workflow vanished and when whoever judged died before the ring; refunded once, replaced once', async () => {
    const claimed = await claimOne(world, { units: 2 });
    const other = await claimOne(world, { units: 1 });
    await world.door.client.workflow.getHandle(claimWorkflowId(claimed.code)).terminate();
    await judge(world, claimed.id, 'replace');
    await judge(world, other.id, 'refund');
    const relay = startRelay({ db: world.db, door: world.door, log: pino({ level: 'silent' }), intervalMs: 200, patienceMs: 0 });
    try {
      await waitFor(async () => expect((await claimView(world, claimed.code)).status).toBe('replaced'), soon);
      await waitFor(async () => expect((await claimView(world, other.code)).status).toBe('refunded'), soon);
      // What was given instead is in the chat, and the money is back.
      await waitFor(
        async () => expect((await world.chat(claimed.customer)).filter(({ text }) => /SECRET-/.test(text))).toHaveLength(2),
        soon,
      );
      await waitFor(
        async () => expect((await world.chat(other.customer)).some(({ text }) => /You get its price back/.test(text))).toBe(true),
        soon,
      );
    } finally {
      await relay.stop();
    }
    expect(await freeUnits(world, claimed.product.id)).toBe(0);
    expect(await world.one('select count(*)::int as refunds from refund where reason = ?', ['warranty'])).toEqual({ refunds: 1 });
    await isGreen(world);
  }, 90_000);
});
