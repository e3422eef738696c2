/** One way a story ends. */
import { WorkflowFailedError } from '@temporalio/client';
import { CancelledFailure } from '@temporalio/common';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import type { World } from './world.ts';

export interface Ending {
  readonly name: string;
  /** The most history events its workflow may have, where DESIGN sets a bound. */
  readonly most?: number;
  /** Needs a server that skips time: it lasts for days. */
  readonly long?: boolean;
  /** Shown by another test already and slow: acted out only to be recorded. */
  readonly slow?: boolean;
  /** Acts it out. @returns the workflow whose history tells the ending, closed, and what it answered */
  run(world: World, env?: TestWorkflowEnvironment): Promise<{ workflowId: string; status: string }>;
}

const cancelledInUi = 'cancelled in the UI';

/** What a closed workflow answered; a cancelled one answers that it was. */
export async function resultOf(world: World, workflowId: string): Promise<string> {
  const handle = world.door.client.workflow.getHandle(workflowId);
  try {
    return ((await handle.result()) as { status: string }).status;
  } catch (err) {
    // Not what the newest run says: a ring may have begun another since.
    if (err instanceof WorkflowFailedError && err.cause instanceof CancelledFailure) return cancelledInUi;
    throw err;
  }
}

export async function ended(world: World, workflowId: string): Promise<{ workflowId: string; status: string }> {
  return { workflowId, status: await resultOf(world, workflowId) };
}
