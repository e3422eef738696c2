/** Workflows that may be over: what stands in their rows is the answer then. */
import { WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError } from '@temporalio/client';
import type { SignalDefinition, UpdateDefinition } from '@temporalio/common';
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

/** Long enough for a busy worker, short enough for who waits behind the ring, ms. */
const ringPatienceMs = 4_000;

/**
 * How to ring. A signal is written by the server at once, then its task, then what the task did. An update is written with what its task
 * did: two writes less, a fifth of what an order paid outside costs. Until then only this call remembers it, so it has to wait.
 */
export type RingBy = 'signal' | 'update';

/**
 * Rings a workflow. When nothing was heard of an update it may have come or not: the signal is left too, one ring more does no harm.
 * @returns false when the workflow is closed or unknown
 */
export async function ringOpen(
  door: Door,
  workflowId: string,
  { by, ringSignal, ringUpdate }: { by: RingBy; ringSignal: SignalDefinition; ringUpdate: UpdateDefinition<void, []> },
): Promise<boolean> {
  if (by === 'signal') return signalOpen(door, workflowId, ringSignal);
  try {
    await door.connection.withDeadline(Date.now() + ringPatienceMs, () =>
      door.client.workflow.getHandle(workflowId).executeUpdate(ringUpdate),
    );
    return true;
  } catch (err) {
    if (err instanceof WorkflowNotFoundError) return false;
    return signalOpen(door, workflowId, ringSignal);
  }
}
