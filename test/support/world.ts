/** The whole product in one process for a test: a shop, a worker, the API, and the sandbox's far ends on loopback. */
import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { DefaultLogger, NativeConnection, Runtime, type Worker } from '@temporalio/worker';
import { Hono } from 'hono';
import { pino } from 'pino';
import { createApi } from '../../api/app.ts';
import type { VisitLimits } from '../../api/visitor/limits.ts';
import { type Config, readConfig } from '../../config.ts';
import type { Customer } from '../../db/entities/customer.ts';
import { insertInboxRow, type InboxRow } from '../../db/repositories/inbox.ts';
import { findAccount } from '../../db/repositories/provider-account.ts';
import { createGateways } from '../../gateways/payments/registry.ts';
import { type ChainSources, createChainSources } from '../../gateways/chain/sources.ts';
import { createRateSources } from '../../gateways/rates.ts';
import { createTelegram, type Telegram } from '../../gateways/telegram.ts';
import { createContext, type SandboxContext } from '../../sandbox/context.ts';
import { createChains } from '../../sandbox/chain/index.ts';
import { createRates } from '../../sandbox/rates/index.ts';
import { nowPaymentsOf } from '../../sandbox/nowpayments/far-end.ts';
import { createNowPayments, createNowPaymentsControl } from '../../sandbox/nowpayments/index.ts';
import { createStripe, createStripeControl } from '../../sandbox/stripe/index.ts';
import { farEndOf } from '../../sandbox/stripe/far-end.ts';
import { createTelegram as createTelegramFarEnd } from '../../sandbox/telegram/index.ts';
import { openDoor, queueNames, type Door } from '../../temporal/client.ts';
import { orderWorkflowId } from '../../workflows/messages/order.ts';
import { workflowBundle } from '../../workers/bundle.ts';
import { createBackgroundWorker } from '../../workers/background.ts';
import { createOrdersWorker } from '../../workers/orders.ts';
import { coinKeysOf, giveCoinAccount, giveOffers, giveRates } from './coins.ts';
import { makeTestShop, testKeys, type TestShop } from './shop.ts';
import { testTemporal } from './temporal.ts';
import { cacheDir } from '../../supervisor/temporal-binary.ts';

// Refusals are what these tests are about; their log lines would bury what failed.
Runtime.install({ logger: new DefaultLogger('ERROR'), telemetryOptions: { logging: { filter: 'ERROR' } }, shutdownSignals: [] });

export interface World extends TestShop {
  readonly config: Config;
  readonly door: Door;
  readonly telegram: Telegram;
  readonly sandbox: SandboxContext;
  readonly origin: string;
  readonly apiOrigin: string;
  /** A person of the sandbox with a chat open, who is a customer of the shop. */
  addPerson(money?: { cash?: number; bonus?: number }, language?: string): Promise<Customer>;
  /** Control API of the sandbox. */
  control<Answer = Record<string, unknown>>(path: string, body?: object): Promise<Answer>;
  /** Texts in a customer's chat with the bot, oldest first. */
  chat(customer: { chatId: number }): Promise<ChatLine[]>;
  /** What a provider says, straight into the inbox, as a verified webhook. */
  say(orderCode: string, row: Partial<InboxRow>): Promise<void>;
  /** Objects of money that were said like that: the far end never had them, so its statement lacks them. */
  readonly said: ReadonlySet<string>;
  startWorker(options?: { maxCachedWorkflows?: number }): Promise<void>;
  /** Ends the worker as a stop does; a kill is what the fault tests do to a process. */
  stopWorker(): Promise<void>;
  /** Names of the events of an order's history, in order. */
  eventsOf(orderCode: string): Promise<string[]>;
  resultOf(orderCode: string): Promise<{ status: string }>;
  /** Sets the far ends' clock, ms since epoch; a server that skips time runs ahead of them. */
  setFarClock(now: number): void;
}

export interface ChatLine {
  readonly id: number;
  readonly text: string;
  readonly buttons: string[];
}

/** Starts it. With `env` the workflows live on a server that skips time, else on the run's own. */
export async function startWorld(
  options: { env?: TestWorkflowEnvironment; worker?: boolean; limits?: VisitLimits; chains?: ChainSources } = {},
): Promise<World> {
  const shop = await makeTestShop();
  const far = await serveFarEnds();
  const temporal = testTemporal();
  const base = readConfig({ TILLFLOW_KEYS: testKeys, TILLFLOW_LOG_LEVEL: 'silent', TILLFLOW_SANDBOX_PORT: String(far.port) });
  const config: Config = { ...base, databaseUrl: shop.database.appUrl, temporal: { ...base.temporal, ...temporal } };
  const { env } = options;
  const door: Door = env
    ? { client: env.client, connection: env.connection, queues: queueNames(temporal.queuePrefix), close: async () => undefined }
    : openDoor(config);
  // Telegram's limits have tests of their own; here a clock that leaps keeps them from slowing every other test.
  let ticks = 0;
  const telegram = createTelegram({ apiRoot: config.farEnds.telegram, clock: () => (ticks += 2_000) });
  const gateways = createGateways({ config, telegram });
  const api = createApi({
    config,
    db: shop.db,
    secrets: shop.secrets,
    door,
    gateways,
    telegram,
    ...(options.limits ? { limits: options.limits } : {}),
    handleTelegramUpdate: async () => undefined,
    log: pino({ level: 'silent' }),
  });
  const apiServer = await listen(api);
  const token = shop.secrets.open({ table: 'shop', column: 'bot_token', id: shop.shop.id }, shop.shop.botToken as Uint8Array);
  await far.control('/bots', { token, username: shop.shop.botUsername, name: 'Test shop' });
  const stripe = await findAccount(shop.db.em.fork(), shop.shop.id, 'stripe');
  await far.control('/stripe/accounts', {
    secretKey: `sk_test_${shop.shop.botId}`,
    webhookSecret: `whsec_${shop.shop.botId}`,
    webhookUrl: `${apiServer.origin}/webhooks/stripe/${stripe?.endpointId}`,
  });

  const since = new Date(Date.now() - 60_000);
  const coinAccountId = await giveCoinAccount(shop.db.em.fork(), shop.secrets, shop.shop);
  await giveOffers(shop.db.em.fork(), coinAccountId, since);
  await giveRates(shop.db.em.fork(), since);
  await far.control('/nowpayments/accounts', coinKeysOf(shop.shop));

  const connection = env ? env.nativeConnection : await NativeConnection.connect({ address: temporal.address });
  const namespace = env ? (env.namespace ?? 'default') : temporal.namespace;
  const bundle = await workflowBundle(cacheDir());
  let running: { workers: Worker[]; done: Promise<unknown> } | undefined;
  let events = 0;
  const said = new Set<string>();

  const world: World = {
    ...shop,
    config,
    door,
    telegram,
    sandbox: far.context,
    origin: far.origin,
    apiOrigin: apiServer.origin,
    control: far.control,
    async addPerson(money = {}, language = 'en') {
      const customer = await shop.addCustomer(money);
      await far.control('/people', { id: customer.telegramUserId, firstName: 'Ada', languageCode: language });
      await far.control('/messages', { bot: shop.shop.botUsername, person: customer.telegramUserId, text: '/start' });
      if (language !== 'en') await shop.db.em.fork().execute('update customer set language = ? where id = ?', [language, customer.id]);
      return customer;
    },
    async chat(customer) {
      const path = `/chats/${customer.chatId}/messages?person=${customer.chatId}&bot=${shop.shop.botUsername}&limit=100`;
      const answer = await far.control<{ messages: RawMessage[] } | RawMessage[]>(path);
      const messages = Array.isArray(answer) ? answer : answer.messages;
      return messages.map((message) => ({
        id: message.id,
        text: message.text ?? '',
        buttons: (message.replyMarkup?.inline_keyboard ?? []).flat().map((button) => button.text),
      }));
    },
    said,
    async say(orderCode, row) {
      events += 1;
      const provider = row.provider ?? 'stripe';
      const { objectId = `money_${orderCode}`, kind = 'settled' } = row;
      if (kind === 'settled') said.add(objectId);
      const account = await findAccount(shop.db.em.fork(), shop.shop.id, provider);
      await insertInboxRow(shop.db.em.fork(), {
        shopId: shop.shop.id,
        provider,
        accountId: account?.id,
        source: 'webhook',
        eventId: `evt_${events}`,
        type: 'payment_intent.succeeded',
        verdict: 'verified',
        kind,
        objectId,
        paymentId: `${orderCode}-1`,
        amount: provider === 'stars' ? 2500 : 5000,
        currency: provider === 'stars' ? 'XTR' : 'PLN',
        liveMode: false,
        providerAt: new Date(),
        body: Buffer.from('{}'),
        ...row,
      });
    },
    async startWorker({ maxCachedWorkflows } = {}) {
      const context = {
        db: shop.db,
        secrets: shop.secrets,
        gateways,
        rates: createRateSources({ config }),
        chains: options.chains ?? createChainSources({ config }),
        telegram,
        door,
        mode: 'sandbox' as const,
        publicUrl: apiServer.origin,
      };
      const worker = await createOrdersWorker({
        connection,
        namespace,
        bundle,
        context,
        ...(maxCachedWorkflows ? { maxCachedWorkflows } : {}),
      });
      const background = await createBackgroundWorker({ connection, namespace, bundle, context });
      const workers = [worker, background];
      running = { workers, done: Promise.all(workers.map((one) => one.run())) };
    },
    async stopWorker() {
      if (!running) return;
      for (const worker of running.workers) worker.shutdown();
      await running.done;
      running = undefined;
    },
    async eventsOf(orderCode) {
      const history = await door.client.workflow.getHandle(orderWorkflowId(orderCode)).fetchHistory();
      return (history.events ?? []).map((event) => {
        const attributes = Object.keys(event).find((key) => key.endsWith('EventAttributes')) ?? 'unknown';
        return attributes.replace('EventAttributes', '');
      });
    },
    resultOf: (orderCode) => door.client.workflow.getHandle(orderWorkflowId(orderCode)).result() as Promise<{ status: string }>,
    setFarClock: far.setClock,
    async close() {
      await world.stopWorker();
      await apiServer.stop();
      await far.stop();
      if (!env) await Promise.all([connection.close(), door.close()]);
      await shop.close();
    },
  };
  if (options.worker !== false) await world.startWorker();
  return world;
}

interface RawMessage {
  readonly id: number;
  readonly text?: string;
  readonly replyMarkup?: { readonly inline_keyboard?: { readonly text: string }[][] };
}

async function serveFarEnds() {
  const state = { aheadMs: 0 };
  const context = createContext(readConfig({}), { file: ':memory:', clock: () => Date.now() + state.aheadMs });
  const telegram = createTelegramFarEnd(context);
  const rates = createRates(context);
  const chains = createChains(context);
  const app = new Hono();
  app.route('/telegram', telegram.botApi);
  app.route('/stripe', createStripe(context));
  app.route('/sandbox/stripe', createStripeControl(context));
  app.route('/nowpayments', createNowPayments(context));
  app.route('/sandbox/nowpayments', createNowPaymentsControl(context));
  app.route('/coingecko', rates.coingecko);
  app.route('/coinbase', rates.coinbase);
  app.route('/sandbox/rates', rates.control);
  app.route('/chain', chains.esplora);
  app.route('/sandbox/chain', chains.control);
  app.route('/sandbox', telegram.chatApi);
  const server = await listen(app);
  await context.deliveries.start();
  return {
    context,
    setClock(now: number) {
      state.aheadMs = now - Date.now();
    },
    origin: server.origin,
    port: server.port,
    async control<Answer = Record<string, unknown>>(path: string, body?: object): Promise<Answer> {
      const init = body && { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
      const response = await fetch(`${server.origin}/sandbox${path}`, init);
      const answer = (await response.json()) as Answer;
      if (!response.ok) throw new Error(`${path}: ${response.status} ${JSON.stringify(answer)}`);
      return answer;
    },
    async stop() {
      telegram.stop();
      farEndOf(context).stop();
      nowPaymentsOf(context).stop();
      await context.deliveries.stop();
      await server.stop();
      context.store.close();
    },
  };
}

async function listen(app: Hono) {
  // A process that stands still for seconds must not find its connections closed in the instant it uses them.
  const serverOptions = { keepAliveTimeout: 120_000 };
  const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0, serverOptions });
  await new Promise<void>((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    origin: `http://127.0.0.1:${port}`,
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        if ('closeAllConnections' in server) server.closeAllConnections();
      }),
  };
}
