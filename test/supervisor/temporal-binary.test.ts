import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { resolveTemporal, temporalVersion } from '../../supervisor/temporal-binary.ts';

let cache: string;
beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), 'tillflow-binary-'));
  vi.stubEnv('XDG_CACHE_HOME', cache);
  vi.stubEnv('PATH', join(cache, 'nothing'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(cache, { recursive: true, force: true });
});

/** A program that says it is this version of the server. */
function keep(name: string): string {
  const folder = join(cache, 'tillflow', 'bin');
  mkdirSync(folder, { recursive: true });
  const path = join(folder, name);
  writeFileSync(path, '#!/bin/sh\necho "temporal version 1.5.1 (Server 1.29.1, UI 2.42.1)"\n');
  chmodSync(path, 0o755);
  return path;
}

describe.runIf(process.platform !== 'win32')('the Temporal server', () => {
  // Nothing may be fetched in these tests.
  const cutOff = AbortSignal.abort();

  test('comes from the cache; an older build only where no newer can be had', async () => {
    const older = keep(`temporal-${temporalVersion}`);
    expect(await resolveTemporal(() => undefined, cutOff)).toBe(older);
    const newer = keep(`temporal-${temporalVersion}-2`);
    expect(await resolveTemporal(() => undefined, cutOff)).toBe(newer);
  });

  test('that cannot be had at all is one sentence that says what to do', async () => {
    await expect(resolveTemporal(() => undefined, cutOff)).rejects.toThrow(/is missing and could not be fetched: install/);
  });
});
