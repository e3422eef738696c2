/** Recorded histories: how many events they have, and every word in them. */
import proto from '@temporalio/proto';
import type { World } from './world.ts';

const { History } = proto.temporal.api.history.v1;
type History = proto.temporal.api.history.v1.IHistory;

/** As JSON, a line for each event, with words for kinds and base64 for payloads. */
export function writeHistory(history: History): string {
  const { events } = History.toObject(History.fromObject(history), { longs: String, enums: String, bytes: String }) as { events: object[] };
  return `{"events":[\n${events.map((event) => JSON.stringify(event, leaveOut)).join(',\n')}\n]}\n`;
}

/** Which machine recorded it, and where. */
const leaveOut = (key: string, value: unknown) => (key === 'stackTrace' || key === 'identity' ? undefined : value);

/** @throws when the text is no history */
export function readHistory(json: string): History {
  return History.fromObject(JSON.parse(json) as object);
}

/** The history of the newest run of a workflow. */
export function historyOf(world: World, workflowId: string): Promise<History> {
  return world.door.client.workflow.getHandle(workflowId).fetchHistory();
}

/** Names of events, in order: `WorkflowExecutionStarted`, `MarkerRecorded`, ... */
export function eventNames(history: History): string[] {
  return (history.events ?? []).map((event) => {
    const name = Object.keys(event).find((key) => key.endsWith('EventAttributes')) ?? 'unknown';
    return name.charAt(0).toUpperCase() + name.slice(1).replace('EventAttributes', '');
  });
}

/** The same in one line: runs of the three events of a workflow task are written `task`. */
export function tellEvents(history: History): string {
  const names = eventNames(history).map((name) => name.replace(/^Workflow(Execution|Task)/, '$1').replace('Execution', ''));
  const told = names.join(' ').replaceAll('TaskScheduled TaskStarted TaskCompleted', 'task');
  return told
    .replaceAll('ActivityTaskScheduled ActivityTaskStarted ActivityTaskCompleted', 'activity')
    .replaceAll('MarkerRecorded', 'step');
}

/** A recorded history as text, with its payloads readable: what anybody with the file can learn. */
export function readableHistory(json: string): string {
  const parts = [json];
  JSON.parse(json, (_, value: unknown) => {
    if (typeof value === 'string' && /^[A-Za-z0-9+/]{8,}={0,2}$/.test(value)) parts.push(Buffer.from(value, 'base64').toString('utf8'));
    return value;
  });
  return parts.join('\n');
}
