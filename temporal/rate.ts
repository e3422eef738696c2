/** The door into refreshing the rates. */
import { WorkflowIdConflictPolicy, WorkflowIdReusePolicy } from '@temporalio/client';
import { ratesByHandWorkflowId, type RatesOutcome } from '../workflows/messages/rate.ts';
import { type Door, ownId } from './client.ts';
import { answerInTime, type Later } from './deadline.ts';

/** Both sources may need a minute. */
const refreshDeadlineMs = 90_000;

/** Refreshes the rates now, beside the Schedule; two at once are one. */
export function refreshRates(door: Door): Promise<RatesOutcome | Later> {
  return answerInTime(door, refreshDeadlineMs, () =>
    door.client.workflow.execute<() => Promise<RatesOutcome>>('ratesWorkflow', {
      workflowId: ownId(door, ratesByHandWorkflowId),
      taskQueue: door.queues.background,
      workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
      workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
      staticSummary: 'Rates, by hand',
      args: [],
    }),
  );
}
