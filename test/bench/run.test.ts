import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

function startBench(): ChildProcess {
  const args = ['bench/main.ts', 'orders', '--orders', '10', '--rounds', '1', '--buyers', '4', '--skip-start'];
  return spawn(process.execPath, args, { cwd: root, env: { ...process.env, NODE_ENV: undefined }, stdio: ['ignore', 'pipe', 'pipe'] });
}

/** Processes that name the folder of this measurement. */
function findLeft(pid: number | undefined): string[] {
  return execFileSync('ps', ['-A', '-o', 'args='], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.includes(`tillflow-bench-${pid}-`));
}

test('prints one line of JSON for every method, leaves a database as it must be, and nothing running', async () => {
  const bench = startBench();
  let output = '';
  let progress = '';
  bench.stdout?.on('data', (chunk: Buffer) => (output += chunk));
  bench.stderr?.on('data', (chunk: Buffer) => (progress += chunk));
  const code = await new Promise((resolve) => bench.on('close', resolve));
  expect(code, progress).toBe(0);
  expect(output.trim().split('\n')).toHaveLength(1);
  const result = JSON.parse(output) as { methods: Record<string, { ordersPerSecond: number; events: number }>; check: object };
  expect(Object.keys(result.methods)).toEqual(['wallet', 'stars', 'card']);
  for (const { ordersPerSecond, events } of Object.values(result.methods)) {
    expect(ordersPerSecond).toBeGreaterThan(0);
    expect(events).toBeGreaterThan(5);
  }
  expect(result.check).toEqual({ ok: true, findings: 0 });
  expect(findLeft(bench.pid)).toEqual([]);
  expect(readdirSync(tmpdir()).filter((name) => name.startsWith(`tillflow-bench-${bench.pid}-`))).toEqual([]);
}, 120_000);

test.runIf(process.platform === 'linux')(
  'killed, it leaves no process behind',
  async () => {
    const bench = startBench();
    const until = performance.now() + 40_000;
    while (findLeft(bench.pid).length < 2 && performance.now() < until) await sleep(100);
    expect(findLeft(bench.pid).length).toBeGreaterThanOrEqual(2);
    bench.kill('SIGKILL');
    while (findLeft(bench.pid).length > 0 && performance.now() < until) await sleep(100);
    expect(findLeft(bench.pid)).toEqual([]);
  },
  60_000,
);
