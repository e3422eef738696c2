/** What the stack hands to its processes, and what it decides from the configuration. */
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../config.ts';

/**
 * What Node is told for a worker: young objects have room, as most die with their order; helpers of the collector would only take the second
 * core from somebody; and a thread for workflows that is cheap (workers/workflow-thread.ts).
 */
export const workerFlags = ['--max-semi-space-size=32', '--single-threaded-gc', '--import', './workers/workflow-thread.ts'];

/** False when TEMPORAL_ADDRESS names someone else's server: then none is started. */
export function isTemporalLocal(config: Config): boolean {
  return config.temporal.address === `127.0.0.1:${config.ports.temporal}`;
}

/** False when the database URLs name someone else's server: then none is started. */
export function isPostgresLocal(config: Config): boolean {
  const { hostname, port } = new URL(config.ownerDatabaseUrl);
  return hostname === '127.0.0.1' && port === String(config.ports.postgres);
}

/** The encryption keys: from the configuration, else `<data folder>/keys`, made at the first start. */
export function readOrMakeKeys(config: Config): string {
  if (config.keys) return config.keys;
  const path = join(config.dataDir, 'keys');
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (err) {
    if ((err as NodeJS.ErrnoException).code !== 'ENOENT') throw err;
  }
  const keys = `k1:${randomBytes(32).toString('base64')}`;
  mkdirSync(config.dataDir, { recursive: true });
  writeFileSync(path, `${keys}\n`, { mode: 0o600, flag: 'wx' });
  return keys;
}

/** The environment of a child: ours, with every variable of the configuration resolved. */
export function childEnvironment(config: Config, keys: string): NodeJS.ProcessEnv {
  const { ports, temporal } = config;
  return {
    ...process.env,
    NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? join(config.dataDir, 'compile-cache'),
    TILLFLOW_MODE: config.mode,
    TILLFLOW_DATA_DIR: config.dataDir,
    TILLFLOW_HOST: config.host,
    TILLFLOW_APP_PORT: String(ports.app),
    TILLFLOW_SANDBOX_PORT: String(ports.sandbox),
    TILLFLOW_CONTROL_PORT: String(ports.control),
    TILLFLOW_TEMPORAL_PORT: String(ports.temporal),
    TILLFLOW_TEMPORAL_UI_PORT: String(ports.temporalUi),
    TILLFLOW_POSTGRES_PORT: String(ports.postgres),
    TILLFLOW_DATABASE_URL: config.databaseUrl,
    TILLFLOW_OWNER_DATABASE_URL: config.ownerDatabaseUrl,
    TEMPORAL_ADDRESS: temporal.address,
    TEMPORAL_NAMESPACE: temporal.namespace,
    TILLFLOW_TEMPORAL_UI_URL: temporal.uiUrl,
    TILLFLOW_QUEUE_PREFIX: temporal.queuePrefix,
    TILLFLOW_KEYS: keys,
    TILLFLOW_PUBLIC_URL: config.publicUrl,
    TILLFLOW_UPDATES: config.updates,
    TILLFLOW_LOG_LEVEL: config.logLevel,
    ...(config.statusToken === undefined ? {} : { TILLFLOW_STATUS_TOKEN: config.statusToken }),
  };
}
