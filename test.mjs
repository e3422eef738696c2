/**
 * `npm test`: lint and format, types, unused code, then every test. `npm test -- order` runs only the test files of that noun.
 * The last line is the count. Runs on Node 20 and later.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureInstalled, root, runNode24 } from './supervisor/launch.mjs';

ensureInstalled();
const filters = process.argv.slice(2);
const bin = (...path) => join(root, 'node_modules', ...path);
const checks = [
  ['lint and format', [bin('@biomejs', 'biome', 'bin', 'biome'), 'check', '--error-on-warnings', '.']],
  ['types', [bin('typescript', 'bin', 'tsc'), '--noEmit']],
  ['unused code', [bin('knip', 'bin', 'knip.js')]],
];
const failed = [];
if (filters.length === 0) {
  for (const [name, args] of checks) {
    process.stdout.write(`Checking ${name}...\n`);
    if ((await runNode24(args)) !== 0) failed.push(name);
  }
}

const dir = mkdtempSync(join(tmpdir(), 'tillflow-count-'));
const countFile = join(dir, 'count.json');
const exitCode = await runNode24([bin('vitest', 'vitest.mjs'), 'run', ...filters], { env: { TILLFLOW_TEST_COUNT: countFile } });
let count = { passed: 0, failed: 1, skipped: 0 };
try {
  count = JSON.parse(readFileSync(countFile, 'utf8'));
} catch {
  process.stdout.write('The tests could not be run.\n');
}
rmSync(dir, { recursive: true, force: true });
for (const name of failed) process.stdout.write(`FAILED: ${name} (see above)\n`);
const failures = Math.max(count.failed, exitCode === 0 ? 0 : 1) + failed.length;
process.stdout.write(`${count.passed} passed, ${failures} failed${count.skipped > 0 ? `, ${count.skipped} skipped` : ''}\n`);
process.exitCode = failures > 0 ? 1 : 0;
