/** Loading, locking and answering an order's row: what every step begins and ends with. */
import { LockMode } from '@mikro-orm/core';
import { isUnsent } from '../../domain/delivery.ts';
import { isUnpaid, mayBecome, type OrderState, type OrderStatus, type RejectionType, wakeAt } from '../../domain/order.ts';
import { providerOfMethod, providerTraits } from '../../domain/payment.ts';
import { Audit } from '../../db/entities/audit.ts';
import { Delivery } from '../../db/entities/delivery.ts';
import { Inbox } from '../../db/entities/inbox.ts';
import { Order } from '../../db/entities/order.ts';
import { Payment } from '../../db/entities/payment.ts';
import { Refund } from '../../db/entities/refund.ts';
import { Shop } from '../../db/entities/shop.ts';
import type { EntityManager } from '../../db/orm.ts';
import { readHeld } from '../../db/repositories/ledger.ts';
import type { OrderRow } from '../../workflows/messages/order.ts';

/** An order under its row lock with what its decisions need. */
export interface LockedOrder {
  readonly order: Order;
  readonly shop: Shop;
  readonly payments: Payment[];
}

/** Locks an order's row until the end of the transaction. */
export async function lockOrder(em: EntityManager, code: string): Promise<LockedOrder | undefined> {
  const found = await em.execute('select id from "order" where code = ? for no key update', [code]);
  if (found.length === 0) return undefined;
  const order = await em.findOneOrFail(Order, { code }, { refresh: true });
  const shop = await em.findOneOrFail(Shop, { id: order.shopId });
  // Locked too: a pre-checkout marks a payment without the order's lock, and must come wholly before this step or find its outcome.
  const payments = await em.find(
    Payment,
    { orderId: order.id },
    { orderBy: { attempt: 'asc' }, refresh: true, lockMode: LockMode.PESSIMISTIC_WRITE },
  );
  return { order, shop, payments };
}

/** An order's deliveries, locked: whoever sends goods marks them without the order's lock. */
export function lockDeliveries(em: EntityManager, orderId: number): Promise<Delivery[]> {
  return em.find(Delivery, { orderId }, { orderBy: { id: 'asc' }, refresh: true, lockMode: LockMode.PESSIMISTIC_WRITE });
}

/** The payment in force: the newest attempt. */
export function currentPayment({ payments }: LockedOrder): Payment | undefined {
  return payments.at(-1);
}

/** Whether enough money is there: held in the shop's currency, or Stars in full. */
export async function isCovered(em: EntityManager, { order, payments }: LockedOrder): Promise<boolean> {
  if (payments.some((payment) => payment.currency === 'XTR' && payment.applied > 0)) return true;
  // Free in the shop's currency is not free in Stars, when the product has a price of its own there.
  if (order.total === 0) return payments.at(-1)?.currency !== 'XTR' || payments.at(-1)?.amount === 0;
  return (await readHeld(em, order.id)).total >= order.total;
}

/** What `decide` needs to know. `at`: workflow time, ms. */
export async function readState(em: EntityManager, locked: LockedOrder, at: number): Promise<OrderState> {
  const { order, payments } = locked;
  // First seen after the end is late: it does not keep the units.
  const onItsWay = payments.filter(
    (payment) => payment.status === 'processing' && (payment.seenAt ?? payment.openedAt).getTime() <= order.holdEndsAt.getTime(),
  );
  return {
    status: order.status as OrderStatus,
    methods: order.methods,
    covered: isUnpaid(order.status as OrderStatus) && (await isCovered(em, locked)),
    onItsWay: onItsWay.length > 0,
    // A pre-checkout that never became a payment must not bar the customer from another method for the whole hold.
    barsWishes: onItsWay.some(
      (payment) => at <= (payment.seenAt ?? payment.openedAt).getTime() + providerTraits[payment.provider].settlementWindowSeconds * 1000,
    ),
    holdEndsAt: order.holdEndsAt.getTime(),
    settleBy: order.settleBy?.getTime() ?? null,
    settlementWindowSeconds: Math.max(0, ...onItsWay.map((payment) => providerTraits[payment.provider].settlementWindowSeconds)),
  };
}

/** Moves the order to another status; everything people see of it is drawn again. */
export function changeStatus(em: EntityManager, order: Order, status: OrderStatus, actor: string, at: Date): void {
  const before = order.status as OrderStatus;
  if (before === status) return;
  if (!mayBecome(before, status)) throw new Error(`Order ${order.code} may not go from ${before} to ${status}`);
  order.status = status;
  order.version += 1;
  record(em, order, actor, status, at, before);
}

/** Leaves a line in the order's long history. */
export function record(em: EntityManager, order: Order, actor: string, action: string, at: Date, before?: unknown, after?: unknown): void {
  em.persist(
    em.create(Audit, {
      shopId: order.shopId,
      actor,
      action,
      subject: 'order',
      subjectId: order.code,
      before: before ?? null,
      after: after ?? null,
      at,
    }),
  );
}

/** Payments whose invoice could still be paid outside. */
export function unclosedPayments({ payments }: LockedOrder): Payment[] {
  return payments.filter(
    (payment) =>
      payment.closedAt == null &&
      payment.status !== 'settled' &&
      (providerTraits[payment.provider].opens === 'outside' || payment.status === 'processing') &&
      (payment.providerObject != null || payment.status === 'processing'),
  );
}

/** The row as the workflow gets it, read after the step's writes were flushed. */
export async function answerRow(
  em: EntityManager,
  locked: LockedOrder,
  extra: { mustClose?: boolean; rejected?: RejectionType; existing?: string } = {},
): Promise<OrderRow> {
  await em.flush();
  const { order, payments } = locked;
  const current = currentPayment(locked);
  const status = order.status as OrderStatus;
  const refunds = await em.find(Refund, { orderId: order.id });
  const superseded = payments.filter((payment) => payment !== current);
  // An order that goes on keeps its present invoice; one about to end closes all.
  const stillOpen = isUnpaid(status) && !extra.mustClose ? superseded : payments;
  const wake = wakeAt({
    status,
    placedAt: order.placedAt.getTime(),
    holdEndsAt: order.holdEndsAt.getTime(),
    settleBy: order.settleBy?.getTime() ?? null,
    reminded: order.remindedAt != null,
  });
  return {
    orderCode: order.code,
    status,
    version: order.version,
    provider: current?.provider ?? providerOfMethod[order.method],
    wakeAt: wake ?? null,
    untold: await isUntold(em, locked),
    opening:
      isUnpaid(status) &&
      current &&
      current.status === 'pending' &&
      providerTraits[current.provider].opens === 'outside' &&
      !current.instructions
        ? current.id
        : null,
    closing: unclosedPayments({ ...locked, payments: stillOpen }).map((payment) => payment.id),
    mustClose: extra.mustClose ?? false,
    refunds: refunds.filter((refund) => refund.status === 'requested').map((refund) => refund.id),
    rejected: extra.rejected ?? null,
    existing: extra.existing ?? null,
  };
}

/** Whether anything people should see is unsent. */
export async function isUntold(em: EntityManager, { order, shop }: LockedOrder): Promise<boolean> {
  if (order.screenVersion < order.version) return true;
  if (shop.staffChatId != null && order.staffVersion < order.version) return true;
  if (order.remindedAt != null && order.reminderSentAt == null && order.status === 'awaitingPayment') return true;
  const deliveries = await em.find(Delivery, { orderId: order.id });
  if (deliveries.some((delivery) => isUnsent(delivery.status))) return true;
  if ((await em.count(Inbox, { orderId: order.id, place: 'wallet', toldAt: null })) > 0) return true;
  return (await em.count(Refund, { orderId: order.id, toldAt: null, status: { $in: ['succeeded', 'failed'] } })) > 0;
}

/** The row of an order that does not exist: a wish that was rejected before anything was kept. */
export function rejectedRow(orderCode: string, rejected: RejectionType, existing: string | null = null): OrderRow {
  return {
    orderCode,
    status: 'cancelled',
    version: 0,
    provider: '',
    wakeAt: null,
    untold: false,
    opening: null,
    closing: [],
    mustClose: false,
    refunds: [],
    rejected,
    existing,
  };
}
