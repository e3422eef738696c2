/** The steps of an order: each one guarded transition in one transaction that answers the row's real state. */
import type { NetworkCoin } from '../domain/coin.ts';
import type { MethodName } from '../domain/payment.ts';
import { isUnsent } from '../domain/delivery.ts';
import type { CancelledBy } from '../domain/order.ts';
import type { OrderInput, OrderRow } from '../workflows/messages/order.ts';
import type { ActivityContext } from './context.ts';
import { failing } from './failure.ts';
import { advanceOrder } from './order/advance.ts';
import { openOrder } from './order/open.ts';
import { answerRow, inOrder, lockDeliveries, record, rejectedRow } from './order/row.ts';

/** `at`: workflow time, ms since epoch. The workflow owns time. */
interface At {
  readonly orderCode: string;
  readonly at: number;
}

export function createOrderActivities({ db }: Pick<ActivityContext, 'db'>) {
  const em = () => db.em.fork();
  return failing({
    /** Reserves units and freezes prices, for the wallet also pays; or answers the row as it stands. */
    open: ({ at, ...input }: OrderInput & At): Promise<OrderRow> => openOrder(em(), input, at),

    /** Somebody rang: reads the inbox and settles what is covered. */
    settle: ({ orderCode, at }: At): Promise<OrderRow> => advanceOrder(em(), { orderCode, event: { type: 'money' }, at, actor: 'system' }),

    /** Time passed: reminds, awaits the verdict of seen money, or ends the order when its time is over. */
    wake: ({ orderCode, at, closed }: At & { readonly closed?: boolean }): Promise<OrderRow> =>
      advanceOrder(em(), { orderCode, event: { type: 'wake', at }, at, actor: 'system', closed }),

    /** Another method within the hold; the wallet pays at once. */
    choose: ({
      orderCode,
      at,
      method,
      coin,
      customerId,
      attempt,
    }: At & {
      readonly method: MethodName;
      readonly coin?: NetworkCoin | null | undefined;
      readonly customerId: number;
      readonly attempt?: number;
    }): Promise<OrderRow> =>
      advanceOrder(em(), {
        orderCode,
        event: { type: 'choose', method, at },
        coin,
        at,
        actor: `customer:${customerId}`,
        customerId,
        attempt,
      }),

    /** A cancel by customer, staff or in the Temporal UI. Paid orders stay paid. */
    cancel: ({
      orderCode,
      at,
      by,
      actor,
      closed,
    }: At & { readonly by: CancelledBy; readonly actor: string; readonly closed?: boolean }): Promise<OrderRow> =>
      advanceOrder(em(), {
        orderCode,
        event: { type: 'cancel', by },
        at,
        actor,
        customerId: by === 'customer' ? Number(actor.split(':')[1]) : undefined,
        closed,
      }),

    /** Telegram refused for days: what is still unsent becomes a staff task. */
    leaveToStaff: ({ orderCode, at }: At): Promise<OrderRow> =>
      inOrder(em(), orderCode, async (tx, locked) => {
        if (!locked) return rejectedRow(orderCode, 'UnknownOrder');
        const deliveries = await lockDeliveries(tx, locked.order.id);
        const unsent = deliveries.filter((delivery) => isUnsent(delivery.status));
        for (const delivery of unsent) {
          // A send without an answer may have shown it: it is not taken back by a refund.
          if (delivery.status === 'sending') delivery.shownAt ??= new Date(at);
          delivery.status = 'staffTask';
        }
        if (unsent.length > 0) {
          locked.order.version += 1;
          // The customer's screen cannot be reached either; it is drawn again when the goods are sent again.
          locked.order.screenVersion = locked.order.version;
          record(locked, 'system', 'staffTask', new Date(at));
        }
        return answerRow({ ...locked, deliveries });
      }),
  });
}

export type OrderActivities = ReturnType<typeof createOrderActivities>;
