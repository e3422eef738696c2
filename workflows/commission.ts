/** The commission of one deposit: paid at once or when its hold is over, taken back with the deposit, given again with it. */
import { CancellationScope, condition, setCurrentDetails, setHandler } from '@temporalio/workflow';
import { createAlarm } from './alarm.ts';
import { type CommissionInput, type CommissionOutcome, commissionRingSignal } from './messages/commission.ts';
import { checkCommissionInput } from './messages/validate.ts';
import { ringNotices, steps } from './steps.ts';
import { describeCommission } from './words.ts';

/** Runs while something of it waits. Its id is `commission:<deposit code>`; a deposit that changes later starts it again. */
export async function commissionWorkflow(input: CommissionInput): Promise<CommissionOutcome> {
  let rung = true;
  setHandler(commissionRingSignal, () => {
    rung = true;
  });
  let cancelledInUi: unknown;
  CancellationScope.current().cancelRequested.catch((err: unknown) => {
    cancelledInUi = err;
  });
  checkCommissionInput(input);
  const { depositCode } = input;

  const row = await CancellationScope.nonCancellable(async () => {
    const alarm = createAlarm();
    rung = false;
    let standing = await steps.settleCommission({ depositCode, at: Date.now() });
    for (;;) {
      // Before it closes, and before it waits for days.
      if (standing.untold.length > 0) await ringNotices({ customerIds: standing.untold });
      setCurrentDetails(describeCommission(standing));
      if (standing.wakeAt === null && !rung) return standing;
      alarm.set(standing.wakeAt);
      await condition(() => rung || cancelledInUi !== undefined || alarm.hasRung());
      if (cancelledInUi !== undefined) return steps.cancelCommission({ depositCode, at: Date.now() });
      rung = false;
      standing = await steps.settleCommission({ depositCode, at: Date.now() });
    }
  });
  // What was paid before an administrator's cancel stays paid.
  if (cancelledInUi !== undefined && row.status === 'refused') throw cancelledInUi;
  return { status: row.status };
}
