/** One way a story ends. */
import { setTimeout as sleep } from 'node:timers/promises';
import { WorkflowFailedError, WorkflowNotFoundError } from '@temporalio/client';
import { CancelledFailure } from '@temporalio/common';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { withPatience } from './wait.ts';
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

/** What a closed workflow answered; a cancelled one answers that it was. One that is about to be rung for the first time is waited for. */
export async function resultOf(world: World, workflowId: string): Promise<string> {
  const handle = world.door.client.workflow.getHandle(workflowId);
  const until = performance.now() + withPatience(10_000);
  try {
    return ((await untilFound(() => handle.result(), until)) as { status: string }).status;
  } catch (err) {
    // Not what the newest run says: a ring may have begun another since.
    if (err instanceof WorkflowFailedError && err.cause instanceof CancelledFailure) return cancelledInUi;
    throw err;
  }
}

/** Money may be applied by the story of what came before it, while its own is still to be rung. */
async function untilFound<Result>(ask: () => Promise<Result>, until: number): Promise<Result> {
  for (;;) {
    try {
      return await ask();
    } catch (err) {
      if (!(err instanceof WorkflowNotFoundError) || performance.now() > until) throw err;
      await sleep(50);
    }
  }
}

export async function ended(world: World, workflowId: string): Promise<{ workflowId: string; status: string }> {
  return { workflowId, status: await resultOf(world, workflowId) };
}
