/** What the relay asks Temporal about runs. */
import { WorkflowNotFoundError } from '@temporalio/client';
import type { Door } from './client.ts';

/** Ids of runs that closed Terminated, TimedOut or Failed since a time. Visibility lags a moment, so ask from a little earlier. */
export async function findClosedBadly(door: Door, since: Date): Promise<string[]> {
  const from = new Date(since.getTime() - 10_000).toISOString();
  const query = `ExecutionStatus IN ('Terminated', 'TimedOut', 'Failed') AND CloseTime > '${from}'`;
  const ids: string[] = [];
  for await (const run of door.client.workflow.list({ query })) ids.push(run.workflowId);
  return ids;
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
