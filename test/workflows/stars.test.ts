/** Top-ups in Stars that last for their whole time, with time skipped. */
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { checkDatabase } from '../../db/check.ts';
import { markPreCheckout } from '../../db/repositories/payment.ts';
import { depositPaymentId } from '../../domain/deposit.ts';
import { cancelDeposit, ringDeposit } from '../../temporal/deposit.ts';
import { depositWorkflowId } from '../../workflows/messages/deposit.ts';
import { depositOf, depositOne, type Deposited, walletOf } from '../support/deposits.ts';
import { resultOf } from '../support/ending.ts';
import { allowStars } from '../support/stars.ts';
import { timeSkipping } from '../support/temporal.ts';
import { startWorld, type World } from '../support/world.ts';

let env: TestWorkflowEnvironment | undefined;
let world: World;

beforeAll(async () => {
  env = await timeSkipping();
  if (!env) return;
  world = await startWorld({ env });
  await allowStars(world);
}, 180_000);
afterAll(async () => {
  await world?.close();
  await env?.teardown();
});

const now = async () => (await env?.currentTimeMs()) ?? 0;
const end = ({ depositCode }: Deposited) => resultOf(world, depositWorkflowId(depositCode));

async function open(): Promise<Deposited> {
  world.setFarClock(await now());
  return depositOne(world, { method: 'stars' });
}

async function approve({ depositCode, customer }: Deposited): Promise<void> {
  const { telegramUserId } = customer;
  const ask = { shopId: world.shop.id, paymentId: depositPaymentId(depositCode), telegramUserId, amount: 2_500, currency: 'XTR' };
  expect(await markPreCheckout(world.db.em.fork(), { ...ask, at: new Date(await now()) })).toBe('approved');
}

const minutesOpen = async ({ depositCode }: Deposited) =>
  Number(
    (await world.one('select extract(epoch from closed_at - opened_at)::float8 / 60 as open from deposit where code = ?', [depositCode]))
      .open,
  );

async function isGreen(): Promise<void> {
  expect((await checkDatabase(world.db.em.fork(), { now: new Date(await now()) })).findings).toEqual([]);
}

describe('a top-up in Stars, with time skipped', () => {
  it('ends after half an hour and says that Stars paid later go back', async (test) => {
    if (!env) return test.skip();
    const deposited = await open();
    expect(await end(deposited)).toBe('expired');
    expect(await minutesOpen(deposited)).toBeCloseTo(30, 0);
    expect((await world.chat(deposited.customer)).some(({ text }) => text.includes('Stars that are paid later go back to you'))).toBe(true);
    await isGreen();
  });

  it('that was approved and never paid is waited for two minutes beyond its time, and not for days', async (test) => {
    if (!env) return test.skip();
    const deposited = await open();
    await approve(deposited);
    expect(await end(deposited)).toBe('expired');
    expect(await depositOf(world, deposited.depositCode)).toMatchObject({ endedBy: 'verdictOver' });
    expect(await minutesOpen(deposited)).toBeCloseTo(32, 0);
    await isGreen();
  });

  it('that was approved lets its customer go two minutes later', async (test) => {
    if (!env) return test.skip();
    const deposited = await open();
    const wish = { by: 'customer', actor: `customer:${deposited.customer.id}` } as const;
    await approve(deposited);
    expect(await cancelDeposit(world.door, deposited.depositCode, wish)).toMatchObject({ ok: false, rejected: 'PaymentOnItsWay' });
    await env.sleep('3 minutes');
    world.setFarClock(await now());
    expect(await cancelDeposit(world.door, deposited.depositCode, wish)).toMatchObject({ ok: true, status: 'expired' });
    await isGreen();
  });

  it('whose payment is told at last is credited, also in the last minute', async (test) => {
    if (!env) return test.skip();
    const deposited = await open();
    const { depositCode, customer } = deposited;
    await approve(deposited);
    await env.sleep('31 minutes');
    expect((await depositOf(world, depositCode)).status).toBe('seen');
    const row = { provider: 'stars', objectId: `charge-${depositCode}`, paymentId: depositPaymentId(depositCode) } as const;
    await world.say(depositCode, { ...row, providerAt: new Date(await now()) });
    expect(await ringDeposit(world.door, { code: depositCode })).toBe(true);
    expect(await end(deposited)).toBe('credited');
    expect(await walletOf(world, customer)).toEqual({ cash: 0, stars: 5_000, bonus: 0, debt: 0 });
    await vi.waitFor(async () => {
      const texts = (await world.chat(customer)).map(({ text }) => text);
      expect(texts.some((text) => /50\.00.* has arrived in your wallet/.test(text))).toBe(true);
    });
    await isGreen();
  });
});
