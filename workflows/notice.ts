/** Tells a customer what their notices say, in turn; ends when all is told. */
import { setCurrentDetails, setHandler } from '@temporalio/workflow';
import { type NoticeInput, noticeRingSignal } from './messages/notice.ts';
import { checkNoticeInput } from './messages/validate.ts';
import { reasonOf, sendNotices } from './steps.ts';

/** Runs while there is something to tell. Its id is `notice:<customer id>`. What cannot be told now the relay rings for again. */
export async function noticeWorkflow(input: NoticeInput): Promise<{ status: 'told' | 'untold' }> {
  let rung = true;
  setHandler(noticeRingSignal, () => {
    rung = true;
  });
  checkNoticeInput(input);
  while (rung) {
    // One written while others are told is looked for once more.
    rung = false;
    try {
      await sendNotices({ customerId: input.customerId, at: Date.now() });
    } catch (err) {
      setCurrentDetails(`Could not be told for an hour: ${reasonOf(err)}`);
      return { status: 'untold' };
    }
  }
  setCurrentDetails('Everything is told.');
  return { status: 'told' };
}
