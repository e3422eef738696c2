/** Choosing a variant: one value of each option of the product that is shown. */
import type { ProductOption } from './product.ts';

/** The chosen value of each option, by its place; null while none is. */
export type Picks = readonly (number | null)[];

export interface Variant {
  readonly optionValues: readonly string[];
  /** Free units. */
  readonly stock: number;
}

/** Picks of as many options as there are: what is out of place is not picked, and where there is one value only, it is. */
export function fitPicks(options: readonly ProductOption[], picks: Picks = []): Picks {
  return options.map(({ values }, place) => {
    const pick = picks[place] ?? null;
    if (values.length === 1) return 0;
    return pick !== null && pick < values.length ? pick : null;
  });
}

/** The picks that choose a variant. */
export function picksOf(options: readonly ProductOption[], optionValues: readonly string[]): Picks {
  return options.map(({ values }, place) => {
    const pick = values.indexOf(optionValues[place] ?? '');
    return pick < 0 ? null : pick;
  });
}

/** The variant that is chosen; undefined while an option is open, or when nothing like it is on sale. */
export function pickVariant<One extends Variant>(
  options: readonly ProductOption[],
  variants: readonly One[],
  picks: Picks,
): One | undefined {
  return variants.find(({ optionValues }) => options.every(({ values }, place) => optionValues[place] === values[picks[place] ?? -1]));
}

/** Whether a value can be had with what is picked of the other options. */
export function isAvailable(
  options: readonly ProductOption[],
  variants: readonly Variant[],
  picks: Picks,
  place: number,
  value: string,
): boolean {
  return variants.some(
    ({ optionValues, stock }) =>
      stock >= 1 &&
      optionValues[place] === value &&
      options.every(({ values }, other) => other === place || picks[other] == null || optionValues[other] === values[picks[other]]),
  );
}
