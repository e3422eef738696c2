/** The door into deliveries sent again and goods handed over. */
import {
  WithStartWorkflowOperation,
  WorkflowExecutionAlreadyStartedError,
  WorkflowIdConflictPolicy,
  WorkflowIdReusePolicy,
} from '@temporalio/client';
import { formatOrderCode } from '../domain/order-code.ts';
import {
  type DeliveryAnswer,
  type DeliveryInput,
  deliveryWorkflowId,
  type HandoverInput,
  handoverUpdate,
  handoverWorkflowId,
  resendUpdate,
} from '../workflows/messages/delivery.ts';
import type { Door } from './client.ts';
import { answerDeadlineMs, answerInTime, type Later } from './deadline.ts';

type DeliveryWorkflow = (input: DeliveryInput) => Promise<{ status: string }>;
type HandoverWorkflow = (input: HandoverInput) => Promise<{ status: string }>;

/** Sends an order's goods again. `actor`: `customer:<id>`, `staff:<id>` or `cli`. */
export function resendOrder(door: Door, wish: { readonly orderCode: string; readonly actor: string }): Promise<DeliveryAnswer | Later> {
  // No id for the update: Temporal would answer the next wish with the last one's answer, and send nothing.
  return answerInTime(door, answerDeadlineMs, () => {
    const start = new WithStartWorkflowOperation<DeliveryWorkflow>('deliveryWorkflow', {
      ...startOptions(door, wish.orderCode),
      workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
      args: [wish],
    });
    start.workflowHandle().catch(() => undefined);
    return door.client.workflow.executeUpdateWithStart(resendUpdate, { startWorkflowOperation: start });
  });
}

/** Goes on sending goods whose workflow vanished. @returns false when one runs already. */
export async function restartDelivery(door: Door, orderCode: string): Promise<boolean> {
  try {
    await door.client.workflow.start<DeliveryWorkflow>('deliveryWorkflow', {
      ...startOptions(door, orderCode),
      workflowIdConflictPolicy: WorkflowIdConflictPolicy.FAIL,
      args: [{ orderCode }],
    });
    return true;
  } catch (err) {
    if (err instanceof WorkflowExecutionAlreadyStartedError) return false;
    throw err;
  }
}

/** Staff confirmed a handover code: the goods of one line are the customer's now. */
export function handOverOrder(door: Door, wish: HandoverInput): Promise<DeliveryAnswer | Later> {
  return answerInTime(door, answerDeadlineMs, () => {
    const start = new WithStartWorkflowOperation<HandoverWorkflow>('handoverWorkflow', {
      workflowId: handoverWorkflowId(wish.orderCode, wish.orderLineId),
      taskQueue: door.queues.orders,
      workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
      workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
      staticSummary: `Handover of order ${formatOrderCode(wish.orderCode)}`,
      args: [wish],
    });
    start.workflowHandle().catch(() => undefined);
    return door.client.workflow.executeUpdateWithStart(handoverUpdate, { startWorkflowOperation: start });
  });
}

function startOptions(door: Door, orderCode: string) {
  return {
    workflowId: deliveryWorkflowId(orderCode),
    taskQueue: door.queues.orders,
    workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
    staticSummary: `Order ${formatOrderCode(orderCode)} sent again`,
  };
}
