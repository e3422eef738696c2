/** The voucher's contract. What people say of it is written in its row; a ring says that there is something. */
import { defineSignal, defineUpdate } from '@temporalio/workflow';
import type { GiftRefusal, VoucherStatus } from '../../domain/voucher.ts';

/** Its row must exist: nothing of it travels through Temporal. */
export interface VoucherInput {
  readonly voucherId: number;
}

/** The row as every step answers it. Times in ms since epoch. */
export interface VoucherRow {
  readonly voucherId: number;
  readonly status: VoucherStatus;
  /** Why a link was not filled. */
  readonly rejected: GiftRefusal | 'UnknownVoucher' | null;
  /** When to look again although nobody rings; null when nothing waits for time. */
  readonly wakeAt: number | null;
  readonly over: boolean;
  /** Who has something to hear. */
  readonly customerIds: readonly number[];
}

/** Looks at the row now, and answers how it stands then. */
export const lookUpdate = defineUpdate<VoucherRow, []>('look');
/** A ring: somebody said something of this voucher. It carries no facts (MONEY.md section 2). */
export const ringSignal = defineSignal<[]>('ring');

/** Workflow id of a voucher. */
export function voucherWorkflowId(voucherId: number): string {
  return `voucher:${voucherId}`;
}
