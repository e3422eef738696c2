/** The contract of refreshing the rates. It takes nothing: what the sources say is asked, never told. */

/** What a refresh kept: pairs, how many began or ceased to price something, and the shops that are to be told. */
export interface RatesKept {
  readonly pairs: number;
  readonly turns: number;
  readonly alerted: readonly number[];
}

/** How a refresh ended: `refreshed`, or which sources were away. */
export interface RatesOutcome {
  readonly status: string;
}

/** Workflow id of the refreshes of the Schedule, which appends the time. */
export const ratesWorkflowId = 'rates';
/** Workflow id of a refresh by hand: two at once are one. */
export const ratesByHandWorkflowId = 'rates:by-hand';
