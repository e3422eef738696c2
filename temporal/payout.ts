/** The door into payouts. */
import { WorkflowExecutionAlreadyStartedError, WorkflowIdConflictPolicy, WorkflowIdReusePolicy } from '@temporalio/client';
import { TypedSearchAttributes } from '@temporalio/common';
import { formatPayoutCode, makePayoutCode } from '../domain/payout.ts';
import {
  type PayoutAnswer,
  type PayoutInput,
  type PayoutRequested,
  payoutWorkflowId,
  requestPayoutUpdate,
  ringSignal,
} from '../workflows/messages/payout.ts';
import { amountMinorAttribute, customerIdAttribute, providerAttribute, shopIdAttribute } from '../workflows/messages/search-attributes.ts';
import type { Door } from './client.ts';
import { answerDeadlineMs, answerInTime, type Later } from './deadline.ts';
import { updateWithStart } from './update-with-start.ts';

/** What an administrator finds it by. Amount in minor units; absent when nobody knows it yet. */
export interface StandingPayout {
  readonly payoutCode: string;
  readonly shopId: number;
  readonly customerId: number;
  readonly provider: string;
  readonly amount?: number | undefined;
}

type PayoutWorkflow = (input: PayoutInput) => Promise<{ status: string }>;

/**
 * Staff give a deposit, or a part of it, back. `number` is one more than the payouts it already has, read by whoever asks: two presses at once
 * are one payout.
 */
export function requestPayout(
  door: Door,
  wish: PayoutRequested & { readonly number: number } & Omit<StandingPayout, 'payoutCode' | 'amount'>,
): Promise<PayoutAnswer | Later> {
  const { number, shopId, customerId, provider, ...request } = wish;
  const payoutCode = makePayoutCode(request.depositCode, number);
  const options = startOptions(door, { payoutCode, shopId, customerId, provider, amount: request.amount });
  const start = { ...options, workflow: 'payoutWorkflow', input: { payoutCode, request } satisfies PayoutInput };
  return answerInTime(door, answerDeadlineMs, () => updateWithStart(door, start, requestPayoutUpdate));
}

/** Runs a payout from its row. @returns false when it runs already */
export async function startPayout(door: Door, payout: StandingPayout): Promise<boolean> {
  try {
    await door.client.workflow.start<PayoutWorkflow>('payoutWorkflow', {
      ...startOptions(door, payout),
      workflowIdConflictPolicy: WorkflowIdConflictPolicy.FAIL,
      args: [{ payoutCode: payout.payoutCode }],
    });
    return true;
  } catch (err) {
    if (err instanceof WorkflowExecutionAlreadyStartedError) return false;
    throw err;
  }
}

/** Rings a payout: somebody said something of it. One that was over is started again: money may come back after it had arrived. */
export async function ringPayout(door: Door, payout: StandingPayout): Promise<void> {
  await door.client.workflow.signalWithStart<PayoutWorkflow>('payoutWorkflow', {
    ...startOptions(door, payout),
    args: [{ payoutCode: payout.payoutCode }],
    signal: ringSignal,
  });
}

function startOptions(door: Door, { payoutCode, shopId, customerId, provider, amount }: StandingPayout) {
  return {
    workflowId: payoutWorkflowId(payoutCode),
    taskQueue: door.queues.orders,
    workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
    staticSummary: `Payout ${formatPayoutCode(payoutCode)}`,
    typedSearchAttributes: new TypedSearchAttributes([
      { key: shopIdAttribute, value: String(shopId) },
      { key: customerIdAttribute, value: String(customerId) },
      { key: providerAttribute, value: provider },
      ...(amount === undefined ? [] : [{ key: amountMinorAttribute, value: amount }]),
    ]),
  };
}
