/** The refund's contract. */
import { defineUpdate } from '@temporalio/workflow';
import type { RejectionType } from '../../domain/order.ts';
import type { Refunded } from '../../domain/refund.ts';

/** `request` comes from staff; the relay and other workflows omit it, and the row must exist. */
export type RefundInput = Refunded & {
  readonly refundId: string;
  readonly request?: RefundRequested | undefined;
};

export interface RefundRequested {
  /** `staff:<id>` or `cli`. */
  readonly actor: string;
  readonly reason: string;
  /** Minor units of the payment's currency; absent means all that is left. */
  readonly amount?: number | undefined;
}

export type RefundAnswer =
  /** `payoutIds`: those of them that staff send. */
  | { readonly ok: true; readonly refundIds: readonly string[]; readonly payoutIds?: readonly string[] }
  | { readonly ok: false; readonly rejected: RefundRejection };

export type RefundRejection =
  | Extract<RejectionType, 'UnknownOrder'>
  | 'UnknownDeposit'
  /** Its provider gives nothing back by itself. */
  | 'NotByItself'
  /** The wallet does not have the money any more. */
  | 'Spent'
  | 'NotPaid'
  | 'NothingLeft'
  | 'WholeOnly'
  | 'TooMuch'
  | 'WalletInDebt'
  | 'Disputed';

export const requestRefundUpdate = defineUpdate<RefundAnswer, []>('request');

/** Workflow id of a refund. */
export function refundWorkflowId(refundId: string): string {
  return `refund:${refundId}`;
}
