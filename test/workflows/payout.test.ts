/** Payouts on real servers, and with time skipped: who is asked when, what becomes of the money, and that lost rings are made good. */
import { pino } from 'pino';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { checkDatabase } from '../../db/check.ts';
import { staffChatId } from '../../sandbox/telegram/demo.ts';
import { startRelay } from '../../workers/relay.ts';
import { payoutWorkflowId } from '../../workflows/messages/payout.ts';
import { addStaff } from '../support/approvals.ts';
import { walletOf } from '../support/deposits.ts';
import { resultOf } from '../support/ending.ts';
import { payOutTransfer, refundCoins, saidAndRung, stands, untilSent } from '../support/payout-endings.ts';
import { approve, btcAddress, close, iban, name, payoutOf, sent } from '../support/payouts.ts';
import { runBots, viewOf } from '../support/story.ts';
import { timeSkipping } from '../support/temporal.ts';
import { startWorld, type World } from '../support/world.ts';

const patience = { timeout: 15_000, interval: 100 };
const end = (world: World, payoutCode: string) => resultOf(world, payoutWorkflowId(payoutCode));

async function isGreen(world: World, now = Date.now()): Promise<void> {
  expect((await checkDatabase(world.db.em.fork(), { now: new Date(now) })).findings).toEqual([]);
}

/** What stands in the staff chat. */
async function staffReads(world: World, words: string): Promise<string[]> {
  const path = `/chats/${staffChatId}/messages?person=2001&bot=${world.shop.botUsername}&limit=200`;
  const messages = await world.control<{ text?: string }[]>(path);
  return messages.flatMap(({ text }) => (text?.includes(words) ? [text] : []));
}

describe('on a real server', () => {
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

  it('an order paid in coins goes back by hand: the customer names an address, staff send it, the order is refunded', async () => {
    await addStaff(world);
    const { payoutCode, orderCode, customer } = await refundCoins(world);
    await vi.waitFor(
      async () => expect((await world.chat(customer)).some(({ buttons }) => buttons.includes('📮 Say where to'))).toBe(true),
      patience,
    );
    expect(await name(world, payoutCode, iban)).toEqual({ ok: false, misfit: 'malformed' });
    const by = await untilSent(world, payoutCode, btcAddress);
    expect((await viewOf(world, orderCode)).refunds).toMatchObject([{ status: 'sent' }]);
    await isGreen(world);
    await saidAndRung(world, payoutCode, close(world, payoutCode, by, 'succeeded'));
    expect(await end(world, payoutCode)).toBe('succeeded');
    expect((await viewOf(world, orderCode)).status).toBe('refunded');
    await vi.waitFor(async () => {
      const told = (await world.chat(customer)).filter(({ text }) => text.includes('paid back to you'));
      expect(told).toHaveLength(1);
    }, patience);
    expect((await staffReads(world, payoutCode.slice(4))).some((text) => text.includes('✅ Paid back'))).toBe(true);
    await isGreen(world);
  });

  it('an order whose payout fails is in the wallet, and cannot be refunded twice', async () => {
    const { payoutCode, orderCode, customer } = await refundCoins(world);
    const { total } = await viewOf(world, orderCode);
    await saidAndRung(world, payoutCode, close(world, payoutCode, await addStaff(world), 'refused'));
    expect(await end(world, payoutCode)).toBe('failed');
    expect((await walletOf(world, customer)).cash).toBe(total);
    await isGreen(world);
  });

  it('words whose ring was lost are rung for by the relay, and one that vanished starts again from its row', async () => {
    const { payoutCode, customer } = await payOutTransfer(world);
    const by = await addStaff(world);
    const relay = startRelay({ db: world.db, door: world.door, log: pino({ level: 'silent' }), intervalMs: 200, patienceMs: 200 });
    try {
      await name(world, payoutCode);
      await approve(world, payoutCode, by);
      await sent(world, payoutCode, by);
      await vi.waitFor(async () => expect((await payoutOf(world, payoutCode)).status).toBe('sent'), patience);
      await world.door.client.workflow.getHandle(payoutWorkflowId(payoutCode)).terminate('lost');
      await close(world, payoutCode, by, 'cameBack');
      await vi.waitFor(async () => expect((await payoutOf(world, payoutCode)).status).toBe('failed'), patience);
    } finally {
      await relay.stop();
    }
    expect((await walletOf(world, customer)).cash).toBe(5_000);
    await isGreen(world);
  });

  it('a cancel in the Temporal UI gives an unsent one to the wallet and changes nothing of a sent one', async () => {
    const unsent = await payOutTransfer(world);
    await world.door.client.workflow.getHandle(payoutWorkflowId(unsent.payoutCode)).cancel();
    expect(await end(world, unsent.payoutCode)).toBe('cancelled in the UI');
    expect((await walletOf(world, unsent.customer)).cash).toBe(5_000);
    const gone = await payOutTransfer(world);
    const by = await untilSent(world, gone.payoutCode);
    await world.door.client.workflow.getHandle(payoutWorkflowId(gone.payoutCode)).cancel();
    await saidAndRung(world, gone.payoutCode, close(world, gone.payoutCode, by, 'succeeded'));
    expect(await end(world, gone.payoutCode)).toBe('succeeded');
    expect((await walletOf(world, gone.customer)).cash).toBe(0);
    await isGreen(world);
  });
});

describe('with time skipped', () => {
  let env: TestWorkflowEnvironment | undefined;
  let world: World;
  let stopBots: () => Promise<void>;
  beforeAll(async () => {
    env = await timeSkipping();
    if (!env) return;
    world = await startWorld({ env });
    stopBots = await runBots(world);
  }, 120_000);
  afterAll(async () => {
    await stopBots?.();
    await world?.close();
    await env?.teardown();
  });
  const now = async () => (await env?.currentTimeMs()) ?? Date.now();

  it('nobody says where to: asked five times in all, then it stays in the wallet after fourteen days', async (test) => {
    if (!env) return test.skip();
    const { payoutCode, customer } = await payOutTransfer(world, await now());
    expect(await end(world, payoutCode)).toBe('failed');
    expect(await payoutOf(world, payoutCode)).toMatchObject({ failure: 'notNamed' });
    expect((await walletOf(world, customer)).cash).toBe(5_000);
    const { days } = await world.one(
      'select extract(epoch from closed_at - requested_at)::float8 / 86400 as days from payout where code = ?',
      [payoutCode],
    );
    expect(Number(days)).toBeGreaterThanOrEqual(14);
    expect(Number(days)).toBeLessThan(14.01);
    const asked = (await world.chat(customer)).filter(({ buttons }) => buttons.includes('📮 Say where to'));
    expect(asked).toHaveLength(5);
    expect((await world.chat(customer)).filter(({ text }) => text.includes('Nobody said where to send it'))).toHaveLength(1);
    await isGreen(world, await now());
  });

  it('staff do nothing: they are reminded once a day, and nothing is lost', async (test) => {
    if (!env) return test.skip();
    await addStaff(world);
    const { payoutCode } = await payOutTransfer(world, await now());
    await saidAndRung(world, payoutCode, name(world, payoutCode, iban, await now()));
    await stands(world, payoutCode, 'approval');
    const reminders = async () => (await staffReads(world, payoutCode.slice(4))).filter((text) => text.startsWith('⏰'));
    await env.sleep('25 hours');
    await vi.waitFor(async () => expect(await reminders()).toHaveLength(1), patience);
    await env.sleep('24 hours');
    await vi.waitFor(async () => expect(await reminders()).toHaveLength(2), patience);
    await saidAndRung(world, payoutCode, close(world, payoutCode, await addStaff(world), 'refused', await now()));
    expect(await end(world, payoutCode)).toBe('failed');
    await isGreen(world, await now());
  });
});
