/** Sending goods again, and handing them over. */
import { isPaid, type OrderStatus } from '../domain/order.ts';
import { Delivery } from '../db/entities/delivery.ts';
import type { DeliveryAnswer, DeliveryInput } from '../workflows/messages/delivery.ts';
import type { ActivityContext } from './context.ts';
import { failing } from './failure.ts';
import { whyHeld } from './reversal/hold.ts';
import { changeStatus, inOrder, lockDeliveries, record } from './order/row.ts';

export function createDeliveryActivities({ db }: Pick<ActivityContext, 'db'>) {
  return failing({
    /** Puts an order's goods back to be sent: those sent, those left to staff. Revoked and handed over ones stay as they are. */
    async prepareResend({ orderCode, actor, at }: DeliveryInput & { readonly at: number }): Promise<DeliveryAnswer> {
      return await inOrder<DeliveryAnswer>(db.em.fork(), orderCode, async (em, locked) => {
        if (!locked) return { ok: false, rejected: 'UnknownOrder' };
        const { order } = locked;
        if (!isPaid(order.status as OrderStatus)) return { ok: false, rejected: 'NotPaid' };
        // The money went back; what the customer has seen by then they may still look at, but nothing is sent any more.
        if (order.status === 'refunded') return { ok: false, rejected: 'NothingToSend' };
        if (actor?.startsWith('customer:') && actor !== `customer:${order.customerId}`) return { ok: false, rejected: 'NotYours' };
        const deliveries = (await lockDeliveries(em, order.id)).filter(({ status }) => status !== 'revoked' && status !== 'handedOver');
        if (deliveries.length === 0) return { ok: false, rejected: 'NothingToSend' };
        // Started again from its rows: what waits goes on waiting, nothing is sent a second time.
        if (actor === undefined) return { ok: true };
        // What was shown may be shown again whoever disputes what; what was not waits.
        const why = deliveries.some(({ shownAt }) => shownAt == null) ? await whyHeld(em, locked, actor) : undefined;
        if (why) return { ok: false, rejected: why };
        for (const delivery of deliveries) {
          if (delivery.status === 'sending') continue;
          delivery.status = 'waiting';
          delivery.attempts = 0;
        }
        record(locked, actor, 'resend', new Date(at));
        return { ok: true };
      });
    },

    /** Staff confirmed the customer's handover code: the goods of one line are theirs now. */
    async handOver({
      orderCode,
      orderLineId,
      actor,
      at,
    }: {
      readonly orderCode: string;
      readonly orderLineId: number;
      readonly actor: string;
      readonly at: number;
    }): Promise<DeliveryAnswer> {
      return await inOrder<DeliveryAnswer>(db.em.fork(), orderCode, async (em, locked) => {
        if (!locked) return { ok: false, rejected: 'UnknownOrder' };
        const { order } = locked;
        const delivery = (await lockDeliveries(em, order.id)).find((candidate) => candidate.orderLineId === orderLineId);
        if (!isPaid(order.status as OrderStatus) || !delivery) return { ok: false, rejected: 'NotPaid' };
        if (delivery.status === 'handedOver') return { ok: true };
        if (delivery.status === 'revoked' || delivery.handoverCode == null) return { ok: false, rejected: 'NothingToSend' };
        const why = await whyHeld(em, locked, actor);
        if (why) return { ok: false, rejected: why };
        delivery.status = 'handedOver';
        delivery.handedOverAt = new Date(at);
        delivery.handedOverBy = actor;
        await em.flush();
        const waiting = await em.count(Delivery, { orderId: order.id, status: { $in: ['waiting', 'sending', 'staffTask'] } });
        record(locked, actor, 'handedOver', new Date(at), { after: { orderLineId } });
        if (order.status === 'paid' && waiting === 0) {
          order.deliveredAt = new Date(at);
          order.closedAt = new Date(at);
          changeStatus(locked, 'delivered', actor, new Date(at));
        } else order.version += 1;
        return { ok: true };
      });
    },
  });
}

export type DeliveryActivities = ReturnType<typeof createDeliveryActivities>;
