import type { Pool } from 'pg';
import * as shop from '../shop.ts';
import type { PeerTap, Query } from '../shop.ts';
import type { Bot } from '../telegram.ts';
import { inTransaction } from '../transaction.ts';

/** The seven steps, each one transaction or one call. */
export function createActivities(pool: Pool, bot: Bot) {
  const step =
    <Result>(work: (query: Query, tap: PeerTap) => Promise<Result>) =>
    (tap: PeerTap): Promise<Result> =>
      inTransaction(pool, (query) => work(query, tap));
  return {
    reserve: step(shop.reserve),
    createPayment: step(shop.createPayment),
    settle: step(shop.settle),
    allot: step(shop.allot),
    async deliver(tap: PeerTap): Promise<void> {
      const goods = await step(shop.readGoods)(tap);
      if (goods === undefined) return;
      const messageId = await bot.sendGoods(tap, goods);
      await inTransaction(pool, (query) => shop.markDelivered(query, tap, messageId));
    },
    writeLedger: step(shop.writeLedger),
    notify: (tap: PeerTap, status: 'awaitingPayment' | 'delivered'): Promise<void> =>
      status === 'delivered' ? bot.showDelivered(tap) : bot.showInvoice(tap),
  };
}

export type Activities = ReturnType<typeof createActivities>;
