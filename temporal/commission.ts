/** The door into a deposit's commission. */
import { WorkflowIdReusePolicy } from '@temporalio/client';
import { formatOrderCode } from '../domain/order-code.ts';
import {
  type CommissionInput,
  type CommissionOutcome,
  commissionRingSignal,
  commissionWorkflowId,
} from '../workflows/messages/commission.ts';
import type { Door } from './client.ts';
import { answerDeadlineMs } from './deadline.ts';

/** Starts a deposit's commission, or rings it while it runs: it reads the deposit itself. */
export async function ringCommission(door: Door, depositCode: string): Promise<void> {
  await door.connection.withDeadline(Date.now() + answerDeadlineMs, () =>
    door.client.workflow.signalWithStart<(input: CommissionInput) => Promise<CommissionOutcome>, []>('commissionWorkflow', {
      workflowId: commissionWorkflowId(depositCode),
      taskQueue: door.queues.orders,
      workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
      staticSummary: `Commission of top-up ${formatOrderCode(depositCode)}`,
      args: [{ depositCode }],
      signal: commissionRingSignal,
    }),
  );
}
