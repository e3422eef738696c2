/** The door for money that found no open order. */
import { WorkflowIdReusePolicy } from '@temporalio/client';
import { strayRingSignal, type StrayInput, strayWorkflowId } from '../workflows/messages/stray.ts';
import type { Door } from './client.ts';
import { answerDeadlineMs } from './deadline.ts';

/** Starts the story of stray money, or rings it while it runs: it reads the inbox itself. A later word about the same money starts it again. */
export async function startStray(door: Door, { shopId, provider, objectId }: StrayInput): Promise<void> {
  await door.connection.withDeadline(Date.now() + answerDeadlineMs, () =>
    door.client.workflow.signalWithStart<(input: StrayInput) => Promise<{ status: string }>, []>('strayWorkflow', {
      workflowId: strayWorkflowId(provider, objectId),
      taskQueue: door.queues.orders,
      workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
      staticSummary: `Money ${objectId} of ${provider} without an open order`,
      args: [{ shopId, provider, objectId }],
      signal: strayRingSignal,
    }),
  );
}
