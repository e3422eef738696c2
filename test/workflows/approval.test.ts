/** Transfers that staff judge, over days, with time skipped. */
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { checkDatabase } from '../../db/check.ts';
import type { Judge } from '../../db/repositories/approval.ts';
import { openDeposit } from '../../temporal/deposit.ts';
import { depositWorkflowId } from '../../workflows/messages/deposit.ts';
import { staffChatId } from '../../sandbox/telegram/demo.ts';
import { addStaff, approving, judge, sendReceipt } from '../support/approvals.ts';
import { depositOf, walletOf } from '../support/deposits.ts';
import { resultOf } from '../support/ending.ts';
import { newCode } from '../support/shop.ts';
import { timeSkipping } from '../support/temporal.ts';
import { untilAnswered } from '../support/wait.ts';
import { startWorld, type World } from '../support/world.ts';

let env: TestWorkflowEnvironment | undefined;
let world: World;
let ann: Judge;

beforeAll(async () => {
  env = await timeSkipping();
  if (!env) return;
  world = await startWorld({ env });
  ann = await addStaff(world);
}, 180_000);
afterAll(async () => {
  await world?.close();
  await env?.teardown();
});

const now = async () => (await env?.currentTimeMs()) ?? 0;
const end = (depositCode: string) => resultOf(world, depositWorkflowId(depositCode));
const shown = (depositCode: string) => `${depositCode.slice(0, 4)}-${depositCode.slice(4)}`;

async function open() {
  world.setFarClock(await now());
  const customer = await world.addPerson();
  const depositCode = newCode();
  const ids = { shopId: world.shop.id, customerId: customer.id };
  const wish = { ...ids, amount: 5_000, method: 'bank', payWithinSeconds: 259_200, language: 'en' } as const;
  expect(await untilAnswered(() => openDeposit(world.door, depositCode, wish))).toMatchObject({ ok: true, status: 'waiting' });
  return { depositCode, customer };
}

/** What stands in the staff chat about a deposit. */
async function staffReads(depositCode: string): Promise<string[]> {
  const path = `/chats/${staffChatId}/messages?person=2001&bot=${world.shop.botUsername}&limit=200`;
  const messages = await world.control<{ text?: string }[]>(path);
  return messages.flatMap(({ text }) => (text?.includes(shown(depositCode)) ? [text] : []));
}

async function isGreen(): Promise<void> {
  expect((await checkDatabase(world.db.em.fork(), { now: new Date(await now()) })).findings).toEqual([]);
}

describe('a transfer, with time skipped', () => {
  it('nobody judges: staff are reminded after a day and after two, the customer is told after three, and it may be credited later', async (test) => {
    if (!env) return test.skip();
    const { depositCode, customer } = await open();
    await sendReceipt(world, depositCode, await now());
    await vi.waitFor(async () => expect((await staffReads(depositCode)).length).toBe(2), { timeout: 15_000, interval: 100 });
    await env.sleep('23 hours');
    expect((await staffReads(depositCode)).filter((text) => text.startsWith('⏰'))).toHaveLength(0);
    await env.sleep('2 hours');
    await vi.waitFor(async () => expect((await staffReads(depositCode)).filter((text) => text.startsWith('⏰'))).toHaveLength(1), {
      timeout: 15_000,
    });
    expect(await end(depositCode)).toBe('expired');
    expect(await depositOf(world, depositCode)).toMatchObject({ endedBy: 'verdictOver', credited: 0 });
    const { open: seconds } = await world.one(
      'select extract(epoch from closed_at - seen_at)::float8 as open from deposit where code = ?',
      [depositCode],
    );
    expect(Number(seconds)).toBeGreaterThanOrEqual(72 * 3_600);
    expect(Number(seconds)).toBeLessThan(72 * 3_600 + 60);
    const reminders = (await staffReads(depositCode)).filter((text) => text.startsWith('⏰'));
    expect(reminders).toHaveLength(2);
    expect((await world.chat(customer)).filter(({ text }) => text.includes('within three days'))).toHaveLength(1);

    await judge(world, depositCode, ann, approving(), await now());
    await vi.waitFor(async () => expect((await walletOf(world, customer)).cash).toBe(5_000), { timeout: 15_000, interval: 100 });
    expect(await depositOf(world, depositCode)).toMatchObject({ status: 'credited' });
    await isGreen();
  });

  it('without any receipt ends after three days, and says that a receipt is taken all the same', async (test) => {
    if (!env) return test.skip();
    const { depositCode, customer } = await open();
    expect(await end(depositCode)).toBe('expired');
    expect(await depositOf(world, depositCode)).toMatchObject({ endedBy: 'timeOver' });
    expect((await world.chat(customer)).some(({ text }) => text.includes('send the confirmation here all the same'))).toBe(true);
    await isGreen();
  });

  it('rejected is told with its reason, once, and staff see who said so', async (test) => {
    if (!env) return test.skip();
    const { depositCode, customer } = await open();
    await sendReceipt(world, depositCode, await now());
    await judge(world, depositCode, ann, { verdict: 'reject', reason: 'unreadable' }, await now());
    expect(await end(depositCode)).toBe('rejected');
    const told = (await world.chat(customer)).filter(({ text }) => text.includes('did not confirm top-up'));
    expect(told.map(({ text }) => text.includes('could not be read'))).toEqual([true]);
    expect((await staffReads(depositCode)).some((text) => text.includes(`Rejected by ${ann.actor}: Not readable`))).toBe(true);
    await isGreen();
  });

  it('approved before any receipt came, is credited: staff saw it in the bank', async (test) => {
    if (!env) return test.skip();
    const { depositCode, customer } = await open();
    await judge(world, depositCode, ann, approving({ amount: 7_000 }), await now());
    expect(await end(depositCode)).toBe('credited');
    expect((await walletOf(world, customer)).cash).toBe(7_000);
    await isGreen();
  });
});
