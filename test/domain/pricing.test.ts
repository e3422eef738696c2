import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { productKinds } from '../../domain/product.ts';
import { discountedPrice, includedTax, type PricedProduct, quoteLines, starsForUnit } from '../../domain/pricing.ts';

const product: fc.Arbitrary<PricedProduct> = fc.record({
  id: fc.nat(),
  kind: fc.constantFrom(...productKinds),
  title: fc.string(),
  price: fc.integer({ min: 0, max: 100_000_000 }),
  discountPercent: fc.integer({ min: 0, max: 100 }),
  taxRate: fc.integer({ min: 0, max: 10_000 }),
  starsPrice: fc.option(fc.integer({ min: 0, max: 100_000 })),
  methods: fc.uniqueArray(fc.constantFrom('wallet' as const, 'stars' as const, 'card' as const)),
});
const lines = fc.uniqueArray(fc.record({ product, quantity: fc.integer({ min: 1, max: 1000 }) }), {
  selector: (line) => line.product.id,
  minLength: 1,
  maxLength: 8,
});
const rules = { starValue: 2, digitalAcknowledged: true, tierDiscount: 0 };

describe('a quote', () => {
  it('is never negative, never above the base price, and independent of the order of lines', () => {
    fc.assert(
      fc.property(lines, (basket) => {
        const quote = quoteLines(basket, rules);
        const base = basket.reduce((sum, line) => sum + line.product.price * line.quantity, 0);
        expect(quote.total).toBeGreaterThanOrEqual(0);
        expect(quote.total).toBeLessThanOrEqual(base);
        expect(quote.tax).toBeLessThanOrEqual(quote.total);
        const reversed = quoteLines([...basket].reverse(), rules);
        expect({ ...reversed, lines: [], methods: [...reversed.methods].sort() }).toEqual({
          ...quote,
          lines: [],
          methods: [...quote.methods].sort(),
        });
      }),
    );
  });

  it('is exact to the minor unit: the sum of its lines', () => {
    fc.assert(
      fc.property(lines, (basket) => {
        const quote = quoteLines(basket, rules);
        expect(quote.total).toBe(quote.lines.reduce((sum, line) => sum + line.price * line.quantity, 0));
        expect(quote.tax).toBe(quote.lines.reduce((sum, line) => sum + line.tax, 0));
      }),
    );
  });

  it('rounds half up per unit, then multiplies', () => {
    expect(discountedPrice(10_000, 20)).toBe(8000);
    expect(discountedPrice(5, 10)).toBe(5);
    expect(discountedPrice(15, 10)).toBe(14);
    expect(discountedPrice(999, 100)).toBe(0);
    expect(includedTax(12_300, 2300)).toBe(2300);
  });

  it('turns prices into Stars by rounding up, and keeps at least one unless free', () => {
    const digital = {
      id: 1,
      kind: 'digital' as const,
      title: '',
      price: 101,
      discountPercent: 0,
      taxRate: 0,
      starsPrice: null,
      methods: [],
    };
    expect(starsForUnit(digital, 2)).toBe(51);
    expect(starsForUnit({ ...digital, price: 1 }, 100)).toBe(1);
    expect(starsForUnit({ ...digital, starsPrice: 1, discountPercent: 90 }, 2)).toBe(1);
    expect(starsForUnit({ ...digital, starsPrice: 10, discountPercent: 100 }, 2)).toBe(0);
    expect(starsForUnit({ ...digital, starsPrice: 50, discountPercent: 25 }, 2)).toBe(38);
  });

  it('takes the better of the product’s discount and the tier’s for every line, in money and Stars alike', () => {
    void fc.assert(
      fc.property(lines, fc.integer({ min: 0, max: 100 }), (basket, tierDiscount) => {
        const quote = quoteLines(basket, { ...rules, tierDiscount });
        const better = basket.map(({ product: one, quantity }) => ({
          product: { ...one, discountPercent: Math.max(one.discountPercent, tierDiscount) },
          quantity,
        }));
        expect(quote).toEqual(quoteLines(better, rules));
        expect(quote.total).toBeLessThanOrEqual(quoteLines(basket, rules).total);
        expect(quote.total).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it('offers Stars for digital goods only, and other methods for them only where the owner acknowledged', () => {
    const of = (kind: 'digital' | 'pickup', digitalAcknowledged: boolean) =>
      quoteLines(
        [
          {
            product: {
              id: 1,
              kind,
              title: '',
              price: 1,
              discountPercent: 0,
              taxRate: 0,
              starsPrice: null,
              methods: ['stars', 'card', 'wallet'],
            },
            quantity: 1,
          },
        ],
        {
          starValue: 1,
          digitalAcknowledged,
          tierDiscount: 0,
        },
      ).methods;
    expect(of('digital', false)).toEqual(['stars']);
    expect(of('digital', true)).toEqual(['stars', 'card', 'wallet']);
    expect(of('pickup', true)).toEqual(['card', 'wallet']);
  });

  it('refuses totals outside the safe integers instead of losing a unit', () => {
    const dear = {
      id: 1,
      kind: 'pickup' as const,
      title: '',
      price: Number.MAX_SAFE_INTEGER,
      discountPercent: 0,
      taxRate: 0,
      starsPrice: null,
      methods: [],
    };
    expect(() => quoteLines([{ product: dear, quantity: 2 }], rules)).toThrow(RangeError);
  });
});
