/** Draws the tables of README.md and bench/README.md from bench/results, as every full run does: `node_modules/.bin/node bench/write-tables.ts`. */
import { writeTables } from './harness/markdown.ts';

const changed = writeTables();
console.log(changed.length === 0 ? 'The tables are those of bench/results.' : `Drawn anew: ${changed.join(', ')}.`);
