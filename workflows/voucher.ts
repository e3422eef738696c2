/**
 * A voucher: a gift link from its money until somebody claims it, its giver takes it back or its time is over; a code from its claim on. It
 * never moves money by a signal's word, only by its row's.
 */
import { allHandlersFinished, CancellationScope, condition, setCurrentDetails, setHandler } from '@temporalio/workflow';
import { createAlarm } from './alarm.ts';
import { untilAnswered } from './answer.ts';
import { checkVoucherInput } from './messages/validate.ts';
import { lookUpdate, ringSignal, type VoucherInput, type VoucherRow } from './messages/voucher.ts';
import { ringNotices, steps } from './steps.ts';
import { describeVoucher } from './words.ts';

/** Runs one voucher. Its id is `voucher:<id>`; started again it goes on from its row. */
export async function voucherWorkflow(input: VoucherInput): Promise<{ status: string }> {
  checkVoucherInput(input);
  let rings = 0;
  const looked: { rings: number; row?: VoucherRow } = { rings: -1 };
  setHandler(ringSignal, () => {
    rings += 1;
  });
  setHandler(lookUpdate, () => {
    rings += 1;
    const mine = rings;
    return untilAnswered(() => (looked.rings >= mine ? looked.row : undefined));
  });
  let cancelledInUi: unknown;
  CancellationScope.current().cancelRequested.catch((err: unknown) => {
    cancelledInUi = err;
    rings += 1;
  });
  const row = await CancellationScope.nonCancellable(async () => {
    const alarm = createAlarm();
    for (;;) {
      const heard = rings;
      const next = await steps.advanceVoucher({ ...input, cancelled: cancelledInUi !== undefined, at: Date.now() });
      Object.assign(looked, { rings: heard, row: next });
      setCurrentDetails(describeVoucher(next));
      if (next.customerIds.length > 0) await ringNotices({ customerIds: next.customerIds }).catch(() => undefined);
      if (rings !== heard) continue;
      if (next.over) {
        await condition(allHandlersFinished);
        return next;
      }
      alarm.set(next.wakeAt);
      await condition(() => rings !== heard || alarm.hasRung());
    }
  });
  // Shown as Canceled only when the cancel may be what ended it: what was claimed stays claimed.
  if (cancelledInUi && row.status === 'lapsed') throw cancelledInUi;
  return { status: row.status };
}
