/** Friends of a test world: who brings whom, and what they are told. */
import { expect } from 'vitest';
import type { Customer } from '../../db/entities/customer.ts';
import { visitCustomer } from '../../db/repositories/customer.ts';
import { openReferralCode } from '../../db/repositories/referral.ts';
import { referralPayload } from '../../domain/referral.ts';
import { ringNotice } from '../../temporal/notice.ts';
import { noticeWorkflowId } from '../../workflows/messages/notice.ts';
import { type Ending, ended } from './ending.ts';
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

/** What a customer was told of their notices, and what not. */
export async function noticesOf({ db }: Pick<World, 'db'>, { id }: Pick<Customer, 'id'>) {
  const rows: { key: string; content: { kind: string }; told_at: string | null }[] = await db.em
    .fork()
    .execute('select key, content, told_at from notice where customer_id = ? order by id', [id]);
  return rows.map(({ key, content, told_at }) => ({ key, content, isTold: told_at !== null }));
}

export const untilTold = (world: World, customer: Pick<Customer, 'id'>) =>
  waitFor(async () => expect((await noticesOf(world, customer)).every(({ isTold }) => isTold)).toBe(true), { timeout: 15_000 });

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
];
