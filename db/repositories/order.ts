/** Named queries of orders: views for people. */
import { claimableKinds } from '../../domain/claim.ts';
import { type EndedBy, isPaid, type OrderLineView, type OrderStatus, type OrderView } from '../../domain/order.ts';
import type { Instructions, MethodName, ProviderName } from '../../domain/payment.ts';
import { isBlocking, isOpen } from '../../domain/reversal.ts';
import type { Delivery } from '../entities/delivery.ts';
import { Order, type OrderLine } from '../entities/order.ts';
import type { PickupPoint } from '../entities/pickup-point.ts';
import type { EntityManager } from '../orm.ts';
import { run } from '../prepared.ts';
import { loadOrder, loadOrders, type OrderRows, type PaymentInStep } from './order-rows.ts';

/** An order with everything a screen shows, or undefined. */
export async function findOrderView(em: EntityManager, code: string): Promise<OrderView | undefined> {
  const rows = await loadOrder(em, code);
  return rows && viewOrder(rows);
}

/** A customer's orders, newest first. */
export async function listOrderViews(
  em: EntityManager,
  where: { customerId: number },
  page: { limit: number; offset: number },
): Promise<{ orders: OrderView[]; total: number }> {
  const [orders, total] = await em.findAndCount(Order, where, { ...page, fields: ['id'], orderBy: { placedAt: 'desc', id: 'desc' } });
  const rows = await loadOrders(
    em,
    orders.map((order) => order.id),
  );
  return { orders: rows.map(viewOrder), total };
}

const newest = (after: string) => `
  select o.id from "order" o where o.customer_id = $1 ${after} order by o.placed_at desc, o.id desc limit $2`;
const newestOfAll = newest('');
const newestAfter = newest('and (o.placed_at, o.id) < (select a.placed_at, a.id from "order" a where a.id = $3 and a.customer_id = $1)');

/** The same from after an order on, by its id. @returns the last one's id as `next` when there are more */
export async function listOrdersFrom(
  em: EntityManager,
  customerId: number,
  { after, limit }: { readonly after: number | undefined; readonly limit: number },
): Promise<{ readonly orders: OrderView[]; readonly next: number | null }> {
  const found = await run<{ id: string }>(em, after === undefined ? newestOfAll : newestAfter, [
    customerId,
    limit + 1,
    ...(after === undefined ? [] : [after]),
  ]);
  const ids = found.slice(0, limit).map(({ id }) => Number(id));
  return { orders: (await loadOrders(em, ids)).map(viewOrder), next: found.length > limit ? (ids.at(-1) ?? null) : null };
}

/** What people see of an order's rows. */
export function viewOrder({ order, lines, points, deliveries, payments, refunds, reversals, held }: OrderRows): OrderView {
  const current = payments.at(-1);
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
    promo: order.promoCode == null ? null : viewPromo(order.promoCode, lines),
    method: order.method as MethodName,
    methods: order.methods as MethodName[],
    held: held.total,
    toWallet: countUnneeded(order, payments),
    tolerated: payments.reduce((sum, payment) => sum + payment.tolerated, 0),
    fromBasket: order.fromBasket,
    wasUnfulfillable: refunds.some((refund) => refund.reason === 'unfulfillable'),
    onItsWay: payments.some((payment) => payment.status === 'processing'),
    placedAt: order.placedAt.getTime(),
    holdEndsAt: order.holdEndsAt.getTime(),
    paidAt: order.paidAt?.getTime() ?? null,
    endedBy: (order.endedBy as EndedBy | null) ?? null,
    reminded: order.remindedAt != null,
    version: order.version,
    lines: lines.map((line) =>
      viewLine(
        order,
        line,
        deliveries.find((delivery) => delivery.orderLineId === line.id),
        points.find((point) => point.id === line.pickupPointId),
      ),
    ),
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
    refunds: refunds.map(({ id, amount, currency, status, scope }) => ({ id, amount, currency, status, scope })),
    dispute: viewDispute(reversals),
  };
}

function viewPromo(code: string, lines: readonly OrderLine[]): NonNullable<OrderView['promo']> {
  const saved = lines.reduce((sum, line) => sum + line.codeDiscount, 0);
  return { code, saved, savedStars: lines.reduce((sum, line) => sum + line.codeStars, 0) };
}

function viewDispute(reversals: OrderRows['reversals']): OrderView['dispute'] {
  const open = reversals.filter(isOpen);
  const [first] = open;
  if (!first) return null;
  return { blocks: open.some(isBlocking), taken: open.reduce((sum, { amount }) => sum + amount, 0), currency: first.currency };
}

/** Money meant for the order that it did not need: all of it when it ended unpaid, what is over when it was paid. Late money is told apart. */
function countUnneeded(order: Order, payments: readonly PaymentInStep[]): number {
  const inTime = payments.filter((payment) => payment.currency === order.currency && !payment.paidLate);
  const sum = (of: readonly PaymentInStep[]) => of.reduce((total, payment) => total + payment.received, 0);
  if (order.status === 'expired' || order.status === 'cancelled') return sum(inTime);
  const spent = inTime.filter((payment) => payment.applied > 0);
  return isPaid(order.status as OrderStatus) && spent.length > 0 ? Math.max(0, sum(spent) - order.total) : 0;
}

function viewLine(
  order: Pick<Order, 'deliveredAt'>,
  line: OrderLine,
  delivery: Delivery | undefined,
  point: PickupPoint | undefined,
): OrderLineView {
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
    creditAmount: line.creditAmount ?? null,
    accessSeconds: line.accessSeconds ?? null,
    warrantyUntil: warrantyUntil(order, line, delivery),
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

/** Until when something may be claimed of a line; null when nothing may, or when it was not collected yet. */
function warrantyUntil(
  order: Pick<Order, 'deliveredAt'>,
  { warrantyDays, kind }: OrderLine,
  delivery: Delivery | undefined,
): number | null {
  const from = delivery?.handedOverAt ?? order.deliveredAt;
  const isTheirs = delivery?.status === 'handedOver' || (delivery?.status === 'sent' && delivery.handoverCode == null);
  if (warrantyDays == null || from == null || !isTheirs || !claimableKinds.includes(kind)) return null;
  return from.getTime() + warrantyDays * 86_400_000;
}
