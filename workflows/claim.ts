/** A claim, from the customer's description to what staff decide: replaced, refunded, refused, or withdrawn. Only its row's word counts. */
import { CancellationScope, condition, setCurrentDetails, setHandler } from '@temporalio/workflow';
import { createAlarm } from './alarm.ts';
import { type ClaimInput, claimRingSignal, type ClaimRow } from './messages/claim.ts';
import { checkClaimInput } from './messages/validate.ts';
import { ringNotices, startDelivery, startRefunds, steps, tellClaim, tellScreen } from './steps.ts';
import { describeClaim } from './words.ts';

/** Runs one claim. Its id is `claim:<claim code>`; started again it goes on from its row. */
export async function claimWorkflow(input: ClaimInput): Promise<{ status: string }> {
  checkClaimInput(input);
  let rings = 0;
  setHandler(claimRingSignal, () => {
    rings += 1;
  });
  let cancelledInUi: unknown;
  CancellationScope.current().cancelRequested.catch((err: unknown) => {
    cancelledInUi = err;
    rings += 1;
  });
  const row = await CancellationScope.nonCancellable(async () => {
    const ended = await runClaim(input.claimCode, { count: () => rings, isCancelled: () => cancelledInUi !== undefined });
    await carryOut(ended);
    return ended;
  });
  if (cancelledInUi && row.cancelled) throw cancelledInUi;
  return { status: row.status };
}

async function runClaim(
  claimCode: string,
  rings: { readonly count: () => number; readonly isCancelled: () => boolean },
): Promise<ClaimRow> {
  const alarm = createAlarm();
  for (;;) {
    const heard = rings.count();
    const row = await steps.advanceClaim({ claimCode, cancelled: rings.isCancelled(), at: Date.now() });
    setCurrentDetails(describeClaim(row));
    if (row.untold) await tellClaim({ claimCode, at: Date.now() }).catch(() => undefined);
    if (row.status !== 'open') return row;
    if (rings.count() !== heard) continue;
    alarm.set(row.wakeAt);
    await condition(() => rings.count() !== heard || alarm.hasRung());
  }
}

/** What was decided is in rows already: the relay does what this cannot. */
async function carryOut({ orderCode, customerId, sending, refundIds }: ClaimRow): Promise<void> {
  if (sending) await startDelivery({ orderCode });
  if (refundIds.length > 0) await startRefunds({ orderCode, refundIds });
  await ringNotices({ customerIds: [customerId] });
  await tellScreen({ orderCode, at: Date.now() }).catch(() => undefined);
}
