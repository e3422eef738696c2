/** The door for money that found no open order. */
import { WorkflowExecutionAlreadyStartedError, WorkflowIdConflictPolicy, WorkflowIdReusePolicy } from '@temporalio/client';
import { type StrayInput, strayWorkflowId } from '../workflows/messages/stray.ts';
import type { Door } from './client.ts';
import { answerDeadlineMs } from './deadline.ts';

/** Starts the story of stray money. It reads the inbox itself; a later word about the same money starts it again. @returns false when it runs. */
export async function startStray(door: Door, stray: StrayInput): Promise<boolean> {
  try {
    await door.connection.withDeadline(Date.now() + answerDeadlineMs, () =>
      door.client.workflow.start<(input: StrayInput) => Promise<{ status: string }>>('strayWorkflow', {
        workflowId: strayWorkflowId(stray.provider, stray.objectId),
        taskQueue: door.queues.orders,
        workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
        workflowIdConflictPolicy: WorkflowIdConflictPolicy.FAIL,
        staticSummary: `Money ${stray.objectId} of ${stray.provider} without an open order`,
        args: [{ shopId: stray.shopId, provider: stray.provider, objectId: stray.objectId }],
      }),
    );
    return true;
  } catch (err) {
    if (err instanceof WorkflowExecutionAlreadyStartedError) return false;
    throw err;
  }
}
