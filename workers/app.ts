/** The process people and providers talk to: the API, the bots and the pages. Any number may run; polling happens in one of them. */
import { serve } from '@hono/node-server';
import { createApi } from '../api/app.ts';
import { createBots } from '../bot/main.ts';
import { readConfig } from '../config.ts';
import { openDatabase } from '../db/orm.ts';
import { openSecrets } from '../db/secrets.ts';
import { createGateways } from '../gateways/payments/registry.ts';
import { createTelegram } from '../gateways/telegram.ts';
import { openDoor } from '../temporal/client.ts';
import { createAppPages } from '../web/app/pages.tsx';
import { createLog } from './log.ts';
import { keepRegistered } from './sandbox-registration.ts';

/** How long a stop waits for work in progress before the process ends all the same, ms. */
const stopDeadlineMs = 8_000;

const config = readConfig();
const log = createLog('app', config.logLevel);

for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
  process.on(event, (err: unknown) => {
    log.fatal({ err }, event);
    process.exit(1);
  });
}

if (!config.keys) {
  log.fatal('TILLFLOW_KEYS is not set: `npm start` makes one; in production set it for every process.');
  process.exit(1);
}

const secrets = openSecrets(config.keys);
const databaseUrl = { url: config.databaseUrl };
const apiDb = await openDatabase({ ...databaseUrl, poolSize: 8, applicationName: 'tillflow-api' });
const botDb = await openDatabase({ ...databaseUrl, poolSize: 4, applicationName: 'tillflow-bot' });
const door = openDoor(config);
const telegram = createTelegram({ apiRoot: config.farEnds.telegram });
const gateways = createGateways({ config, telegram });
const stopping = new AbortController();
const pages = { '/app': createAppPages({ config, log: log.child({ part: 'pages' }) }) };
const bots = createBots({ config, db: botDb, secrets, door, telegram, log: log.child({ part: 'bot' }) });
const app = createApi({
  config,
  db: apiDb,
  secrets,
  door,
  gateways,
  telegram,
  pages,
  signal: stopping.signal,
  handleTelegramUpdate: (shopId, update) => bots.handleUpdate(shopId, update as Parameters<typeof bots.handleUpdate>[1]),
  log: log.child({ part: 'api' }),
});

const server = serve({ fetch: app.fetch, hostname: config.host, port: config.ports.app }, ({ address, port }) => {
  log.info({ address, port, mode: config.mode }, 'listening');
});
server.on('error', (err) => {
  log.fatal({ err }, `Cannot listen on ${config.host}:${config.ports.app}: free the port or set TILLFLOW_APP_PORT.`);
  process.exit(1);
});

const registered = keepRegistered({ config, db: apiDb, secrets, log, signal: stopping.signal });
await bots.start();

async function stop(): Promise<void> {
  if (stopping.signal.aborted) return;
  stopping.abort();
  log.info('stopping');
  setTimeout(() => process.exit(1), stopDeadlineMs).unref();
  const closed = new Promise((resolve) => server.close(resolve));
  await bots.stop();
  if ('closeIdleConnections' in server) server.closeIdleConnections();
  await Promise.all([closed, registered]);
  await Promise.all([apiDb.close(true), botDb.close(true), door.close()]);
  process.exit(0);
}
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop());
