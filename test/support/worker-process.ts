/** The worker as it runs in production, a process of its own, on a task queue of its own. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { workerFlags } from '../../supervisor/environment.ts';
import { endProcess, readLogTail, spawnTied } from '../../supervisor/process.ts';
import { cacheDir } from '../../supervisor/temporal-binary.ts';
import { openDoor } from '../../temporal/client.ts';
import { armKill, disarmKill, isKillArmed, type KillPoint, killFileVariable } from './kill-point.ts';
import { testKeys } from './shop.ts';
import type { World } from './world.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

export interface WorkerProcess {
  /** Resolves with the signal that ended it, or null when it left by itself. */
  readonly ended: Promise<NodeJS.Signals | null>;
  kill(): void;
  stop(): Promise<void>;
}

export interface WorkerPark {
  /** The world through the door of this park's queue. */
  readonly world: World;
  start(): WorkerProcess;
  /** Whichever of its workers comes to `point` first dies there, once; also one that runs already. */
  arm(point: KillPoint): void;
  /** @returns whether a worker had died at its point */
  disarm(): boolean;
  /** Last words of its workers, for a failure's message. */
  log(): string;
  close(): Promise<void>;
}

/** Worker processes of a world for one task queue; `name` keeps it apart from others, without one it is the queue of the world's API and bots. */
export function openWorkerPark(world: World, name?: string): WorkerPark {
  const dir = mkdtempSync(join(tmpdir(), 'tillflow-park-'));
  const logFile = join(dir, 'worker.log');
  const killFile = join(dir, 'kill-point');
  const { config } = world;
  const queuePrefix = `${config.temporal.queuePrefix}${name === undefined ? '' : `${name}-`}`;
  const door = openDoor({ temporal: { ...config.temporal, queuePrefix } });
  const running = new Set<WorkerProcess>();
  return {
    world: { ...world, door },
    start() {
      const env = {
        PATH: process.env.PATH,
        NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
        TILLFLOW_DATABASE_URL: world.database.appUrl,
        TILLFLOW_DATA_DIR: cacheDir(),
        TILLFLOW_KEYS: testKeys,
        TILLFLOW_LOG_LEVEL: 'warn',
        TILLFLOW_QUEUE_PREFIX: queuePrefix,
        TILLFLOW_SANDBOX_PORT: String(config.ports.sandbox),
        // Who is told at an address that the worker names: NOWPayments.
        TILLFLOW_PUBLIC_URL: world.apiOrigin,
        TEMPORAL_ADDRESS: config.temporal.address,
        TEMPORAL_NAMESPACE: config.temporal.namespace,
        [killFileVariable]: killFile,
      };
      const args = [...workerFlags, '--import', join(root, 'test/support/worker-hooks.ts'), join(root, 'workers/worker.ts')];
      const child = spawnTied(process.execPath, args, { env, cwd: root, logFile, deathSignal: 'KILL' });
      const ended = new Promise<NodeJS.Signals | null>((resolve) => child.once('exit', (_, signal) => resolve(signal)));
      const worker: WorkerProcess = {
        ended,
        kill: () => child.kill('SIGKILL'),
        async stop() {
          if (child.pid !== undefined && child.exitCode === null && child.signalCode === null)
            await endProcess(child.pid, 'SIGTERM', 10_000);
        },
      };
      running.add(worker);
      void ended.then(() => running.delete(worker));
      return worker;
    },
    arm: (point) => armKill(killFile, point),
    disarm() {
      const died = !isKillArmed(killFile);
      disarmKill(killFile);
      return died;
    },
    log: () => readLogTail(logFile, 30),
    async close() {
      await Promise.all([...running].map((worker) => worker.stop()));
      await door.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
