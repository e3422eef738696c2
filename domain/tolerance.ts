/** Tolerance: how much less than asked of coins still settles an order. The rest is the shop's expense (MONEY.md section 3). Pure. */
import { readDecimal, toScale, writeDecimal } from './decimal.ts';

/** What the shop bears of one payment at most, by the rate of the day; minor units of EUR. */
export const mostToleratedInEur = 100;

/** Basis points. */
const whole = 10_000n;

/**
 * The fewest units that settle what `units` were asked for: less `basisPoints` of them, and never so few that more than `most` (minor units, as
 * `amount` is) would be missing. Rounded up to the coin's smallest unit, so exactly at the tolerance settles and one unit less does not.
 * @returns `units` themselves where nothing is tolerated
 */
export function leastUnits(
  units: string,
  { amount, basisPoints, most, decimals }: { amount: number; basisPoints: number; most: number; decimals: number },
): string {
  const asked = readDecimal(units);
  if (!asked || amount <= 0 || basisPoints <= 0 || most <= 0) return units;
  const kept = Math.max(asked.decimals, decimals);
  const all = toScale(asked, kept, 'up');
  const least = divideUp(all * (whole - BigInt(basisPoints)), whole);
  const leastByMoney = divideUp(all * BigInt(Math.max(0, amount - most)), BigInt(amount));
  if (least < leastByMoney) return writeDecimal(leastByMoney, kept);
  return writeDecimal(least, kept);
}

/** Whether `paid` units are at least `least`; what is no number is not. */
export function isEnoughUnits(paid: string, least: string): boolean {
  const [some, needed] = [readDecimal(paid), readDecimal(least)];
  if (!some || !needed) return false;
  const kept = Math.max(some.decimals, needed.decimals);
  return toScale(some, kept, 'down') >= toScale(needed, kept, 'down');
}

const divideUp = (dividend: bigint, divisor: bigint) => (dividend + divisor - 1n) / divisor;
