/** A way to buy: what every contestant of `orders` and `accept` offers its customers, so that all are driven alike. */
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
}

export interface Sold {
  readonly seconds: number;
  /** Tap to answer of each, ms. */
  readonly acceptMs: readonly number[];
}

/** Each of `buyers` taps, pays and waits for the goods before the next tap. */
export async function sell<Tap>(flow: Flow<Tap>, taps: readonly Tap[], buyers: number): Promise<Sold> {
  const acceptMs: number[] = [];
  const seconds = await runAtOnce(taps.length, buyers, async (index) => {
    const tap = taps[index] as Tap;
    const begun = performance.now();
    await flow.accept(tap);
    acceptMs.push(performance.now() - begun);
    await flow.finish(tap);
  });
  return { seconds, acceptMs };
}
