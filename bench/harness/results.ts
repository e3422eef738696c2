/** What is kept of every full run: bench/results/<bench>.jsonl, a line a figure, only ever appended to. */
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Figure } from './figure.ts';
import type { Machine } from './machine.ts';

export const resultsFolder = fileURLToPath(new URL('../results', import.meta.url));

export interface Result extends Figure {
  readonly bench: string;
  readonly commit: string;
  readonly at: string;
  readonly rounds: number;
  readonly quick: boolean;
  readonly machine: Machine;
}

export function appendResults(bench: string, results: readonly Result[], folder = resultsFolder): void {
  mkdirSync(folder, { recursive: true });
  appendFileSync(join(folder, `${bench}.jsonl`), results.map((one) => `${JSON.stringify(one)}\n`).join(''));
}

/** Everything that was kept, in the order of `names`, oldest first. */
export function readResults(names: readonly string[], folder = resultsFolder): Result[] {
  return names
    .map((name) => join(folder, `${name}.jsonl`))
    .filter((path) => existsSync(path))
    .flatMap((path) => readFileSync(path, 'utf8').split('\n'))
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Result);
}
