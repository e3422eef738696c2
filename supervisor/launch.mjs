/**
 * What the commands of package.json share: packages installed as the lock file says, and Node 24 found and started.
 * Plain JavaScript, because it must run on the Node 20 a newcomer has; nothing here may import a package.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));
const node24 = join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
const neededMajor = 24;

/** Packages of a lock file by path, `undefined` when it cannot be read. */
function readPackages(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8')).packages;
  } catch {
    return undefined;
  }
}

/**
 * True when node_modules holds what package-lock.json asks for. npm writes its own record last, so a broken-off install
 * has none. Optional packages may be missing (other platforms), never differ.
 */
function isInstalled() {
  const wanted = readPackages(join(root, 'package-lock.json'));
  const found = readPackages(join(root, 'node_modules', '.package-lock.json'));
  if (!wanted || !found) return false;
  return Object.entries(wanted).every(([path, one]) => {
    if (path === '') return true;
    const have = found[path];
    return have ? have.version === one.version : Boolean(one.optional || one.devOptional);
  });
}

function node24Version() {
  if (!existsSync(node24)) return undefined;
  const run = spawnSync(node24, ['--version'], { encoding: 'utf8' });
  return run.status === 0 ? run.stdout.trim() : undefined;
}

function fail(sentence) {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
}

/** Runs npm by the program that runs us, so that npm and its Node stay the pair the person chose. */
function runNpm(args) {
  const { npm_execpath: npm, npm_node_execpath: nodeOfNpm } = process.env;
  const run =
    npm && nodeOfNpm
      ? spawnSync(nodeOfNpm, [npm, ...args], { cwd: root, stdio: 'inherit' })
      : spawnSync('npm', args, { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' });
  return run.status === 0;
}

/** Installs what is missing or changed; ends the process with one sentence when that fails. */
export function ensureInstalled() {
  if (!isInstalled()) {
    process.stderr.write('Installing packages as package-lock.json says (about a minute, once)...\n');
    if (!runNpm(['ci', '--no-audit', '--no-fund', '--loglevel=error'])) {
      fail('The packages could not be installed: check the network and the lines above, then run the command again.');
    }
  } else if (existsSync(node24)) {
    return;
  }
  const version = node24Version();
  if (!version?.startsWith(`v${neededMajor}.`)) {
    fail(
      `Node ${neededMajor} did not arrive with the packages (found ${version ?? 'none'}): run \`npm rebuild node --foreground-scripts\`` +
        ' and try again; npm 12 runs its install script only while package.json names it under allowScripts, and `ignore-scripts` must be off.',
    );
  }
}

/** Puts `prefix` before a command so that it dies with us even when we are killed; nothing where the system cannot. */
function withParentDeath(command, args) {
  const probe = process.platform === 'linux' ? spawnSync('setpriv', ['--pdeathsig', 'TERM', '--', 'true']) : undefined;
  return probe?.status === 0 ? ['setpriv', ['--pdeathsig', 'TERM', '--', command, ...args]] : [command, args];
}

/** Our parent, and npm behind it where npm runs scripts through a shell that stays. */
function readAncestors() {
  const parent = process.ppid;
  try {
    const [, shell, rest] = /^\d+ \((.*)\) \S (\d+)/s.exec(readFileSync(`/proc/${parent}/stat`, 'utf8')) ?? [];
    return /^(sh|dash|bash|busybox)$/.test(shell) ? `${parent} ${rest}` : `${parent}`;
  } catch {
    return `${parent}`;
  }
}

/**
 * Runs `args` with Node 24 and waits; signals are handed on. Answers its exit code, 128 + n when a signal ended it.
 * @param {string[]} args
 * @param {{ env?: Record<string, string | undefined> }} [options]
 * @returns {Promise<number>}
 */
export function runNode24(args, options = {}) {
  const env = {
    ...process.env,
    NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? join(root, '.tillflow', 'compile-cache'),
    ...options.env,
  };
  const [command, commandArgs] = withParentDeath(node24, args);
  const child = spawn(command, commandArgs, { cwd: root, stdio: 'inherit', env });
  // A terminal sends Ctrl-C to the whole group, so handing it on would be a second one: only others are handed on.
  process.on('SIGINT', () => {
    if (!process.stdin.isTTY) child.kill('SIGINT');
  });
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  // npm killed by force cannot hand anything on: its end is seen by our ancestors changing.
  if (process.env.npm_lifecycle_event && process.platform !== 'win32') {
    const ancestors = readAncestors();
    setInterval(() => {
      if (readAncestors() !== ancestors) child.kill('SIGTERM');
    }, 1_000).unref();
  }
  const signals = { SIGHUP: 1, SIGINT: 2, SIGKILL: 9, SIGTERM: 15 };
  return new Promise((done) => {
    child.on('error', (err) => fail(`Node ${neededMajor} could not be started: ${err.message}.`));
    child.on('exit', (code, signal) => done(code ?? 128 + (signals[signal] ?? 0)));
  });
}
