/** Workflows that may be over: what stands in their rows is the answer then. */
import { WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError } from '@temporalio/client';
import type { SignalDefinition } from '@temporalio/common';
import type { Door } from './client.ts';
import { answerDeadlineMs } from './deadline.ts';

/** The workflow is closed: what stands in the row is the answer. */
export interface Closed {
  readonly closed: true;
}

export async function orClosed<Answer>(command: () => Promise<Answer>): Promise<Answer | Closed> {
  try {
    return await command();
  } catch (err) {
    if (err instanceof WorkflowNotFoundError || err instanceof WorkflowExecutionAlreadyStartedError) return { closed: true };
    throw err;
  }
}

/** Signals without facts. @returns false when the workflow is closed or unknown */
export async function signalOpen(door: Door, workflowId: string, signal: SignalDefinition): Promise<boolean> {
  try {
    await door.connection.withDeadline(Date.now() + answerDeadlineMs, () => door.client.workflow.getHandle(workflowId).signal(signal));
    return true;
  } catch (err) {
    if (err instanceof WorkflowNotFoundError) return false;
    throw err;
  }
}
