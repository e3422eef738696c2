/** The newest results as tables of Markdown, so that no figure in a README is typed by hand. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../stack.ts';
import { benchNames } from './names.ts';
import { readResults, type Result } from './results.ts';
import { headings, toCells } from './table.ts';

/** Where figures are shown. */
export const documents = ['README.md', 'bench/README.md'] as const;
/** Tables stand between these two lines. `all` or `aims`: every figure, or those with an aim. */
const block = /(<!-- bench:(all|aims) [^\n]*-->\n)[\s\S]*?(<!-- bench:end -->)/g;

/** @returns `text` with its tables drawn anew from `results`, which are one bench's after the other, oldest first */
export function drawTables(text: string, results: readonly Result[]): string {
  const newest = pickNewest(results);
  return text.replace(block, (_, begin: string, kind: string, end: string) => {
    const shown = kind === 'aims' ? newest.filter(({ aim }) => aim !== null) : newest;
    if (shown.length === 0) return `${begin}${end}`;
    return `${begin}\n${[...describe(shown), toMarkdown(shown)].join('\n\n')}\n\n${end}`;
  });
}

/** Draws the tables of both READMEs. @returns those that changed */
export function writeTables(): string[] {
  const results = readResults(benchNames);
  return documents.filter((name) => {
    const path = join(root, name);
    const before = readFileSync(path, 'utf8');
    const after = drawTables(before, results);
    if (after !== before) writeFileSync(path, after);
    return after !== before;
  });
}

/** Of each bench the figures of its last run. */
export function pickNewest(results: readonly Result[]): Result[] {
  const last = new Map(results.map(({ bench, at }) => [bench, at]));
  return results.filter(({ bench, at }) => last.get(bench) === at);
}

function describe(results: readonly Result[]): string[] {
  const machines = Map.groupBy(results, ({ machine: { cores, cpu, memoryGb, node, platform } }) =>
    [`${cores} cores (${cpu})`, `${memoryGb} GB`, `Node ${node.slice(1)}`, platform].join(', '),
  );
  return [...machines].map(([machine, ofIt]) => {
    const runs = new Map(
      ofIt.map(({ bench, at, commit, rounds }) => [bench, `${bench} ${at.slice(0, 10)} at ${commit}, ${rounds} rounds`]),
    );
    return `Machine: ${machine}. Runs: ${[...runs.values()].join('; ')}.`;
  });
}

function toMarkdown(results: readonly Result[]): string {
  const toLine = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [toLine(headings), toLine(headings.map(() => '---')), ...results.map((one) => toLine(toCells(one)))].join('\n');
}
