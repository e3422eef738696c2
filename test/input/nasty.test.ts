import { expect, test } from 'vitest';
import { nastyTexts, nastyValues } from '../support/nasty.ts';

test('there are at least sixty nasty values for every kind of field, none of them twice', () => {
  expect(nastyTexts.length).toBeGreaterThanOrEqual(60);
  expect(nastyValues.length).toBeGreaterThan(nastyTexts.length);
  expect(new Set(nastyValues.map(({ name }) => name)).size).toBe(nastyValues.length);
  expect(new Set(nastyTexts.map(({ value }) => value)).size).toBe(nastyTexts.length);
});
