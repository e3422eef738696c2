import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';

const peers = fileURLToPath(new URL('../../bench/harness/peers.ts', import.meta.url));
const packages = ['one', 'two', 'three'];
let root: string;
let folder: string;

const npm = (cwd: string, ...args: string[]) => execFileSync('npm', [...args, '--no-audit', '--no-fund'], { cwd, stdio: 'pipe' });
const writeJson = (path: string, value: unknown) => writeFileSync(path, JSON.stringify(value));

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'tillflow-peers-'));
  folder = join(root, 'peers');
  mkdirSync(folder);
  for (const name of packages) {
    mkdirSync(join(root, name));
    writeJson(join(root, name, 'package.json'), { name, version: '1.0.0' });
    for (let file = 0; file < 200; file += 1) writeFileSync(join(root, name, `${file}.js`), `export default ${file};`);
    npm(join(root, name), 'pack', '--pack-destination', root);
  }
  const dependencies = Object.fromEntries(packages.map((name) => [name, `file:../${name}-1.0.0.tgz`]));
  writeJson(join(folder, 'package.json'), { name: 'peers', version: '1.0.0', dependencies });
  npm(folder, 'install', '--package-lock-only');
}, 60_000);
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** A bench of its own that needs them. */
function startInstalling(): Promise<number | null> {
  const program = `const { ensurePeers } = await import(${JSON.stringify(peers)}); ensurePeers(() => undefined, ${JSON.stringify(folder)});`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: ['ignore', 'inherit', 'inherit'] });
  return new Promise((resolve) => child.on('close', resolve));
}

test('benches that install the peers at once all find them, and nobody sees them half installed', { timeout: 60_000 }, async () => {
  let done = false;
  const codes = Promise.all([startInstalling(), startInstalling(), startInstalling()]).finally(() => (done = true));
  const halves: string[][] = [];
  while (!done) {
    // In this order: what is there now was there before the record of it was looked for.
    const seen = existsSync(join(folder, 'node_modules')) ? readdirSync(join(folder, 'node_modules')) : undefined;
    if (seen && !packages.every((name) => seen.includes(name))) halves.push(seen);
    if (seen && !existsSync(join(folder, 'node_modules/.package-lock.json'))) halves.push(seen);
    await sleep(2);
  }
  expect(await codes).toEqual([0, 0, 0]);
  expect(halves).toEqual([]);
  for (const name of packages) expect(readdirSync(join(folder, 'node_modules', name))).toHaveLength(201);
  expect(readdirSync(root).filter((name) => name.includes('installing'))).toEqual([]);
});

test('what an install that was broken off has left is replaced', { timeout: 60_000 }, async () => {
  mkdirSync(join(folder, 'node_modules/one'), { recursive: true });
  expect(await startInstalling()).toBe(0);
  for (const name of packages) expect(readdirSync(join(folder, 'node_modules', name))).toHaveLength(201);
});
