/**
 * How workflows call activities: steps on the database are local, calls outside are tried once locally, then go on as regular ones that
 * are patient.
 */
import { ActivityFailure, ApplicationFailure, isCancellation, proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import type { Activities } from '../activities/index.ts';

/** One guarded transition in one transaction; repeated until the database answers. */
export const steps = proxyLocalActivities<Activities>({
  startToCloseTimeout: '3 seconds',
  localRetryThreshold: '10 seconds',
  retry: { initialInterval: '100 milliseconds', backoffCoefficient: 2, maximumInterval: '5 seconds' },
});

/** The first try of a call outside, within the workflow's own task, which must not be kept for long: one event instead of a task more. */
const atOnce = proxyLocalActivities<Activities>({ startToCloseTimeout: '4 seconds', retry: { maximumAttempts: 1 } });

/** Tries `first`; what came to nothing there, or to no answer, `patient` finds as it stands. A refusal is final at the first try. */
function firstAtOnce<Input, Result>(first: (input: Input) => Promise<Result>, patient: (input: Input) => Promise<Result>) {
  return async (input: Input): Promise<Result> => {
    try {
      return await first(input);
    } catch (err) {
      if (isCancellation(err) || isRefusal(err)) throw err;
      return patient(input);
    }
  };
}

/** A provider's call that a customer waits for. */
export const openPayment = firstAtOnce(
  atOnce.openPayment,
  proxyActivities<Activities>({
    startToCloseTimeout: '15 seconds',
    scheduleToCloseTimeout: '60 seconds',
    retry: { initialInterval: '500 milliseconds', backoffCoefficient: 2, maximumInterval: '10 seconds' },
  }).openPayment,
);

/** Closing an invoice is tried for at most 2 minutes, then stock goes back. */
export const closePayment = firstAtOnce(
  atOnce.closePayment,
  proxyActivities<Activities>({
    startToCloseTimeout: '15 seconds',
    scheduleToCloseTimeout: '2 minutes',
    retry: { initialInterval: '500 milliseconds', backoffCoefficient: 2, maximumInterval: '15 seconds' },
  }).closePayment,
);

/** A look at what became of a payment, because the customer says they paid. */
export const { askPayments } = proxyActivities<Activities>({
  startToCloseTimeout: '15 seconds',
  scheduleToCloseTimeout: '20 seconds',
  retry: { initialInterval: '500 milliseconds', backoffCoefficient: 2, maximumInterval: '5 seconds' },
});

/** A look at the coins a shop takes, which a customer waits for. */
export const { askCoinOffers } = proxyActivities<Activities>({
  startToCloseTimeout: '12 seconds',
  scheduleToCloseTimeout: '15 seconds',
  retry: { initialInterval: '300 milliseconds', backoffCoefficient: 2, maximumInterval: '2 seconds' },
});

/** Goods that Telegram refuses are tried for seven days. A worker killed in the middle is noticed by its missing heartbeat. */
export const tellGoods = firstAtOnce(
  atOnce.tell,
  proxyActivities<Activities>({
    startToCloseTimeout: '60 seconds',
    heartbeatTimeout: '15 seconds',
    scheduleToCloseTimeout: '7 days',
    retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '1 hour' },
  }).tell,
);

/** A screen nobody can be shown for an hour is left; the row says what is. */
const patientScreens = proxyActivities<Activities>({
  startToCloseTimeout: '60 seconds',
  heartbeatTimeout: '15 seconds',
  scheduleToCloseTimeout: '1 hour',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '1 minute' },
});

export const tellScreen = firstAtOnce(atOnce.tell, patientScreens.tell);

/**
 * The end of an order whose page was closed just now. Its provider says so at once, and a ring that lands in a task that closes the workflow
 * has all of the task done again: so the workflow does not close in this one.
 */
export const tellEndOfPage = patientScreens.tell;

/** What a deposit's customer sees. */
export const tellDeposit = firstAtOnce(atOnce.tellDeposit, patientScreens.tellDeposit);

/** The end of a deposit whose page was closed just now, for the same reason. */
export const tellEndOfDepositPage = patientScreens.tellDeposit;

/** What staff see of a payout, and what its customer is told. */
export const tellPayout = firstAtOnce(atOnce.tellPayout, patientScreens.tellPayout);

/** What staff see of a claim. */
export const tellClaim = firstAtOnce(atOnce.tellClaim, patientScreens.tellClaim);

/** What a customer is told in messages of their own. */
export const sendNotices = firstAtOnce(atOnce.sendNotices, patientScreens.sendNotices);

/** A provider that is away is asked for thirty days; one that refuses is final. */
export const { sendRefund } = proxyActivities<Activities>({
  startToCloseTimeout: '20 seconds',
  scheduleToCloseTimeout: '30 days',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '1 hour' },
});

const patientStarts = proxyActivities<Activities>({
  startToCloseTimeout: '15 seconds',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '1 minute' },
});

export const { startRefunds } = patientStarts;

/** Other workflows of what a step brought about; Temporal answers, since it runs this one. */
export const startCommission = firstAtOnce(atOnce.startCommission, patientStarts.startCommission);
export const startDelivery = firstAtOnce(atOnce.startDelivery, patientStarts.startDelivery);
export const ringNotices = firstAtOnce(atOnce.ringNotices, patientStarts.ringNotices);

/** A source of rates that does not answer within a minute is left out of a refresh. */
export const { readPrices } = proxyActivities<Activities>({
  startToCloseTimeout: '10 seconds',
  scheduleToCloseTimeout: '1 minute',
  retry: { initialInterval: '2 seconds', backoffCoefficient: 2, maximumInterval: '20 seconds' },
});

export const { startAlerts } = proxyActivities<Activities>({
  startToCloseTimeout: '15 seconds',
  scheduleToCloseTimeout: '1 minute',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '20 seconds' },
});

/** Staff whom Telegram does not let us tell for a day are told by a later run. */
export const { tellAlerts } = proxyActivities<Activities>({
  startToCloseTimeout: '5 minutes',
  heartbeatTimeout: '15 seconds',
  scheduleToCloseTimeout: '1 day',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '10 minutes' },
});

/** The order of a basket that buys itself; whoever does not answer is asked again for as long as the money may be in the wallet. */
export const { placeAutoBuy } = proxyActivities<Activities>({
  startToCloseTimeout: '15 seconds',
  scheduleToCloseTimeout: '7 days',
  retry: { initialInterval: '500 milliseconds', backoffCoefficient: 2, maximumInterval: '1 minute' },
});

export const { ringAutoBuys } = proxyActivities<Activities>({
  startToCloseTimeout: '15 seconds',
  scheduleToCloseTimeout: '1 minute',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '20 seconds' },
});

/** The question to a customer whose basket did not buy itself. */
export const { tellAutoBuy } = proxyActivities<Activities>({
  startToCloseTimeout: '30 seconds',
  scheduleToCloseTimeout: '1 hour',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '1 minute' },
});

/** Payments are asked about one by one, a statement is read page by page; a provider that is away for an hour is for the next run. */
export const { askQuiet, readStatement, compareStatement, rehearseStatement } = proxyActivities<Activities>({
  startToCloseTimeout: '10 minutes',
  heartbeatTimeout: '30 seconds',
  scheduleToCloseTimeout: '1 hour',
  retry: { initialInterval: '2 seconds', backoffCoefficient: 2, maximumInterval: '5 minutes' },
});

/** A look at a chain. One that fails is tried again by the watch, at its own time then. */
export const { followChain } = proxyActivities<Activities>({
  startToCloseTimeout: '10 minutes',
  heartbeatTimeout: '15 seconds',
  retry: { maximumAttempts: 1 },
});

/** Whether a provider refused: the same request will never succeed, and had no effect. */
export function isRefusal(err: unknown): boolean {
  return err instanceof ActivityFailure && err.cause instanceof ApplicationFailure && err.cause.nonRetryable === true;
}

/** Why an activity ended for good, in words without addresses. */
export function reasonOf(err: unknown): string {
  const cause = err instanceof ActivityFailure ? err.cause : err;
  return cause instanceof ApplicationFailure || cause instanceof Error ? cause.message : 'failed';
}
