/** The door into a deposit's workflow. */
import { WorkflowExecutionAlreadyStartedError, WorkflowIdConflictPolicy, WorkflowIdReusePolicy } from '@temporalio/client';
import { TypedSearchAttributes } from '@temporalio/common';
import { formatOrderCode } from '../domain/order-code.ts';
import { type MethodName, type Payable, providerOfMethod } from '../domain/payment.ts';
import {
  askSignal,
  cancelUpdate,
  type DepositAnswer,
  type DepositInput,
  type DepositOutcome,
  depositWorkflowId,
  type OpenDeposit,
  openUpdate,
  ringSignal,
  ringUpdate,
} from '../workflows/messages/deposit.ts';
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

/** A deposit that has its row. */
type StandingDeposit = Pick<OpenDeposit, 'shopId' | 'customerId' | 'method' | 'amount'> & {
  readonly depositCode: string;
  readonly chainOutput?: string | null;
};

type DepositWorkflow = (input: DepositInput) => Promise<DepositOutcome>;

/** Opens a deposit, or answers for the one already opened with this code: two taps are one deposit. */
export function openDeposit(door: Door, depositCode: string, open: OpenDeposit): Promise<DepositAnswer | Later | Closed> {
  const start = {
    ...startOptions(door, depositCode, open),
    workflow: 'depositWorkflow',
    input: { depositCode, open } satisfies DepositInput,
    workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
  };
  return answerInTime(door, answerDeadlineMs, () => orClosed(() => updateWithStart(door, start, openUpdate, 'open')));
}

/** Cancels for a customer or staff; money on its way is answered `PaymentOnItsWay`. `actor` as in the audit. */
export function cancelDeposit(
  door: Door,
  depositCode: string,
  wish: { by: 'customer' | 'staff'; actor: string },
): Promise<DepositAnswer | Later | Closed> {
  return answerInTime(door, answerDeadlineMs, () =>
    orClosed(() => door.client.workflow.getHandle(depositWorkflowId(depositCode)).executeUpdate(cancelUpdate, { args: [wish] })),
  );
}

/** Rings a deposit: something about it is in the inbox. @returns false when its workflow is closed or unknown. */
export function ringDeposit(
  door: Door,
  { code, chainOutput }: Pick<Payable, 'code' | 'chainOutput'>,
  by: RingBy = 'signal',
): Promise<boolean> {
  return ringOpen(door, depositWorkflowId(code, chainOutput), { by, ringSignal, ringUpdate });
}

/** Rings a deposit that came by a chain, or starts its story: also one that was over, when the chain has a new word about it. */
export async function ringChainDeposit(door: Door, { depositCode, chainOutput, ...deposit }: StandingDeposit): Promise<void> {
  await door.client.workflow.signalWithStart<DepositWorkflow>('depositWorkflow', {
    ...startOptions(door, depositCode, deposit, chainOutput),
    workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
    args: [{ depositCode }],
    signal: ringSignal,
  });
}

/** Has a deposit ask its provider what became of the payment. @returns false when its workflow is closed or unknown. */
export function askDeposit(door: Door, depositCode: string): Promise<boolean> {
  return signalOpen(door, depositWorkflowId(depositCode), askSignal);
}

/** Starts a deposit again from its row after its workflow vanished. Only the relay does. @returns false when one is running. */
export async function restartDeposit(door: Door, { depositCode, chainOutput, ...deposit }: StandingDeposit): Promise<boolean> {
  try {
    await door.client.workflow.start<DepositWorkflow>('depositWorkflow', {
      ...startOptions(door, depositCode, deposit, chainOutput),
      workflowIdConflictPolicy: WorkflowIdConflictPolicy.FAIL,
      workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
      args: [{ depositCode }],
    });
    return true;
  } catch (err) {
    if (err instanceof WorkflowExecutionAlreadyStartedError) return false;
    throw err;
  }
}

function startOptions(
  door: Door,
  depositCode: string,
  { shopId, customerId, method, amount }: { shopId: number; customerId: number; method: MethodName; amount: number },
  chainOutput?: string | null,
) {
  return {
    workflowId: depositWorkflowId(depositCode, chainOutput),
    taskQueue: door.queues.orders,
    staticSummary: `Deposit ${formatOrderCode(depositCode)}`,
    typedSearchAttributes: new TypedSearchAttributes([
      { key: shopIdAttribute, value: String(shopId) },
      { key: customerIdAttribute, value: String(customerId) },
      { key: orderStatusAttribute, value: 'open' },
      { key: providerAttribute, value: providerOfMethod[method] },
      { key: amountMinorAttribute, value: amount },
    ]),
  };
}
