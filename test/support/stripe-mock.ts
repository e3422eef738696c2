/** Stripe's own mock server, which checks every request against Stripe's own description of its API. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findFreePorts } from '../../bench/ports.ts';
import { endProcess, spawnTied } from '../../supervisor/process.ts';
import { cacheDir, findOnPath } from '../../supervisor/temporal-binary.ts';

/** The newest mock; it knows the API version the gateway pins. */
const version = 'v0.203.0';

/** Path of the mock, built with Go on first use and kept for every clone; undefined (and a line that says so) without Go. */
export function resolveStripeMock(): string | undefined {
  const path = join(cacheDir(), 'bin', `stripe-mock-${version}`);
  if (existsSync(path)) return path;
  const go = findOnPath('go');
  if (!go) {
    console.warn("skipped: Stripe's own mock needs Go (https://go.dev) to be built");
    return undefined;
  }
  mkdirSync(join(cacheDir(), 'bin'), { recursive: true });
  const half = mkdtempSync(join(cacheDir(), 'stripe-mock-'));
  try {
    const env = { ...process.env, GOBIN: half };
    const built = spawnSync(go, ['install', `github.com/stripe/stripe-mock@${version}`], { env, encoding: 'utf8' });
    if (built.status !== 0) {
      console.warn(`skipped: Stripe's own mock could not be built: ${built.stderr.trim().split('\n').at(-1)}`);
      return undefined;
    }
    renameSync(join(half, 'stripe-mock'), path);
    return path;
  } finally {
    rmSync(half, { recursive: true, force: true });
  }
}

/** Starts the mock on loopback and waits until it answers. */
export async function startStripeMock(path: string): Promise<{ url: string; stop: () => Promise<void> }> {
  const [port, securePort] = await findFreePorts(2);
  const logFile = join(mkdtempSync(join(process.env.TMPDIR ?? '/tmp', 'stripe-mock-')), 'log');
  const child = spawnTied(path, ['-http-addr', `127.0.0.1:${port}`, '-https-addr', `127.0.0.1:${securePort}`], { logFile });
  const url = `http://127.0.0.1:${port}`;
  for (let tries = 0; ; tries++) {
    const answered = await fetch(url).catch(() => undefined);
    if (answered) break;
    if (tries > 100 || child.exitCode !== null) throw new Error(`the mock did not start; see ${logFile}`);
    await sleep(50);
  }
  return { url, stop: () => endProcess(child.pid as number, 'SIGTERM', 2000) };
}
