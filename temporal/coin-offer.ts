/** The door into asking which coins a shop takes now. */
import { WorkflowIdConflictPolicy, WorkflowIdReusePolicy } from '@temporalio/client';
import { type CoinOffersInput, type CoinOffersOutcome, coinOffersWorkflowId } from '../workflows/messages/coin-offer.ts';
import type { Door } from './client.ts';
import { answerInTime, type Later } from './deadline.ts';

/** A customer waits for it; what is known from before is shown then. */
const askDeadlineMs = 5_000;

/** Asks now; two at once are one. */
export function askCoinOffers(door: Door, input: CoinOffersInput): Promise<CoinOffersOutcome | Later> {
  return answerInTime(door, askDeadlineMs, () =>
    door.client.workflow.execute<(input: CoinOffersInput) => Promise<CoinOffersOutcome>>('coinOffersWorkflow', {
      workflowId: coinOffersWorkflowId(input),
      taskQueue: door.queues.orders,
      workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
      workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
      staticSummary: `Coins of ${input.provider}`,
      args: [input],
    }),
  );
}
