/** Chance from a printed seed: the same seed makes the same choices. */

export interface Random {
  /** At least 0 and below 1. */
  next(): number;
  /** A whole number from `least` to `most`, both included. */
  whole(least: number, most: number): number;
  /** True in this share of cases. */
  chance(share: number): boolean;
  /** One of them. @throws RangeError when there is none */
  pick<Value>(values: readonly Value[]): Value;
  shuffle<Value>(values: readonly Value[]): Value[];
}

/** Mulberry32: small, fast, and good enough to choose accidents by. */
export function makeRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const whole = (least: number, most: number) => least + Math.floor(next() * (most - least + 1));
  return {
    next,
    whole,
    chance: (share) => next() < share,
    pick(values) {
      if (values.length === 0) throw new RangeError('Nothing to pick from');
      return values[whole(0, values.length - 1)] as (typeof values)[number];
    },
    shuffle(values) {
      const mixed = [...values];
      for (let index = mixed.length - 1; index > 0; index -= 1) {
        const other = whole(0, index);
        [mixed[index], mixed[other]] = [mixed[other] as (typeof mixed)[number], mixed[index] as (typeof mixed)[number]];
      }
      return mixed;
    },
  };
}
