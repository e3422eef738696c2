/**
 * A payout, from the decision that money goes back to what staff say became of it: waits for the customer's destination, for staff's
 * approval, for their transfer. It never moves money by a signal's word, only by its row's.
 */
import { allHandlersFinished, CancellationScope, condition, setCurrentDetails, setHandler } from '@temporalio/workflow';
import { createAlarm } from './alarm.ts';
import { untilAnswered } from './answer.ts';
import { type PayoutAnswer, type PayoutInput, type PayoutRow, requestPayoutUpdate, ringSignal } from './messages/payout.ts';
import { checkPayoutInput } from './messages/validate.ts';
import { steps, tellPayout, tellScreen } from './steps.ts';
import { describePayout } from './words.ts';

/** Runs one payout. Its id is `payout:<payout code>`; started again without `request` it goes on from its row. */
export async function payoutWorkflow(input: PayoutInput): Promise<{ status: string }> {
  checkPayoutInput(input);
  let rings = 0;
  let answer: PayoutAnswer | undefined;
  setHandler(ringSignal, () => {
    rings += 1;
  });
  setHandler(requestPayoutUpdate, () => untilAnswered(() => answer));
  let cancelledInUi: unknown;
  CancellationScope.current().cancelRequested.catch((err: unknown) => {
    cancelledInUi = err;
    rings += 1;
  });
  const status = await CancellationScope.nonCancellable(async () => {
    answer = await steps.openPayout({ ...input, at: Date.now() });
    if (!answer.ok) {
      setCurrentDetails(`Not begun: ${answer.rejected}.`);
      await condition(allHandlersFinished);
      return answer.rejected;
    }
    const row = await runPayout(input.payoutCode, { count: () => rings, isCancelled: () => cancelledInUi !== undefined });
    if (row.orderCode) await tellScreen({ orderCode: row.orderCode, at: Date.now() }).catch(() => undefined);
    await condition(allHandlersFinished);
    return row.cancelled ? 'cancelled' : row.status;
  });
  // Shown as Canceled only when the cancel is what ended it: what was sent goes on.
  if (cancelledInUi && status === 'cancelled') throw cancelledInUi;
  return { status: status === 'cancelled' ? 'failed' : status };
}

async function runPayout(
  payoutCode: string,
  rings: { readonly count: () => number; readonly isCancelled: () => boolean },
): Promise<PayoutRow> {
  const alarm = createAlarm();
  for (;;) {
    const heard = rings.count();
    let row = await steps.advancePayout({ payoutCode, cancelled: rings.isCancelled(), at: Date.now() });
    setCurrentDetails(describePayout(row));
    if (row.untold) {
      row = await tellPayout({ payoutCode, at: Date.now() }).catch(() => row);
      setCurrentDetails(describePayout(row));
    }
    const isOver = row.status === 'succeeded' || row.status === 'failed';
    if (rings.count() !== heard) continue;
    if (isOver) return row;
    alarm.set(row.wakeAt);
    await condition(() => rings.count() !== heard || alarm.hasRung());
  }
}
