/** The payout's contract. What people say of it is written in its row; a ring says that there is something. */
import { defineSignal, defineUpdate } from '@temporalio/workflow';
import type { PayoutRejection, PayoutStage, PayoutStatus } from '../../domain/payout.ts';

/** `request` comes from staff and is about a deposit; without it the row must exist. */
export interface PayoutInput {
  readonly payoutCode: string;
  readonly request?: PayoutRequested | undefined;
}

export interface PayoutRequested {
  readonly depositCode: string;
  /** `staff:<id>` or `cli`. */
  readonly actor: string;
  readonly reason: string;
  /** Minor units; absent means all that is left of the deposit. */
  readonly amount?: number | undefined;
}

export type PayoutAnswer = { readonly ok: true; readonly payoutCode: string } | { readonly ok: false; readonly rejected: PayoutRejection };

export const requestPayoutUpdate = defineUpdate<PayoutAnswer, []>('request');
/** A ring: somebody said something of this payout. It carries no facts (MONEY.md section 2). */
export const ringSignal = defineSignal<[]>('ring');

/** Workflow id of a payout. */
export function payoutWorkflowId(payoutCode: string): string {
  return `payout:${payoutCode}`;
}

/** The payout's row as every step answers it. Times in ms since epoch. */
export interface PayoutRow {
  readonly payoutCode: string;
  readonly status: PayoutStatus;
  readonly stage: PayoutStage;
  readonly customerId: number;
  /** Of the refund it carries out; null when it gives back a deposit. */
  readonly orderCode: string | null;
  /** When to look again although nobody rings; null when nothing waits for time. */
  readonly wakeAt: number | null;
  /** Staff do not see it as it stands, or the customer is to be told something. */
  readonly untold: boolean;
  /** It ended because of a cancel in the Temporal UI. */
  readonly cancelled: boolean;
}
