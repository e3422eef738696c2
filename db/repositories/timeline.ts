/** What happened to an order or a deposit, step by step, for people who look: from audit, inbox, payments, deliveries and refunds. */
import { type DepositStatus, isOpen } from '../../domain/deposit.ts';
import type { Money } from '../../domain/money.ts';
import { formatOrderCode } from '../../domain/order-code.ts';
import { isUnpaid, type OrderStatus } from '../../domain/order.ts';
import type { Payable } from '../../domain/payment.ts';
import { Audit } from '../entities/audit.ts';
import { Delivery } from '../entities/delivery.ts';
import { Deposit } from '../entities/deposit.ts';
import { Inbox } from '../entities/inbox.ts';
import { Order, OrderLine } from '../entities/order.ts';
import { Payment } from '../entities/payment.ts';
import { Receipt } from '../entities/receipt.ts';
import { Refund } from '../entities/refund.ts';
import type { EntityManager } from '../orm.ts';
import {
  isToldElsewhere,
  step,
  tellAudit,
  tellDelivery,
  tellInbox,
  tellMoney,
  tellPayment,
  tellRefund,
  type TimelineStep,
} from './timeline-steps.ts';

export interface Timeline {
  readonly noun: Payable['noun'];
  /** Of a deposit that came by a chain: its output. */
  readonly chainOutput: string | null;
  /** As people see it: `K7Q4-MX2P`. */
  readonly code: string;
  readonly status: OrderStatus | DepositStatus;
  /** What the order costs, or was asked to be deposited; minor units. */
  readonly total: Money;
  /** ISO time until which it can be paid; null once that no longer counts. */
  readonly payUntil: string | null;
  readonly steps: readonly TimelineStep[];
}

/** The timeline of the order or the deposit with this code, without the dash; undefined when there is neither. */
export async function findTimeline(em: EntityManager, code: string): Promise<Timeline | undefined> {
  return (await orderTimeline(em, code)) ?? (await depositTimeline(em, code));
}

/** Steps in the order they happened. */
async function orderTimeline(em: EntityManager, code: string): Promise<Timeline | undefined> {
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
    noun: 'order',
    chainOutput: null,
    code: formatOrderCode(order.code),
    status,
    total: { amount: order.total, currency: order.currency },
    payUntil: isUnpaid(status) ? order.holdEndsAt.toISOString() : null,
    // A stable sort: steps of one instant stay as they were collected.
    steps: steps.sort((a, b) => a.at.localeCompare(b.at)),
  };
}

async function depositTimeline(em: EntityManager, code: string): Promise<Timeline | undefined> {
  const deposit = await em.findOne(Deposit, { code });
  if (!deposit) return undefined;
  const ofDeposit = { depositId: deposit.id };
  const audit = await em.find(Audit, { subject: 'deposit', subjectId: code }, { orderBy: { id: 'asc' } });
  const inbox = await em.find(Inbox, ofDeposit, { orderBy: { id: 'asc' } });
  const payments = await em.find(Payment, ofDeposit);
  const refunds = await em.find(Refund, ofDeposit, { orderBy: { requestedAt: 'asc' } });
  const told = audit.filter((entry) => !/^\w+:\w+$/.test(entry.action) && entry.action !== 'refundRequested');
  const steps = [
    ...told.filter(({ action }) => action === 'opened').map(tellAudit),
    ...payments.flatMap(tellPayment),
    ...inbox.map(tellInbox),
    ...refunds.flatMap(tellRefund),
    ...told.filter(({ action }) => action !== 'opened').map(tellAudit),
  ];
  const status = deposit.status as DepositStatus;
  return {
    noun: 'deposit',
    chainOutput: deposit.chainOutput ?? null,
    code: formatOrderCode(deposit.code),
    status,
    total: { amount: deposit.amount, currency: deposit.currency },
    payUntil: isOpen(status) ? deposit.expiresAt.toISOString() : null,
    steps: steps.sort((a, b) => a.at.localeCompare(b.at)),
  };
}

/** What a person bought or put into wallets, over all shops. */
export interface RecentPayable extends Payable {
  readonly status: OrderStatus | DepositStatus;
  /** ISO time. */
  readonly begunAt: string;
}

/** A person's newest orders and deposits over all shops, newest first; codes as people see them. */
export async function listRecent(em: EntityManager, telegramUserId: number, limit = 20): Promise<RecentPayable[]> {
  const rows: { noun: Payable['noun']; code: string; status: RecentPayable['status']; begun_at: Date | string }[] = await em.execute(
    `select * from (
       (select 'order' as noun, o.code, o.status, o.placed_at as begun_at, o.id from "order" o join customer c on c.id = o.customer_id
         where c.telegram_user_id = ? order by o.placed_at desc, o.id desc limit ?)
       union all
       (select 'deposit', d.code, d.status, d.opened_at, d.id from deposit d join customer c on c.id = d.customer_id
         where c.telegram_user_id = ? order by d.opened_at desc, d.id desc limit ?)) recent
      order by begun_at desc, id desc limit ?`,
    [telegramUserId, limit, telegramUserId, limit, limit],
  );
  return rows.map(({ noun, code, status, begun_at }) => ({
    noun,
    code: formatOrderCode(code),
    status,
    begunAt: new Date(begun_at).toISOString(),
  }));
}

/** How many orders stand in each status. */
export async function countOrders(em: EntityManager): Promise<Partial<Record<OrderStatus, number>>> {
  const rows: { status: OrderStatus; count: number }[] = await em.execute(
    'select status, count(*)::int as count from "order" group by status',
  );
  return Object.fromEntries(rows.map((row) => [row.status, row.count]));
}
