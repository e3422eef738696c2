/** How a voucher ends. */
import { expect } from 'vitest';
import type { Customer } from '../../db/entities/customer.ts';
import { createBatch } from '../../db/repositories/voucher-batch.ts';
import { askGiftBack, type Claimed, claimGiftLink, claimVoucherCode, draftGiftLink, findGiftLink } from '../../db/repositories/voucher.ts';
import { lookAtVoucher } from '../../temporal/voucher.ts';
import { voucherWorkflowId } from '../../workflows/messages/voucher.ts';
import { type Ending, ended } from './ending.ts';
import { newCode } from './shop.ts';
import { untilAnswered } from './wait.ts';
import type { World } from './world.ts';

export interface Given {
  readonly voucherId: number;
  readonly giver: Customer;
  readonly payload: string;
}

/** A gift link of 10.00, of a wallet with as much in cash and bonus as is said. */
export async function giveOne(world: World, { cash = 800, bonus = 400, at = Date.now() } = {}): Promise<Given> {
  const giver = await world.addPerson({ cash, bonus });
  const { db, secrets, shop } = world;
  const draft = { shopId: shop.id, customerId: giver.id, code: newCode(), amount: 1_000, at: new Date(at) };
  const voucherId = (await draftGiftLink(db.em.fork(), secrets, draft)) ?? 0;
  await look(world, voucherId);
  const link = await findGiftLink(db.em.fork(), secrets, { id: voucherId, customerId: giver.id });
  return { voucherId, giver, payload: link?.payload ?? '' };
}

export const look = (world: World, voucherId: number) =>
  untilAnswered(() => lookAtVoucher(world.door, { voucherId, shopId: world.shop.id }));

/** Somebody opens it, and its row is looked at. */
export async function openOne(world: World, { payload }: Given, friend: Customer, at = Date.now()): Promise<Claimed> {
  const claimer = { shopId: world.shop.id, customerId: friend.id, at: new Date(at) };
  const claimed = await claimGiftLink(world.db.em.fork(), world.secrets, payload, claimer);
  if (claimed.ok) await look(world, claimed.voucherId);
  return claimed;
}

/** Its giver wants it back. */
export async function takeBack(world: World, { voucherId, giver }: Given): Promise<void> {
  await askGiftBack(world.db.em.fork(), { id: voucherId, customerId: giver.id, at: new Date() });
  await look(world, voucherId);
}

const endOf = (world: World, voucherId: number) => ended(world, voucherWorkflowId(voucherId));

export const voucherEndings: readonly Ending[] = [
  {
    name: 'voucher-gift-opened',
    async run(world) {
      const given = await giveOne(world);
      expect(await openOne(world, given, await world.addPerson())).toMatchObject({ ok: true });
      return endOf(world, given.voucherId);
    },
  },
  {
    name: 'voucher-gift-taken-back',
    async run(world) {
      const given = await giveOne(world);
      await takeBack(world, given);
      return endOf(world, given.voucherId);
    },
  },
  {
    name: 'voucher-gift-lapsed',
    long: true,
    async run(world, env) {
      const given = await giveOne(world, { at: (await env?.currentTimeMs()) ?? Date.now() });
      return endOf(world, given.voucherId);
    },
  },
  {
    name: 'voucher-gift-cancelled-in-ui',
    async run(world) {
      const given = await giveOne(world);
      await world.door.client.workflow.getHandle(voucherWorkflowId(given.voucherId)).cancel();
      return endOf(world, given.voucherId);
    },
  },
  {
    name: 'voucher-gift-refused',
    async run(world) {
      const given = await giveOne(world, { cash: 100, bonus: 100 });
      return endOf(world, given.voucherId);
    },
  },
  {
    name: 'voucher-code-claimed',
    async run(world) {
      const { db, shop } = world;
      const batch = { shopId: shop.id, name: 'Kiosk', amount: 2_000, count: 1, expiresAt: null, actor: 'test', at: new Date() };
      const { codes } = await createBatch(db.em.fork(), batch);
      const claimer = { shopId: shop.id, customerId: (await world.addPerson()).id, at: new Date() };
      const claimed = await claimVoucherCode(db.em.fork(), codes[0] ?? '', claimer);
      const voucherId = claimed.ok ? claimed.voucherId : 0;
      await look(world, voucherId);
      return endOf(world, voucherId);
    },
  },
];
