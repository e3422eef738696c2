/** Temporal for tests: the run's dev server, and a server that skips time. */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { cacheDir } from '../../supervisor/temporal-binary.ts';
import { searchAttributeTypes } from '../../temporal/search-attributes.ts';
import { servers } from './servers.ts';
import { findTool, skipFor } from './tools.ts';

export interface TestTemporal {
  readonly address: string;
  /** A namespace nobody else uses, with our search attributes. */
  readonly namespace: string;
  /** For TILLFLOW_QUEUE_PREFIX and workflow ids. */
  readonly queuePrefix: string;
}

/** The run's dev server with a namespace and prefix for this caller alone. */
export function testTemporal(): TestTemporal {
  const { namespaceDir, namespaceCount, temporalAddress } = servers();
  const queuePrefix = `t${randomBytes(4).toString('hex')}-`;
  for (let index = 0; index < namespaceCount; index += 1) {
    try {
      mkdirSync(join(namespaceDir, String(index)));
      return { address: temporalAddress, namespace: `test-${index}`, queuePrefix };
    } catch (err) {
      if ((err as NodeJS.ErrnoException).code !== 'EEXIST') throw err;
    }
  }
  throw new Error('All namespaces of the test server are taken: raise its namespaceCount.');
}

const testServerVersion = '1.32.0';

/**
 * A server that skips time: while a result is awaited, timers fire at once. One per file, its tests serial.
 * Always `teardown()` it, or its Java stays until the run ends.
 * @returns undefined after saying why its tests are skipped
 */
export async function timeSkipping(): Promise<TestWorkflowEnvironment | undefined> {
  const env = (await startDownloaded()) ?? (await startFromMaven());
  // This server knows neither lists of attributes nor retention, so it cannot be asked as the others are.
  await env?.connection.operatorService.addSearchAttributes({ namespace: 'default', searchAttributes: searchAttributeTypes });
  return env;
}

async function startDownloaded(): Promise<TestWorkflowEnvironment | undefined> {
  // Known to be out of reach once Maven had to bring it.
  if (existsSync(mavenDir())) return undefined;
  try {
    return await TestWorkflowEnvironment.createTimeSkipping();
  } catch {
    return undefined;
  }
}

function mavenDir(): string {
  return join(cacheDir(), `temporal-test-server-${testServerVersion}`);
}

async function startFromMaven(): Promise<TestWorkflowEnvironment | undefined> {
  const java = findTool(['java'], '-version');
  if (!java) return skipFor('skipped time', 'install Java 17 to run them (its server is written in Java).');
  if (!existsSync(mavenDir())) {
    const mvn = findTool(['mvn']);
    if (!mvn) return skipFor('skipped time', 'install Maven to fetch its server.');
    try {
      fetchByMaven(mvn);
    } catch (err) {
      return skipFor(
        'skipped time',
        `Maven could not fetch its server (${err instanceof Error ? err.message.split('\n')[0] : String(err)}).`,
      );
    }
  }
  writeScript();
  const executable = { type: 'existing-path', path: scriptPath() } as const;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await TestWorkflowEnvironment.createTimeSkipping({ server: { executable } });
    } catch (err) {
      // The SDK gives it five seconds, which Java can miss several times while the machine is busy.
      if (attempt === 10) throw err;
    }
  }
}

/** Java takes the script's place; a watcher beside it ends it when a killed test run cannot. Compiled quickly rather than well, it starts in time. */
const script = `#!/bin/sh
parent=$PPID
(while kill -0 $parent && kill -0 $$; do sleep 2; done; kill $$) >/dev/null 2>&1 </dev/null &
exec java -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp "$(dirname "$0")/lib/*" io.temporal.testserver.TestServer "$@"
`;
const scriptPath = () => join(mavenDir(), 'run.sh');

/** Also where an earlier version of it lies beside what Maven brought. */
function writeScript(): void {
  if (existsSync(scriptPath()) && readFileSync(scriptPath(), 'utf8') === script) return;
  const half = `${scriptPath()}.${process.pid}`;
  writeFileSync(half, script);
  chmodSync(half, 0o755);
  renameSync(half, scriptPath());
}

/** Makes the folder beside and moves it in whole: two test files may be at it at once. */
function fetchByMaven(mvn: string): void {
  console.log(`Fetching Temporal's test server ${testServerVersion} with Maven, once...`);
  mkdirSync(cacheDir(), { recursive: true });
  const half = mkdtempSync(`${mavenDir()}-`);
  try {
    writeFileSync(
      join(half, 'pom.xml'),
      `<project><modelVersion>4.0.0</modelVersion><groupId>tillflow</groupId><artifactId>test-server</artifactId><version>1</version><dependencies><dependency><groupId>io.temporal</groupId><artifactId>temporal-test-server</artifactId><version>${testServerVersion}</version></dependency></dependencies></project>\n`,
    );
    const args = ['-q', '-B', '-f', join(half, 'pom.xml'), 'dependency:copy-dependencies', `-DoutputDirectory=${join(half, 'lib')}`];
    execFileSync(mvn, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    if (readdirSync(join(half, 'lib')).length === 0) throw new Error('nothing arrived');
    if (!existsSync(mavenDir())) renameSync(half, mavenDir());
  } finally {
    rmSync(half, { recursive: true, force: true });
  }
}
