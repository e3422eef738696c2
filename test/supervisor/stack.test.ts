import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { readConfig } from '../../config.ts';
import { checkPorts, findRunningStack, lockDataDir, prepareDataDir } from '../../supervisor/checks.ts';
import { createControl } from '../../supervisor/control.ts';
import { childEnvironment, isPostgresLocal, isTemporalLocal, readOrMakeKeys } from '../../supervisor/environment.ts';
import { preparePostgres, spawnPostgres, waitForPostgres } from '../../supervisor/postgres.ts';
import { endProcess, isAlive } from '../../supervisor/process.ts';
import { resetData } from '../../supervisor/reset.ts';
import { explainFileError, StackError } from '../../supervisor/stack-error.ts';
import { findFreePort } from '../../bench/ports.ts';

const dir = mkdtempSync(join(tmpdir(), 'tillflow-stack-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

describe('a start that cannot work says what to do', () => {
  test('a busy port names the variable that moves it', async () => {
    const server = createServer();
    const port = await findFreePort();
    await new Promise<void>((done) => server.listen(port, '127.0.0.1', done));
    await expect(checkPorts({ TILLFLOW_TEMPORAL_PORT: port }, '127.0.0.1')).rejects.toThrow(
      `Port ${port} is busy: stop the program that uses it, or set TILLFLOW_TEMPORAL_PORT to another port.`,
    );
    await new Promise((done) => server.close(done));
    await checkPorts({ TILLFLOW_TEMPORAL_PORT: port }, '127.0.0.1');
  });

  test('one port for two programs is refused', async () => {
    await expect(checkPorts({ TILLFLOW_APP_PORT: 5, TILLFLOW_SANDBOX_PORT: 5 }, '127.0.0.1')).rejects.toThrow('asked for twice');
  });

  test('a file where the data folder should be', () => {
    const path = join(dir, 'file');
    writeFileSync(path, '');
    expect(() => prepareDataDir(path)).toThrow(/is no folder: move what stands there away/);
  });

  test('a full disk and a folder of someone else', () => {
    const explain = (code: string) => String(explainFileError(Object.assign(new Error(code), { code }), '/data'));
    expect(explain('ENOSPC')).toContain('The disk of /data is full: free some space');
    expect(explain('EACCES')).toContain('cannot be written');
    expect(explain('EIO')).toBe('Error: EIO');
  });

  test('a broken database folder is not overwritten', () => {
    const data = join(dir, 'broken');
    mkdirSync(join(data, 'postgres'), { recursive: true });
    writeFileSync(join(data, 'postgres', 'precious'), '');
    expect(() => prepareDataDir(data)).toThrow(/holds no whole database/);
    expect(existsSync(join(data, 'postgres', 'precious'))).toBe(true);
  });

  test('a second start in the same folder, and a reset while one runs; a killed run blocks neither', async () => {
    const config = readConfig({ TILLFLOW_DATA_DIR: join(dir, 'twice') });
    prepareDataDir(config.dataDir);
    const unlock = lockDataDir(config.dataDir);
    expect(findRunningStack(config.dataDir)).toBe(process.pid);
    expect(() => lockDataDir(config.dataDir)).toThrow(StackError);
    await expect(resetData(config)).rejects.toThrow(/stop it before the reset/);
    unlock();
    writeFileSync(join(config.dataDir, 'run', 'supervisor.pid'), JSON.stringify({ pid: process.pid, start: 'an earlier boot' }));
    lockDataDir(config.dataDir)();
  });
});

describe('the local PostgreSQL', () => {
  test('a server left running is ended, and a stale pid of another program blocks nothing', { timeout: 60_000 }, async () => {
    const options = { dataDir: join(dir, 'data', 'postgres'), port: await findFreePort(), logFile: join(dir, 'postgres.log') };
    await preparePostgres(options);
    const left = spawnPostgres(options);
    await waitForPostgres(left, options);
    await preparePostgres(options);
    expect(isAlive(left.pid ?? 0)).toBe(false);
    writeFileSync(join(options.dataDir, 'postmaster.pid'), `${process.pid}\n${options.dataDir}\n`);
    const next = spawnPostgres(options);
    await waitForPostgres(next, options);
    await endProcess(next.pid ?? 0, 'SIGINT', 10_000);
  });
});

describe('what the children are given', () => {
  test('every variable of the configuration, so that they read the very same one', () => {
    const config = readConfig({
      TILLFLOW_DATA_DIR: join(dir, 'env'),
      TILLFLOW_APP_PORT: '1234',
      TEMPORAL_NAMESPACE: 'shop',
      TILLFLOW_QUEUE_PREFIX: 'a-',
      TILLFLOW_UPDATES: 'webhook',
      TILLFLOW_STATUS_TOKEN: 'a-token-of-16-characters',
    });
    const keys = readOrMakeKeys(config);
    expect(readConfig(childEnvironment(config, keys))).toEqual({ ...config, keys });
  });

  test('one key, made once, that only its owner may read', () => {
    const config = readConfig({ TILLFLOW_DATA_DIR: join(dir, 'keys') });
    const keys = readOrMakeKeys(config);
    expect(readOrMakeKeys(config)).toBe(keys);
    expect(Buffer.from(keys.replace('k1:', ''), 'base64')).toHaveLength(32);
    expect(statSync(join(config.dataDir, 'keys')).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(config.dataDir, 'keys'), 'utf8').trim()).toBe(keys);
  });

  test("someone else's servers are recognised", () => {
    expect(isTemporalLocal(readConfig({}))).toBe(true);
    expect(isTemporalLocal(readConfig({ TEMPORAL_ADDRESS: 'temporal:7233' }))).toBe(false);
    expect(isPostgresLocal(readConfig({}))).toBe(true);
    expect(isPostgresLocal(readConfig({ TILLFLOW_OWNER_DATABASE_URL: 'postgresql://a:b@db:5432/x' }))).toBe(false);
  });
});

describe('the control port', () => {
  const control = createControl({ port: 8082, children: [], sandboxOrigin: 'http://127.0.0.1:8081' });
  const ask = (headers: Record<string, string>, path = '/children', method = 'GET') =>
    control.request(path, { method, headers: { host: '127.0.0.1:8082', ...headers } });

  test('answers programs and the sandbox, refuses every other page and name', async () => {
    expect((await ask({})).status).toBe(200);
    expect((await ask({ origin: 'http://127.0.0.1:8081' })).status).toBe(200);
    expect((await ask({ origin: 'https://evil.example' })).status).toBe(403);
    expect((await ask({ origin: 'null' })).status).toBe(403);
    expect((await ask({ host: 'evil.example:8082' })).status).toBe(403);
  });

  test('names what it does not know', async () => {
    const answer = await ask({}, '/children/postgres/kill', 'POST');
    expect(answer.status).toBe(404);
    expect(await answer.json()).toEqual({ error: expect.stringContaining('name: no child postgres') });
  });
});
