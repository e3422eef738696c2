/** The door into changing a wallet by hand. */
import { WorkflowIdConflictPolicy, WorkflowIdReusePolicy } from '@temporalio/client';
import { type AdjustmentAnswer, type AdjustmentInput, adjustmentWorkflowId } from '../workflows/messages/adjustment.ts';
import type { Door } from './client.ts';
import { answerDeadlineMs, answerInTime, type Later } from './deadline.ts';

/** Changes it; the same id again answers what it came to. */
export function adjustWallet(door: Door, input: AdjustmentInput): Promise<AdjustmentAnswer | Later> {
  return answerInTime(door, answerDeadlineMs, () =>
    door.client.workflow.execute<(input: AdjustmentInput) => Promise<AdjustmentAnswer>>('adjustmentWorkflow', {
      workflowId: adjustmentWorkflowId(input.adjustmentId),
      taskQueue: door.queues.orders,
      workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
      workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
      staticSummary: `Wallet of customer ${input.customerId} changed by hand`,
      args: [input],
    }),
  );
}
