/** The door into baskets that buy themselves. */
import { WorkflowExecutionAlreadyStartedError, WorkflowIdConflictPolicy, WorkflowIdReusePolicy } from '@temporalio/client';
import { TypedSearchAttributes } from '@temporalio/common';
import { formatOrderCode } from '../domain/order-code.ts';
import {
  type AutoBuyAnswer,
  type AutoBuyInput,
  type AutoBuyOutcome,
  autoBuyWorkflowId,
  type AutoBuyWish,
  giveUpUpdate,
  ringSignal,
  wishUpdate,
} from '../workflows/messages/auto-buy.ts';
import { customerIdAttribute, shopIdAttribute } from '../workflows/messages/search-attributes.ts';
import type { Door } from './client.ts';
import { type Closed, orClosed, signalOpen } from './closed.ts';
import { answerDeadlineMs, answerInTime, type Later } from './deadline.ts';
import { updateWithStart } from './update-with-start.ts';

type AutoBuyWorkflow = (input: AutoBuyInput) => Promise<AutoBuyOutcome>;

/** Wishes that these lines buy themselves under this code; two taps are one wish. */
export function wishAutoBuy(door: Door, orderCode: string, wish: AutoBuyWish): Promise<AutoBuyAnswer | Later | Closed> {
  const start = {
    ...startOptions(door, orderCode, wish),
    workflow: 'autoBuyWorkflow',
    input: { orderCode, wish } satisfies AutoBuyInput,
    workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
  };
  return answerInTime(door, answerDeadlineMs, () => orClosed(() => updateWithStart(door, start, wishUpdate, 'wish')));
}

/** The customer wants nothing bought by itself any more. */
export function giveUpAutoBuy(door: Door, orderCode: string, customerId: number): Promise<AutoBuyAnswer | Later | Closed> {
  return answerInTime(door, answerDeadlineMs, () =>
    orClosed(() => door.client.workflow.getHandle(autoBuyWorkflowId(orderCode)).executeUpdate(giveUpUpdate, { args: [{ customerId }] })),
  );
}

/** Rings a wish: money came into its customer's wallet. @returns false when its workflow is closed or unknown */
export function ringAutoBuy(door: Door, orderCode: string): Promise<boolean> {
  return signalOpen(door, autoBuyWorkflowId(orderCode), ringSignal);
}

/** Starts a wish again from its row after its workflow vanished. Only the relay does. @returns false when one is running */
export async function restartAutoBuy(
  door: Door,
  { orderCode, ...wish }: { readonly orderCode: string; readonly shopId: number; readonly customerId: number },
): Promise<boolean> {
  try {
    await door.client.workflow.start<AutoBuyWorkflow>('autoBuyWorkflow', {
      ...startOptions(door, orderCode, wish),
      workflowIdConflictPolicy: WorkflowIdConflictPolicy.FAIL,
      workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
      args: [{ orderCode }],
    });
    return true;
  } catch (err) {
    if (err instanceof WorkflowExecutionAlreadyStartedError) return false;
    throw err;
  }
}

function startOptions(door: Door, orderCode: string, { shopId, customerId }: { readonly shopId: number; readonly customerId: number }) {
  return {
    workflowId: autoBuyWorkflowId(orderCode),
    taskQueue: door.queues.orders,
    staticSummary: `Basket that buys itself as order ${formatOrderCode(orderCode)}`,
    typedSearchAttributes: new TypedSearchAttributes([
      { key: shopIdAttribute, value: String(shopId) },
      { key: customerIdAttribute, value: String(customerId) },
    ]),
  };
}
