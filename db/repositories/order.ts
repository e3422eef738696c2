/** Named queries of orders: reads for people, and the row locks of the steps. */
import { type EndedBy, isPaid, type OrderLineView, type OrderStatus, type OrderView } from '../../domain/order.ts';
import type { Instructions, MethodName, ProviderName } from '../../domain/payment.ts';
import type { EntityManager } from '../orm.ts';
import { Delivery } from '../entities/delivery.ts';
import { Account } from '../entities/ledger.ts';
import { Order, OrderLine } from '../entities/order.ts';
import { Payment } from '../entities/payment.ts';
import { PickupPoint } from '../entities/pickup-point.ts';
import { Refund } from '../entities/refund.ts';

/** An order with everything a screen shows, or undefined. */
export async function findOrderView(em: EntityManager, code: string): Promise<OrderView | undefined> {
  const order = await em.findOne(Order, { code });
  return order ? (await viewOrders(em, [order]))[0] : undefined;
}

/** A customer's orders, newest first. */
export async function listOrderViews(
  em: EntityManager,
  where: { customerId: number },
  page: { limit: number; offset: number },
): Promise<{ orders: OrderView[]; total: number }> {
  const [orders, total] = await em.findAndCount(Order, where, { ...page, orderBy: { placedAt: 'desc', id: 'desc' } });
  return { orders: await viewOrders(em, orders), total };
}

/** Views of loaded orders, with one query a table however many orders there are. */
export async function viewOrders(em: EntityManager, orders: readonly Order[]): Promise<OrderView[]> {
  const orderIds = orders.map((order) => order.id);
  if (orderIds.length === 0) return [];
  const of = { orderId: { $in: orderIds } };
  const [lines, deliveries, payments, refunds, held] = await Promise.all([
    em.fork().find(OrderLine, of, { orderBy: { position: 'asc' } }),
    em.fork().find(Delivery, of),
    em.fork().find(Payment, of, { orderBy: { attempt: 'desc' } }),
    em.fork().find(Refund, of, { orderBy: { requestedAt: 'asc' } }),
    em.fork().find(Account, { ...of, kind: 'held' }),
  ]);
  const pointIds = [...new Set(lines.flatMap((line) => line.pickupPointId ?? []))];
  const points = pointIds.length > 0 ? await em.fork().find(PickupPoint, { id: { $in: pointIds } }) : [];
  const pointOf = new Map(points.map((point) => [point.id, point]));
  const deliveryOfLine = new Map(deliveries.map((delivery) => [delivery.orderLineId, delivery]));

  return orders.map((order): OrderView => {
    const ofOrder = payments.filter((payment) => payment.orderId === order.id);
    const current = ofOrder[0];
    return {
      code: order.code,
      shopId: order.shopId,
      customerId: order.customerId,
      status: order.status as OrderStatus,
      language: order.language,
      currency: order.currency,
      total: order.total,
      starsTotal: order.starsTotal ?? null,
      tax: order.tax,
      method: order.method as MethodName,
      methods: order.methods as MethodName[],
      held: held.find((account) => account.orderId === order.id)?.balance ?? 0,
      toWallet: countUnneeded(order, ofOrder),
      fromBasket: order.fromBasket,
      wasUnfulfillable: refunds.some((refund) => refund.orderId === order.id && refund.reason === 'unfulfillable'),
      onItsWay: ofOrder.some((payment) => payment.status === 'processing'),
      placedAt: order.placedAt.getTime(),
      holdEndsAt: order.holdEndsAt.getTime(),
      paidAt: order.paidAt?.getTime() ?? null,
      endedBy: (order.endedBy as EndedBy | null) ?? null,
      reminded: order.remindedAt != null,
      version: order.version,
      lines: lines.filter((line) => line.orderId === order.id).map((line) => viewLine(line, deliveryOfLine.get(line.id), pointOf)),
      payment: current
        ? {
            id: current.id,
            provider: current.provider as ProviderName,
            status: current.status,
            amount: current.amount,
            currency: current.currency,
            instructions: (current.instructions as Instructions | null) ?? null,
          }
        : null,
      refunds: refunds
        .filter((refund) => refund.orderId === order.id)
        .map(({ id, amount, currency, status, scope }) => ({ id, amount, currency, status, scope })),
    };
  });
}

/** Money meant for the order that it did not need: all of it when it ended unpaid, what is over when it was paid. Late money is told apart. */
function countUnneeded(order: Order, payments: readonly Payment[]): number {
  const inTime = payments.filter((payment) => payment.currency === order.currency && !payment.paidLate);
  const sum = (of: readonly Payment[]) => of.reduce((total, payment) => total + payment.received, 0);
  if (order.status === 'expired' || order.status === 'cancelled') return sum(inTime);
  const spent = inTime.filter((payment) => payment.applied > 0);
  return isPaid(order.status as OrderStatus) && spent.length > 0 ? Math.max(0, sum(spent) - order.total) : 0;
}

function viewLine(line: OrderLine, delivery: Delivery | undefined, pointOf: Map<number, PickupPoint>): OrderLineView {
  const point = line.pickupPointId == null ? undefined : pointOf.get(line.pickupPointId);
  return {
    id: line.id,
    productId: line.productId,
    kind: line.kind as OrderLineView['kind'],
    title: line.title,
    quantity: line.quantity,
    basePrice: line.basePrice,
    discountPercent: line.discountPercent,
    price: line.price,
    starsPrice: line.starsPrice ?? null,
    delivery: delivery
      ? { id: delivery.id, status: delivery.status, handoverCode: delivery.handoverCode ?? null, shown: delivery.shownAt != null }
      : null,
    pickupPoint: point
      ? {
          id: point.id,
          city: point.city,
          district: point.district,
          name: point.name,
          address: point.address,
          hours: point.hours,
          latitude: point.latitude ?? null,
          longitude: point.longitude ?? null,
          instructions: point.instructions,
          photoId: point.photoId ?? null,
        }
      : null,
  };
}
