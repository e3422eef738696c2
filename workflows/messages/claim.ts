/** The claim's contract. What people say of it is written in its row; a ring says that there is something. */
import { defineSignal } from '@temporalio/workflow';
import type { ClaimStatus } from '../../domain/claim.ts';

export interface ClaimInput {
  readonly claimCode: string;
}

export const claimRingSignal = defineSignal<[]>('ring');

/** Workflow id of a claim. */
export function claimWorkflowId(claimCode: string): string {
  return `claim:${claimCode}`;
}

/** The claim's row as every step answers it. Times in ms since epoch. */
export interface ClaimRow {
  readonly claimCode: string;
  readonly orderCode: string;
  readonly customerId: number;
  readonly status: ClaimStatus;
  /** When to remind staff; null when nothing waits for time. */
  readonly wakeAt: number | null;
  /** Staff do not see it as it stands, or are to be reminded. */
  readonly untold: boolean;
  /** Goods given instead wait to be sent. */
  readonly sending: boolean;
  /** Refunds that were decided for it. */
  readonly refundIds: readonly string[];
  /** It ended because of a cancel in the Temporal UI. */
  readonly cancelled: boolean;
}
