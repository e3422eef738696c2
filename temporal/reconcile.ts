/** The door into comparing the ledger with providers' statements. */
import { WorkflowIdConflictPolicy, WorkflowIdReusePolicy } from '@temporalio/client';
import { reconcileByHandWorkflowId, type ReconcileInput, type ReconcileOutcome } from '../workflows/messages/reconcile.ts';
import { type Door, ownId } from './client.ts';
import { answerInTime, type Later } from './deadline.ts';

/** Statements of many shops are read one after the other. */
const reconcileDeadlineMs = 300_000;

/** Compares now, beside the Schedule; two at once are one. */
export function reconcileNow(door: Door, input: ReconcileInput): Promise<ReconcileOutcome | Later> {
  return answerInTime(door, reconcileDeadlineMs, () =>
    door.client.workflow.execute<(input: ReconcileInput) => Promise<ReconcileOutcome>>('reconcileWorkflow', {
      workflowId: ownId(door, input.dryRun ? `${reconcileByHandWorkflowId}:dry-run` : reconcileByHandWorkflowId),
      taskQueue: door.queues.background,
      workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
      workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
      staticSummary: input.dryRun ? 'Reconciliation by hand, a dry run' : 'Reconciliation by hand',
      args: [input],
    }),
  );
}
