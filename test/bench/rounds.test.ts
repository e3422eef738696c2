import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { alternate, type Contestant } from '../../bench/harness/alternate.ts';
import type { Bench, BenchOptions } from '../../bench/harness/bench.ts';
import { expectEachOnce, expectSame, RoundError } from '../../bench/harness/correct.ts';
import { makeFigure } from '../../bench/harness/figure.ts';
import { measure } from '../../bench/harness/measure.ts';
import { readResults } from '../../bench/harness/results.ts';

const options: BenchOptions = { rounds: 3, quick: false, sizes: {} };

describe('what a round must have done', () => {
  const ids = fc.uniqueArray(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 30 });

  test('every order once, in any order', () => {
    fc.assert(fc.property(ids, (wanted) => expectEachOnce('orders', wanted, [...wanted].reverse())));
  });

  test('one that is lost, doubled or nobody’s is seen among any number', () => {
    fc.assert(
      fc.property(ids, fc.nat(), (wanted, at) => {
        const one = wanted[at % wanted.length] as string;
        expect(() =>
          expectEachOnce(
            'orders',
            wanted,
            wanted.filter((id) => id !== one),
          ),
        ).toThrow(/orders: 1 lost/);
        expect(() => expectEachOnce('orders', wanted, [...wanted, one])).toThrow(/orders: 1 doubled/);
        expect(() => expectEachOnce('orders', wanted, [...wanted, `${wanted.join('')}!`])).toThrow(/orders: 1 foreign/);
      }),
    );
    expect(() => expectSame('units', 3, 2)).toThrow('units: 2 instead of 3');
  });
});

describe('contestants', () => {
  const record = (name: string, log: string[], value = 1): Contestant => ({
    name,
    warmUp: async () => void log.push(`${name} warms up`),
    round: async (index) => {
      log.push(`${name} ${index}`);
      return { rate: value * (index + 1) };
    },
  });

  test('take turns there and back, so that those compared stay side by side, and each value is kept', async () => {
    const log: string[] = [];
    const values = await alternate({ options, say: () => undefined }, [
      record('peer', log, 10),
      record('ours', log),
      record('other', log, 5),
    ]);
    const warm = ['peer warms up', 'ours warms up', 'other warms up'];
    expect(log).toEqual([...warm, 'peer 0', 'ours 0', 'other 0', 'other 1', 'ours 1', 'peer 1', 'peer 2', 'ours 2', 'other 2']);
    expect(Object.fromEntries(values)).toEqual({ peer: { rate: [10, 20, 30] }, ours: { rate: [1, 2, 3] }, other: { rate: [5, 10, 15] } });
  });

  test('only those run who are asked for', async () => {
    const log: string[] = [];
    const few = { options: { ...options, rounds: 1, only: ['peer'] }, say: () => undefined };
    await alternate(few, [record('ours', log), record('peer', log)]);
    expect(log).toEqual(['peer warms up', 'peer 0']);
    await expect(alternate({ ...few, options: { ...options, only: ['nobody'] } }, [record('ours', log)])).rejects.toThrow('None of ours');
  });

  test('whose round fails are named, with the round', async () => {
    const losing: Contestant = {
      name: 'losing',
      async round(index) {
        expectSame('orders', 5, 5 - index);
        return {};
      },
    };
    const running = alternate({ options, say: () => undefined }, [losing]);
    await expect(running).rejects.toThrow(new RoundError('losing, round 2: orders: 4 instead of 5'));
  });
});

describe('a run', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tillflow-results-'));
  });
  afterEach(() => {
    vi.restoreAllMocks();
    rmSync(folder, { recursive: true, force: true });
  });

  const makeBench = (run: Bench['run']): Bench => ({ name: 'made-up', summary: 'for this test', run });
  const captureOutput = () => {
    vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    return vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  };

  test('prints and keeps a line for every figure, and tidies up, the newest first', async () => {
    const output = captureOutput();
    const tidied: string[] = [];
    let used = '';
    const figures = [
      makeFigure({ name: 'made-up.rate', unit: '1/s', ours: [1, 2, 3] }),
      makeFigure({ name: 'made-up.p99', unit: 'ms', ours: [4] }),
    ];
    const bench = makeBench(async (ctx) => {
      used = ctx.folder;
      expect(existsSync(used)).toBe(true);
      ctx.onCleanUp(async () => tidied.push('first'));
      ctx.onCleanUp(() => Promise.reject(new Error('this one fails')));
      ctx.onCleanUp(async () => tidied.push('last'));
      return figures;
    });
    expect(await measure(bench, options, folder)).toBe(true);
    expect(tidied).toEqual(['last', 'first']);
    expect(existsSync(used)).toBe(false);
    const kept = readResults(['made-up', 'never-run'], folder);
    expect(kept).toMatchObject(figures.map((figure) => ({ bench: 'made-up', ...figure, rounds: 3, quick: false })));
    expect(output.mock.calls.map(([line]) => JSON.parse(String(line)))).toEqual(kept);
  });

  test('in which a round lost or doubled an order fails, prints no figure and keeps none', async () => {
    const output = captureOutput();
    const bench = makeBench(async (ctx) => {
      const doubling: Contestant = {
        name: 'ours',
        async round() {
          expectEachOnce('orders', ['a', 'b'], ['a', 'a']);
          return { rate: 1 };
        },
      };
      await alternate(ctx, [doubling]);
      return [makeFigure({ name: 'made-up.rate', unit: '1/s', ours: [1] })];
    });
    expect(await measure(bench, options, folder)).toBe(false);
    expect(output).not.toHaveBeenCalled();
    expect(readdirSync(folder)).toEqual([]);
  });

  test('that was quick, or of some contestants only, is not kept', async () => {
    captureOutput();
    const bench = makeBench(async () => [makeFigure({ name: 'made-up.rate', unit: '1/s', ours: [1] })]);
    expect(await measure(bench, { ...options, quick: true }, folder)).toBe(true);
    expect(await measure(bench, { ...options, only: ['ours'] }, folder)).toBe(true);
    expect(readdirSync(folder)).toEqual([]);
  });
});
