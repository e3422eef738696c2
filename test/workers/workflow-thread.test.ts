/** The thread workflows run in: cheap as long as it turns, ended when a workflow holds it, and then guarded by the SDK's own means. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
let dataDir: string;
beforeAll(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'tillflow-thread-'));
});
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

/** A process as the worker is, whose thread runs `code` in a context with a time limit, as the SDK does. @returns its code and words */
function runThread(code: string): Promise<{ exitCode: number | null; said: string }> {
  const thread = `
    const { parentPort } = require('node:worker_threads');
    const { Script, createContext } = require('node:vm');
    const { promiseHooks } = require('node:v8');
    let followed = 0;
    promiseHooks.createHook({ init() { followed += 1; } });
    setTimeout(() => {
      try { parentPort.postMessage(String(new Script(${JSON.stringify(code)}).runInContext(createContext({}), { timeout: 300 })) + ', ' + followed); }
      catch (err) { parentPort.postMessage(err.code); }
    }, 700);`;
  // The SDK's thread is a CommonJS file too.
  const threadFile = join(dataDir, 'thread.cjs');
  writeFileSync(threadFile, thread);
  const main = `
    import { Worker } from 'node:worker_threads';
    import { watchWorkflowThread } from ${JSON.stringify(new URL('../../workers/workflow-pulse.ts', import.meta.url).href)};
    watchWorkflowThread({ dataDir: ${JSON.stringify(dataDir)}, silenceMs: 1_500, stalled: () => process.exit(3) });
    const thread = new Worker(${JSON.stringify(threadFile)});
    thread.on('error', (err) => { console.log(err.message); process.exit(4); });
    thread.on('message', (text) => { console.log(text); process.exit(0); });`;
  const file = join(dataDir, 'main.mjs');
  writeFileSync(file, main);
  const args = ['--import', './workers/workflow-thread.ts', file];
  const child = spawn(process.execPath, args, { cwd: root, timeout: 20_000, killSignal: 'SIGKILL' });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (said += text));
  return new Promise((done) => child.on('close', (exitCode) => done({ exitCode, said: said.trim() })));
}

it('does what a workflow asks, and follows no promise', async () => {
  expect(await runThread('Promise.resolve(); 6 * 7')).toEqual({ exitCode: 0, said: '42, 0' });
});

it('ends the process when a workflow never returns, and the next one fails that workflow alone', async () => {
  expect(await runThread('for (;;);')).toEqual({ exitCode: 3, said: '' });
  expect(existsSync(join(dataDir, 'workflow-stalled'))).toBe(true);
  expect(await runThread('for (;;);')).toEqual({ exitCode: 0, said: 'ERR_SCRIPT_EXECUTION_TIMEOUT' });
  expect(await runThread('6 * 7')).toEqual({ exitCode: 0, said: '42, 0' });
});
