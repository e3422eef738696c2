/** The worker process: the queues `orders` and `background`, and the relay. */
import { DefaultLogger, NativeConnection, Runtime } from '@temporalio/worker';
import { setTimeout as sleep } from 'node:timers/promises';
import { readConfig } from '../config.ts';
import { coins } from '../domain/chain.ts';
import { openDatabase } from '../db/orm.ts';
import { openSecrets } from '../db/secrets.ts';
import { createChainSources } from '../gateways/chain/sources.ts';
import { createGateways } from '../gateways/payments/registry.ts';
import { createTelegram } from '../gateways/telegram.ts';
import { createRateSources } from '../gateways/rates.ts';
import { startChainWatch } from '../temporal/chain-watch.ts';
import { openDoor } from '../temporal/client.ts';
import { registerSearchAttributes } from '../temporal/search-attributes.ts';
import { ensureSchedules } from '../temporal/schedules.ts';
import { createBackgroundWorker } from './background.ts';
import { workflowBundle } from './bundle.ts';
import { createLog } from './log.ts';
import { createOrdersWorker } from './orders.ts';
import { startRelay } from './relay.ts';
import { watchWorkflowThread } from './workflow-pulse.ts';

const config = readConfig();
const followed = coins.filter((coin) => config.chains[coin] !== undefined);
const log = createLog('worker', config.logLevel);
if (!config.keys) throw new Error('TILLFLOW_KEYS is not set: start through `npm start`, or set it.');
Runtime.install({
  logger: new DefaultLogger('WARN', ({ level, message, meta }) => log[level === 'ERROR' ? 'error' : 'warn']({ meta }, message)),
  shutdownSignals: [],
});

watchWorkflowThread({
  dataDir: config.dataDir,
  stalled() {
    log.fatal('a workflow holds its thread and never returns: ending; the next worker fails that workflow alone');
    process.exit(1);
  },
});
const door = openDoor(config);
const [bundle, connection, db, relayDb] = await Promise.all([
  workflowBundle(config.dataDir),
  connect(),
  openDatabase({ url: config.databaseUrl, poolSize: 16, guarded: true, applicationName: 'tillflow-worker' }),
  openDatabase({ url: config.databaseUrl, poolSize: 4, applicationName: 'tillflow-relay' }),
]);
await registerSearchAttributes(door.connection, config.temporal.namespace);
await ensureSchedules(door);
await watchChains();
const telegram = createTelegram({ apiRoot: config.farEnds.telegram });
const context = {
  db,
  secrets: openSecrets(config.keys),
  gateways: createGateways({ config, telegram }),
  rates: createRateSources({ config }),
  chains: createChainSources({ config }),
  telegram,
  door,
  mode: config.mode,
  publicUrl: config.publicUrl,
};
const options = { connection, namespace: config.temporal.namespace, bundle, context };
const workers = [await createOrdersWorker(options), await createBackgroundWorker(options)];
const relay = startRelay({ db: relayDb, door, log, coins: followed });
const stop = () => {
  for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
};
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, stop);
log.info({ queues: Object.values(door.queues) }, 'worker ready');
// What one of them dies of ends the process, and with it the other.
await Promise.all(workers.map((worker) => worker.run()));
await relay.stop();
await Promise.all([db.close(true), relayDb.close(true), door.close(), connection.close()]);

/** A watch for every coin that can be followed; one that runs already goes on. */
async function watchChains(): Promise<void> {
  for (const coin of followed) {
    await startChainWatch(door, { coin, pauseSeconds: config.mode === 'sandbox' ? 5 : 20 });
  }
}

/** Temporal may come up after this process: wait for it rather than die. */
async function connect(): Promise<NativeConnection> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await NativeConnection.connect({ address: config.temporal.address });
    } catch (err) {
      if (attempt >= 60) throw err;
      await sleep(500);
    }
  }
}
