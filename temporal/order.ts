/** The door into an order's workflow. */
import { WorkflowExecutionAlreadyStartedError, WorkflowIdConflictPolicy, WorkflowIdReusePolicy } from '@temporalio/client';
import { TypedSearchAttributes } from '@temporalio/common';
import { formatOrderCode } from '../domain/order-code.ts';
import { type MethodName, providerOfMethod } from '../domain/payment.ts';
import {
  askSignal,
  cancelUpdate,
  type OrderAnswer,
  type OrderInput,
  type OrderOutcome,
  orderWorkflowId,
  type PayWish,
  type PlaceOrder,
  payUpdate,
  placeUpdate,
  ringSignal,
  ringUpdate,
} from '../workflows/messages/order.ts';
import {
  amountMinorAttribute,
  customerIdAttribute,
  orderStatusAttribute,
  providerAttribute,
  shopIdAttribute,
} from '../workflows/messages/search-attributes.ts';
import type { Door } from './client.ts';
import { type Closed, orClosed, type RingBy, ringOpen, signalOpen } from './closed.ts';
import { answerDeadlineMs, answerInTime, type Later } from './deadline.ts';
import { updateWithStart } from './update-with-start.ts';

type OrderWorkflow = (input: OrderInput) => Promise<OrderOutcome>;

/** Places an order, or answers for the one already placed with this code: two taps are one order. */
export async function placeOrder(
  door: Door,
  orderCode: string,
  place: PlaceOrder,
  deadlineMs = answerDeadlineMs,
): Promise<OrderAnswer | Later | Closed> {
  const start = {
    ...startOptions(door, orderCode, place),
    workflow: 'orderWorkflow',
    input: { orderCode, place } satisfies OrderInput,
    workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
  };
  return answerInTime(door, deadlineMs, () => orClosed(() => updateWithStart(door, start, placeUpdate, 'place')));
}

/**
 * Chooses another method within the hold. `attempt` is the number of the new payment, so that two taps are one change; the row decides that,
 * since an update id would also keep a refusal that no longer holds.
 */
export function payOrder(door: Door, orderCode: string, wish: PayWish): Promise<OrderAnswer | Later | Closed> {
  return answerInTime(door, answerDeadlineMs, () =>
    orClosed(() => door.client.workflow.getHandle(orderWorkflowId(orderCode)).executeUpdate(payUpdate, { args: [wish] })),
  );
}

/** Cancels for a customer or staff; money on its way is answered `PaymentOnItsWay`. `actor` as in the audit: `customer:12`, `staff:3`, `cli`. */
export function cancelOrder(
  door: Door,
  orderCode: string,
  wish: { by: 'customer' | 'staff'; actor: string },
): Promise<OrderAnswer | Later | Closed> {
  return answerInTime(door, answerDeadlineMs, () =>
    orClosed(() => door.client.workflow.getHandle(orderWorkflowId(orderCode)).executeUpdate(cancelUpdate, { args: [wish] })),
  );
}

/** Rings an order: something about it is in the inbox. @returns false when its workflow is closed or unknown. */
export function ringOrder(door: Door, orderCode: string, by: RingBy = 'signal'): Promise<boolean> {
  return ringOpen(door, orderWorkflowId(orderCode), { by, ringSignal, ringUpdate });
}

/** Has an order ask its providers what became of the payment. @returns false when its workflow is closed or unknown. */
export function askOrder(door: Door, orderCode: string): Promise<boolean> {
  return signalOpen(door, orderWorkflowId(orderCode), askSignal);
}

/** Starts an order again from its row after its workflow vanished. Only the relay does. @returns false when one is running. */
export async function restartOrder(
  door: Door,
  order: { orderCode: string; shopId: number; customerId: number; method: MethodName; total: number },
): Promise<boolean> {
  try {
    await door.client.workflow.start<OrderWorkflow>('orderWorkflow', {
      ...startOptions(door, order.orderCode, { ...order, shownTotal: order.total }),
      workflowIdConflictPolicy: WorkflowIdConflictPolicy.FAIL,
      workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
      args: [{ orderCode: order.orderCode }],
    });
    return true;
  } catch (err) {
    if (err instanceof WorkflowExecutionAlreadyStartedError) return false;
    throw err;
  }
}

function startOptions(
  door: Door,
  orderCode: string,
  order: Pick<PlaceOrder, 'shopId' | 'customerId' | 'method' | 'shownTotal' | 'shownStars'>,
) {
  return {
    workflowId: orderWorkflowId(orderCode),
    taskQueue: door.queues.orders,
    staticSummary: `Order ${formatOrderCode(orderCode)}`,
    typedSearchAttributes: new TypedSearchAttributes([
      { key: shopIdAttribute, value: String(order.shopId) },
      { key: customerIdAttribute, value: String(order.customerId) },
      { key: orderStatusAttribute, value: 'open' },
      { key: providerAttribute, value: providerOfMethod[order.method] },
      { key: amountMinorAttribute, value: order.method === 'stars' ? (order.shownStars ?? order.shownTotal) : order.shownTotal },
    ]),
  };
}
