/** Commands that need an answer have a deadline: an update hangs for ever when no worker polls. */
import { setTimeout as sleep } from 'node:timers/promises';
import { isGrpcCancelledError, isGrpcDeadlineError, WorkflowUpdateRPCTimeoutOrCancelledError } from '@temporalio/client';
import type { Door } from './client.ts';

/** How long a person waits for an answer before "I will write here", ms. */
export const answerDeadlineMs = 8_000;

/** No answer in time. The command may still happen: asking again with the same ids is safe. */
export interface Later {
  readonly later: true;
}

export function isLater(answer: object): answer is Later {
  return 'later' in answer;
}

/** Pause before a command is given again whose workflow task failed under it. */
const againAfterMs = 50;

/**
 * Runs a command against its deadline; answers `later` when nobody answered, or Temporal is away. A ring that lands in the task that closes
 * a workflow has the server run that task again and drop the command: it is given again, with the ids it has.
 */
export async function answerInTime<Answer>(door: Door, deadlineMs: number, command: () => Promise<Answer>): Promise<Answer | Later> {
  const deadline = Date.now() + deadlineMs;
  for (;;) {
    try {
      return await door.connection.withDeadline(deadline, command);
    } catch (err) {
      if (isAway(err)) return { later: true };
      if (!isDropped(err)) throw err;
      await sleep(againAfterMs);
    }
  }
}

/** Whether the server dropped an update because the workflow task it was part of failed. gRPC 9: not in a state for it. */
function isDropped(err: unknown): boolean {
  const { code, metadata, cause } = err as { code?: unknown; metadata?: { get?(name: string): unknown[] }; cause?: unknown };
  if (code !== 9) return cause !== undefined && cause !== err && isDropped(cause);
  const details = metadata?.get?.('grpc-status-details-bin') ?? [];
  return details.some((detail) => String(detail).includes('WorkflowNotReadyFailure'));
}

/** Whether Temporal did not answer in time or could not be reached, rather than refused. */
export function isAway(err: unknown): boolean {
  if (err instanceof WorkflowUpdateRPCTimeoutOrCancelledError || isGrpcDeadlineError(err) || isGrpcCancelledError(err)) return true;
  const cause = err instanceof Error ? err.cause : undefined;
  // gRPC 14: the server cannot be reached.
  const code = (cause as { code?: unknown } | undefined)?.code ?? (err as { code?: unknown }).code;
  return code === 14 || (cause !== undefined && cause !== err && isAway(cause));
}
