import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  afterFailure,
  boundsOf,
  failuresToHide,
  failuresWithinSeconds,
  findRuleMisfit,
  judgeRule,
  type MethodHealth,
  noRule,
  restSeconds,
  ruledMethods,
} from '../../domain/method-rule.ts';

const at = 1_800_000_000_000;
const day = 86_400_000;
const known = { since: at - 100 * day, deliveredOrders: 10, isStaff: false };
const fail = (times: number, everySeconds: number) => {
  let health: MethodHealth | undefined;
  for (let index = 0; index < times; index += 1) health = afterFailure(health, at + index * everySeconds * 1000);
  return health as MethodHealth;
};

describe('a rule', () => {
  test('is none for the wallet, which is the customer’s own money', () => {
    expect(ruledMethods).not.toContain('wallet');
  });

  test('hides a method from all, or from all but staff', () => {
    expect(judgeRule({ ...noRule, hidden: true }, null, { ...known, isStaff: true }, at)).toBe('MethodUnavailable');
    expect(judgeRule({ ...noRule, staffOnly: true }, null, known, at)).toBe('MethodUnavailable');
    expect(judgeRule({ ...noRule, staffOnly: true }, null, undefined, at)).toBe('MethodUnavailable');
    expect(judgeRule({ ...noRule, staffOnly: true }, null, { ...known, isStaff: true }, at)).toBeUndefined();
    expect(judgeRule(noRule, null, known, at)).toBeUndefined();
    expect(judgeRule(noRule, null, { ...known, since: at + 60_000 }, at), 'by another clock').toBeUndefined();
  });

  test('keeps new customers away until they are customers long enough and have received enough', () => {
    const rule = { ...noRule, accountDays: 7, deliveredOrders: 2 };
    expect(judgeRule(rule, null, { ...known, since: at - 7 * day + 1 }, at)).toBe('MethodNotYet');
    expect(judgeRule(rule, null, { ...known, since: at - 7 * day }, at)).toBeUndefined();
    expect(judgeRule(rule, null, { ...known, deliveredOrders: 1 }, at)).toBe('MethodNotYet');
  });

  test('narrows what the provider takes, never widens it', () => {
    expect(boundsOf('card', 'PLN')).toEqual({ minimum: 200, maximum: Number.MAX_SAFE_INTEGER });
    expect(boundsOf('card', 'PLN', { minimum: 1, maximum: 5_000 })).toEqual({ minimum: 200, maximum: 5_000 });
    expect(boundsOf('card', 'PLN', { minimum: 1_000, maximum: null })).toMatchObject({ minimum: 1_000 });
    fc.assert(
      fc.property(fc.option(fc.integer({ min: 1 })), fc.option(fc.integer({ min: 1 })), (minimum, maximum) => {
        const bounds = boundsOf('card', 'PLN', { minimum, maximum });
        expect(bounds.minimum).toBeGreaterThanOrEqual(200);
        expect(bounds.maximum).toBeGreaterThanOrEqual(bounds.minimum);
      }),
    );
  });

  test.each([
    [{ minimum: 0 }, 'minimum'],
    [{ maximum: 1.5 }, 'maximum'],
    [{ minimum: 500, maximum: 499 }, 'maximum'],
    [{ accountDays: 366 }, 'accountDays'],
    [{ deliveredOrders: -1 }, 'deliveredOrders'],
    [{ deliveredOrders: Number.NaN }, 'deliveredOrders'],
    [{ minimum: 500, maximum: 500, accountDays: 365, deliveredOrders: 100 }, undefined],
  ] as const)('%j has a misfit: %s', (change, misfit) => expect(findRuleMisfit({ ...noRule, ...change })).toBe(misfit));
});

describe('a method that fails', () => {
  test('hides itself when so many in a row fail within ten minutes, and rests', () => {
    const every = failuresWithinSeconds / (failuresToHide - 1);
    expect(fail(failuresToHide - 1, every).hiddenUntil).toBeNull();
    const hidden = fail(failuresToHide, every);
    expect(hidden.hiddenUntil).toBe(at + failuresWithinSeconds * 1000 + restSeconds * 1000);
    const until = hidden.hiddenUntil as number;
    expect(judgeRule(noRule, until, known, until - 1)).toBe('MethodUnavailable');
    expect(judgeRule(noRule, until, known, until)).toBeUndefined();
  });

  test('does not for failures far apart', () => {
    expect(fail(20, failuresWithinSeconds + 1)).toMatchObject({ failed: 1, hiddenUntil: null });
  });

  test('rests again when the try after its rest fails too', () => {
    const hidden = fail(failuresToHide, 1);
    const later = (hidden.hiddenUntil as number) + 3_600_000;
    expect(afterFailure(hidden, later)).toEqual({ ...hidden, failed: failuresToHide + 1, hiddenUntil: later + restSeconds * 1000 });
  });
});
