import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countToTell, type StockLevel, stockAlert, stockLevel } from '../../domain/stock.ts';

describe('stockAlert', () => {
  it('tells one crossing once, whatever stock does above and below it', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(6), { maxLength: 40 }), fc.nat(4), (lefts, lowAt) => {
        let level: StockLevel = 'enough';
        const told: string[] = [];
        for (const left of lefts) {
          const next = stockLevel(left, lowAt);
          const alert = stockAlert(level, next);
          expect(alert === undefined).toBe(next === level);
          if (alert) told.push(alert);
          level = next;
        }
        // Never the same news twice in a row, but for stock that comes back in two steps.
        told.forEach((alert, index) => {
          if (index > 0 && alert === told[index - 1]) expect(alert).toBe('stockBack');
        });
      }),
    );
  });
});

describe('countToTell', () => {
  it('never tells more than there are free units nobody was told of, nor more than wait', () => {
    fc.assert(
      fc.property(fc.nat(300), fc.nat(300), fc.nat(300), (free, ahead, waiting) => {
        const count = countToTell({ free, ahead, waiting });
        expect(count).toBeGreaterThanOrEqual(0);
        expect(count).toBeLessThanOrEqual(Math.max(0, free - ahead));
        expect(count).toBeLessThanOrEqual(Math.min(waiting, 100));
        if (free > ahead && waiting > 0) expect(count).toBeGreaterThan(0);
      }),
    );
  });
});
