/** The workflow bundle: built once for a state of the sources and loaded by path, which makes a worker ready in half a second. */
import { bundleWorkflowCode } from '@temporalio/worker';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const workflowsPath = fileURLToPath(new URL('../workflows/index.ts', import.meta.url));

/** Path of the bundle for the sources as they are, built first when there is none. `dataDir` keeps it. */
export async function workflowBundle(dataDir: string): Promise<{ codePath: string }> {
  const folder = join(dataDir, 'bundles');
  const codePath = join(folder, `workflows-${await hashSources()}.js`);
  if (!existsSync(codePath)) {
    const { code } = await bundleWorkflowCode({ workflowsPath, logger: quiet });
    await mkdir(folder, { recursive: true });
    // Another worker may build the same bundle just now: whoever renames last wins, with the same content.
    const draft = `${codePath}.${process.pid}`;
    await writeFile(draft, code);
    await rename(draft, codePath);
  }
  return { codePath };
}

async function hashSources(): Promise<string> {
  const hash = createHash('sha256');
  for (const file of ['package-lock.json', ...(await list('workflows')), ...(await list('domain'))]) {
    hash.update(file).update(await readFile(join(root, file)));
  }
  return hash.digest('hex').slice(0, 16);
}

async function list(folder: string): Promise<string[]> {
  const entries = await readdir(join(root, folder), { recursive: true });
  return entries
    .filter((entry) => entry.endsWith('.ts'))
    .sort()
    .map((entry) => join(folder, entry));
}

const silent = () => undefined;
const quiet = { log: silent, trace: silent, debug: silent, info: silent, warn: silent, error: silent };
