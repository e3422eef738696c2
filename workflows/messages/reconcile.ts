/** The contract of comparing the ledger with providers' statements. */
import type { Reconciled } from '../../domain/reconcile.ts';

/**
 * `dryRun`: looks, writes nothing. `graceSeconds`: how long an object must have been quiet before both are compared
 * about it; open payments nobody has spoken of for three times as long are asked about.
 */
export interface ReconcileInput {
  readonly dryRun?: boolean | undefined;
  readonly graceSeconds?: number | undefined;
}

/** A statement to read: one provider's account of one shop. */
export interface StatementName {
  readonly shopId: number;
  readonly provider: Reconciled['provider'];
}

/** What asking about payments that went quiet came to. */
export interface AskedQuiet {
  readonly asked: number;
  /** Of what was said, what we had not heard of. */
  readonly found: number;
  /** There may be more to ask about. */
  readonly more: boolean;
}

/** What came of one; `failed` says why it could not be read. */
export type ReconcileResult = Reconciled | (StatementName & { readonly failed: string });

export interface ReconcileOutcome {
  readonly status: string;
  readonly results: readonly ReconcileResult[];
}

/** Workflow id of the runs of the Schedule, which appends the time. */
export const reconcileWorkflowId = 'reconcile';
/** Workflow id of a run by hand: two at once are one. */
export const reconcileByHandWorkflowId = 'reconcile:by-hand';
