/** The packages of those we stand beside: bench/peers has a lock file of its own, so that nobody who only runs the shop installs them. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const peersFolder = fileURLToPath(new URL('../peers', import.meta.url));

/** npm writes its own record last, so a broken-off install has none. */
export function arePeersInstalled(folder = peersFolder): boolean {
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

/** Installs them as their lock file says when that was not done yet. @throws Error with one sentence when it cannot be done */
export function ensurePeers(say: (line: string) => void): void {
  if (arePeersInstalled()) return;
  say('Installing the packages of the peers as bench/peers/package-lock.json says (once)...');
  const { npm_execpath: npm, npm_node_execpath: node } = process.env;
  const args = ['ci', '--no-audit', '--no-fund', '--loglevel=error'];
  const [command, all] = npm && node ? [node, [npm, ...args]] : ['npm', args];
  // Standard output carries figures only.
  const run = spawnSync(command, all, {
    cwd: peersFolder,
    stdio: ['ignore', 2, 2],
    shell: command === 'npm' && process.platform === 'win32',
  });
  if (run.status !== 0)
    throw new Error('The packages of the peers could not be installed: check the network and the lines above, then run it again.');
}
