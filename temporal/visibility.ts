/** What the relay asks Temporal about runs. */
import { WorkflowNotFoundError } from '@temporalio/client';
import type { Door } from './client.ts';

const closedBadly = "ExecutionStatus IN ('Terminated', 'TimedOut', 'Failed')";

/** Visibility lags a moment: a run may be listed after one that closed later, ms. */
const lagMs = 10_000;

/** How long a run is answered again: its order's row may be committed only after it closed, ms. */
const attentionMs = 15_000;

/** Runs looked at first, before it is known how late it is for Temporal. */
const firstCount = 1_000;

/**
 * Answers, whenever it is called, ids of runs that closed Terminated, TimedOut or Failed since the last call. "Since" goes by the times
 * Temporal gives them: this process's clock may be ahead, and would see none.
 */
export function watchClosedBadly({ client }: Pick<Door, 'client'>): () => Promise<string[]> {
  let newestAt: number | undefined;
  let seen = new Map<string, number>();
  return async () => {
    const since = newestAt === undefined ? '' : ` AND CloseTime > '${new Date(newestAt - lagMs).toISOString()}'`;
    const found: string[] = [];
    const listed = new Map<string, number>();
    let lastAt = newestAt ?? Number.NEGATIVE_INFINITY;
    for await (const { runId, workflowId, closeTime } of client.workflow.list({ query: `${closedBadly}${since}` })) {
      const firstSeenAt = seen.get(runId) ?? performance.now();
      listed.set(runId, firstSeenAt);
      lastAt = Math.max(lastAt, closeTime?.getTime() ?? lastAt);
      if (performance.now() - firstSeenAt < attentionMs) found.push(workflowId);
      if (since === '' && listed.size >= firstCount) break;
    }
    seen = listed;
    if (listed.size > 0) newestAt = lastAt;
    return found;
  };
}

/** Whether a run with this id is open. A server that lost its memory knows none. */
export async function isRunning(door: Door, workflowId: string): Promise<boolean> {
  try {
    const description = await door.client.workflow.getHandle(workflowId).describe();
    return description.status.name === 'RUNNING';
  } catch (err) {
    if (err instanceof WorkflowNotFoundError) return false;
    throw err;
  }
}
