/** A refund: decided under the order's lock, sent to its provider until it answers, closed, told. */
import { CancellationScope, isCancellation, setCurrentDetails, setHandler, sleep } from '@temporalio/workflow';
import type { Refunded } from '../domain/refund.ts';
import { untilAnswered } from './answer.ts';
import { type RefundAnswer, type RefundInput, requestRefundUpdate } from './messages/refund.ts';
import { checkRefundInput } from './messages/validate.ts';
import { isRefusal, reasonOf, sendRefund, startCommission, startRefunds, steps, tellDeposit, tellScreen } from './steps.ts';

/** How long to wait before asking a provider again about a refund on its way. */
const askAgainAfter = ['1 minute', '10 minutes', '1 hour', '6 hours', '1 day'] as const;
const askAgainTimes = 30;

/** Runs one refund. Its id is `refund:<refund id>`; repeated, it goes on from its row. */
export async function refundWorkflow(input: RefundInput): Promise<{ status: string }> {
  checkRefundInput(input);
  const of: Refunded = input.orderCode === undefined ? { depositCode: input.depositCode } : { orderCode: input.orderCode };
  let answer: RefundAnswer | undefined;
  setHandler(requestRefundUpdate, () => untilAnswered(() => answer));
  answer = await CancellationScope.nonCancellable(() => steps.decideRefund({ ...input, at: Date.now() }));
  if (!answer.ok) {
    setCurrentDetails(`Not refunded: ${answer.rejected}.`);
    return { status: answer.rejected };
  }
  const { refundIds, payoutIds = [] } = answer;
  if (of.depositCode !== undefined) {
    // What goes back takes the commission along.
    const { commissionFrom } = await steps.settleDeposit({ depositCode: of.depositCode, at: Date.now() });
    if (commissionFrom != null) await startCommission({ depositCode: of.depositCode });
  }
  if (payoutIds.length > 0) {
    await startRefunds({ ...of, refundIds: payoutIds });
    setCurrentDetails('Staff send it by hand: a payout goes on with it.');
  }
  const byProvider = refundIds.filter((refundId) => !payoutIds.includes(refundId));
  const statuses = await Promise.all(byProvider.map((refundId) => runRefund(refundId, of)));
  await tellRefunded(of).catch(() => undefined);
  const worst = ['failed', 'sent'].find((status) => statuses.includes(status));
  return { status: worst ?? (payoutIds.length > 0 ? 'requested' : 'succeeded') };
}

const tellRefunded = (of: Refunded): Promise<unknown> =>
  of.depositCode === undefined
    ? tellScreen({ orderCode: of.orderCode, at: Date.now() })
    : tellDeposit({ depositCode: of.depositCode, at: Date.now() });

async function runRefund(refundId: string, of: Refunded): Promise<string> {
  for (let asked = 0; ; asked += 1) {
    setCurrentDetails(asked === 0 ? 'Asking the provider to give the money back.' : 'On its way; the provider is asked again.');
    const result = await sendRefund({ refundId }).catch((err: unknown) => {
      // Only a refusal is final. A call without an answer may have had its effect: asked again, it finds the refund it made.
      if (isCancellation(err)) throw err;
      if (!isRefusal(err)) return undefined;
      return { status: 'failed' as const, reason: reasonOf(err) };
    });
    if (!result) return 'sent';
    const { status } = await steps.recordRefund({ refundId, ...of, result, at: Date.now() });
    if (status !== 'sent') {
      setCurrentDetails(status === 'succeeded' ? 'The money went back.' : 'The provider could not give it back; staff see it.');
      return status;
    }
    if (asked >= askAgainTimes) return 'sent';
    await sleep(askAgainAfter[Math.min(asked, askAgainAfter.length - 1)] ?? '1 day');
  }
}
