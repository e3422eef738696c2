/** The numbers of a measurement. */

/** The value below which `share` of all lie (0.5 = median), by the nearest rank. @throws RangeError on no values */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  const value = sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)];
  if (value === undefined) throw new RangeError('No values to take a percentile of');
  return value;
}

export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}

/** Rounded for people. */
export function round(value: number, decimals = 1): number {
  return Number(value.toFixed(decimals));
}

/** Runs `task` for 0..count-1, `width` at a time. @returns how long it took, seconds @throws the first error */
export async function runAtOnce(count: number, width: number, task: (index: number) => Promise<void>): Promise<number> {
  const begun = performance.now();
  let next = 0;
  const lane = async () => {
    while (next < count) {
      const index = next;
      next += 1;
      await task(index);
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, count) }, lane));
  return (performance.now() - begun) / 1_000;
}
