/** Waiting that works in vitest and outside it. */
import { setTimeout as sleep } from 'node:timers/promises';

/** Looks until it does not throw. @throws what the last look threw, when the time is over */
export async function waitFor<Found>(look: () => Promise<Found>, options: { timeout: number; interval?: number }): Promise<Found> {
  const until = performance.now() + options.timeout;
  for (;;) {
    try {
      return await look();
    } catch (err) {
      if (performance.now() > until) throw err;
    }
    await sleep(options.interval ?? 100);
  }
}
