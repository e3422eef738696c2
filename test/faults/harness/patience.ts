/** Customers who give up on nothing. */
import { setTimeout as sleep } from 'node:timers/promises';

/** Tries until it works. @throws what the last try threw, when the time is over */
export async function patiently<Answer>(until: number, what: string, act: () => Promise<Answer>): Promise<Answer> {
  for (;;) {
    try {
      return await act();
    } catch (err) {
      if (performance.now() > until)
        throw new Error(`A customer could not ${what}: ${err instanceof Error ? err.message : String(err)}`, { cause: err });
    }
    await sleep(300);
  }
}
