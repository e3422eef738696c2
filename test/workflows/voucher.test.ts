/** Gift links and vouchers in the chat and over time: the money is always somewhere, and both hear of it. */
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkDatabase } from '../../db/check.ts';
import type { Customer } from '../../db/entities/customer.ts';
import { readWallet } from '../../db/repositories/ledger.ts';
import { createBatch } from '../../db/repositories/voucher-batch.ts';
import { claimGiftLink } from '../../db/repositories/voucher.ts';
import { formatVoucherCode } from '../../domain/voucher.ts';
import { startRelay } from '../../workers/relay.ts';
import { voucherWorkflowId } from '../../workflows/messages/voucher.ts';
import { resultOf } from '../support/ending.ts';
import { openPerson } from '../support/person.ts';
import { isGreen, runBots } from '../support/story.ts';
import { timeSkipping } from '../support/temporal.ts';
import { giveOne, openOne } from '../support/voucher-endings.ts';
import { waitFor } from '../support/wait.ts';
import { startWorld, type World } from '../support/world.ts';

const soon = { timeout: 20_000, interval: 100 };
const walletOf = async (world: World, { id }: Customer) => {
  const { cash, bonus } = await readWallet(world.db.em.fork(), world.shop, id);
  return [cash, bonus];
};

describe('in the chat', () => {
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

  it('a gift link is made from the wallet, opened once by a friend, and both are told', async () => {
    const [giver, friend, late] = [await world.addPerson({ cash: 3_000, bonus: 500 }), await world.addPerson(), await world.addPerson()];
    const person = openPerson(world, giver);
    await person.say('/wallet');
    await person.press(/Give/);
    await person.press(/20\.00/);
    const shown = await person.see(/Gift of .*20\.00/);
    expect(await person.linkOf(/Share/)).toContain('t.me/share/url');
    const link = /https:\/\/t\.me\/\w+\?start=(g_[\w-]{43})/.exec(shown.text ?? '')?.[1] ?? '';
    const opener = openPerson(world, friend);
    await opener.say(`/start ${link}`);
    await opener.see(/A friend gave you .*20\.00/);
    await person.see(/Your gift of .*20\.00.*was opened/);
    const comer = openPerson(world, late);
    await comer.say(`/start ${link}`);
    await comer.see(/Somebody has this already/);
    await person.say(`/start ${link}`);
    await person.see(/This is your own gift/);
    expect([await walletOf(world, giver), await walletOf(world, friend), await walletOf(world, late)]).toEqual([
      [1_500, 0],
      [0, 2_000],
      [0, 0],
    ]);
    await isGreen(world);
  }, 60_000);

  it('a gift is taken back, and a voucher’s code is written wherever a code is asked for', async () => {
    const customer = await world.addPerson({ cash: 1_000 });
    const { codes } = await createBatch(world.db.em.fork(), {
      ...{ shopId: world.shop.id, name: 'Kiosk', amount: 2_000, count: 1, expiresAt: null, actor: 'test', at: new Date() },
    });
    const person = openPerson(world, customer);
    await person.say('/wallet');
    await person.press(/Give/);
    await person.press(/10\.00/);
    await person.press(/Take it back/);
    await person.see(/You took your gift of .*10\.00.*back/);
    await person.say('/wallet');
    await person.press(/Redeem a code/);
    await person.see(/Which voucher code/);
    await person.say(formatVoucherCode(codes[0] ?? '').toLowerCase());
    await person.see(/Your voucher brought .*20\.00/);
    expect(await walletOf(world, customer)).toEqual([1_000, 2_000]);
    await isGreen(world);
  }, 60_000);

  it('a claim whose ring died is booked by the relay, once', async () => {
    const given = await giveOne(world);
    const friend = await world.addPerson();
    const claimer = { shopId: world.shop.id, customerId: friend.id, at: new Date() };
    expect(await claimGiftLink(world.db.em.fork(), world.secrets, given.payload, claimer)).toMatchObject({ ok: true });
    const relay = startRelay({ db: world.db, door: world.door, log: pino({ level: 'silent' }), intervalMs: 200, patienceMs: 200 });
    try {
      await waitFor(async () => expect(await walletOf(world, friend)).toEqual([0, 1_000]), soon);
    } finally {
      await relay.stop();
    }
    expect(await resultOf(world, voucherWorkflowId(given.voucherId))).toBe('claimed');
    await isGreen(world);
  }, 60_000);
});

describe('over time', () => {
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

  it('a link nobody opened in a day is over, and its money back as it came', async (test) => {
    if (!env) return test.skip();
    const given = await giveOne(world, { at: await now() });
    expect(await walletOf(world, given.giver)).toEqual([200, 0]);
    await env.sleep('23 hours');
    expect(await walletOf(world, given.giver)).toEqual([200, 0]);
    expect(await resultOf(world, voucherWorkflowId(given.voucherId))).toBe('lapsed');
    expect(await walletOf(world, given.giver)).toEqual([800, 400]);
    expect(await openOne(world, given, await world.addPerson(), await now())).toEqual({ ok: false, why: 'over' });
    expect((await checkDatabase(world.db.em.fork(), { now: new Date(await now()) })).findings).toEqual([]);
  }, 120_000);
});
