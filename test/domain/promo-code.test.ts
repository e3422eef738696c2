import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { orderStatuses } from '../../domain/order.ts';
import { type PricedCode, type PricedProduct, quoteLines, splitByLargestRemainder } from '../../domain/pricing.ts';
import { codeRefusals, judgeCode, parsePromoCode, quoteWithCode, type StandingCode, useAfter } from '../../domain/promo-code.ts';

const product: fc.Arbitrary<PricedProduct> = fc.record({
  id: fc.integer({ min: 1, max: 50 }),
  kind: fc.constantFrom('digital' as const, 'pickup' as const),
  title: fc.string(),
  price: fc.integer({ min: 0, max: 100_000_000 }),
  discountPercent: fc.integer({ min: 0, max: 100 }),
  taxRate: fc.integer({ min: 0, max: 10_000 }),
  starsPrice: fc.option(fc.integer({ min: 0, max: 100_000 })),
  methods: fc.uniqueArray(fc.constantFrom('wallet' as const, 'stars' as const, 'card' as const)),
  categoryId: fc.option(fc.integer({ min: 1, max: 3 })),
});
const lines = fc.uniqueArray(fc.record({ product, quantity: fc.integer({ min: 1, max: 1000 }) }), {
  selector: (line) => line.product.id,
  minLength: 1,
  maxLength: 8,
});
const reach = { productId: fc.option(fc.integer({ min: 1, max: 50 })), categoryId: fc.option(fc.integer({ min: 1, max: 3 })) };
const code: fc.Arbitrary<PricedCode> = fc.oneof(
  fc.record({ kind: fc.constant('percent' as const), value: fc.integer({ min: 1, max: 100 }), ...reach }),
  fc.record({
    kind: fc.constant('fixed' as const),
    value: fc.oneof(fc.integer({ min: 1, max: 999 }), fc.integer({ min: 1, max: 10 ** 12 })),
    ...reach,
  }),
);
const rules = { starValue: 2, digitalAcknowledged: true, tierDiscount: 0 };

describe('a quote with a code', () => {
  it('is never negative and never above what it is without one, in money and in Stars, line by line', () => {
    fc.assert(
      fc.property(lines, code, (basket, taken) => {
        const [plain, quote] = [quoteLines(basket, rules), quoteLines(basket, { ...rules, code: taken })];
        for (const line of quote.lines) {
          expect(line.codeDiscount).toBeGreaterThanOrEqual(0);
          expect(line.codeDiscount).toBeLessThanOrEqual(line.price * line.quantity);
          expect(line.price).toBeLessThanOrEqual(line.basePrice);
          expect(line.codeStars).toBeGreaterThanOrEqual(0);
          expect(line.codeStars).toBeLessThanOrEqual((line.starsPrice ?? 0) * line.quantity);
        }
        expect(quote.total).toBe(plain.total - quote.codeDiscount);
        expect(quote.starsTotal ?? 0).toBe((plain.starsTotal ?? 0) - quote.codeStars);
        expect(quote.tax).toBeLessThanOrEqual(quote.total);
      }),
    );
  });

  it('is exact to the minor unit: a fixed code takes off its value or all that it covers, a percent each piece’s, half up', () => {
    fc.assert(
      fc.property(lines, code, (basket, taken) => {
        const quote = quoteLines(basket, { ...rules, code: taken });
        const covered = quote.lines.filter(
          (_, index) =>
            (taken.productId === null || basket[index]?.product.id === taken.productId) &&
            (taken.categoryId === null || basket[index]?.product.categoryId === taken.categoryId),
        );
        const amount = covered.reduce((sum, line) => sum + line.price * line.quantity, 0);
        const expected =
          taken.kind === 'fixed'
            ? Math.min(taken.value, amount)
            : covered.reduce(
                (sum, { price, quantity }) => sum + (price - Math.floor((price * (100 - taken.value) + 50) / 100)) * quantity,
                0,
              );
        expect(quote.codeDiscount).toBe(expected);
        for (const line of quote.lines) if (!covered.includes(line)) expect([line.codeDiscount, line.codeStars]).toEqual([0, 0]);
      }),
    );
  });

  it('does not depend on the order of lines, not even line by line', () => {
    fc.assert(
      fc.property(lines, code, (basket, taken) => {
        const byId = (quote: ReturnType<typeof quoteLines>) =>
          quote.lines
            .map(({ productId, codeDiscount, codeStars }) => [productId, codeDiscount, codeStars] as const)
            .sort(([a], [b]) => a - b);
        expect(byId(quoteLines([...basket].reverse(), { ...rules, code: taken }))).toEqual(
          byId(quoteLines(basket, { ...rules, code: taken })),
        );
      }),
    );
  });

  it('gives what is left over to the largest remainders, the smaller id first', () => {
    const parts = [
      { id: 3, part: 1000 },
      { id: 1, part: 1000 },
      { id: 2, part: 1000 },
    ];
    expect(splitByLargestRemainder(1000, parts)).toEqual([333, 334, 333]);
    expect(splitByLargestRemainder(9999, parts)).toEqual([1000, 1000, 1000]);
    expect(splitByLargestRemainder(5, [{ id: 1, part: 0 }])).toEqual([0]);
  });

  it('in Stars keeps at least one unless it is free', () => {
    const cheap = {
      product: {
        id: 1,
        kind: 'digital' as const,
        title: '',
        price: 1000,
        discountPercent: 0,
        taxRate: 0,
        starsPrice: 1,
        methods: ['stars' as const],
      },
      quantity: 3,
    };
    const all = { productId: null, categoryId: null };
    expect(quoteLines([cheap], { ...rules, code: { kind: 'percent', value: 90, ...all } }).starsTotal).toBe(3);
    expect(quoteLines([cheap], { ...rules, code: { kind: 'percent', value: 100, ...all } }).starsTotal).toBe(0);
    expect(quoteLines([cheap], { ...rules, code: { kind: 'fixed', value: 2999, ...all } }).starsTotal).toBe(1);
    expect(quoteLines([cheap], { ...rules, code: { kind: 'fixed', value: 3000, ...all } }).starsTotal).toBe(0);
  });
});

describe('a code', () => {
  const at = Date.parse('2026-05-01T12:00:00Z');
  const open: StandingCode = {
    ...{ id: 1, code: 'SPRING', kind: 'percent', value: 10, productId: null, categoryId: null },
    ...{ stoppedAt: null, startsAt: null, endsAt: null, remaining: null, customerLimit: null, firstOrderOnly: false },
    ...{ minimumTotal: 0, allowed: true, usedByCustomer: 0, hasOrdered: true },
  };
  const bought = {
    id: 7,
    kind: 'digital' as const,
    title: '',
    price: 5000,
    discountPercent: 0,
    taxRate: 0,
    starsPrice: null,
    methods: ['card' as const],
    categoryId: 2,
  };
  const judge = (changes: Partial<StandingCode>) => judgeCode({ ...open, ...changes }, { products: [bought], total: 5000 }, at);

  it.each([
    ['CodeStopped', { stoppedAt: at - 1 }, { stoppedAt: null }],
    ['CodeNotYet', { startsAt: at + 1 }, { startsAt: at }],
    ['CodeEnded', { endsAt: at }, { endsAt: at + 1 }],
    ['CodeUsedUp', { remaining: 0 }, { remaining: 1 }],
    ['CodeNotForYou', { allowed: false }, { allowed: true }],
    ['CodeFirstOrder', { firstOrderOnly: true }, { firstOrderOnly: true, hasOrdered: false }],
    ['CodeUsedByYou', { customerLimit: 2, usedByCustomer: 2 }, { customerLimit: 2, usedByCustomer: 1 }],
    ['CodeNotForThese', { productId: 8 }, { productId: 7, categoryId: 2 }],
    ['CodeMinimum', { minimumTotal: 5001 }, { minimumTotal: 5000 }],
  ] as const)('that does not apply says why: %s', (refusal, against, within) => {
    expect(judge(against)).toBe(refusal);
    expect(judge(within)).toBeNull();
  });

  it('has a test of every reason, and takes nothing off for any', () => {
    expect(codeRefusals).toHaveLength(9);
    const quoted = quoteWithCode([{ product: bought, quantity: 1 }], rules, { ...open, remaining: 0 }, at);
    expect(quoted).toMatchObject({ refusal: 'CodeUsedUp', quote: { total: 5000, codeDiscount: 0 } });
    expect(quoteWithCode([{ product: bought, quantity: 1 }], rules, open, at)).toMatchObject({ refusal: null, quote: { total: 4500 } });
  });

  it('is read without regard to case, and nothing else is one', () => {
    expect(parsePromoCode(' spring-10 ')).toBe('SPRING-10');
    for (const text of ['', 'ab', '-ABC', 'A B C', 'ÄÖÜ', 'x'.repeat(33), 'a\u0000bc']) expect(parsePromoCode(text), text).toBeUndefined();
  });

  it('is used while its order lives, free again when it ends unpaid, and had for good when it is refunded', () => {
    expect(Object.fromEntries(orderStatuses.map((status) => [status, useAfter(status)?.status]))).toEqual({
      ...{ awaitingPayment: undefined, awaitingSettlement: undefined, paid: 'used', delivered: 'used' },
      ...{ unfulfillable: 'released', refunded: 'revoked', expired: 'released', cancelled: 'released' },
    });
  });
});
