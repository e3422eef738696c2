/** The contract of a change to a wallet by hand. */
import type { AdjustmentKind, AdjustmentRejection } from '../../domain/adjustment.ts';

/** `adjustmentId` is the caller's: the same again is the same change. `amount` in minor units of the shop's currency; absent: all that is owed. */
export interface AdjustmentInput {
  readonly adjustmentId: string;
  readonly shopId: number;
  readonly customerId: number;
  readonly kind: AdjustmentKind;
  readonly amount?: number | undefined;
  readonly reason: string;
  /** `staff:<id>` or `cli`. */
  readonly actor: string;
}

export type AdjustmentAnswer =
  | { readonly ok: true; readonly amount: number }
  | { readonly ok: false; readonly rejected: AdjustmentRejection };

/** Workflow id of a change by hand. */
export function adjustmentWorkflowId(adjustmentId: string): string {
  return `adjustment:${adjustmentId}`;
}
