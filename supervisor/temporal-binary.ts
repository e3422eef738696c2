/**
 * Where the Temporal server's program comes from, first that has it: PATH, our cache (shared by every clone of this user),
 * the TypeScript SDK's download, a build with Go. The server is no npm package.
 */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { StackError } from './stack-error.ts';

/** The release of Temporal's command line tool we pin. */
export const temporalVersion = 'v1.5.1';

/** Of that release, how we build it; another build is another file in the cache. */
const build = 2;
/**
 * Newer than the release asks for: with the older one a call that is given up at the wrong instant may leave the store "interrupted" for ever
 * (temporalio/temporal#9198).
 */
const sqliteDriver = 'modernc.org/sqlite@v1.44.3';

const programSuffix = process.platform === 'win32' ? '.exe' : '';

/** What outlives a clone: programs that take minutes to get. */
export function cacheDir(): string {
  const base =
    process.env.XDG_CACHE_HOME || (process.platform === 'win32' ? process.env.LOCALAPPDATA : undefined) || join(homedir(), '.cache');
  return join(base, 'tillflow');
}

/** Path of a program on PATH. */
export function findOnPath(name: string): string | undefined {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const path = join(folder, name + programSuffix);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // Not here.
    }
  }
  return undefined;
}

/** The version a program says it is, e.g. `temporal version 1.5.1 (Server 1.29.1, UI 2.42.1)`; undefined when it does not run. */
export function readTemporalVersion(binary: string): string | undefined {
  try {
    return execFileSync(binary, ['--version'], { encoding: 'utf8' }).match(/Server ([\w.-]+)/)?.[1];
  } catch {
    return undefined;
  }
}

/**
 * Path of a Temporal command line tool that runs here; gets it when there is none.
 * @param say takes the progress, one line at a time
 * @param signal breaks the attempts off
 * @throws StackError naming what can be done
 */
export async function resolveTemporal(say: (line: string) => void, signal?: AbortSignal): Promise<string> {
  const cached = join(cacheDir(), 'bin', `temporal-${temporalVersion}-${build}${programSuffix}`);
  for (const path of [findOnPath('temporal'), cached]) {
    if (path && existsSync(path) && readTemporalVersion(path)) return path;
  }
  mkdirSync(join(cacheDir(), 'bin'), { recursive: true });
  // Each attempt works in a folder of its own: two clones may be at it at once, and only a whole program is moved in.
  const half = mkdtempSync(join(cacheDir(), 'temporal-'));
  try {
    for (const attempt of [downloadBySdk, installByGo]) {
      const made = signal?.aborted ? undefined : await attempt(half, say, signal);
      if (!made || !readTemporalVersion(made)) continue;
      renameSync(made, cached);
      return cached;
    }
  } finally {
    rmSync(half, { recursive: true, force: true });
  }
  // Better than none: what its driver may do is watched for (temporal-watch.ts).
  const older = join(cacheDir(), 'bin', `temporal-${temporalVersion}${programSuffix}`);
  if (readTemporalVersion(older)) return older;
  throw new StackError(
    'The Temporal server is missing and could not be fetched: install the `temporal` command line tool or Go 1.24+, or set TEMPORAL_ADDRESS to a server of your own.',
  );
}

async function downloadBySdk(folder: string, say: (line: string) => void): Promise<string | undefined> {
  say(`Temporal: downloading the server ${temporalVersion}...`);
  try {
    const { TestWorkflowEnvironment } = await import('@temporalio/testing');
    const executable = { type: 'cached-download', downloadDir: folder, version: temporalVersion } as const;
    const env = await TestWorkflowEnvironment.createLocal({ server: { executable } });
    await env.teardown();
  } catch {
    say('Temporal: the download is not reachable from here.');
    return undefined;
  }
  return readdirSync(folder)
    .map((name) => join(folder, name))
    .find((path) => readTemporalVersion(path) !== undefined);
}

function installByGo(folder: string, say: (line: string) => void, signal?: AbortSignal): Promise<string | undefined> {
  const modulePath = `github.com/temporalio/cli/cmd/temporal@${temporalVersion}`;
  return buildByGo({ modulePath, upgrades: [sqliteDriver], title: `the server ${temporalVersion}`, folder, say, signal });
}

export interface GoBuild {
  /** A program with its version, as `go get` takes it. */
  readonly modulePath: string;
  /** Modules in newer versions than it asks for. */
  readonly upgrades?: readonly string[];
  /** For the progress lines. */
  readonly title: string;
  /** Where the program is put. */
  readonly folder: string;
  readonly say: (line: string) => void;
  readonly signal?: AbortSignal | undefined;
}

/** Builds a program of Temporal with Go. @returns its path; undefined where there is no Go, or it could not */
export async function buildByGo({ modulePath, upgrades = [], title, folder, say, signal }: GoBuild): Promise<string | undefined> {
  const go = findOnPath('go') ?? ['/usr/local/go/bin/go', '/usr/lib/go/bin/go'].find((path) => existsSync(path));
  if (!go || spawnSync(go, ['version']).status !== 0) return undefined;
  const begun = performance.now();
  const progress = () =>
    `Temporal: building ${title} with Go, 2 to 6 minutes, once (${Math.round((performance.now() - begun) / 1_000)} s)...`;
  say(progress());
  const timer = setInterval(() => say(progress()), 15_000);
  // A module of our own may ask for newer versions of what the program is made of.
  const module = join(folder, 'module');
  mkdirSync(module, { recursive: true });
  writeFileSync(join(module, 'go.mod'), 'module tillflow.invalid/temporal\n');
  const [path = ''] = modulePath.split('@');
  const made = join(folder, `${path.split('/').at(-1)}${programSuffix}`);
  let failure: string | undefined;
  for (const args of [
    ['get', modulePath, ...upgrades],
    ['build', '-o', made, path],
  ]) {
    failure ??= await runGo(go, args, module, signal);
  }
  clearInterval(timer);
  if (failure === undefined) return made;
  say(`Temporal: Go could not build it: ${failure}`);
  return undefined;
}

/** @returns the last line of what went wrong; undefined when it went well */
async function runGo(go: string, args: readonly string[], cwd: string, signal: AbortSignal | undefined): Promise<string | undefined> {
  const output: string[] = [];
  const code = await new Promise<number | null>((done) => {
    const child = spawn(go, args, { cwd, stdio: ['ignore', 'ignore', 'pipe'], signal });
    child.stderr.on('data', (chunk: Buffer) => output.push(chunk.toString()));
    child.on('error', () => done(1));
    child.on('exit', done);
  });
  return code === 0 ? undefined : (output.join('').trim().split('\n').at(-1) ?? 'no reason given');
}
