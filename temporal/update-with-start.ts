/** Starts a workflow, or finds it running, and asks it something in the same call. May be repeated: every call is an operation of its own. */
import { WithStartWorkflowOperation, WorkflowIdConflictPolicy, type WorkflowOptions } from '@temporalio/client';
import type { UpdateDefinition } from '@temporalio/common';
import type { Door } from './client.ts';

export interface Start<Input> extends Omit<WorkflowOptions, 'workflowIdConflictPolicy'> {
  readonly workflow: string;
  readonly input: Input;
}

export function updateWithStart<Input, Answer>(
  door: Door,
  { workflow, input, ...options }: Start<Input>,
  update: UpdateDefinition<Answer, []>,
  updateId?: string,
): Promise<Answer> {
  const startWorkflowOperation = new WithStartWorkflowOperation<(input: Input) => Promise<unknown>>(workflow, {
    ...options,
    workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
    args: [input],
  });
  // The handle's promise rejects beside the update; unwatched it would end the process.
  startWorkflowOperation.workflowHandle().catch(() => undefined);
  return door.client.workflow.executeUpdateWithStart(update, { startWorkflowOperation, ...(updateId === undefined ? {} : { updateId }) });
}
