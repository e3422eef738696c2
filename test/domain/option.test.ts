import { expect, it } from 'vitest';
import { fitPicks, isAvailable, picksOf, pickVariant } from '../../domain/option.ts';

const options = [
  { name: 'Size', values: ['S', 'M'] },
  { name: 'Colour', values: ['black', 'white'] },
  { name: 'Cut', values: ['straight'] },
];
const variants = [
  { optionValues: ['S', 'black', 'straight'], stock: 0 },
  { optionValues: ['M', 'black', 'straight'], stock: 2 },
  { optionValues: ['M', 'white', 'straight'], stock: 1 },
];

it('what is picked fits the options there are, and what leaves no choice is picked', () => {
  expect(fitPicks(options)).toEqual([null, null, 0]);
  expect(fitPicks(options, [1, 7])).toEqual([1, null, 0]);
  expect(fitPicks([], [1, 2])).toEqual([]);
});

it('the picks of a variant choose it again, and open ones choose none', () => {
  for (const variant of variants) expect(pickVariant(options, variants, picksOf(options, variant.optionValues))).toBe(variant);
  expect(pickVariant(options, variants, [1, null, 0])).toBeUndefined();
  expect(pickVariant(options, variants, [0, 1, 0])).toBeUndefined();
});

it('a value can be had when a variant of it and of the other picks has units', () => {
  const availableSizes = (picks: (number | null)[]) => ['S', 'M'].map((value) => isAvailable(options, variants, picks, 0, value));
  expect(availableSizes([null, null, 0])).toEqual([false, true]);
  expect(availableSizes([0, 1, 0])).toEqual([false, true]);
  expect(isAvailable(options, variants, [0, null, 0], 1, 'black')).toBe(false);
  expect(isAvailable(options, variants, [1, 0, 0], 1, 'white')).toBe(true);
});
