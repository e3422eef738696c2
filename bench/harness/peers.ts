/** The packages of those we stand beside: bench/peers has a lock file of its own, so that nobody who only runs the shop installs them. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isAlive } from '../../supervisor/process.ts';

const peersFolder = fileURLToPath(new URL('../peers', import.meta.url));

/** npm writes its own record last, so a broken-off install has none. */
function arePeersInstalled(folder: string): boolean {
  const read = (path: string): Record<string, { version?: string; optional?: boolean }> | undefined => {
    const file = join(folder, path);
    return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).packages : undefined;
  };
  const wanted = read('package-lock.json');
  const found = read('node_modules/.package-lock.json');
  if (!wanted || !found) return false;
  return Object.entries(wanted).every(
    ([path, one]) => path === '' || (found[path] ? found[path].version === one.version : one.optional === true),
  );
}

/**
 * Installs them as their lock file says when that was not done yet. They are installed aside and put into place at once: another bench may
 * be installing them too, or be running a program beside them that takes what it finds there.
 * @throws Error with one sentence when it cannot be done
 */
export function ensurePeers(say: (line: string) => void, folder = peersFolder): void {
  if (arePeersInstalled(folder)) return;
  say('Installing the packages of the peers as bench/peers/package-lock.json says (once)...');
  const aside = openAside(folder);
  try {
    installIn(aside);
    putIntoPlace(aside, folder);
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
}

/** Replaces what a broken-off install left, but nothing that is whole: whoever was here first has put the same into place. */
function putIntoPlace(aside: string, folder: string): void {
  const [ours, theirs] = [join(aside, 'node_modules'), join(folder, 'node_modules')];
  try {
    renameSync(ours, theirs);
  } catch {
    if (arePeersInstalled(folder)) return;
    renameSync(theirs, join(aside, 'replaced'));
    renameSync(ours, theirs);
  }
}

/** A folder of our own beside theirs; those of processes that were killed go. */
function openAside(folder: string): string {
  const prefix = `${basename(folder)}.installing-`;
  for (const name of readdirSync(dirname(folder))) {
    const pid = name.startsWith(prefix) ? Number(name.slice(prefix.length)) : 0;
    if (pid > 0 && !isAlive(pid)) rmSync(join(dirname(folder), name), { recursive: true, force: true });
  }
  const aside = join(dirname(folder), `${prefix}${process.pid}`);
  mkdirSync(aside);
  for (const file of ['package.json', 'package-lock.json']) copyFileSync(join(folder, file), join(aside, file));
  return aside;
}

function installIn(folder: string): void {
  const { npm_execpath: npm, npm_node_execpath: node } = process.env;
  const args = ['ci', '--no-audit', '--no-fund', '--loglevel=error'];
  const [command, all] = npm && node ? [node, [npm, ...args]] : ['npm', args];
  // Standard output carries figures only.
  const run = spawnSync(command, all, {
    cwd: folder,
    stdio: ['ignore', 2, 2],
    shell: command === 'npm' && process.platform === 'win32',
  });
  if (run.status !== 0)
    throw new Error('The packages of the peers could not be installed: check the network and the lines above, then run it again.');
}
