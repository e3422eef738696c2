import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { makeFigure } from '../../bench/harness/figure.ts';
import { documents, drawTables, pickNewest } from '../../bench/harness/markdown.ts';
import { benchNames } from '../../bench/harness/names.ts';
import { readResults, type Result } from '../../bench/harness/results.ts';
import { toTable } from '../../bench/harness/table.ts';
import { root } from '../../bench/stack.ts';

describe('a figure', () => {
  test('is the median of its rounds beside the median of theirs, with how far apart the rounds lay', () => {
    const figure = makeFigure({
      name: 'orders.wallet.rate',
      unit: 'orders/s',
      ours: [60, 50, 70],
      peer: { name: 'empty workflow', values: [100, 90, 120] },
      aim: { on: 'ratio', op: '>=', value: 0.6 },
    });
    expect(figure).toMatchObject({ ours: 60, peer: 'empty workflow', peerValue: 100, ratio: 0.6, aim: '>= 0.6x', met: true });
    expect(figure.spread).toEqual({ ours: [50, 70], peer: [90, 120] });
  });

  test('meets its aim or not by what was measured, not by what is shown', () => {
    const judge = (value: number) => makeFigure({ name: 'start', unit: 's', ours: [value], aim: { on: 'ours', op: '<=', value: 8 } });
    expect(judge(8).met).toBe(true);
    // Shown as 8, for three digits are enough for people.
    expect(judge(8.001)).toMatchObject({ ours: 8, met: false });
    expect(makeFigure({ name: 'plain', unit: 's', ours: [1, 2] })).toMatchObject({ aim: null, met: null, peer: null, ratio: null });
  });

  test('says nothing about a ratio to nothing, and is no figure without values', () => {
    const toNothing = makeFigure({
      name: 'none',
      unit: 's',
      ours: [1],
      peer: { name: 'zero', values: [0] },
      aim: { on: 'ratio', op: '<=', value: 2 },
    });
    expect(toNothing).toMatchObject({ ratio: null, met: null });
    expect(() => makeFigure({ name: 'none', unit: 's', ours: [] })).toThrow(RangeError);
    expect(() => makeFigure({ name: 'broken', unit: 's', ours: [1, Number.NaN] })).toThrow(RangeError);
  });

  test('lies within its spread', () => {
    const values = fc.array(fc.double({ min: 0.001, max: 1e9, noNaN: true }), { minLength: 2, maxLength: 9 });
    fc.assert(
      fc.property(values, values, (ours, theirs) => {
        const { ours: own, spread, peerValue } = makeFigure({ name: 'any', unit: '', ours, peer: { name: 'peer', values: theirs } });
        expect(own).toBeGreaterThanOrEqual(spread?.ours[0] as number);
        expect(own).toBeLessThanOrEqual(spread?.ours[1] as number);
        expect(peerValue).toBeGreaterThanOrEqual(spread?.peer?.[0] as number);
      }),
    );
  });
});

describe('tables', () => {
  const machine = { cores: 2, cpu: 'A CPU', memoryGb: 8, node: 'v24.0.0', platform: 'linux-x64' };
  const makeResult = (bench: string, at: string, ours: number, aimed = false): Result => ({
    bench,
    ...makeFigure({ name: `${bench}.it`, unit: 's', ours: [ours], ...(aimed && { aim: { on: 'ours', op: '<=', value: 5 } as const }) }),
    commit: 'abc1234',
    at,
    rounds: 3,
    quick: false,
    machine,
  });
  const old = makeResult('start', '2026-01-01T00:00:00.000Z', 7, true);
  const results = [old, makeResult('start', '2026-02-01T00:00:00.000Z', 4, true), makeResult('ledger', '2026-01-15T00:00:00.000Z', 2)];

  test('show the last run of each bench', () => {
    expect(pickNewest(results).map(({ ours }) => ours)).toEqual([4, 2]);
  });

  test('are drawn between their marks, and nothing else is touched', () => {
    const text = 'Before\n<!-- bench:all drawn -->\nold\n<!-- bench:end -->\nbetween\n<!-- bench:aims drawn -->\n<!-- bench:end -->\nafter';
    const drawn = drawTables(text, results);
    expect(drawn).toMatch(/^Before\n<!-- bench:all drawn -->\n\nMachine: 2 cores \(A CPU\), 8 GB, Node 24\.0\.0, linux-x64\./);
    expect(drawn).toContain('| ledger.it | s | 2 |');
    expect(drawn).toMatch(/\nafter$/);
    expect(drawn).not.toContain('old');
    const [, aims = ''] = drawn.split('between');
    expect(aims).toContain('| start.it | s | 4 |  |  |  | <= 5 | met |');
    expect(aims).not.toContain('ledger.it');
    expect(drawTables(drawn, results)).toBe(drawn);
    expect(drawTables('no marks', results)).toBe('no marks');
  });

  test('of the READMEs are those of the results that are kept', () => {
    const kept = readResults(benchNames);
    for (const name of documents) {
      const text = readFileSync(join(root, name), 'utf8');
      expect(drawTables(text, kept) === text, `${name}: run \`node_modules/.bin/node bench/write-tables.ts\``).toBe(true);
    }
    expect(readFileSync(join(root, 'bench/README.md'), 'utf8')).toContain('<!-- bench:all ');
  });

  test('for people have their columns one under the other', () => {
    const lines = toTable(results).split('\n');
    expect(lines).toHaveLength(4);
    expect(new Set(lines.map((line) => line.search(/unit|(?<= )s /))).size).toBe(1);
  });
});
