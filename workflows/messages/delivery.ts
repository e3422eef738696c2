/** The contract of a delivery sent again. */
import { defineUpdate } from '@temporalio/workflow';
import type { RejectionType } from '../../domain/order.ts';

/** `actor`: `customer:<id>`, `staff:<id>` or `cli`; absent when the relay starts it again from its rows. */
export interface DeliveryInput {
  readonly orderCode: string;
  readonly actor?: string | undefined;
}

export type DeliveryAnswer = { readonly ok: true } | { readonly ok: false; readonly rejected: DeliveryRejection };

/** `HeldBack`: the payment is disputed; `BuyerInDebt`: it came from a wallet whose money was taken back. */
export type DeliveryRejection =
  | Extract<RejectionType, 'UnknownOrder' | 'NotYours'>
  | 'NotPaid'
  | 'NothingToSend'
  | 'HeldBack'
  | 'BuyerInDebt';

export const resendUpdate = defineUpdate<DeliveryAnswer, []>('resend');

/** Workflow id of a re-send: one at a time an order. */
export function deliveryWorkflowId(orderCode: string): string {
  return `delivery:${orderCode}`;
}

/** Staff confirmed the handover code of one line. `actor`: `staff:<id>` or `cli`. */
export interface HandoverInput {
  readonly orderCode: string;
  readonly orderLineId: number;
  readonly actor: string;
}

export const handoverUpdate = defineUpdate<DeliveryAnswer, []>('handover');

export function handoverWorkflowId(orderCode: string, orderLineId: number): string {
  return `handover:${orderCode}:${orderLineId}`;
}
