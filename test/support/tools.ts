/** Programs a test needs that npm cannot bring. Missing ones skip with a line that says so; TILLFLOW_REQUIRE_ALL=1 allows no skip. */
import { spawnSync } from 'node:child_process';
import { findOnPath } from '../../supervisor/temporal-binary.ts';

/** Says that tests are skipped and why, and answers undefined. @throws when every test must run */
export function skipFor(what: string, reason: string): undefined {
  if (process.env.TILLFLOW_REQUIRE_ALL === '1') throw new Error(`${what} is needed here: ${reason}`);
  console.log(`SKIPPED: tests with ${what}: ${reason}`);
  return undefined;
}

/** Path of the first of these programs that runs, else undefined. */
export function findTool(names: readonly string[], versionFlag = '--version'): string | undefined {
  return names.map(findOnPath).find((path) => path !== undefined && spawnSync(path, [versionFlag]).status === 0);
}
