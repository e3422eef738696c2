/** Orders under way while something breaks them. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Market } from '../harness/market.ts';
import { type Purchase, type PurchaseWish, purchase } from '../harness/purchase.ts';
import { makeRandom, type Random } from '../harness/random.ts';
import { startMarket } from '../harness/market.ts';
import type { Round } from '../harness/scenario.ts';
import type { StackWish } from '../harness/stack.ts';
import { verifyPurchases } from '../harness/verify.ts';

/** The market of a run, with the checker's eye on it. */
export async function marketOf(round: Round, wish?: StackWish & { readonly stalls?: number }): Promise<Market> {
  const market = await round.share('market', () => startMarket({ say: round.say, ...wish }));
  round.check(market.stack.db);
  return market;
}

export interface Load {
  readonly orders: number;
  /** Customers at once. */
  readonly buyers: number;
  readonly wish?: PurchaseWish;
  /** Breaks things until `signal` says that the last customer is through. Whatever it broke is whole when it returns. */
  readonly breaking?: (signal: AbortSignal) => Promise<void>;
}

/** Runs orders while things break, then has customers and providers say what they got. @throws when one of them got something else */
export async function runLoad(market: Market, seed: number, { orders, buyers, wish, breaking }: Load): Promise<Purchase[]> {
  await market.addUnits(Math.ceil((orders / market.stalls.length) * 1.5) + buyers);
  const done = new AbortController();
  const broken = breaking?.(done.signal);
  broken?.catch(() => undefined);
  const purchases: Purchase[] = [];
  let next = 0;
  let failed: unknown;
  const lane = async () => {
    while (next < orders && failed === undefined) {
      next += 1;
      // Every customer has chances of their own, whoever comes first.
      const random = makeRandom(seed * 65_537 + next);
      try {
        purchases.push(await purchase(market, random, wish));
      } catch (err) {
        failed ??= err;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(buyers, orders) }, lane));
  done.abort();
  await broken;
  if (failed !== undefined) throw failed;
  await market.stack.untilReady();
  await verifyPurchases(market, purchases);
  return purchases;
}

/** Waits, but not longer than until `signal`. @returns false when it was the signal */
export async function pause(ms: number, signal: AbortSignal): Promise<boolean> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
  return !signal.aborted;
}

/** Strikes after a second, and then every `least` to `most` ms until `signal`. @returns how often it struck: once at least */
export async function strikeEvery(
  random: Random,
  [least, most]: readonly [number, number],
  signal: AbortSignal,
  strike: () => boolean,
): Promise<number> {
  let strikes = 0;
  do {
    // What is not there yet cannot be struck.
    await sleep(1_000);
    if (strike()) strikes += 1;
  } while ((await pause(random.whole(least, most) - 1_000, signal)) || strikes === 0);
  return strikes;
}

/** How purchases ended, for a round's line. */
export function tellPurchases(purchases: readonly Purchase[]): string {
  const counts = new Map<string, number>();
  for (const { status } of purchases) counts.set(status, (counts.get(status) ?? 0) + 1);
  return [...counts]
    .sort()
    .map(([status, count]) => `${count} ${status}`)
    .join(', ');
}
