/** The door into telling a shop's staff its alerts. */
import { WorkflowExecutionAlreadyStartedError, WorkflowIdConflictPolicy, WorkflowIdReusePolicy } from '@temporalio/client';
import { type AlertInput, alertWorkflowId } from '../workflows/messages/alert.ts';
import { type Door, ownId } from './client.ts';

/** Has a shop's alerts told. @returns false when that is being done already */
export async function startAlert(door: Door, shopId: number): Promise<boolean> {
  try {
    await door.client.workflow.start<(input: AlertInput) => Promise<{ status: string }>>('alertWorkflow', {
      workflowId: ownId(door, alertWorkflowId(shopId)),
      taskQueue: door.queues.background,
      workflowIdConflictPolicy: WorkflowIdConflictPolicy.FAIL,
      workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
      staticSummary: 'Alerts to staff',
      args: [{ shopId }],
    });
    return true;
  } catch (err) {
    if (err instanceof WorkflowExecutionAlreadyStartedError) return false;
    throw err;
  }
}
