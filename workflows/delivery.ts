/** Goods sent again by customer or staff, and goods handed over at a pickup point. */
import { CancellationScope, setCurrentDetails, setHandler } from '@temporalio/workflow';
import { untilAnswered } from './answer.ts';
import { type DeliveryAnswer, type DeliveryInput, type HandoverInput, handoverUpdate, resendUpdate } from './messages/delivery.ts';
import { checkDeliveryInput, checkHandoverInput } from './messages/validate.ts';
import { steps, tellGoods, tellScreen } from './steps.ts';

/** Sends an order's goods again, for up to seven days. Its id is `delivery:<code>`. */
export async function deliveryWorkflow(input: DeliveryInput): Promise<{ status: string }> {
  checkDeliveryInput(input);
  const { orderCode } = input;
  let answer: DeliveryAnswer | undefined;
  setHandler(resendUpdate, () => untilAnswered(() => answer));
  answer = await CancellationScope.nonCancellable(() => steps.prepareResend({ ...input, at: Date.now() }));
  if (!answer.ok) return { status: answer.rejected };
  setCurrentDetails('Sending the goods again.');
  try {
    await tellGoods({ orderCode, at: Date.now() });
    return { status: 'sent' };
  } catch {
    await steps.leaveToStaff({ orderCode, at: Date.now() });
    setCurrentDetails('Telegram refused for seven days; left to staff.');
    await tellScreen({ orderCode, at: Date.now() }).catch(() => undefined);
    return { status: 'staffTask' };
  }
}

/** Marks one line as handed over and draws its messages again. Its id is `handover:<code>:<line>`. */
export async function handoverWorkflow(input: HandoverInput): Promise<{ status: string }> {
  checkHandoverInput(input);
  let answer: DeliveryAnswer | undefined;
  setHandler(handoverUpdate, () => untilAnswered(() => answer));
  answer = await CancellationScope.nonCancellable(() => steps.handOver({ ...input, at: Date.now() }));
  if (!answer.ok) return { status: answer.rejected };
  await tellScreen({ orderCode: input.orderCode, at: Date.now() }).catch(() => undefined);
  return { status: 'handedOver' };
}
