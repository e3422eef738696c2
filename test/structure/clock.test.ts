import { describe, expect, test } from 'vitest';
import { readSources } from './sources.ts';

/** The workflow owns time: it computes deadlines and hands them over. */
describe('who looks at a clock', () => {
  const readsClock = /\bDate\.now\(|\bnew Date\(\s*\)|\bperformance\.now\(/;

  function linesWith(pattern: RegExp, ...folders: string[]): string[] {
    return readSources(...folders).flatMap(({ path, code }) =>
      code
        .split('\n')
        .filter((line) => pattern.test(line))
        .map((line) => `${path}: ${line.trim()}`),
    );
  }

  test('the pattern sees a clock', () => {
    expect(['Date.now()', 'new Date()', 'new Date(at)'].filter((code) => readsClock.test(code))).toEqual(['Date.now()', 'new Date()']);
  });

  test('activities and domain read no clock', () => {
    expect(linesWith(readsClock, 'activities', 'domain')).toEqual([]);
  });

  /** Files whose statements may name the clock, and why that decides nothing about money, units or deadlines. */
  const tellsTimeOnly: Readonly<Record<string, string>> = {
    'db/repositories/inbox.ts': 'when we received a webhook, and how long the oldest has waited',
    'db/repositories/open-work.ts': 'how long the relay leaves a fresh row to its own ring',
  };

  test('no statement of the product decides by the database clock', () => {
    const found = linesWith(
      /\bnow\(\)|\bcurrent_timestamp\b|\b(clock|statement|transaction)_timestamp\(\)/i,
      'activities',
      'db/repositories',
    );
    expect(found.filter((line) => !Object.keys(tellsTimeOnly).some((path) => line.startsWith(`${path}:`)))).toEqual([]);
  });

  test('workflows take time and chance from Temporal alone', () => {
    expect(linesWith(/\bprocess\.|\bcrypto\.|\bperformance\.|\bsetInterval\(/, 'workflows')).toEqual([]);
  });
});
