/** The door into vouchers: whoever wrote something into a row has it looked at. */
import { WorkflowExecutionAlreadyStartedError, WorkflowIdConflictPolicy, WorkflowIdReusePolicy } from '@temporalio/client';
import { TypedSearchAttributes } from '@temporalio/common';
import { shopIdAttribute } from '../workflows/messages/search-attributes.ts';
import { lookUpdate, ringSignal, type VoucherInput, type VoucherRow, voucherWorkflowId } from '../workflows/messages/voucher.ts';
import type { Door } from './client.ts';
import { answerDeadlineMs, answerInTime, type Later } from './deadline.ts';
import { updateWithStart } from './update-with-start.ts';

/** What an administrator finds it by. */
export interface StandingVoucher {
  readonly voucherId: number;
  readonly shopId: number;
}

type VoucherWorkflow = (input: VoucherInput) => Promise<{ status: string }>;

/** Has a voucher's row looked at now: it was drafted, claimed, or is wanted back. Asking again is safe. */
export function lookAtVoucher(door: Door, voucher: StandingVoucher): Promise<VoucherRow | Later> {
  const { voucherId } = voucher;
  const start = { ...startOptions(door, voucher), workflow: 'voucherWorkflow', input: { voucherId } satisfies VoucherInput };
  return answerInTime(door, answerDeadlineMs, () => updateWithStart(door, start, lookUpdate));
}

/** The same without waiting for it: the relay's ring. */
export async function ringVoucher(door: Door, voucher: StandingVoucher): Promise<void> {
  await door.client.workflow.signalWithStart<VoucherWorkflow>('voucherWorkflow', {
    ...startOptions(door, voucher),
    args: [{ voucherId: voucher.voucherId }],
    signal: ringSignal,
  });
}

/** Runs a voucher from its row. @returns false when it runs already */
export async function startVoucher(door: Door, voucher: StandingVoucher): Promise<boolean> {
  try {
    await door.client.workflow.start<VoucherWorkflow>('voucherWorkflow', {
      ...startOptions(door, voucher),
      workflowIdConflictPolicy: WorkflowIdConflictPolicy.FAIL,
      args: [{ voucherId: voucher.voucherId }],
    });
    return true;
  } catch (err) {
    if (err instanceof WorkflowExecutionAlreadyStartedError) return false;
    throw err;
  }
}

function startOptions(door: Door, { voucherId, shopId }: StandingVoucher) {
  return {
    workflowId: voucherWorkflowId(voucherId),
    taskQueue: door.queues.orders,
    workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
    staticSummary: `Voucher ${voucherId}`,
    typedSearchAttributes: new TypedSearchAttributes([{ key: shopIdAttribute, value: String(shopId) }]),
  };
}
