import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { benchNames } from '../../bench/harness/names.ts';
import type { Result } from '../../bench/harness/results.ts';
import { runAtOnce } from '../../bench/numbers.ts';
import { hasSetpriv } from '../../supervisor/process.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

function startBench(...args: string[]): ChildProcess {
  const [command, before] = hasSetpriv() ? ['setpriv', ['--pdeathsig', 'TERM', '--', process.execPath]] : [process.execPath, []];
  return spawn(command, [...before, 'bench/main.ts', ...args], {
    cwd: root,
    env: { ...process.env, NODE_ENV: undefined },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function runBench(...args: string[]): Promise<{ code: unknown; lines: string[]; progress: string; pid: number | undefined }> {
  const bench = startBench(...args);
  let output = '';
  let progress = '';
  bench.stdout?.on('data', (chunk: Buffer) => (output += chunk));
  bench.stderr?.on('data', (chunk: Buffer) => (progress += chunk));
  const code = await new Promise((resolve) => bench.on('close', resolve));
  return { code, lines: output.trim().split('\n').filter(Boolean), progress, pid: bench.pid };
}

/** Processes that name the folder of this measurement. */
function findLeft(pid: number | undefined): string[] {
  return execFileSync('ps', ['-A', '-o', 'args='], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.includes(`tillflow-bench-${pid}-`));
}

/** Most of a run is waiting for servers to start, so a few run at once. */
const runsAtOnce = 3;

describe('a quick run', () => {
  type Run = PromiseWithResolvers<Awaited<ReturnType<typeof runBench>>>;
  const runs = new Map(benchNames.map((name): [string, Run] => [name, Promise.withResolvers()]));
  beforeAll(() => {
    void runAtOnce(benchNames.length, runsAtOnce, async (index) => {
      const name = benchNames[index] as string;
      runs.get(name)?.resolve(await runBench(name, '--quick'));
    });
  });

  test.each(benchNames)('of %s works, loses and doubles nothing, and leaves nothing behind', { timeout: 240_000 }, async (name) => {
    const { code, lines, progress, pid } = await (runs.get(name) as Run).promise;
    expect(code, progress).toBe(0);
    const results = lines.map((line) => JSON.parse(line) as Result);
    expect(results.length).toBeGreaterThan(0);
    for (const { bench, name: figure, ours, quick, commit } of results) {
      expect({ bench, quick }).toEqual({ bench: name, quick: true });
      // Nothing oversold is what it shall be; every other figure measures something.
      if (!figure.endsWith('.oversold')) expect(ours, figure).toBeGreaterThan(0);
      expect(commit).toMatch(/^(unknown|[0-9a-f]{7,}(-dirty)?)$/);
    }
    expect(findLeft(pid)).toEqual([]);
    expect(readdirSync(tmpdir()).filter((one) => one.startsWith(`tillflow-bench-${pid}-`))).toEqual([]);
  });
});

test('a name nobody knows is said, and nothing is run', async () => {
  const { code, lines, progress } = await runBench('orders', 'speed', '--quick');
  expect({ code, lines }).toEqual({ code: 2, lines: [] });
  expect(progress).toContain('no bench is called speed');
});

test.runIf(process.platform === 'linux')(
  'killed, it leaves no process behind',
  async () => {
    const bench = startBench('orders', '--quick');
    const until = performance.now() + 40_000;
    while (findLeft(bench.pid).length < 2 && performance.now() < until) await sleep(100);
    expect(findLeft(bench.pid).length).toBeGreaterThanOrEqual(2);
    bench.kill('SIGKILL');
    while (findLeft(bench.pid).length > 0 && performance.now() < until) await sleep(100);
    expect(findLeft(bench.pid)).toEqual([]);
  },
  60_000,
);

test('ended by a signal, it ends its servers and removes its folder first', { timeout: 90_000 }, async () => {
  const bench = startBench('orders', '--quick');
  const until = performance.now() + 60_000;
  while (findLeft(bench.pid).length < 2 && performance.now() < until) await sleep(100);
  const ended = new Promise((resolve) => bench.on('close', (code, signal) => resolve(code ?? signal)));
  bench.kill('SIGTERM');
  expect(await ended).toBe(143);
  expect(findLeft(bench.pid)).toEqual([]);
  expect(readdirSync(tmpdir()).filter((one) => one.startsWith(`tillflow-bench-${bench.pid}-`))).toEqual([]);
});
