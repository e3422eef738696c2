/** The door into refunds. */
import {
  WithStartWorkflowOperation,
  WorkflowExecutionAlreadyStartedError,
  WorkflowIdConflictPolicy,
  WorkflowIdReusePolicy,
} from '@temporalio/client';
import { formatOrderCode } from '../domain/order-code.ts';
import { makeRefundId } from '../domain/refund.ts';
import {
  type RefundAnswer,
  type RefundInput,
  type RefundRequested,
  refundWorkflowId,
  requestRefundUpdate,
} from '../workflows/messages/refund.ts';
import type { Door } from './client.ts';
import { answerDeadlineMs, answerInTime, type Later } from './deadline.ts';

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
  // No id for the update: a refusal would be answered again although something else is asked now. What was granted answers from its row.
  return answerInTime(door, answerDeadlineMs, () => {
    const start = new WithStartWorkflowOperation<RefundWorkflow>('refundWorkflow', {
      ...startOptions(door, refundId, orderCode),
      workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
      args: [{ refundId, orderCode, request }],
    });
    start.workflowHandle().catch(() => undefined);
    return door.client.workflow.executeUpdateWithStart(requestRefundUpdate, { startWorkflowOperation: start });
  });
}

/** Runs a refund that is decided in its row. @returns false when it runs already. */
export async function startRefund(door: Door, refund: { readonly refundId: string; readonly orderCode: string }): Promise<boolean> {
  try {
    await door.client.workflow.start<RefundWorkflow>('refundWorkflow', {
      ...startOptions(door, refund.refundId, refund.orderCode),
      workflowIdConflictPolicy: WorkflowIdConflictPolicy.FAIL,
      args: [refund],
    });
    return true;
  } catch (err) {
    if (err instanceof WorkflowExecutionAlreadyStartedError) return false;
    throw err;
  }
}

function startOptions(door: Door, refundId: string, orderCode: string) {
  return {
    workflowId: refundWorkflowId(refundId),
    taskQueue: door.queues.orders,
    // A refund that was rejected leaves nothing behind and may be asked again; a decided one answers from its row.
    workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
    staticSummary: `Refund of order ${formatOrderCode(orderCode)}`,
  };
}
