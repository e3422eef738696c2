/** Deposits that last for hours and days, with time skipped. */
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { checkDatabase } from '../../db/check.ts';
import { openDeposit, ringDeposit } from '../../temporal/deposit.ts';
import { depositWorkflowId } from '../../workflows/messages/deposit.ts';
import { depositOf, payDeposit, walletOf } from '../support/deposits.ts';
import { resultOf } from '../support/ending.ts';
import { newCode } from '../support/shop.ts';
import { timeSkipping } from '../support/temporal.ts';
import { untilAnswered } from '../support/wait.ts';
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

async function open(payWithinSeconds = 1_800) {
  world.setFarClock(await now());
  const customer = await world.addPerson();
  const depositCode = newCode();
  const wish = { shopId: world.shop.id, customerId: customer.id, amount: 5_000, method: 'card', payWithinSeconds, language: 'en' } as const;
  expect(await untilAnswered(() => openDeposit(world.door, depositCode, wish))).toMatchObject({ ok: true, status: 'waiting' });
  return { depositCode, customer };
}

const end = (depositCode: string) => resultOf(world, depositWorkflowId(depositCode));
const secondsOpen = async (depositCode: string) =>
  Number(
    (await world.one('select extract(epoch from closed_at - opened_at)::float8 as open from deposit where code = ?', [depositCode])).open,
  );

async function isGreen(): Promise<void> {
  expect((await checkDatabase(world.db.em.fork(), { now: new Date(await now()) })).findings).toEqual([]);
}

describe('a deposit, with time skipped', () => {
  it('ends after half an hour, closes its page and says so', async (test) => {
    if (!env) return test.skip();
    const { depositCode, customer } = await open();
    expect(await end(depositCode)).toBe('expired');
    const open30 = await secondsOpen(depositCode);
    expect(open30).toBeGreaterThanOrEqual(1_800);
    expect(open30).toBeLessThan(1_805);
    const { sessions } = await world.control<{ sessions: { status: string }[] }>(`/stripe/sessions?paymentId=deposit-${depositCode}`);
    expect(sessions).toMatchObject([{ status: 'expired' }]);
    expect((await world.chat(customer)).some(({ text }) => text.includes('The time to pay is over'))).toBe(true);
    await isGreen();
  });

  it('whose money was seen waits for days, asks the provider, and is credited although no webhook comes', async (test) => {
    if (!env) return test.skip();
    const { depositCode, customer } = await open();
    const intent = await payDeposit(world, depositCode, { async: true });
    await vi.waitFor(async () => expect((await depositOf(world, depositCode)).status).toBe('seen'), { timeout: 15_000, interval: 100 });
    world.sandbox.faults.add({ target: 'webhook', kind: 'lose', method: 'stripe', times: 10 });
    await env.sleep('2 days');
    expect((await depositOf(world, depositCode)).status).toBe('seen');
    await world.control(`/stripe/payment-intents/${intent}/finish`, { outcome: 'succeeded' });
    expect(await end(depositCode)).toBe('credited');
    world.sandbox.faults.clear();
    expect((await walletOf(world, customer)).cash).toBe(5_000);
    await isGreen();
  });

  it('whose verdict never comes ends after fourteen days', async (test) => {
    if (!env) return test.skip();
    const { depositCode } = await open();
    await payDeposit(world, depositCode, { async: true });
    await vi.waitFor(async () => expect((await depositOf(world, depositCode)).status).toBe('seen'), { timeout: 15_000, interval: 100 });
    expect(await end(depositCode)).toBe('expired');
    expect(await depositOf(world, depositCode)).toMatchObject({ endedBy: 'verdictOver' });
    expect(await secondsOpen(depositCode)).toBeGreaterThan(13 * 86_400);
    await isGreen();
  });

  it('is credited once however often it is rung, and rings change nothing of one that waits', async (test) => {
    if (!env) return test.skip();
    const { depositCode, customer } = await open();
    for (let times = 0; times < 5; times += 1) expect(await ringDeposit(world.door, { code: depositCode })).toBe(true);
    expect((await depositOf(world, depositCode)).status).toBe('waiting');
    await payDeposit(world, depositCode);
    await end(depositCode);
    expect(await ringDeposit(world.door, { code: depositCode })).toBe(false);
    expect((await walletOf(world, customer)).cash).toBe(5_000);
    await isGreen();
  });
});
