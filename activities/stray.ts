/** Money that found no open order: applied to the closed order it names, or laid in suspense for a person. */
import { Deposit } from '../db/entities/deposit.ts';
import { Inbox } from '../db/entities/inbox.ts';
import { Order } from '../db/entities/order.ts';
import { Shop } from '../db/entities/shop.ts';
import type { EntityManager } from '../db/orm.ts';
import type { StrayInput, StraySorted } from '../workflows/messages/stray.ts';
import type { ActivityContext } from './context.ts';
import { failing } from './failure.ts';
import { laySuspense } from './payment/suspense.ts';

export function createStrayActivities({ db }: Pick<ActivityContext, 'db'>) {
  return failing({
    /** Codes of the orders and deposits that this money's waiting rows name; rows that name none get their outcome here. */
    async sortStray({ shopId, provider, objectId, at }: StrayInput & { readonly at: number }): Promise<StraySorted> {
      return db.em.fork().transactional(async (em) => {
        const rows = await em.find(Inbox, {
          shopId,
          provider: provider as Inbox['provider'],
          objectId,
          outcome: null,
          verdict: 'verified',
        });
        const orderIds = [...new Set(rows.flatMap((row) => row.orderId ?? []))];
        const orders = await em.find(Order, { id: { $in: orderIds } });
        const depositIds = [...new Set(rows.flatMap((row) => row.depositId ?? []))];
        const deposits = await em.find(Deposit, { id: { $in: depositIds } });
        for (const row of rows.filter(({ orderId, depositId }) => orderId == null && depositId == null))
          await suspend(em, row, new Date(at));
        return { orderCodes: orders.map((order) => order.code), depositCodes: deposits.map((deposit) => deposit.code) };
      });
    },
  });
}

/** Names nothing of ours: our money all the same when it reached our account in our currency; a person finds its owner. */
async function suspend(em: EntityManager, row: Inbox, at: Date): Promise<void> {
  row.appliedAt = at;
  if (row.paymentId == null) {
    row.outcome = 'notOurs';
    row.outcomeReason = 'names no payment';
    return;
  }
  row.outcome = 'suspense';
  row.outcomeReason = 'names a payment this shop does not have';
  await laySuspense(em, await em.findOneOrFail(Shop, { id: row.shopId }), row, at);
}

export type StrayActivities = ReturnType<typeof createStrayActivities>;
