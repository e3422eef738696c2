/** How workflows call activities: steps on the database are local, calls outside are regular. */
import { ActivityFailure, ApplicationFailure, proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import type { Activities } from '../activities/index.ts';

/** One guarded transition in one transaction; repeated until the database answers. */
export const steps = proxyLocalActivities<Activities>({
  startToCloseTimeout: '3 seconds',
  localRetryThreshold: '10 seconds',
  retry: { initialInterval: '100 milliseconds', backoffCoefficient: 2, maximumInterval: '5 seconds' },
});

/** A provider's call that a customer waits for. */
export const opening = proxyActivities<Pick<Activities, 'openPayment'>>({
  startToCloseTimeout: '15 seconds',
  scheduleToCloseTimeout: '60 seconds',
  retry: { initialInterval: '500 milliseconds', backoffCoefficient: 2, maximumInterval: '10 seconds' },
});

/** Closing an invoice is tried for at most 2 minutes, then stock goes back. */
export const closing = proxyActivities<Pick<Activities, 'closePayment'>>({
  startToCloseTimeout: '15 seconds',
  scheduleToCloseTimeout: '2 minutes',
  retry: { initialInterval: '500 milliseconds', backoffCoefficient: 2, maximumInterval: '15 seconds' },
});

/** A look at what became of a payment, because the customer says they paid. */
export const asking = proxyActivities<Pick<Activities, 'askPayments'>>({
  startToCloseTimeout: '15 seconds',
  scheduleToCloseTimeout: '20 seconds',
  retry: { initialInterval: '500 milliseconds', backoffCoefficient: 2, maximumInterval: '5 seconds' },
});

/** Goods that Telegram refuses are tried for seven days. A worker killed in the middle is noticed by its missing heartbeat. */
export const tellingGoods = proxyActivities<Pick<Activities, 'tell'>>({
  startToCloseTimeout: '60 seconds',
  heartbeatTimeout: '15 seconds',
  scheduleToCloseTimeout: '7 days',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '1 hour' },
});

/** A screen nobody can be shown for an hour is left; the row says what is. */
export const tellingScreen = proxyActivities<Pick<Activities, 'tell'>>({
  startToCloseTimeout: '60 seconds',
  heartbeatTimeout: '15 seconds',
  scheduleToCloseTimeout: '1 hour',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '1 minute' },
});

/** A provider that is away is asked for thirty days; one that refuses is final. */
export const refunding = proxyActivities<Pick<Activities, 'sendRefund'>>({
  startToCloseTimeout: '20 seconds',
  scheduleToCloseTimeout: '30 days',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '1 hour' },
});

export const starting = proxyActivities<Pick<Activities, 'startRefunds'>>({
  startToCloseTimeout: '15 seconds',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '1 minute' },
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
