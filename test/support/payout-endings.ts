/** How a payout ends. */
import { expect } from 'vitest';
import type { Customer } from '../../db/entities/customer.ts';
import type { Judge } from '../../db/repositories/approval.ts';
import { makePayoutCode } from '../../domain/payout.ts';
import { cancelDeposit } from '../../temporal/deposit.ts';
import { requestPayout } from '../../temporal/payout.ts';
import { requestRefund } from '../../temporal/refund.ts';
import { payoutWorkflowId } from '../../workflows/messages/payout.ts';
import { refundWorkflowId } from '../../workflows/messages/refund.ts';
import { addStaff, approving, judge, sendReceipt, transferOne } from './approvals.ts';
import { depositOf } from './deposits.ts';
import { type Ending, ended, resultOf } from './ending.ts';
import { placeInCoins, sendCoins } from './order-coins-endings.ts';
import { approve, btcAddress, close, iban, name, payoutOf, ring, sent } from './payouts.ts';
import { endedOrder, type Placed, viewOf } from './story.ts';
import { untilAnswered, waitFor } from './wait.ts';
import type { World } from './world.ts';

/** An order that was paid in coins and delivered, and its refund, which staff must send. */
export async function refundCoins(world: World): Promise<Placed & { readonly payoutCode: string }> {
  const placed = await placeInCoins(world, 900);
  await sendCoins(world, placed);
  await endedOrder(world, placed);
  const request = { orderCode: placed.orderCode, number: 1, actor: 'cli', reason: 'asked for' };
  expect(await untilAnswered(() => requestRefund(world.door, request))).toMatchObject({ ok: true });
  const payoutCode = `${placed.orderCode}-r1`;
  await stands(world, payoutCode, 'naming');
  return { ...placed, payoutCode };
}

/** A transfer that staff approved, and its payout, asked for on the command line. */
export async function payOutTransfer(
  world: World,
  at = Date.now(),
): Promise<{ customer: Customer; depositCode: string; payoutCode: string }> {
  const { depositCode, customer } = await transferOne(world);
  await sendReceipt(world, depositCode, at);
  await judge(world, depositCode, await addStaff(world), approving(), at);
  await waitFor(async () => expect((await depositOf(world, depositCode)).status).toBe('credited'), { timeout: 15_000, interval: 50 });
  const wish = {
    depositCode,
    actor: 'cli',
    reason: 'asked for',
    number: 1,
    shopId: world.shop.id,
    customerId: customer.id,
    provider: 'manual',
  };
  const payoutCode = makePayoutCode(depositCode, 1);
  expect(await untilAnswered(() => requestPayout(world.door, wish))).toEqual({ ok: true, payoutCode });
  return { customer, depositCode, payoutCode };
}

export async function stands(world: World, payoutCode: string, stage: string): Promise<void> {
  await waitFor(async () => expect((await payoutOf(world, payoutCode)).stage).toBe(stage), { timeout: 15_000, interval: 50 });
}

export async function saidAndRung(world: World, payoutCode: string, said: Promise<{ readonly ok: boolean }>): Promise<void> {
  expect(await said).toMatchObject({ ok: true });
  await ring(world, payoutCode);
}

/** Named, approved and sent. @returns who approved it */
export async function untilSent(world: World, payoutCode: string, destination = iban): Promise<Judge> {
  const by = await addStaff(world);
  await saidAndRung(world, payoutCode, name(world, payoutCode, destination));
  await saidAndRung(world, payoutCode, approve(world, payoutCode, by));
  await saidAndRung(world, payoutCode, sent(world, payoutCode, by));
  await waitFor(async () => expect((await payoutOf(world, payoutCode)).status).toBe('sent'), { timeout: 15_000, interval: 50 });
  return by;
}

const endOf = (world: World, payoutCode: string) => ended(world, payoutWorkflowId(payoutCode));

export const payoutEndings: readonly Ending[] = [
  {
    name: 'refund-handed-to-payout',
    async run(world) {
      const { payoutCode } = await refundCoins(world);
      const end = await ended(world, refundWorkflowId(payoutCode));
      await saidAndRung(world, payoutCode, close(world, payoutCode, await addStaff(world), 'refused'));
      await endOf(world, payoutCode);
      return end;
    },
  },
  {
    name: 'payout-of-order-succeeded',
    async run(world) {
      const { payoutCode, orderCode } = await refundCoins(world);
      const by = await untilSent(world, payoutCode, btcAddress);
      await saidAndRung(world, payoutCode, close(world, payoutCode, by, 'succeeded'));
      const end = await endOf(world, payoutCode);
      expect((await viewOf(world, orderCode)).status).toBe('refunded');
      return end;
    },
  },
  {
    name: 'payout-of-deposit-succeeded',
    async run(world) {
      const { payoutCode } = await payOutTransfer(world);
      const by = await untilSent(world, payoutCode);
      await saidAndRung(world, payoutCode, close(world, payoutCode, by, 'succeeded'));
      return endOf(world, payoutCode);
    },
  },
  {
    name: 'payout-refused',
    async run(world) {
      const { payoutCode } = await payOutTransfer(world);
      await saidAndRung(world, payoutCode, close(world, payoutCode, await addStaff(world), 'refused'));
      return endOf(world, payoutCode);
    },
  },
  {
    name: 'payout-came-back-after-it-arrived',
    async run(world) {
      const { payoutCode } = await payOutTransfer(world);
      const by = await untilSent(world, payoutCode);
      await saidAndRung(world, payoutCode, close(world, payoutCode, by, 'succeeded'));
      expect(await resultOf(world, payoutWorkflowId(payoutCode))).toBe('succeeded');
      await saidAndRung(world, payoutCode, close(world, payoutCode, by, 'cameBack'));
      return endOf(world, payoutCode);
    },
  },
  {
    name: 'payout-cancelled-in-ui',
    async run(world) {
      const { payoutCode } = await payOutTransfer(world);
      await world.door.client.workflow.getHandle(payoutWorkflowId(payoutCode)).cancel();
      return endOf(world, payoutCode);
    },
  },
  {
    name: 'payout-rejected',
    async run(world) {
      const { depositCode, customer } = await transferOne(world);
      const wish = {
        depositCode,
        actor: 'cli',
        reason: 'asked for',
        number: 1,
        shopId: world.shop.id,
        customerId: customer.id,
        provider: 'manual',
      };
      expect(await untilAnswered(() => requestPayout(world.door, wish))).toEqual({ ok: false, rejected: 'NothingLeft' });
      const end = await endOf(world, makePayoutCode(depositCode, 1));
      // What was never paid waits for days.
      await untilAnswered(() => cancelDeposit(world.door, depositCode, { by: 'customer', actor: `customer:${customer.id}` }));
      return end;
    },
  },
  {
    name: 'payout-unnamed',
    long: true,
    async run(world, env) {
      const { payoutCode } = await payOutTransfer(world, (await env?.currentTimeMs()) ?? Date.now());
      return endOf(world, payoutCode);
    },
  },
];
