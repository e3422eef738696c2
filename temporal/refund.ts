/** The door into refunds. */
import { WorkflowExecutionAlreadyStartedError, WorkflowIdConflictPolicy, WorkflowIdReusePolicy } from '@temporalio/client';
import { formatOrderCode } from '../domain/order-code.ts';
import { depositRefundId, makeRefundId } from '../domain/refund.ts';
import {
  type RefundAnswer,
  type RefundInput,
  type RefundRequested,
  refundWorkflowId,
  requestRefundUpdate,
} from '../workflows/messages/refund.ts';
import type { Door } from './client.ts';
import { answerDeadlineMs, answerInTime, type Later } from './deadline.ts';
import { updateWithStart } from './update-with-start.ts';

type RefundWorkflow = (input: RefundInput) => Promise<{ status: string }>;

/**
 * Staff give an order's money back. `number` is one more than the refunds the order already has, read by whoever asks: two presses at once
 * are one refund.
 */
export function requestRefund(
  door: Door,
  wish: RefundRequested & { readonly orderCode: string; readonly number: number },
): Promise<RefundAnswer | Later> {
  const { orderCode, number, ...request } = wish;
  const refundId = makeRefundId(orderCode, number);
  return askRefund(door, { refundId, orderCode, request });
}

/** Staff give a deposit back: whole, so that all who press at once mean the same refund. */
export function requestDepositRefund(
  door: Door,
  { depositCode, ...request }: RefundRequested & { readonly depositCode: string },
): Promise<RefundAnswer | Later> {
  return askRefund(door, { refundId: depositRefundId(depositCode), depositCode, request });
}

function askRefund(door: Door, input: RefundInput): Promise<RefundAnswer | Later> {
  const start = { ...startOptions(door, input), workflow: 'refundWorkflow', input };
  // No id for the update: a refusal would be answered again although something else is asked now. What was granted answers from its row.
  return answerInTime(door, answerDeadlineMs, () => updateWithStart(door, start, requestRefundUpdate));
}

/** Runs a refund that is decided in its row. @returns false when it runs already. */
export async function startRefund(door: Door, refund: RefundInput): Promise<boolean> {
  try {
    await door.client.workflow.start<RefundWorkflow>('refundWorkflow', {
      ...startOptions(door, refund),
      workflowIdConflictPolicy: WorkflowIdConflictPolicy.FAIL,
      args: [refund],
    });
    return true;
  } catch (err) {
    if (err instanceof WorkflowExecutionAlreadyStartedError) return false;
    throw err;
  }
}

function startOptions(door: Door, { refundId, orderCode, depositCode }: RefundInput) {
  const what = orderCode === undefined ? `top-up ${formatOrderCode(depositCode)}` : `order ${formatOrderCode(orderCode)}`;
  return {
    workflowId: refundWorkflowId(refundId),
    taskQueue: door.queues.orders,
    // A refund that was rejected leaves nothing behind and may be asked again; a decided one answers from its row.
    workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
    staticSummary: `Refund of ${what}`,
  };
}
