/** Draws the tables of README.md and bench/README.md from bench/results: `node_modules/.bin/node bench/write-tables.ts`. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { drawTables } from './harness/markdown.ts';
import { benchNames } from './harness/names.ts';
import { readResults } from './harness/results.ts';
import { root } from './stack.ts';

const results = readResults(benchNames);
for (const name of ['README.md', 'bench/README.md']) {
  const path = join(root, name);
  const before = readFileSync(path, 'utf8');
  const after = drawTables(before, results);
  if (after !== before) writeFileSync(path, after);
  console.log(`${name}: ${after === before ? 'as it was' : 'written'}`);
}
