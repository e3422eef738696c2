import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { digestLines } from '../../bot/quoting.ts';
import { groupLines } from '../../domain/line-group.ts';
import { boundsOf, offeredMethods } from '../../domain/method-rule.ts';
import type { MethodName } from '../../domain/payment.ts';

/** In a shop with no rules of its own. */
const usable = (...methods: MethodName[]) => methods.map((method) => ({ method, ...boundsOf(method, 'PLN') }));

const methods = fc.subarray<MethodName>(['stars', 'card', 'wallet']);

test('every line is in one group, and every group shares a method unless nothing can pay for it', () => {
  void fc.assert(
    fc.property(fc.array(methods, { maxLength: 12 }), (wishes) => {
      const lines = wishes.map((allowed, id) => ({ id, methods: allowed }));
      const groups = groupLines(lines);
      expect(
        groups
          .flat()
          .map(({ id }) => id)
          .sort((a, b) => a - b),
      ).toEqual(lines.map(({ id }) => id));
      for (const group of groups) {
        const [first] = group;
        const shared = first?.methods.filter((method) => group.every((line) => line.methods.includes(method))) ?? [];
        expect(shared.length > 0 || (group.length === 1 && first?.methods.length === 0)).toBe(true);
      }
    }),
  );
});

test('lines that share a method are one group', () => {
  const line = (id: number, ...allowed: MethodName[]) => ({ id, methods: allowed });
  expect(groupLines([line(1, 'card', 'wallet'), line(2, 'stars'), line(3, 'wallet')]).map((group) => group.map(({ id }) => id))).toEqual([
    [1, 3],
    [2],
  ]);
});

test('a method is offered when its provider takes money now, and this much', () => {
  const quote = { methods: ['stars', 'card', 'wallet'] as const, total: 199, starsTotal: 1 };
  expect(offeredMethods(quote, usable('stars', 'card', 'wallet'))).toEqual(['stars', 'wallet']);
  expect(offeredMethods({ ...quote, total: 200 }, usable('card', 'wallet'))).toEqual(['card', 'wallet']);
  expect(offeredMethods({ ...quote, total: 0, starsTotal: 0 }, usable('stars', 'card', 'wallet'))).toEqual(['stars', 'card', 'wallet']);
});

test('the digest changes with lines and quantities, not with their order', () => {
  const digest = digestLines([
    { productId: 1, quantity: 2 },
    { productId: 3, quantity: 1 },
  ]);
  expect(digest).toMatch(/^[0-9a-z]{6}$/);
  expect(
    digestLines([
      { productId: 3, quantity: 1 },
      { productId: 1, quantity: 2 },
    ]),
  ).toBe(digest);
  expect(
    digestLines([
      { productId: 1, quantity: 3 },
      { productId: 3, quantity: 1 },
    ]),
  ).not.toBe(digest);
});
