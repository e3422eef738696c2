/** How top-ups in Stars end; Telegram asks before each and tells of each, so the bots must be running. */
import { expect } from 'vitest';
import { requestDepositRefund } from '../../temporal/refund.ts';
import { startStray } from '../../temporal/stray.ts';
import { depositPaymentId } from '../../domain/deposit.ts';
import { depositRefundId } from '../../domain/refund.ts';
import { depositWorkflowId } from '../../workflows/messages/deposit.ts';
import { refundWorkflowId } from '../../workflows/messages/refund.ts';
import { strayWorkflowId } from '../../workflows/messages/stray.ts';
import { type Deposited, depositOf, depositOne, type DepositWish } from './deposits.ts';
import { type Ending, ended, resultOf } from './ending.ts';
import { allowStars } from './stars.ts';
import { botOf, payByStars } from './story.ts';
import { untilAnswered, waitFor } from './wait.ts';
import type { World } from './world.ts';

/** A customer taps Stars, 50.00 (2,500 Stars) unless they wish otherwise. */
export async function depositByStars(world: World, wish: DepositWish = {}): Promise<Deposited> {
  await allowStars(world);
  return depositOne(world, { method: 'stars', ...wish });
}

/** The customer pays the deposit's invoice. */
export async function payDepositByStars(world: World, { depositCode, customer }: Deposited): Promise<void> {
  const { instructions } = await depositOf(world, depositCode);
  if (instructions?.kind !== 'invoice') throw new Error(`Top-up ${depositCode} has no invoice`);
  const url = await botOf(world).createInvoiceLink(instructions.invoice);
  await payByStars(world, customer, url.split(/[/$]/).at(-1) as string);
}

export const endedByStars = (world: World, { depositCode }: Deposited) => ended(world, depositWorkflowId(depositCode));

async function credited(world: World): Promise<Deposited> {
  const deposited = await depositByStars(world);
  await payDepositByStars(world, deposited);
  expect(await resultOf(world, depositWorkflowId(deposited.depositCode))).toBe('credited');
  return deposited;
}

export const starsEndings: readonly Ending[] = [
  {
    name: 'deposit-by-stars-credited',
    most: 19,
    async run(world) {
      const deposited = await depositByStars(world);
      await payDepositByStars(world, deposited);
      return endedByStars(world, deposited);
    },
  },
  {
    name: 'deposit-by-stars-expired',
    run: async (world) => endedByStars(world, await depositByStars(world, { payWithinSeconds: 2 })),
  },
  {
    name: 'stray-by-stars-second-back',
    async run(world) {
      const { depositCode } = await credited(world);
      const objectId = `second-${depositCode}`;
      await world.say(depositCode, { provider: 'stars', objectId, paymentId: depositPaymentId(depositCode) });
      await waitFor(() => startStray(world.door, { shopId: world.shop.id, provider: 'stars', objectId }), { timeout: 10_000 });
      return ended(world, strayWorkflowId('stars', objectId));
    },
  },
  {
    name: 'refund-by-stars-succeeded',
    async run(world) {
      const { depositCode } = await credited(world);
      const answer = await untilAnswered(() => requestDepositRefund(world.door, { depositCode, actor: 'cli', reason: 'asked for' }));
      expect(answer).toEqual({ ok: true, refundIds: [depositRefundId(depositCode)] });
      return ended(world, refundWorkflowId(depositRefundId(depositCode)));
    },
  },
];
