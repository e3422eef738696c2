/**
 * The shop as DBOS's documents would have it: one process that serves the web and runs the workflows, after their shop with a checkout.
 * Arguments: port, database, Bot API.
 */
import { DBOS } from '@dbos-inc/dbos-sdk';
import pg from 'pg';
import { serveDoor } from '../door.ts';
import * as shop from '../shop.ts';
import type { PeerTap, Query } from '../shop.ts';
import { createBot } from '../telegram.ts';
import { inTransaction } from '../transaction.ts';

const [port = '', databaseUrl = '', botApi = ''] = process.argv.slice(2);
const bot = createBot(botApi);
const pool = new pg.Pool({ connectionString: databaseUrl, max: 16 });

/** A step that is one transaction of the shop. Its rows make it repeatable; no data source is published for this version of the SDK. */
const step = <Result>(name: string, work: (query: Query) => Promise<Result>) => DBOS.runStep(() => inTransaction(pool, work), { name });
const call = <Result>(name: string, work: () => Promise<Result>) => DBOS.runStep(work, { name, retriesAllowed: true });

const settle = (tap: PeerTap) =>
  step('settle', async (query) => {
    await shop.settle(query, tap);
    await shop.allot(query, tap);
    await shop.writeLedger(query, tap);
  });

const buy = DBOS.registerWorkflow(
  async (tap: PeerTap): Promise<'delivered' | 'expired'> => {
    const paymentId = await step('place', async (query) => {
      await shop.reserve(query, tap);
      return shop.createPayment(query, tap);
    });
    if (tap.method === 'wallet') await settle(tap);
    await DBOS.setEvent('payment', paymentId);
    if (tap.method !== 'wallet') {
      await call('showInvoice', () => bot.showInvoice(tap));
      if (!(await DBOS.recv<string>('paid', 900))) return 'expired';
      await settle(tap);
    }
    const goods = await step('readGoods', (query) => shop.readGoods(query, tap));
    if (goods !== undefined) {
      const messageId = await call('deliver', () => bot.sendGoods(tap, goods));
      await step('markDelivered', (query) => shop.markDelivered(query, tap, messageId));
    }
    await call('notify', () => bot.showDelivered(tap));
    return 'delivered';
  },
  { name: 'buy' },
);

DBOS.setConfig({ name: 'shop', systemDatabaseUrl: databaseUrl, logLevel: 'warn' });
await DBOS.launch();

const running = new Map<string, Promise<string>>();
await serveDoor(Number(port), {
  async place(tap) {
    const handle = await DBOS.startWorkflow(buy, { workflowID: tap.orderCode })(tap);
    running.set(tap.orderCode, handle.getResult());
    await DBOS.getEvent(tap.orderCode, 'payment', 60);
  },
  pay: (orderCode) => DBOS.send(orderCode, 'paid', 'paid'),
  async result(orderCode) {
    const result = await running.get(orderCode);
    running.delete(orderCode);
    return result ?? 'unknown';
  },
});
