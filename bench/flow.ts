/** A way to buy: what every contestant of `orders` and `accept` offers its customers, so that all are driven alike. */
import { setTimeout as sleep } from 'node:timers/promises';
import { runAtOnce } from './numbers.ts';

export interface Flow<Tap = unknown> {
  /** Customers with what they are about to tap; not measured. */
  makeTaps(count: number): Promise<readonly Tap[]>;
  /** The tap. Resolves when the customer knows of the hold and how to pay. */
  accept(tap: Tap): Promise<void>;
  /** Pays where that is not part of the tap. Resolves when the goods are in the chat and the story is over. */
  finish(tap: Tap): Promise<void>;
  /** Looks at rows and chats: each of `taps` delivered exactly once, money and units add up. @throws RoundError */
  check?(taps: readonly Tap[]): Promise<void>;
  /** Length of the history of a finished order. */
  countEvents?(tap: Tap): Promise<number>;
}

export interface Sold {
  readonly seconds: number;
  /** Tap to answer of each, ms. */
  readonly acceptMs: readonly number[];
}

/** After a failure the others' calls under way are awaited this long, so that nothing is torn down beneath them. */
const lastCallsMs = 15_000;

/** Each of `buyers` taps, pays and waits for the goods before the next tap. @throws the first failure */
export async function sell<Tap>(flow: Flow<Tap>, taps: readonly Tap[], buyers: number): Promise<Sold> {
  const acceptMs: number[] = [];
  const failures: unknown[] = [];
  let fail: () => void = () => undefined;
  const failed = new Promise<void>((resolve) => {
    fail = resolve;
  });
  const selling = runAtOnce(taps.length, buyers, async (index) => {
    if (failures.length > 0) return;
    const tap = taps[index] as Tap;
    try {
      const begun = performance.now();
      await flow.accept(tap);
      acceptMs.push(performance.now() - begun);
      await flow.finish(tap);
    } catch (err) {
      failures.push(err);
      fail();
    }
  });
  const seconds = await Promise.race([selling, failed.then(() => sleep(lastCallsMs, 0, { ref: false }))]);
  if (failures.length > 0) throw failures[0];
  return { seconds, acceptMs };
}
