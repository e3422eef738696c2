/** What must hold before the stack starts; each answers with one sentence when it does not. */
import { existsSync, mkdirSync, readdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { readPidFile, startOf } from './process.ts';
import { explainFileError, StackError } from './stack-error.ts';

const neededBytes = 300 * 1024 * 1024;

/** Makes the data folder and tries to write in it. @throws StackError */
export function prepareDataDir(dataDir: string): void {
  try {
    mkdirSync(join(dataDir, 'run'), { recursive: true, mode: 0o755 });
    mkdirSync(join(dataDir, 'logs'), { recursive: true });
    const probe = join(dataDir, 'run', `probe-${process.pid}`);
    writeFileSync(probe, 'x');
    rmSync(probe);
    const { bavail, bsize } = statfsSync(dataDir);
    if (bavail * bsize < neededBytes) throw Object.assign(new Error('full'), { code: 'ENOSPC' });
  } catch (err) {
    throw explainFileError(err, dataDir);
  }
  const cluster = join(dataDir, 'postgres');
  if (existsSync(cluster) && readdirSync(cluster).length > 0 && !existsSync(join(cluster, 'PG_VERSION'))) {
    throw new StackError(`The folder ${cluster} holds no whole database: move it away, or run \`npm run reset\` to begin anew.`);
  }
}

/** Takes the data folder for this process. @returns what gives it back @throws StackError when another start has it */
export function lockDataDir(dataDir: string): () => void {
  const path = join(dataDir, 'run', 'supervisor.pid');
  const mine = JSON.stringify({ pid: process.pid, start: startOf(process.pid) });
  for (let attempt = 0; ; attempt += 1) {
    try {
      writeFileSync(path, mine, { flag: 'wx' });
      return () => rmSync(path, { force: true });
    } catch (err) {
      if ((err as NodeJS.ErrnoException).code !== 'EEXIST') throw explainFileError(err, dataDir);
    }
    const other = readPidFile(path);
    if (other !== undefined || attempt > 3) {
      throw new StackError(
        `Tillflow already runs from ${dataDir} (process ${other}): stop it with Ctrl-C there or \`kill ${other}\`, or set TILLFLOW_DATA_DIR and other ports.`,
      );
    }
    rmSync(path, { force: true });
  }
}

/** Pid of the stack that runs from this folder. */
export function findRunningStack(dataDir: string): number | undefined {
  return readPidFile(join(dataDir, 'run', 'supervisor.pid'));
}

/** Checks that nothing listens on these ports. @param ports by the variable that moves each @throws StackError naming it */
export async function checkPorts(ports: Readonly<Record<string, number>>, host: string): Promise<void> {
  const twice = Object.entries(ports).find(([name, port]) =>
    Object.entries(ports).some(([other, same]) => other !== name && same === port),
  );
  if (twice) throw new StackError(`Port ${twice[1]} is asked for twice: give ${twice[0]} another one.`);
  for (const [variable, port] of Object.entries(ports)) {
    const code = await tryPort(port, variable === 'TILLFLOW_APP_PORT' ? host : '127.0.0.1');
    if (code === 'EADDRINUSE')
      throw new StackError(`Port ${port} is busy: stop the program that uses it, or set ${variable} to another port.`);
    if (code !== undefined) throw new StackError(`Port ${port} cannot be opened (${code}): set ${variable} to another port.`);
  }
}

function tryPort(port: number, host: string): Promise<string | undefined> {
  return new Promise((done) => {
    const server = createServer();
    server.once('error', (err: NodeJS.ErrnoException) => done(err.code ?? err.message));
    server.listen({ port, host, exclusive: true }, () => server.close(() => done(undefined)));
  });
}
