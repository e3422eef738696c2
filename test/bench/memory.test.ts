import { spawn } from 'node:child_process';
import { totalmem } from 'node:os';
import { expect, test } from 'vitest';
import { readPeakMemory, readTreeMemory } from '../../bench/memory.ts';

const megabyte = 2 ** 20;

test('the memory of a tree of processes counts what each takes, and nobody else', async () => {
  const code = `const kept = Buffer.alloc(${120 * megabyte}, 1); console.log(kept.length); setInterval(() => kept, 1000);`;
  const holder = spawn(process.execPath, ['-e', code], { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    await new Promise((resolve) => holder.stdout.once('data', resolve));
    const pid = holder.pid as number;
    const alone = readTreeMemory(pid);
    expect(alone.megabytes).toBeGreaterThan(120);
    expect(alone.megabytes).toBeLessThan(120 + 250);
    const withUs = readTreeMemory(process.pid);
    expect(withUs.megabytes).toBeGreaterThan(alone.megabytes);
    expect(withUs.megabytes).toBeLessThan(totalmem() / megabyte);
    expect(Object.values(withUs.byProgram).reduce((sum, one) => sum + one, 0)).toBe(withUs.megabytes);
    expect(readPeakMemory(pid)).toBeGreaterThan(120);
  } finally {
    holder.kill('SIGKILL');
  }
});
