/** How an update waits for what the story answers it. */
import { CancellationScope, condition } from '@temporalio/workflow';

/** Waits for the story's answer, through a cancel in the Temporal UI too: what was done is done, and whoever asked hears of it. */
export function untilAnswered<Answer>(read: () => Answer | undefined): Promise<Answer> {
  return CancellationScope.nonCancellable(async () => {
    await condition(() => read() !== undefined);
    return read() as Answer;
  });
}
