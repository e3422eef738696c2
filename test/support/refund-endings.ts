/** How a refund of an order ends. */
import { expect } from 'vitest';
import { requestRefund } from '../../temporal/refund.ts';
import { orderWorkflowId } from '../../workflows/messages/order.ts';
import { refundWorkflowId } from '../../workflows/messages/refund.ts';
import { type Ending, ended, resultOf } from './ending.ts';
import { delivered, payByCard, type Placed, placeOne, viewOf } from './story.ts';
import { untilAnswered, waitFor } from './wait.ts';
import type { World } from './world.ts';

async function refunded(world: World, { orderCode }: Placed, wish: { amount?: number; reason?: string } = {}) {
  const refunds = (await viewOf(world, orderCode)).refunds.length;
  const request = { orderCode, number: refunds + 1, actor: 'cli', reason: wish.reason ?? 'asked for', amount: wish.amount };
  const answer = await untilAnswered(() => requestRefund(world.door, request));
  return { answer, workflowId: refundWorkflowId(`${orderCode}-r${refunds + 1}`) };
}

async function untilRefund(world: World, orderCode: string, status: string): Promise<void> {
  await waitFor(async () => expect((await viewOf(world, orderCode)).refunds[0]?.status).toBe(status), {
    timeout: 15_000,
    interval: 100,
  });
}

export const refundEndings: readonly Ending[] = [
  {
    name: 'refund-wallet-succeeded',
    async run(world) {
      const placed = await delivered(world, { method: 'wallet', cash: 5000 });
      const { answer, workflowId } = await refunded(world, placed);
      expect(answer).toMatchObject({ ok: true });
      return ended(world, workflowId);
    },
  },
  {
    name: 'refund-stripe-succeeded',
    async run(world) {
      const { workflowId } = await refunded(world, await delivered(world, { method: 'card' }));
      return ended(world, workflowId);
    },
  },
  {
    name: 'refund-stripe-part-succeeded',
    async run(world) {
      const { workflowId } = await refunded(world, await delivered(world, { method: 'card' }), { amount: 2000 });
      return ended(world, workflowId);
    },
  },
  {
    name: 'refund-stars-succeeded',
    async run(world) {
      const { workflowId } = await refunded(world, await delivered(world, { method: 'stars' }));
      return ended(world, workflowId);
    },
  },
  {
    name: 'refund-rejected',
    async run(world) {
      const placed = await placeOne(world, { method: 'stars', holdSeconds: 1 });
      await resultOf(world, orderWorkflowId(placed.orderCode));
      const { answer, workflowId } = await refunded(world, placed);
      expect(answer).toEqual({ ok: false, rejected: 'NotPaid' });
      return ended(world, workflowId);
    },
  },
  {
    name: 'refund-failed',
    async run(world) {
      const placed = await placeOne(world, { method: 'card' });
      const intent = await payByCard(world, placed.orderCode);
      await resultOf(world, orderWorkflowId(placed.orderCode));
      // The bank takes the money back behind our back, so nothing is left for our refund.
      const answer = await fetch(`${world.origin}/stripe/v1/refunds`, {
        method: 'POST',
        headers: {
          authorization: `Bearer sk_test_${world.shop.botId}`,
          'content-type': 'application/x-www-form-urlencoded',
        },
        body: new URLSearchParams({ payment_intent: intent }).toString(),
      });
      expect(answer.status).toBe(200);
      const { workflowId } = await refunded(world, placed);
      return ended(world, workflowId);
    },
  },
  {
    name: 'refund-asked-again-then-succeeded',
    long: true,
    async run(world) {
      const placed = await placeOne(world, { method: 'card' });
      await payByCard(world, placed.orderCode, { card: '4000000000007726' });
      await resultOf(world, orderWorkflowId(placed.orderCode));
      const { workflowId } = await refunded(world, placed);
      await untilRefund(world, placed.orderCode, 'sent');
      const { refunds } = await world.control<{ refunds: { id: string; payment_intent: string }[] }>('/stripe/refunds');
      await world.control(`/stripe/refunds/${refunds[0]?.id}/finish`, { outcome: 'succeeded' }).catch(() => undefined);
      return ended(world, workflowId);
    },
  },
];
