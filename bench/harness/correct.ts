/** A fast wrong answer is worth nothing: what a round must have done before its time counts. */

/** Something was lost, doubled or wrong: the round and the run fail. */
export class RoundError extends Error {
  override readonly name = 'RoundError';
}

const shownMost = 5;

/** Every one of `wanted` exactly once in `seen`, and nothing else. @param what plural noun, e.g. `orders delivered` @throws RoundError */
export function expectEachOnce(what: string, wanted: readonly string[], seen: readonly string[]): void {
  const counts = new Map<string, number>();
  for (const one of seen) counts.set(one, (counts.get(one) ?? 0) + 1);
  const lost = wanted.filter((one) => !counts.has(one));
  const known = new Set(wanted);
  const doubled = [...counts].filter(([one, count]) => known.has(one) && count > 1).map(([one]) => one);
  const foreign = [...counts.keys()].filter((one) => !known.has(one));
  const faults = Object.entries({ lost, doubled, foreign }).filter(([, list]) => list.length > 0);
  if (faults.length === 0) return;
  const words = faults.map(
    ([fault, list]) => `${list.length} ${fault} (${list.slice(0, shownMost).join(', ')}${list.length > shownMost ? ', ...' : ''})`,
  );
  throw new RoundError(`${what}: ${words.join('; ')}`);
}

/** @throws RoundError when they differ */
export function expectSame(what: string, wanted: number, seen: number): void {
  if (wanted !== seen) throw new RoundError(`${what}: ${seen} instead of ${wanted}`);
}
