/** The servers of a whole run of tests: test/support/run-servers.ts. */
import { globSync } from 'node:fs';
import type { TestProject } from 'vitest/node';
import { startRunServers } from './support/run-servers.ts';
import type { Servers } from './support/servers.ts';

declare module 'vitest' {
  export interface ProvidedContext extends Servers {}
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  // A namespace per test file (a test of the relay sees only its own workflows), with some for files that ask twice.
  const namespaceCount = globSync('test/**/*.test.{ts,tsx}').length * 2 + 8;
  const { servers, stop } = await startRunServers({ namespaceCount, say: (line) => console.log(line) });
  project.provide('postgresPort', servers.postgresPort);
  project.provide('temporalAddress', servers.temporalAddress);
  project.provide('namespaceDir', servers.namespaceDir);
  project.provide('namespaceCount', servers.namespaceCount);
  return stop;
}
