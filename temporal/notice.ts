/** The door for notices. */
import { WorkflowIdReusePolicy } from '@temporalio/client';
import { type NoticeInput, noticeRingSignal, noticeWorkflowId } from '../workflows/messages/notice.ts';
import type { Door } from './client.ts';
import { answerDeadlineMs } from './deadline.ts';

/** Has a customer told what their notices say: starts the telling, or rings it while it runs. */
export async function ringNotice(door: Door, customerId: number): Promise<void> {
  await door.connection.withDeadline(Date.now() + answerDeadlineMs, () =>
    door.client.workflow.signalWithStart<(input: NoticeInput) => Promise<{ status: string }>, []>('noticeWorkflow', {
      workflowId: noticeWorkflowId(customerId),
      taskQueue: door.queues.orders,
      workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
      staticSummary: `Notices to customer ${customerId}`,
      args: [{ customerId }],
      signal: noticeRingSignal,
    }),
  );
}
