/** Long activities say that they live, so that Temporal gives the work to another process soon after this one was killed. */
import { asyncLocalStorage } from '@temporalio/activity';

const everyMs = 3_000;

/** Does `work` with a heartbeat beside it; outside Temporal it only works. */
export async function heartbeating<Result>(work: () => Promise<Result>): Promise<Result> {
  const context = asyncLocalStorage.getStore();
  const timer = context && setInterval(() => context.heartbeat(), everyMs);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}
