/** Comparing the ledger with providers' own statements. Pure. */
import { type ExternalProvider, providerTraits } from './payment.ts';

/** `other` moves nothing of ours: payouts to the bank, what the account pays for itself. */
export const moveKinds = ['payment', 'refund', 'refundFailed', 'withdrawn', 'reinstated', 'other'] as const;
export type MoveKind = (typeof moveKinds)[number];

/** A line of a provider's statement. Minor units of `currency`. */
export interface ProviderMove {
  /** The provider's id of the line; unique together with its kind. */
  readonly transactionId: string;
  readonly kind: MoveKind;
  /** What it is in our books: the money, the refund or the dispute. */
  readonly objectId: string;
  /** Id of the money that a refund or a dispute is about. */
  readonly moneyObject?: string | undefined;
  /** Our payment id as the provider echoes it. */
  readonly paymentId?: string | undefined;
  /** Positive when it came in. */
  readonly amount: number;
  /** What the provider took for itself besides. */
  readonly fee: number;
  readonly currency: string;
  /** Provider's time, ms since epoch. */
  readonly at: number;
}

/** An object as the statement and the ledger have it, all its moves together; minor units, fees left out. */
export interface ComparedObject {
  readonly objectId: string;
  readonly statement: number;
  readonly ledger: number;
}

/** `ledgerLacks`: the provider has more for us than we booked; `ledgerHasMore`: less. `amount` > 0. */
export interface Difference {
  readonly kind: 'ledgerLacks' | 'ledgerHasMore';
  readonly objectId: string;
  readonly amount: number;
}

/** Where both differ, object by object. */
export function findDifferences(objects: readonly ComparedObject[]): Difference[] {
  return objects
    .filter(({ statement, ledger }) => statement !== ledger)
    .map(({ objectId, statement, ledger }) => ({
      kind: statement > ledger ? 'ledgerLacks' : 'ledgerHasMore',
      objectId,
      amount: Math.abs(statement - ledger),
    }));
}

/**
 * How a provider says what it has for us. `lines`: it keeps a statement; `answers`: it is asked about one payment at a time, and what it answered
 * last counts; `outputs`: as answers, of a chain; `approvals`: nobody but the shop's staff says so.
 */
export const statementOf: Readonly<Record<ExternalProvider, 'lines' | 'answers' | 'outputs' | 'approvals'>> = {
  stars: 'lines',
  stripe: 'lines',
  nowpayments: 'answers',
  manual: 'approvals',
  chain: 'outputs',
};

/** What was opened longer ago is not asked about any more, seconds: only its provider's statement would tell of it. */
export const askedForSeconds = 30 * 86_400;
/** What is over, and nobody made sure that it cannot be paid, is asked about again after this, seconds. */
export const overQuietSeconds = 5 * 3_600;

/** Whether a provider can be asked about a payment: staff of the shop know no more than they said. */
export function isAsked(provider: ExternalProvider): boolean {
  return providerTraits[provider].verdictBy === 'provider';
}

/** What comparing one provider of one shop came to. Minor units of `currency`. */
export interface Reconciled {
  readonly shopId: number;
  readonly provider: ExternalProvider;
  readonly currency: string;
  /** Payments that had gone quiet and were asked about this time. */
  readonly asked: number;
  /** Lines of the statement read this time. */
  readonly read: number;
  /** Of both, what we had not heard of: it goes through the inbox like anything a provider says. */
  readonly found: number;
  /** Fees booked this time, and in all. */
  readonly fees: number;
  readonly feesInAll: number;
  /** What the provider has for us by its statement, and by our ledger, both net of fees. */
  readonly statement: number;
  readonly ledger: number;
  /** `statement` less `ledger`, with what is on its way right now. */
  readonly difference: number;
  /** Of what has been quiet for a while: this is what people look into. */
  readonly differences: readonly Difference[];
}
