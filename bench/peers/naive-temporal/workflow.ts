/** An order as one writes it after the first tutorials: a step an activity, all with the same options. */
import { condition, defineSignal, defineUpdate, proxyActivities, setHandler } from '@temporalio/workflow';
import type { PeerTap } from '../shop.ts';
import type { Activities } from './activities.ts';

export const placedUpdate = defineUpdate<string>('placed');
export const paidSignal = defineSignal('paid');

const { reserve, createPayment, settle, allot, deliver, writeLedger, notify } = proxyActivities<Activities>({
  startToCloseTimeout: '1 minute',
});

export async function naiveOrder(tap: PeerTap): Promise<'delivered' | 'expired'> {
  let accepted: string | undefined;
  let isPaid = false;
  setHandler(placedUpdate, async () => {
    await condition(() => accepted !== undefined);
    return accepted as string;
  });
  setHandler(paidSignal, () => {
    isPaid = true;
  });

  await reserve(tap);
  const paymentId = await createPayment(tap);
  if (tap.method === 'wallet') {
    await settle(tap);
    accepted = paymentId;
  } else {
    accepted = paymentId;
    await notify(tap, 'awaitingPayment');
    if (!(await condition(() => isPaid, '15 minutes'))) return 'expired';
    await settle(tap);
  }
  await allot(tap);
  await deliver(tap);
  await writeLedger(tap);
  await notify(tap, 'delivered');
  return 'delivered';
}
