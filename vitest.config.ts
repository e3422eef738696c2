import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/**
 * Files that change what belongs to a process (its environment, mocked modules, timers, Temporal's runtime) have one each; the others share what is
 * loaded, which spares a tenth of the whole run.
 */
const alone = [
  'test/cli/**/*.test.ts',
  'test/input/cli.test.ts',
  'test/supervisor/**/*.test.ts',
  'test/temporal/visibility.test.ts',
  'test/histories/replay.test.ts',
  'test/bot/walk.test.ts',
];

const common = {
  // Threads crash the native core of Temporal's worker.
  pool: 'forks',
  testTimeout: 30_000,
  hookTimeout: 60_000,
  teardownTimeout: 30_000,
  env: { NODE_ENV: 'test' },
} as const;

export default defineConfig({
  test: {
    globalSetup: ['test/global-setup.ts'],
    reporters: ['default', './test/support/count-reporter.ts'],
    maxWorkers: Math.min(2, availableParallelism()),
    projects: [
      { test: { ...common, name: 'alone', include: alone } },
      { test: { ...common, name: 'together', include: ['test/**/*.test.{ts,tsx}'], exclude: alone, isolate: false } },
    ],
  },
});
