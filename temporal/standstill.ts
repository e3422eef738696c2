/** What the relay sees of a run that may stand still, and how such a run is ended. */
import { WorkflowNotFoundError } from '@temporalio/client';
import proto from '@temporalio/proto';
import type { Door } from './client.ts';

const started = proto.temporal.api.enums.v1.PendingWorkflowTaskState.PENDING_WORKFLOW_TASK_STATE_STARTED;

export interface Run {
  readonly runId: string;
  /** A worker took the workflow task that is due, and it is not done: it is at work, or it failed. */
  readonly taskTaken: boolean;
  /** Neither a task nor an activity is due: only a timer or a message moves it. */
  readonly idle: boolean;
}

/** @returns undefined when no run with this id is open. A server that lost its memory knows none. */
export async function describeRun({ client }: Pick<Door, 'client'>, workflowId: string): Promise<Run | undefined> {
  try {
    const { runId, status, raw } = await client.workflow.getHandle(workflowId).describe();
    if (status.name !== 'RUNNING') return undefined;
    const task = raw.pendingWorkflowTask;
    return {
      runId,
      taskTaken: task != null && (Number(task.attempt) > 1 || task.state === started),
      idle: task == null && (raw.pendingActivities ?? []).length === 0,
    };
  } catch (err) {
    if (err instanceof WorkflowNotFoundError) return undefined;
    throw err;
  }
}

const latestEvents = 100;

/** Which of a run's workflow tasks was done last: a run that moves has another a moment later. Rings alone do not move it. */
export async function findLastTaskDone({ client, connection }: Door, workflowId: string, runId: string): Promise<string> {
  const { history } = await connection.workflowService.getWorkflowExecutionHistoryReverse({
    namespace: client.options.namespace,
    execution: { workflowId, runId },
    maximumPageSize: latestEvents,
  });
  const done = (history?.events ?? []).find(({ workflowTaskCompletedEventAttributes }) => workflowTaskCompletedEventAttributes != null);
  return String(done?.eventId ?? 'none');
}

/** Ends that very run; one that closed meanwhile is let be. */
export async function endRun({ client }: Pick<Door, 'client'>, workflowId: string, runId: string, reason: string): Promise<void> {
  try {
    await client.workflow.getHandle(workflowId, runId).terminate(reason);
  } catch (err) {
    if (!(err instanceof WorkflowNotFoundError)) throw err;
  }
}
