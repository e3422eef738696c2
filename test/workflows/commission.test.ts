/** Commissions that are held for days, with time skipped. */
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkDatabase } from '../../db/check.ts';
import { readEarnings } from '../../db/repositories/referral.ts';
import { writeSetting } from '../../db/repositories/setting.ts';
import { commissionWorkflowId } from '../../workflows/messages/commission.ts';
import { walletOf } from '../support/deposits.ts';
import { resultOf } from '../support/ending.ts';
import { friendTopsUp, untilCommission } from '../support/referrals.ts';
import { timeSkipping } from '../support/temporal.ts';
import { waitFor } from '../support/wait.ts';
import { startWorld, type World } from '../support/world.ts';

let env: TestWorkflowEnvironment | undefined;
let world: World;
const day = 86_400_000;

beforeAll(async () => {
  env = await timeSkipping();
  if (!env) return;
  world = await startWorld({ env });
  const setting = { shopId: world.shop.id, key: 'commissionHoldDays', value: 14, actor: 'cli', mode: 'live', at: new Date() } as const;
  expect(await writeSetting(world.db.em.fork(), setting)).toBe(true);
}, 180_000);
afterAll(async () => {
  await world?.close();
  await env?.teardown();
});

const now = async () => (await env?.currentTimeMs()) ?? 0;

async function held() {
  world.setFarClock(await now());
  const topUp = await friendTopsUp(world);
  await untilCommission(world, topUp.depositCode);
  const [row] = await world.db.em
    .fork()
    .execute<{ due: string }[]>('select c.due_at as due from commission c join deposit d on d.id = c.deposit_id where d.code = ?', [
      topUp.depositCode,
    ]);
  return { ...topUp, dueAt: Date.parse(String(row?.due)) };
}

const end = (depositCode: string) => resultOf(world, commissionWorkflowId(depositCode));

async function isGreen(): Promise<void> {
  expect((await checkDatabase(world.db.em.fork(), { now: new Date(await now()) })).findings).toEqual([]);
}

describe('a commission that is held', () => {
  it('is paid after fourteen days, not before', async (test) => {
    if (!env) return test.skip();
    const { depositCode, referrer, dueAt } = await held();
    await env.sleep('13 days');
    expect(await readEarnings(world.db.em.fork(), referrer.id)).toBe(0);
    expect(await end(depositCode)).toBe('paid');
    expect(await now()).toBeGreaterThanOrEqual(dueAt);
    expect(await now()).toBeLessThan(dueAt + day);
    expect(await walletOf(world, referrer)).toEqual({ cash: 0, stars: 0, bonus: 150, debt: 0 });
    await isGreen();
  });

  it('brings nothing when its money is taken back meanwhile, or the friend is banned', async (test) => {
    if (!env) return test.skip();
    const [lost, banned] = [await held(), await held()];
    await env.sleep('5 days');
    world.setFarClock(await now());
    await world.control(`/stripe/payment-intents/${lost.intent}/dispute`, {});
    const isReversed = async () =>
      (await world.one('select status from deposit where code = ?', [lost.depositCode])).status === 'reversed' ||
      Promise.reject(new Error('Nothing was taken back yet'));
    await waitFor(isReversed, { timeout: 20_000 });
    await world.db.em.fork().execute('update customer set banned_at = now() where id = ?', [banned.friend.id]);
    expect(await end(lost.depositCode)).toBe('reversed');
    expect(await end(banned.depositCode)).toBe('refused');
    for (const { referrer } of [lost, banned]) {
      expect(await walletOf(world, referrer)).toEqual({ cash: 0, stars: 0, bonus: 0, debt: 0 });
      expect(await readEarnings(world.db.em.fork(), referrer.id)).toBe(0);
    }
    await isGreen();
  });
});
