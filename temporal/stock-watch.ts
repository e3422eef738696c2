/** The door for those who wait for a product. */
import { WorkflowIdReusePolicy } from '@temporalio/client';
import { type StockWatchInput, stockWatchRingSignal, stockWatchWorkflowId } from '../workflows/messages/stock-watch.ts';
import type { Door } from './client.ts';
import { answerDeadlineMs } from './deadline.ts';

/** Units of a product came: starts the telling, or rings it while it runs. */
export async function ringStockWatch(door: Door, productId: number): Promise<void> {
  await door.connection.withDeadline(Date.now() + answerDeadlineMs, () =>
    door.client.workflow.signalWithStart<(input: StockWatchInput) => Promise<{ status: string }>, []>('stockWatchWorkflow', {
      workflowId: stockWatchWorkflowId(productId),
      taskQueue: door.queues.background,
      workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
      staticSummary: `Who waits for product ${productId}`,
      args: [{ productId }],
      signal: stockWatchRingSignal,
    }),
  );
}
