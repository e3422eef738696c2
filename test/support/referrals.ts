/** Friends of a test world: who brings whom, and what they are told. */
import { expect } from 'vitest';
import type { Customer } from '../../db/entities/customer.ts';
import { Notice } from '../../db/entities/notice.ts';
import { visitCustomer } from '../../db/repositories/customer.ts';
import { openReferralCode } from '../../db/repositories/referral.ts';
import { writeSetting } from '../../db/repositories/setting.ts';
import { referralPayload } from '../../domain/referral.ts';
import { ringNotice } from '../../temporal/notice.ts';
import { commissionWorkflowId } from '../../workflows/messages/commission.ts';
import { depositWorkflowId } from '../../workflows/messages/deposit.ts';
import { noticeWorkflowId } from '../../workflows/messages/notice.ts';
import { strayWorkflowId } from '../../workflows/messages/stray.ts';
import { depositOne, payDeposit } from './deposits.ts';
import { type Ending, ended, resultOf } from './ending.ts';
import { waitFor } from './wait.ts';
import type { World } from './world.ts';

let telegramUsers = 6_000_000;

/** Somebody whom the shop does not know yet, in the sandbox's Telegram. */
export async function makeStranger({ control }: World, languageCode = 'en'): Promise<{ telegramUserId: number }> {
  telegramUsers += 1;
  await control('/people', { id: telegramUsers, firstName: 'Bea', languageCode });
  return { telegramUserId: telegramUsers };
}

export const linkPayloadOf = async ({ db, shop }: World, { id }: Pick<Customer, 'id'>) =>
  referralPayload(await openReferralCode(db.em.fork(), { shopId: shop.id, customerId: id }));

/** A newcomer came by a customer's link, and the process that took them in died before it rang anybody. */
export async function bringFriend(world: World, referrer: Pick<Customer, 'id'>): Promise<Customer> {
  const { telegramUserId } = await makeStranger(world);
  const referralCode = await openReferralCode(world.db.em.fork(), { shopId: world.shop.id, customerId: referrer.id });
  const visitor = { shopId: world.shop.id, telegramUserId, chatId: telegramUserId, name: 'Bea', language: 'en', referralCode } as const;
  const customer = await visitCustomer(world.db.em.fork(), world.secrets, visitor);
  await world.control('/messages', { bot: world.shop.botUsername, person: telegramUserId, text: '/start' });
  return customer;
}

/** What a customer was told of their notices, and what not; badges aside. */
export async function noticesOf({ db }: Pick<World, 'db'>, { id }: Pick<Customer, 'id'>) {
  const rows: { key: string; content: { kind: string }; told_at: string | null }[] = await db.em
    .fork()
    .execute(`select key, content, told_at from notice where customer_id = ? and content ->> 'kind' <> 'achievementAwarded' order by id`, [
      id,
    ]);
  return rows.map(({ key, content, told_at }) => ({ key, content, isTold: told_at !== null }));
}

export const untilTold = (world: World, customer: Pick<Customer, 'id'>) =>
  waitFor(async () => expect(await world.db.em.fork().count(Notice, { customerId: customer.id, toldAt: null })).toBe(0), {
    timeout: 15_000,
  });

/** Somebody brings a friend, who tops up 50.00 by card. */
export async function friendTopsUp(world: World, referrer?: Customer) {
  const brought = referrer ?? (await world.addPerson());
  const friend = await bringFriend(world, brought);
  const { depositCode } = await depositOne(world, { customer: friend });
  const intent = await payDeposit(world, depositCode);
  return { depositCode, intent, referrer: brought, friend };
}

/** What the commission of a deposit has brought by now, minor units; undefined before anybody reckoned with it. */
async function commissionPaid({ db }: World, depositCode: string): Promise<number | undefined> {
  const [row]: { paid: string }[] = await db.em
    .fork()
    .execute('select c.paid from commission c join deposit d on d.id = c.deposit_id where d.code = ?', [depositCode]);
  return row && Number(row.paid);
}

/** Waits until a deposit was reckoned with, and so its commission's workflow exists. */
export const untilCommission = (world: World, depositCode: string) =>
  waitFor(async () => expect(await commissionPaid(world, depositCode)).toBeDefined(), { timeout: 15_000 });

async function endedCommission(world: World, depositCode: string): Promise<{ workflowId: string; status: string }> {
  await untilCommission(world, depositCode);
  return ended(world, commissionWorkflowId(depositCode));
}

/** While the shop holds commissions of cards for 14 days. */
async function withHold<Done>({ db, shop }: World, work: () => Promise<Done>): Promise<Done> {
  const change = (value: number) =>
    writeSetting(db.em.fork(), { shopId: shop.id, key: 'commissionHoldDays', value, actor: 'cli', mode: 'live', at: new Date() });
  await change(14);
  try {
    return await work();
  } finally {
    await change(0);
  }
}

export const referralEndings: readonly Ending[] = [
  {
    name: 'notice-friend-joined',
    async run(world) {
      const referrer = await world.addPerson();
      await bringFriend(world, referrer);
      await waitFor(() => ringNotice(world.door, referrer.id), { timeout: 10_000 });
      await untilTold(world, referrer);
      return ended(world, noticeWorkflowId(referrer.id));
    },
  },
  {
    name: 'deposit-of-a-friend-starts-commission',
    most: 24,
    async run(world) {
      const { depositCode } = await friendTopsUp(world);
      return ended(world, depositWorkflowId(depositCode));
    },
  },
  {
    name: 'commission-paid',
    async run(world) {
      const { depositCode } = await friendTopsUp(world);
      return endedCommission(world, depositCode);
    },
  },
  {
    name: 'stray-late-deposit-of-a-friend',
    async run(world) {
      const friend = await bringFriend(world, await world.addPerson());
      const { depositCode } = await depositOne(world, { customer: friend, payWithinSeconds: 1 });
      await resultOf(world, depositWorkflowId(depositCode));
      const intent = await payDeposit(world, depositCode, { force: true });
      await untilCommission(world, depositCode);
      await endedCommission(world, depositCode);
      return ended(world, strayWorkflowId('stripe', intent));
    },
  },
  {
    name: 'commission-taken-back',
    async run(world) {
      const { depositCode, intent } = await friendTopsUp(world);
      await endedCommission(world, depositCode);
      await world.control(`/stripe/payment-intents/${intent}/dispute`, {});
      await waitFor(async () => expect(await commissionPaid(world, depositCode)).toBe(0), { timeout: 15_000 });
      return endedCommission(world, depositCode);
    },
  },
  {
    name: 'commission-cancelled-in-ui',
    run: (world) =>
      withHold(world, async () => {
        const { depositCode } = await friendTopsUp(world);
        await untilCommission(world, depositCode);
        await world.door.client.workflow.getHandle(commissionWorkflowId(depositCode)).cancel();
        return ended(world, commissionWorkflowId(depositCode));
      }),
  },
  {
    name: 'commission-held-then-paid',
    long: true,
    run: (world) =>
      withHold(world, async () => {
        const { depositCode } = await friendTopsUp(world);
        return endedCommission(world, depositCode);
      }),
  },
];
