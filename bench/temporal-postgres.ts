/**
 * A Temporal server whose store is PostgreSQL, as docker-compose.yml runs it in production: the same release, schema, shards and settings,
 * its databases beside the shop's in one cluster. The programs are built with Go once and kept beside our others.
 */
import { type ChildProcess, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Connection } from '@temporalio/client';
import type { Config } from '../config.ts';
import { readLogTail, spawnTied } from '../supervisor/process.ts';
import { StackError } from '../supervisor/stack-error.ts';
import { buildByGo, cacheDir } from '../supervisor/temporal-binary.ts';
import { findFreePorts } from './ports.ts';
import { root } from './stack.ts';

const version = 'v1.29.1';
const namespaceDeadlineMs = 60_000;
const retentionSeconds = 30 * 24 * 3600;

interface Programs {
  readonly server: string;
  readonly sqlTool: string;
}

/** The programs, built when they are not there yet. @returns undefined where they cannot be built */
export async function resolvePostgresServer(say: (line: string) => void): Promise<Programs | undefined> {
  const server = await resolve('server', 'temporal-server', 'go.temporal.io/server/cmd/server', say);
  const sqlTool = server && (await resolve('sql', 'temporal-sql-tool', 'go.temporal.io/server/cmd/tools/sql', say));
  return server && sqlTool ? { server, sqlTool } : undefined;
}

async function resolve(built: string, name: string, path: string, say: (line: string) => void): Promise<string | undefined> {
  const bin = join(cacheDir(), 'bin');
  const cached = join(bin, `${name}-${version}`);
  if (existsSync(cached)) return cached;
  mkdirSync(bin, { recursive: true });
  // Another clone may be at it too: only a whole program is moved in.
  const half = mkdtempSync(join(cacheDir(), `${built}-`));
  try {
    const made = await buildByGo({ modulePath: `${path}@${version}`, title: `${name} ${version}`, folder: half, say });
    if (made === undefined) return undefined;
    renameSync(made, cached);
    return cached;
  } finally {
    rmSync(half, { recursive: true, force: true });
  }
}

/** Makes its databases in the cluster of `config`, starts it on the configuration's port and makes the namespace. @throws StackError */
export async function startPostgresServer({ server, sqlTool }: Programs, config: Config, folder: string): Promise<ChildProcess> {
  const owner = new URL(config.ownerDatabaseUrl);
  for (const [database, schema] of [
    ['temporal', 'postgresql/v12/temporal'],
    ['temporal_visibility', 'postgresql/v12/visibility'],
  ] as const) {
    const sql = (...args: string[]) => {
      const where = ['--plugin', 'postgres12', '--endpoint', owner.hostname, '--port', owner.port, '--user', owner.username];
      const env = { ...process.env, SQL_PASSWORD: owner.password };
      const run = spawnSync(sqlTool, [...where, '--database', database, ...args], { env, encoding: 'utf8' });
      if (run.status !== 0) throw new StackError(`The store of Temporal could not be made: ${run.stderr.trim() || run.stdout.trim()}`);
    };
    sql('create-database');
    sql('setup-schema', '--version', '0.0');
    sql('update-schema', '--schema-name', schema);
  }
  const settings = join(folder, 'temporal-config');
  mkdirSync(settings, { recursive: true });
  // JSON is YAML.
  writeFileSync(join(settings, 'bench.yaml'), JSON.stringify(await describeServer(config, owner)));
  const logFile = join(folder, 'logs', 'temporal.log');
  const child = spawnTied(server, ['--root', settings, '--config', '.', '--env', 'bench', '--allow-no-auth', 'start'], { logFile });
  await makeNamespace(config.temporal, child, logFile);
  return child;
}

async function describeServer({ ports }: Config, owner: URL): Promise<object> {
  const [history, matching, worker] = await findFreePorts(3);
  const membership = await findFreePorts(4);
  const store = (databaseName: string, connections: number) => ({
    sql: {
      pluginName: 'postgres12',
      databaseName,
      connectAddr: owner.host,
      connectProtocol: 'tcp',
      user: owner.username,
      password: owner.password,
      maxConns: connections,
      maxIdleConns: connections,
      maxConnLifetime: '1h',
    },
  });
  const service = (grpcPort: number | undefined, index: number) => ({
    rpc: { grpcPort, membershipPort: membership[index], bindOnLocalHost: true },
  });
  return {
    log: { stdout: true, level: 'error' },
    persistence: {
      defaultStore: 'default',
      visibilityStore: 'visibility',
      numHistoryShards: 16,
      datastores: { default: store('temporal', 20), visibility: store('temporal_visibility', 10) },
    },
    global: { membership: { maxJoinDuration: '30s', broadcastAddress: '127.0.0.1' } },
    services: {
      frontend: service(ports.temporal, 0),
      history: service(history, 1),
      matching: service(matching, 2),
      worker: service(worker, 3),
    },
    clusterMetadata: {
      enableGlobalNamespace: false,
      failoverVersionIncrement: 10,
      masterClusterName: 'active',
      currentClusterName: 'active',
      clusterInformation: {
        active: { enabled: true, initialFailoverVersion: 1, rpcName: 'frontend', rpcAddress: `127.0.0.1:${ports.temporal}` },
      },
    },
    dcRedirectionPolicy: { policy: 'noop' },
    dynamicConfigClient: { filepath: join(root, 'deploy', 'temporal', 'dynamic-config.yaml'), pollInterval: '60s' },
  };
}

/** A server of this kind begins without any, and knows of a new one only after a moment. */
async function makeNamespace({ address, namespace }: Config['temporal'], child: ChildProcess, logFile: string): Promise<void> {
  const until = performance.now() + namespaceDeadlineMs;
  while (performance.now() < until && child.exitCode === null && child.signalCode === null) {
    try {
      const connection = await Connection.connect({ address, connectTimeout: 1_000 });
      try {
        const { workflowService, operatorService } = connection;
        await workflowService
          .registerNamespace({ namespace, workflowExecutionRetentionPeriod: { seconds: retentionSeconds as never } })
          .catch((err: unknown) => {
            if (!/already exists/i.test(String(err))) throw err;
          });
        await operatorService.listSearchAttributes({ namespace });
        return;
      } finally {
        await connection.close();
      }
    } catch {
      await sleep(100);
    }
  }
  throw new StackError(`The Temporal server on PostgreSQL did not start: ${readLogTail(logFile, 1)}`);
}
