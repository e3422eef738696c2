/** Commands that need an answer have a deadline: an update hangs for ever when no worker polls. */
import { isGrpcCancelledError, isGrpcDeadlineError, WorkflowUpdateRPCTimeoutOrCancelledError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { setTimeout as sleep } from 'node:timers/promises';
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

const askAgainAfterMs = 50;

/**
 * Runs a command against its deadline; answers `later` when nobody answered, or Temporal is away. A command that was dropped with its
 * workflow task, or that the server gave up before its time, is asked again, so it must be one that may be repeated.
 */
export async function answerInTime<Answer>(door: Door, deadlineMs: number, command: () => Promise<Answer>): Promise<Answer | Later> {
  const until = Date.now() + deadlineMs;
  for (;;) {
    try {
      return await door.connection.withDeadline(until, command);
    } catch (err) {
      const again = wasDropped(err) || wasGivenUp(err);
      if (!again && isAway(err)) return { later: true };
      if (!again) throw err;
      if (Date.now() + askAgainAfterMs >= until) return { later: true };
      await sleep(askAgainAfterMs);
    }
  }
}

/**
 * Whether an update went down with the task it came in: something else arrived while that task closed its workflow, or the worker sent the
 * task back without a word about it (the server's `UnprocessedUpdate`, seen on a busy machine).
 */
function wasDropped(err: unknown): boolean {
  if (err instanceof ApplicationFailure && err.type === 'UnprocessedUpdate') return true;
  const { code, details, metadata, cause } = err as RpcError;
  // gRPC 9 and 10: a precondition failed, or the call was aborted; the server says of which, by name or in words.
  if (code === 9 || code === 10) {
    const named = metadata?.get?.('grpc-status-details-bin') ?? [];
    if (named.some((detail) => String(detail).includes('WorkflowNotReadyFailure'))) return true;
    if (/workflow task fail|aborted/i.test(String(details))) return true;
  }
  return cause != null && cause !== err && wasDropped(cause);
}

/** What gRPC's errors carry, and those the SDK wraps around them. */
interface RpcError {
  readonly code?: unknown;
  readonly details?: unknown;
  readonly metadata?: { get?(name: string): unknown[] };
  readonly cause?: unknown;
}

/** Whether time ran out: ours, or one of the server's own, which then did not do it, or did it and could not say so. */
function wasGivenUp(err: unknown): boolean {
  return err instanceof WorkflowUpdateRPCTimeoutOrCancelledError || isGrpcDeadlineError(err) || isGrpcCancelledError(err);
}

/** Whether Temporal did not answer in time or could not be reached, rather than refused. */
export function isAway(err: unknown): boolean {
  if (wasGivenUp(err)) return true;
  const cause = err instanceof Error ? err.cause : undefined;
  // gRPC 14: the server cannot be reached.
  const code = (cause as { code?: unknown } | undefined)?.code ?? (err as { code?: unknown }).code;
  return code === 14 || (cause !== undefined && cause !== err && isAway(cause));
}
