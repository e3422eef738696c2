/** The contract of a commission. It carries no facts: the deposit's row has them. */
import { defineSignal } from '@temporalio/workflow';
import type { CommissionStatus } from '../../domain/commission.ts';

export interface CommissionInput {
  readonly depositCode: string;
}

/** How a commission's workflow ended. */
export interface CommissionOutcome {
  readonly status: CommissionStatus;
}

/** Its deposit was credited, or taken back. */
export const commissionRingSignal = defineSignal<[]>('ring');

/** Workflow id of a deposit's commission. */
export function commissionWorkflowId(depositCode: string): string {
  return `commission:${depositCode}`;
}

/** The commission's row as every step answers it. */
export interface CommissionRow {
  readonly depositCode: string;
  readonly status: CommissionStatus;
  /** When what is held falls due, ms since epoch; null when nothing waits for time. */
  readonly wakeAt: number | null;
  /** Customers with something to be told of it. */
  readonly untold: readonly number[];
}
