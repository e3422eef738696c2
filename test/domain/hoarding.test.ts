import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { coolDownUntil } from '../../domain/hoarding.ts';

const rules = { unpaidHoldLimit: 3, unpaidHoldSeconds: 3_600, coolDownSeconds: 1_800 };
const minute = 60_000;

describe('coolDownUntil', () => {
  it('begins with the third unpaid hold within an hour, and lasts half an hour from it', () => {
    expect(coolDownUntil([0, 20 * minute], rules, 21 * minute)).toBeUndefined();
    expect(coolDownUntil([0, 60 * minute, 20 * minute], rules, 61 * minute)).toBe(90 * minute);
    expect(coolDownUntil([0, 60 * minute, 20 * minute], rules, 90 * minute)).toBeUndefined();
    expect(coolDownUntil([0, 60 * minute + 1, 20 * minute], rules, 61 * minute)).toBeUndefined();
  });

  it('is not cut short by later ends, and never lasts longer than from the newest end', () => {
    const instants = fc.array(fc.integer({ min: 0, max: 300 }), { maxLength: 12 });
    fc.assert(
      fc.property(instants, fc.integer({ min: 0, max: 300 }), (minutes, later) => {
        const ends = minutes.map((at) => at * minute);
        const at = Math.max(0, ...ends, later * minute);
        const before = coolDownUntil(ends, rules, at);
        const after = coolDownUntil([...ends, at], rules, at);
        if (before !== undefined) expect(after ?? 0).toBeGreaterThanOrEqual(before);
        if (after !== undefined) expect(after).toBeLessThanOrEqual(at + rules.coolDownSeconds * 1000);
        if (ends.length < rules.unpaidHoldLimit) expect(before).toBeUndefined();
      }),
    );
  });
});
