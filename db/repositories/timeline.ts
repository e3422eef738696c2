/** What happened to an order, step by step, for people who look: from its audit, inbox, payments, deliveries and refunds. */
import { type Money, toDecimal } from '../../domain/money.ts';
import { formatOrderCode } from '../../domain/order-code.ts';
import { isUnpaid, type OrderStatus } from '../../domain/order.ts';
import { Audit } from '../entities/audit.ts';
import { Delivery } from '../entities/delivery.ts';
import { Inbox } from '../entities/inbox.ts';
import { Order, OrderLine } from '../entities/order.ts';
import { Payment } from '../entities/payment.ts';
import { Receipt } from '../entities/receipt.ts';
import { Refund } from '../entities/refund.ts';
import type { EntityManager } from '../orm.ts';

export interface TimelineStep {
  /** ISO time. */
  readonly at: string;
  readonly what: string;
  readonly detail: string | null;
}

export interface OrderTimeline {
  /** As people see it: `K7Q4-MX2P`. */
  readonly code: string;
  readonly status: OrderStatus;
  /** Minor units. */
  readonly total: Money;
  /** ISO time; null once the hold no longer counts. */
  readonly holdEndsAt: string | null;
  readonly steps: readonly TimelineStep[];
}

/** Steps in the order they happened, or undefined when there is no such order. `code` without the dash. */
export async function orderTimeline(em: EntityManager, code: string): Promise<OrderTimeline | undefined> {
  const order = await em.findOne(Order, { code });
  if (!order) return undefined;
  const ofOrder = { orderId: order.id };
  const audit = await em.find(Audit, { subject: 'order', subjectId: code }, { orderBy: { id: 'asc' } });
  const inbox = await em.find(Inbox, ofOrder, { orderBy: { id: 'asc' } });
  const payments = await em.find(Payment, ofOrder, { orderBy: { attempt: 'asc' } });
  const deliveries = await em.find(Delivery, ofOrder, { orderBy: { id: 'asc' } });
  const lines = await em.find(OrderLine, ofOrder);
  const refunds = await em.find(Refund, ofOrder, { orderBy: { requestedAt: 'asc' } });
  const receipts = await em.find(Receipt, ofOrder);
  const titleOf = (delivery: Delivery) => lines.find((line) => line.id === delivery.orderLineId)?.title ?? '';
  const told = audit.filter((entry) => !isToldElsewhere(entry));
  // Steps of one instant are told in this order: what is asked, what comes of it, how the order stands then.
  const steps = [
    ...told.filter((entry) => entry.action === 'placed').map(tellAudit),
    ...payments.flatMap(tellPayment),
    ...inbox.map(tellInbox),
    ...deliveries.flatMap((delivery) => tellDelivery(delivery, titleOf(delivery))),
    ...refunds.flatMap(tellRefund),
    ...told.filter((entry) => entry.action !== 'placed').map(tellAudit),
    ...receipts.map((receipt) =>
      step(
        receipt.issuedAt,
        receipt.kind === 'receipt' ? 'Receipt' : 'Credit note',
        `${receipt.year}/${receipt.number}, ${tellMoney(receipt.total, receipt.currency)}`,
      ),
    ),
    ...(order.remindedAt ? [step(order.remindedAt, 'Customer reminded', null)] : []),
  ];
  const status = order.status as OrderStatus;
  return {
    code: formatOrderCode(order.code),
    status,
    total: { amount: order.total, currency: order.currency },
    holdEndsAt: isUnpaid(status) ? order.holdEndsAt.toISOString() : null,
    // A stable sort: steps of one instant stay as they were collected.
    steps: steps.sort((a, b) => a.at.localeCompare(b.at)),
  };
}

/** A person's newest orders over all shops, newest first. */
export async function recentOrders(
  em: EntityManager,
  telegramUserId: number,
  limit = 20,
): Promise<{ code: string; status: OrderStatus; placedAt: string }[]> {
  const rows: { code: string; status: OrderStatus; placed_at: Date | string }[] = await em.execute(
    `select o.code, o.status, o.placed_at from "order" o join customer c on c.id = o.customer_id
      where c.telegram_user_id = ? order by o.placed_at desc, o.id desc limit ?`,
    [telegramUserId, limit],
  );
  return rows.map((row) => ({ code: formatOrderCode(row.code), status: row.status, placedAt: new Date(row.placed_at).toISOString() }));
}

/** How many orders stand in each status. */
export async function countOrders(em: EntityManager): Promise<Partial<Record<OrderStatus, number>>> {
  const rows: { status: OrderStatus; count: number }[] = await em.execute(
    'select status, count(*)::int as count from "order" group by status',
  );
  return Object.fromEntries(rows.map((row) => [row.status, row.count]));
}

function step(at: Date, what: string, detail: string | null): TimelineStep {
  return { at: at.toISOString(), what, detail };
}

const tellMoney = (amount: number, currency: string) => `${toDecimal({ amount, currency })} ${currency}`;

/** Refunds and provider events tell of themselves, from their own rows. */
function isToldElsewhere(entry: Audit): boolean {
  return entry.actor.startsWith('provider:') || entry.action === 'refundRequested' || entry.action === 'handedOver';
}

const auditWords: Readonly<Record<string, string>> = {
  placed: 'Order placed',
  methodChosen: 'Method chosen',
  awaitingSettlement: 'Money seen, verdict awaited',
  paid: 'Paid: the goods are the customer’s',
  delivered: 'Delivered',
  unfulfillable: 'Paid, but the goods are gone: money goes back',
  refunded: 'Refunded',
  expired: 'Ended unpaid: units are back',
  cancelled: 'Cancelled: units are back',
  resend: 'Sent again',
  staffTask: 'Became a task for staff',
};

function tellAudit(entry: Audit): TimelineStep {
  const after = (entry.after ?? {}) as Record<string, unknown>;
  const by = entry.actor === 'system' ? undefined : `by ${entry.actor.split(':')[0]}`;
  const method = typeof after.method === 'string' ? after.method : undefined;
  return step(entry.at, auditWords[entry.action] ?? entry.action, [method, by].filter(Boolean).join(', ') || null);
}

const kindWords: Readonly<Record<Inbox['kind'], string>> = {
  seen: 'Money seen',
  settled: 'Money arrived',
  failed: 'Payment failed or closed',
  refunded: 'Money went back',
  refundFailed: 'Refund failed',
  disputed: 'Disputed',
  other: 'Told by the provider',
};

function tellInbox(row: Inbox): TimelineStep {
  const money = row.amount == null || row.currency == null ? undefined : tellMoney(row.amount, row.currency);
  const outcome = row.verdict === 'refused' ? `refused: ${row.reason ?? ''}` : (row.outcome ?? 'waiting');
  return step(row.receivedAt, kindWords[row.kind], [row.provider, money, row.type, outcome, row.outcomeReason].filter(Boolean).join(', '));
}

function tellPayment(payment: Payment): TimelineStep[] {
  const money = `${payment.provider}, ${tellMoney(payment.amount, payment.currency)}`;
  const steps = [step(payment.openedAt, `Payment ${payment.attempt} opened`, money)];
  if (payment.seenAt && payment.status === 'processing') steps.push(step(payment.seenAt, 'Payment on its way', money));
  if (payment.closedAt && payment.status !== 'settled')
    steps.push(step(payment.closedAt, `Payment ${payment.attempt} closed`, payment.status));
  return steps;
}

function tellDelivery(delivery: Delivery, title: string): TimelineStep[] {
  const steps: TimelineStep[] = [];
  if (delivery.sentAt) steps.push(step(delivery.sentAt, 'Goods sent', title));
  if (delivery.shownAt && delivery.shownAt.getTime() !== delivery.sentAt?.getTime())
    steps.push(step(delivery.shownAt, 'Goods shown', title));
  if (delivery.handedOverAt) steps.push(step(delivery.handedOverAt, 'Handed over', title));
  return steps;
}

function tellRefund(refund: Refund): TimelineStep[] {
  const money = tellMoney(refund.amount, refund.currency);
  const steps = [step(refund.requestedAt, 'Refund decided', `${money}, ${refund.reason}`)];
  if (refund.sentAt) steps.push(step(refund.sentAt, 'Refund sent', `${refund.provider}, ${money}`));
  if (refund.closedAt)
    steps.push(step(refund.closedAt, refund.status === 'succeeded' ? 'Refund succeeded' : 'Refund failed', refund.failure ?? money));
  return steps;
}
