import { decimalsOfCurrency } from '../../domain/money.ts';

/** A rule of the checker: what must hold, and the query that finds where it does not. */
export interface Rule {
  /** Verb-noun words for people and scripts. */
  readonly name: string;
  /** Selects `subject` and `detail`, a row for each place where the rule is broken. Marks `?` stand for `values`. */
  readonly sql: string;
  readonly values?: readonly (keyof CheckTimes)[];
}

/** Instants that rules compare with, computed once by the caller's clock. */
export interface CheckTimes {
  readonly now: Date;
  /** Rows older than this must have been dealt with. */
  readonly settledBefore: Date;
}

/** Decimal places of a column's currency. */
export function currencyDecimalsSql(column: string): string {
  const known = Object.entries(decimalsOfCurrency).map(([currency, count]) => `when '${currency}' then ${count}`);
  return `case ${column} ${known.join(' ')} else 2 end`;
}

/** Orders that were paid, and those that never were; as SQL lists. */
export const paidStatuses = `('paid', 'delivered', 'unfulfillable', 'refunded')`;
export const unpaidStatuses = `('awaitingPayment', 'awaitingSettlement')`;
