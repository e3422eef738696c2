/**
 * The floor: a web server and a job queue in PostgreSQL, which remembers what is to be done but not how far a story has come.
 * Arguments: port, database, Bot API.
 */
import { Logger, run } from 'graphile-worker';
import pg from 'pg';
import { serveDoor } from '../door.ts';
import * as shop from '../shop.ts';
import type { PeerTap, Query } from '../shop.ts';
import { createBot } from '../telegram.ts';
import { inTransaction } from '../transaction.ts';

const [port = '', databaseUrl = '', botApi = ''] = process.argv.slice(2);
const bot = createBot(botApi);
const pool = new pg.Pool({ connectionString: databaseUrl, max: 32 });
const taps = new Map<string, PeerTap>();
const ended = new Map<string, { promise: Promise<string>; resolve: (status: string) => void }>();

/** In the caller's transaction: the job exists exactly when what it follows from is committed. */
const addJob = (query: Query, task: string, tap: PeerTap) =>
  query('select graphile_worker.add_job($1, $2::json)', [task, JSON.stringify(tap)]);

async function settle(query: Query, tap: PeerTap): Promise<void> {
  await shop.settle(query, tap);
  await shop.allot(query, tap);
  await shop.writeLedger(query, tap);
  await addJob(query, 'deliver', tap);
}

await run({
  pgPool: pool,
  preset: { worker: { concurrentJobs: 16, localQueue: { size: 17 }, completeJobBatchDelay: 0, failJobBatchDelay: 0 } },
  logger: new Logger(() => () => undefined),
  taskList: {
    showInvoice: (tap) => bot.showInvoice(tap as PeerTap),
    async deliver(payload) {
      const tap = payload as PeerTap;
      const goods = await inTransaction(pool, (query) => shop.readGoods(query, tap));
      if (goods !== undefined) {
        const messageId = await bot.sendGoods(tap, goods);
        await inTransaction(pool, (query) => shop.markDelivered(query, tap, messageId));
      }
      await bot.showDelivered(tap);
      ended.get(tap.orderCode)?.resolve('delivered');
    },
  },
});

await serveDoor(Number(port), {
  async place(tap) {
    taps.set(tap.orderCode, tap);
    ended.set(tap.orderCode, Promise.withResolvers<string>());
    await inTransaction(pool, async (query) => {
      await shop.reserve(query, tap);
      await shop.createPayment(query, tap);
      if (tap.method === 'wallet') await settle(query, tap);
      else await addJob(query, 'showInvoice', tap);
    });
  },
  async pay(orderCode) {
    const tap = taps.get(orderCode) as PeerTap;
    await inTransaction(pool, (query) => settle(query, tap));
  },
  async result(orderCode) {
    const status = await ended.get(orderCode)?.promise;
    ended.delete(orderCode);
    taps.delete(orderCode);
    return status ?? 'unknown';
  },
});
