/** The refund's contract. */
import { defineUpdate } from '@temporalio/workflow';
import type { RejectionType } from '../../domain/order.ts';

/** `request` comes from staff; the relay and other workflows omit it, and the row must exist. */
export interface RefundInput {
  readonly refundId: string;
  readonly orderCode: string;
  readonly request?: RefundRequested | undefined;
}

export interface RefundRequested {
  /** `staff:<id>` or `cli`. */
  readonly actor: string;
  readonly reason: string;
  /** Minor units of the payment's currency; absent means all that is left. */
  readonly amount?: number | undefined;
}

export type RefundAnswer =
  | { readonly ok: true; readonly refundIds: readonly string[] }
  | { readonly ok: false; readonly rejected: RefundRejection };

export type RefundRejection =
  | Extract<RejectionType, 'UnknownOrder'>
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
