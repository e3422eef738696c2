/** What a history tells of its tasks: how many steps ran in one, and which had to be tried again. */
import { orderWorkflowId } from '../../../workflows/messages/order.ts';
import type { World } from '../../support/world.ts';

export interface Tasks {
  /** Most local activities recorded by one workflow task. */
  readonly mostLocal: number;
  /** Workflow tasks that failed or timed out, e.g. because a signal arrived while they closed the workflow. */
  readonly again: number;
}

export async function readTasks(world: World, orderCode: string): Promise<Tasks> {
  const { events } = await world.door.client.workflow.getHandle(orderWorkflowId(orderCode)).fetchHistory();
  const byTask = new Map<string, number>();
  let again = 0;
  for (const event of events ?? []) {
    if (event.workflowTaskFailedEventAttributes || event.workflowTaskTimedOutEventAttributes) again += 1;
    const marker = event.markerRecordedEventAttributes;
    if (!marker) continue;
    const task = String(marker.workflowTaskCompletedEventId);
    byTask.set(task, (byTask.get(task) ?? 0) + 1);
  }
  return { mostLocal: Math.max(0, ...byTask.values()), again };
}
