/** Commands that need an answer have a deadline: an update hangs for ever when no worker polls. */
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

/** Runs a command against its deadline; answers `later` when nobody answered, or Temporal is away. */
export async function answerInTime<Answer>(door: Door, deadlineMs: number, command: () => Promise<Answer>): Promise<Answer | Later> {
  try {
    return await door.connection.withDeadline(Date.now() + deadlineMs, command);
  } catch (err) {
    if (isAway(err)) return { later: true };
    throw err;
  }
}

/** Whether Temporal did not answer in time or could not be reached, rather than refused. */
export function isAway(err: unknown): boolean {
  if (err instanceof WorkflowUpdateRPCTimeoutOrCancelledError || isGrpcDeadlineError(err) || isGrpcCancelledError(err)) return true;
  const cause = err instanceof Error ? err.cause : undefined;
  // gRPC 14: the server cannot be reached.
  const code = (cause as { code?: unknown } | undefined)?.code ?? (err as { code?: unknown }).code;
  return code === 14 || (cause !== undefined && cause !== err && isAway(cause));
}
