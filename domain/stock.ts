/** Stock as people are told of it: how low it is, and how many who wait for a product are told at once. Pure. */

export const stockLevels = ['enough', 'low', 'out'] as const;
export type StockLevel = (typeof stockLevels)[number];

/** `left`: units that are not sold, kept ones included: what is kept may come back. `lowAt`: from how many on staff are told. */
export function stockLevel(left: number, lowAt: number): StockLevel {
  if (left <= 0) return 'out';
  return left <= lowAt ? 'low' : 'enough';
}

/** What staff are told of a change: only what is worse than it was, or good again; undefined when nothing. */
export function stockAlert(before: StockLevel, after: StockLevel): 'stockLow' | 'stockOut' | 'stockBack' | undefined {
  const [was, is] = [stockLevels.indexOf(before), stockLevels.indexOf(after)];
  if (is > was) return after === 'out' ? 'stockOut' : 'stockLow';
  return is < was ? 'stockBack' : undefined;
}

/** How long whoever was told has before the unit is offered to the next, seconds. */
export const headStartSeconds = 900;
/** Told at once, however many units came. */
export const mostToldAtOnce = 100;
/** Products a customer may wait for. */
export const watchLimit = 50;

/**
 * How many of those who wait are told now: one for each free unit that nobody was told of in the last quarter of an hour. `ahead`: told within it,
 * and without an order of the product since.
 */
export function countToTell({ free, ahead, waiting }: { readonly free: number; readonly ahead: number; readonly waiting: number }): number {
  return Math.max(0, Math.min(free - ahead, waiting, mostToldAtOnce));
}
