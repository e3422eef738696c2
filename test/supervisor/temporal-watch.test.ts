import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { Child } from '../../supervisor/children.ts';
import { isAlive } from '../../supervisor/process.ts';
import { resolveTemporal } from '../../supervisor/temporal-binary.ts';
import { spawnTemporal } from '../../supervisor/temporal-server.ts';
import { watchTemporal } from '../../supervisor/temporal-watch.ts';
import { findFreePort } from '../../bench/ports.ts';
import { waitFor } from '../support/wait.ts';

const dir = mkdtempSync(join(tmpdir(), 'tillflow-watch-'));
const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const quick = { intervalMs: 20, refusingMs: 200, silentMs: 400 };

/** What the UI answers, changed by the test. */
async function startUi(answer: { status: number }): Promise<string> {
  const server: Server = createServer((_, response) => response.writeHead(answer.status).end('{"message":"interrupted (9)"}'));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  ends.push(() => new Promise((done) => server.close(done)));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Watches until the test is over. @returns how often it restarted, and what it said */
function watch(options: { uiUrl: string; restart?: () => Promise<void> } & typeof quick) {
  const told = { restarts: 0, lines: [] as string[] };
  const ending = new AbortController();
  const watching = watchTemporal({
    ...options,
    restart: async () => {
      told.restarts += 1;
      await options.restart?.();
    },
    say: (line) => told.lines.push(line),
    signal: ending.signal,
  });
  ends.push(() => {
    ending.abort();
    return watching;
  });
  return told;
}

describe('a local Temporal', () => {
  test('that works, or whose store refuses for a moment, is let be', async () => {
    const answer = { status: 200 };
    const told = watch({ ...quick, refusingMs: 2_000, uiUrl: await startUi(answer) });
    await new Promise((done) => setTimeout(done, 200));
    answer.status = 503;
    await new Promise((done) => setTimeout(done, 500));
    answer.status = 200;
    await new Promise((done) => setTimeout(done, 500));
    answer.status = 503;
    await new Promise((done) => setTimeout(done, 1_500));
    expect(told.restarts).toBe(0);
  });

  test('whose store refuses everything is started again, as often as it takes', async () => {
    const answer = { status: 503 };
    const told = watch({ ...quick, uiUrl: await startUi(answer) });
    await waitFor(async () => expect(told.restarts).toBeGreaterThanOrEqual(2), { timeout: 10_000, interval: 20 });
    expect(told.lines[0]).toBe('Temporal cannot use its store; it is started again.');
    answer.status = 200;
    await new Promise((done) => setTimeout(done, 300));
    const { restarts } = told;
    await new Promise((done) => setTimeout(done, 600));
    expect(told.restarts).toBe(restarts);
  });

  test('that hangs is ended and started again with its store', { timeout: 120_000 }, async () => {
    const binary = await resolveTemporal(() => undefined);
    const [port, uiPort] = [await findFreePort(), await findFreePort()];
    const logFile = join(dir, 'temporal.log');
    const spawn = () => spawnTemporal({ binary, port, uiPort, dbFile: join(dir, 'temporal.db'), logFile });
    const say = () => undefined;
    const options = {
      name: 'temporal',
      spawn,
      runDir: dir,
      logFile,
      restartSeconds: 1,
      stopSignal: 'SIGTERM',
      stopSeconds: 1,
      say,
    } as const;
    const child = new Child(options);
    ends.push(() => child.stop());
    const first = child.start().pid as number;
    const uiUrl = `http://127.0.0.1:${uiPort}`;
    const untilWell = () =>
      waitFor(
        async () => {
          const response = await fetch(`${uiUrl}/api/v1/namespaces`, { signal: AbortSignal.timeout(1_000) });
          expect(response.ok).toBe(true);
        },
        { timeout: 40_000, interval: 100 },
      );
    await untilWell();
    const told = watch({ intervalMs: 200, refusingMs: 20_000, silentMs: 4_000, uiUrl, restart: () => child.restart() });
    process.kill(first, 'SIGSTOP');
    await waitFor(async () => expect(isAlive(first)).toBe(false), { timeout: 30_000, interval: 100 });
    await untilWell();
    expect(told.lines).toEqual(['Temporal answers nothing; it is started again.']);
    expect(child.report()).toMatchObject({ state: 'running', restarts: 1 });
  });
});
