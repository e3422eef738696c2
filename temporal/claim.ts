/** The door into claims. */
import { WorkflowExecutionAlreadyStartedError, WorkflowIdConflictPolicy, WorkflowIdReusePolicy } from '@temporalio/client';
import { formatClaimCode } from '../domain/claim.ts';
import { type ClaimInput, claimRingSignal, claimWorkflowId } from '../workflows/messages/claim.ts';
import type { Door } from './client.ts';
import { answerDeadlineMs } from './deadline.ts';

type ClaimWorkflow = (input: ClaimInput) => Promise<{ status: string }>;

/** Somebody said something of a claim, or it was just opened: starts it, or rings it while it runs. */
export async function ringClaim(door: Door, claimCode: string): Promise<void> {
  await door.connection.withDeadline(Date.now() + answerDeadlineMs, () =>
    door.client.workflow.signalWithStart<ClaimWorkflow>('claimWorkflow', {
      ...startOptions(door, claimCode),
      args: [{ claimCode }],
      signal: claimRingSignal,
    }),
  );
}

/** Runs a claim from its row. @returns false when it runs already */
export async function startClaim(door: Door, claimCode: string): Promise<boolean> {
  try {
    await door.client.workflow.start<ClaimWorkflow>('claimWorkflow', {
      ...startOptions(door, claimCode),
      workflowIdConflictPolicy: WorkflowIdConflictPolicy.FAIL,
      args: [{ claimCode }],
    });
    return true;
  } catch (err) {
    if (err instanceof WorkflowExecutionAlreadyStartedError) return false;
    throw err;
  }
}

function startOptions(door: Door, claimCode: string) {
  return {
    workflowId: claimWorkflowId(claimCode),
    taskQueue: door.queues.orders,
    workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
    staticSummary: `Claim ${formatClaimCode(claimCode)}`,
  };
}
