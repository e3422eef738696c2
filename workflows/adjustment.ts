/** A change to a wallet by hand: booked once with its reason, and the customer told. */
import { setCurrentDetails } from '@temporalio/workflow';
import type { AdjustmentAnswer, AdjustmentInput } from './messages/adjustment.ts';
import { checkAdjustmentInput } from './messages/validate.ts';
import { ringNotices, steps } from './steps.ts';

/** Runs one. Its id is `adjustment:<id>`; repeated it finds what it did. */
export async function adjustmentWorkflow(input: AdjustmentInput): Promise<AdjustmentAnswer> {
  checkAdjustmentInput(input);
  const answer = await steps.adjustWallet({ ...input, at: Date.now() });
  setCurrentDetails(answer.ok ? 'Booked.' : `Not booked: ${answer.rejected}.`);
  if (answer.ok) await ringNotices({ customerIds: [input.customerId] }).catch(() => undefined);
  return answer;
}
