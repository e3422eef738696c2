import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type AutoBuyState,
  autoBuyLastsSeconds,
  autoBuySeconds,
  autoBuyStatuses,
  autoBuyTransitions,
  autoBuyWakeAt,
  decideAutoBuy,
} from '../../domain/auto-buy.ts';

const askedAt = 1_800_000_000_000;
const state = (changes: Partial<AutoBuyState> = {}): AutoBuyState => ({
  status: 'waiting',
  askedAt,
  shownTotal: 8_000,
  total: 8_000,
  payable: true,
  changed: false,
  ordered: false,
  balance: 8_000,
  debt: 0,
  ...changes,
});
const decide = (changes: Partial<AutoBuyState>, afterSeconds = 60) => decideAutoBuy(state(changes), askedAt + afterSeconds * 1000);

const any: fc.Arbitrary<AutoBuyState> = fc.record({
  status: fc.constantFrom(...autoBuyStatuses),
  askedAt: fc.constant(askedAt),
  shownTotal: fc.integer({ min: 1, max: 10_000 }),
  total: fc.option(fc.integer({ min: 0, max: 10_000 })),
  payable: fc.boolean(),
  changed: fc.boolean(),
  ordered: fc.boolean(),
  balance: fc.integer({ min: 0, max: 10_000 }),
  debt: fc.constantFrom(0, 0, 5),
});

describe('a basket that is to buy itself', () => {
  test('buys when the money is there, for what it costs now', () => {
    expect(decide({})).toEqual({ do: 'buy', total: 8_000 });
    expect(decide({ total: 7_000, balance: 7_000 })).toEqual({ do: 'buy', total: 7_000 });
    expect(decide({}, autoBuySeconds)).toEqual({ do: 'buy', total: 8_000 });
  });

  test('waits while the money is not there, or a debt is', () => {
    expect(decide({ balance: 7_999 })).toEqual({ do: 'nothing' });
    expect(decide({ debt: 1 })).toEqual({ do: 'nothing' });
    expect(decide({ balance: 7_999, total: 9_000, changed: true }, autoBuySeconds + 1)).toEqual({ do: 'nothing' });
  });

  test('asks when something is not as it was', () => {
    expect(decide({ total: 8_001 })).toEqual({ do: 'ask', reason: 'PriceChanged' });
    expect(decide({ total: null })).toEqual({ do: 'ask', reason: 'ProductGone' });
    expect(decide({ changed: true })).toEqual({ do: 'ask', reason: 'changed' });
    expect(decide({ payable: false })).toEqual({ do: 'ask', reason: 'MethodNotAllowed' });
    expect(decide({}, autoBuySeconds + 1)).toEqual({ do: 'ask', reason: 'late' });
  });

  test('ends when the customer ordered it another way, and after a week', () => {
    expect(decide({ ordered: true })).toEqual({ do: 'end' });
    expect(decide({ balance: 0 }, autoBuyLastsSeconds)).toEqual({ do: 'end' });
    expect(autoBuyWakeAt(state())).toBe(askedAt + autoBuyLastsSeconds * 1000);
    expect(autoBuyWakeAt(state({ status: 'bought' }))).toBeNull();
  });

  test('whatever happens: never for more than shown or than there is, never in debt, never late, never twice', () => {
    fc.assert(
      fc.property(any, fc.integer({ min: 0, max: autoBuyLastsSeconds * 2 }), (wish, after) => {
        const decision = decideAutoBuy(wish, askedAt + after * 1000);
        if (wish.status !== 'waiting') expect(decision).toEqual({ do: 'nothing' });
        if (decision.do !== 'buy') return;
        expect(decision.total).toBe(wish.total);
        expect(decision.total).toBeLessThanOrEqual(Math.min(wish.shownTotal, wish.balance));
        expect(wish).toMatchObject({ debt: 0, ordered: false, changed: false, payable: true });
        expect(after).toBeLessThanOrEqual(autoBuySeconds);
      }),
    );
    for (const end of ['bought', 'asked', 'ended'] as const) expect(autoBuyTransitions[end]).toEqual([]);
  });
});
