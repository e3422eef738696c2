/** What runs by the clock: made at boot, brought up to date when the spec changed, and otherwise left as people paused it. */
import { type Client, ScheduleAlreadyRunning, ScheduleOverlapPolicy } from '@temporalio/client';
import { reconcileWorkflowId } from '../workflows/messages/reconcile.ts';
import { ratesWorkflowId } from '../workflows/messages/rate.ts';
import { type Door, ownId } from './client.ts';

interface Routine {
  /** Names the Schedule, behind the deployment's prefix. */
  readonly name: string;
  readonly workflow: string;
  /** Of its runs; Temporal appends the time. */
  readonly workflowId: string;
  readonly everyMs: number;
  readonly summary: string;
  /** A first run as soon as it is made. */
  readonly atOnce: boolean;
}

const minuteMs = 60_000;

export const routines: readonly Routine[] = [
  {
    name: 'rates',
    workflow: 'ratesWorkflow',
    workflowId: ratesWorkflowId,
    everyMs: 10 * minuteMs,
    summary: 'Rates, every 10 minutes',
    atOnce: true,
  },
  {
    name: 'reconcile',
    workflow: 'reconcileWorkflow',
    workflowId: reconcileWorkflowId,
    everyMs: 6 * 60 * minuteMs,
    summary: 'Reconciliation, every 6 hours',
    atOnce: false,
  },
];

const policies = { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: 10 * minuteMs };

/** Makes every Schedule, or brings it up to date. Safe to repeat, and by several processes at once. */
export async function ensureSchedules(door: Door, wanted: readonly Routine[] = routines): Promise<void> {
  for (const routine of wanted) await ensureSchedule(door, routine);
}

async function ensureSchedule(door: Door, routine: Routine): Promise<void> {
  const schedules: Client['schedule'] = door.client.schedule;
  const { name, workflow, workflowId, everyMs, summary, atOnce } = routine;
  const spec = { intervals: [{ every: everyMs }] };
  const action = {
    type: 'startWorkflow' as const,
    workflowType: workflow,
    workflowId: ownId(door, workflowId),
    taskQueue: door.queues.background,
    staticSummary: summary,
    args: [],
  };
  try {
    await schedules.create({ scheduleId: ownId(door, name), spec, action, policies, state: { triggerImmediately: atOnce } });
  } catch (err) {
    if (!(err instanceof ScheduleAlreadyRunning)) throw err;
    const handle = schedules.getHandle(ownId(door, name));
    const { spec: present, action: acts, policies: ruled } = await handle.describe();
    const isAsWanted =
      JSON.stringify(present.intervals?.map(({ every }) => every)) === JSON.stringify([everyMs]) &&
      acts.type === 'startWorkflow' &&
      acts.workflowType === workflow &&
      acts.workflowId === action.workflowId &&
      acts.taskQueue === action.taskQueue &&
      ruled.overlap === policies.overlap &&
      ruled.catchupWindow === policies.catchupWindow;
    if (!isAsWanted) await handle.update(({ state }) => ({ spec, action, policies, state }));
  }
}
