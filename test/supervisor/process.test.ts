import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, test } from 'vitest';
import { Child } from '../../supervisor/children.ts';
import { endLeftovers, endProcess, hasSetpriv, isAlive, readPidFile, spawnTied, writePidFile } from '../../supervisor/process.ts';

const dir = mkdtempSync(join(tmpdir(), 'tillflow-process-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

async function until(condition: () => boolean, deadlineMs = 5_000): Promise<boolean> {
  const end = performance.now() + deadlineMs;
  while (!condition() && performance.now() < end) await sleep(20);
  return condition();
}

describe('processes of the stack', () => {
  test.skipIf(!hasSetpriv())('die with the process that started them, even when it is killed', async () => {
    const script = join(dir, 'parent.mjs');
    const module = new URL('../../supervisor/process.ts', import.meta.url).href;
    writeFileSync(
      script,
      `import { spawnTied } from '${module}'; console.log(spawnTied('sleep', ['60'], { logFile: '${join(dir, 'sleep.log')}' }).pid); setInterval(() => {}, 1000);`,
    );
    const parent = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = await once(parent.stdout, 'data');
    const pid = Number(String(line).trim());
    expect(isAlive(pid)).toBe(true);
    parent.kill('SIGKILL');
    expect(await until(() => !isAlive(pid))).toBe(true);
  });

  test('left behind by an earlier run are ended; a pid used again by another program is left alone', async () => {
    const run = join(dir, 'run');
    const left = spawnTied('sleep', ['60'], { logFile: join(dir, 'left.log') });
    const other = spawnTied('sleep', ['60'], { logFile: join(dir, 'other.log') });
    const [leftPid, otherPid] = [left.pid ?? 0, other.pid ?? 0];
    // Give setpriv the moment it needs to become the program.
    await sleep(50);
    writePidFile(join(run, 'left.pid'), leftPid);
    writeFileSync(join(run, 'other.pid'), JSON.stringify({ pid: otherPid, start: 'another time' }));
    expect(readPidFile(join(run, 'other.pid'))).toBeUndefined();
    expect(await endLeftovers(run, ['left', 'other', 'never'], 2_000)).toEqual(['left']);
    expect([isAlive(leftPid), isAlive(otherPid)]).toEqual([false, true]);
    await endProcess(otherPid, 'SIGKILL', 1_000);
  });

  test('that do not end when asked are ended by force', async () => {
    const stubborn = spawnTied(
      process.execPath,
      ['-e', "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000); console.log('up')"],
      {
        logFile: join(dir, 'stubborn.log'),
      },
    );
    await sleep(500);
    await endProcess(stubborn.pid ?? 0, 'SIGTERM', 200);
    expect(isAlive(stubborn.pid ?? 0)).toBe(false);
  });
});

describe('a watched child', () => {
  function watch(command: string, args: string[], lines: string[] = []): Child {
    const logFile = join(dir, 'child.log');
    return new Child({
      name: 'worker',
      spawn: () => spawnTied(command, args, { logFile }),
      runDir: join(dir, 'children'),
      logFile,
      restartSeconds: 0.2,
      stopSignal: 'SIGTERM',
      stopSeconds: 2,
      say: (line) => lines.push(line),
    });
  }

  test('comes back after it was killed, and stays away after it was stopped', async () => {
    const child = watch('sleep', ['60']);
    const first = child.start().pid;
    expect(child.report()).toMatchObject({ name: 'worker', pid: first, state: 'running', restarts: 0 });
    expect(child.kill()).toBe(true);
    expect(await until(() => child.report().restarts === 1 && child.report().state === 'running')).toBe(true);
    const second = child.report().pid ?? 0;
    expect(second).not.toBe(first);
    await child.stop();
    expect(isAlive(second)).toBe(false);
    await sleep(400);
    expect(child.report()).toMatchObject({ state: 'stopped', pid: undefined, restarts: 1 });
  });

  test('is started again at once when a restart is asked', async () => {
    const child = watch('sleep', ['60']);
    const first = child.start().pid;
    await child.restart();
    expect(await until(() => child.report().restarts === 1)).toBe(true);
    expect(child.report().pid).not.toBe(first);
    await child.stop();
  });

  test('that cannot live is tried again more and more seldom, and the start says why', async () => {
    const lines: string[] = [];
    const child = watch(process.execPath, ['-e', "console.error('no such module'); process.exit(3)"], lines);
    child.start();
    expect(await until(() => lines.length >= 2)).toBe(true);
    expect(lines[0]).toContain('ended with code 3; it comes back in 0.2 s');
    expect(lines[1]).toContain('it comes back in 0.4 s');
    expect(() => child.ensureStarted()).toThrow(/worker process did not start[\s\S]*no such module/);
    await child.stop();
  });
});
