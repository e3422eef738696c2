/** Locking, changing, saving and answering an order's row: what every step begins and ends with. */
import { LockMode } from '@mikro-orm/core';
import { isUnsent } from '../../domain/delivery.ts';
import type { WalletBalances, WalletParts } from '../../domain/ledger.ts';
import {
  isUnpaid,
  mayBecome,
  type OrderState,
  type OrderStatus,
  type RejectionFacts,
  type RejectionType,
  wakeAt,
} from '../../domain/order.ts';
import { providerOfMethod, providerTraits } from '../../domain/payment.ts';
import { Delivery } from '../../db/entities/delivery.ts';

import { Refund } from '../../db/entities/refund.ts';
import { Reversal } from '../../db/entities/reversal.ts';
import type { EntityManager } from '../../db/orm.ts';
import { isPosted, lockWallet, postAll, type Posting } from '../../db/repositories/ledger.ts';
import type { StandingOrder } from '../../db/repositories/order-place.ts';
import { moveUse } from '../../db/repositories/promo-code.ts';
import {
  type AuditLine,
  type HeldMoney,
  lockOrderRows,
  type OrderRows,
  type PaymentInStep,
  saveOrderRows,
  snapshotOf,
} from '../../db/repositories/order-rows.ts';
import type { OrderRow } from '../../workflows/messages/order.ts';

/** An order under its row lock with what its decisions need. A step changes it in memory; `inOrder` writes that back. */
export interface LockedOrder extends Omit<OrderRows, 'deliveries' | 'refunds' | 'reversals' | 'held' | 'unnoticed'> {
  deliveries: readonly Delivery[];
  refunds: readonly Refund[];
  reversals: readonly Reversal[];
  held: HeldMoney;
  unnoticed: number;
  /** Postings and lines for the order's long history that are not written yet. */
  readonly postings: Posting[];
  readonly history: AuditLine[];
  /** How it stood when it was locked or saved last. */
  saved: ReturnType<typeof snapshotOf>;
}

/**
 * One step of an order: locks it, does `work`, saves what that changed, all in one transaction. `work` gets undefined when there is no such
 * order. With `customerId` that customer is locked as well.
 */
export function inOrder<Answer>(
  em: EntityManager,
  code: string,
  work: (em: EntityManager, locked: LockedOrder | undefined) => Promise<Answer>,
  { customerId }: { readonly customerId?: number | undefined } = {},
): Promise<Answer> {
  return em.transactional(async (tx) => {
    const rows = await lockOrderRows(tx, code, customerId);
    const locked = rows && beginStep(rows);
    const answer = await work(tx, locked);
    if (locked) await saveOrder(tx, locked);
    return answer;
  });
}

/** Rows that nobody else can change now, as a step works with them. */
export function beginStep(rows: OrderRows): LockedOrder {
  return { ...rows, postings: [], history: [], saved: snapshotOf(rows) };
}

/** Writes what was changed since the order was locked or saved last. What else a step writes may depend on it. */
export async function saveOrder(em: EntityManager, locked: LockedOrder): Promise<void> {
  await writePostings(em, locked);
  const now = snapshotOf(locked);
  const { order, payments, saved, history } = locked;
  const changed = now.order !== saved.order;
  await saveOrderRows(em, {
    orderId: order.id,
    order: changed ? order : undefined,
    payments: payments.filter(({ id }) => now.payments.get(id) !== saved.payments.get(id)),
    audit: history.splice(0),
  });
  if (changed && order.promoCodeId != null) await moveUse(em, order);
  locked.saved = now;
}

/** Writes the postings of the step so far, in their order. */
export async function writePostings(em: EntityManager, { postings }: Pick<LockedOrder, 'postings'>): Promise<void> {
  const waiting = postings.splice(0);
  for (const currency of new Set(waiting.map((posting) => posting.currency))) {
    await postAll(
      em,
      waiting.filter((posting) => posting.currency === currency),
    );
  }
}

/** Whether this money is in the ledger already, or will be when the step is saved. */
export async function isBooked(em: EntityManager, { postings }: Pick<LockedOrder, 'postings'>, key: string): Promise<boolean> {
  return postings.some((posting) => posting.key === key) || isPosted(em, key);
}

/** What the order holds, by the bucket it goes back to: what came from outside becomes cash. */
export function heldParts({ held: { total, bonus, stars } }: Pick<LockedOrder, 'held'>): WalletParts {
  return { cash: total - bonus - stars, bonus, stars };
}

/** What the order's customer has, locked until the end of the transaction, with all that this step has posted. */
export async function lockCustomerWallet(em: EntityManager, locked: LockedOrder): Promise<WalletBalances> {
  await writePostings(em, locked);
  return lockWallet(em, locked.shop, locked.order.customerId);
}

/** An order's deliveries, locked: whoever sends goods marks them without the order's lock. */
export function lockDeliveries(em: EntityManager, orderId: number): Promise<Delivery[]> {
  return em.find(Delivery, { orderId }, { orderBy: { id: 'asc' }, refresh: true, lockMode: LockMode.PESSIMISTIC_WRITE });
}

/** Reads again what the ORM's own writes changed: refunds, and the deliveries they revoked. */
export async function refreshRefunds(em: EntityManager, locked: LockedOrder): Promise<void> {
  await em.flush();
  locked.refunds = await em.find(Refund, { orderId: locked.order.id }, { orderBy: { requestedAt: 'asc', id: 'asc' } });
  locked.deliveries = await em.find(Delivery, { orderId: locked.order.id }, { orderBy: { id: 'asc' } });
}

/** The same of what providers take back. */
export async function refreshReversals(em: EntityManager, locked: LockedOrder): Promise<void> {
  await em.flush();
  locked.reversals = await em.find(Reversal, { orderId: locked.order.id }, { orderBy: { id: 'asc' } });
}

/** The payment in force: the newest attempt. */
export function currentPayment({ payments }: Pick<LockedOrder, 'payments'>): PaymentInStep | undefined {
  return payments.at(-1);
}

/** What the shop bears of what its payments are short of: one that came within tolerance settles its order at once, so there is one at most. */
export function toleratedOf({ payments }: Pick<LockedOrder, 'payments'>): number {
  return payments.reduce((sum, payment) => sum + payment.tolerated, 0);
}

/** Whether enough money is there: held in the shop's currency, tolerance taken off, or Stars in full. */
export function isCovered(locked: LockedOrder): boolean {
  const { order, payments, held } = locked;
  if (payments.some((payment) => payment.currency === 'XTR' && payment.applied > 0)) return true;
  // Free in the shop's currency is not free in Stars, when the product has a price of its own there.
  if (order.total === 0) return payments.at(-1)?.currency !== 'XTR' || payments.at(-1)?.amount === 0;
  return held.total + toleratedOf(locked) >= order.total;
}

/** What `decide` needs to know. `at`: workflow time, ms. */
export function readState(locked: LockedOrder, at: number): OrderState {
  const { order, payments } = locked;
  // First seen after the end is late: it does not keep the units.
  const onItsWay = payments.filter(
    (payment) => payment.status === 'processing' && (payment.seenAt ?? payment.openedAt).getTime() <= order.holdEndsAt.getTime(),
  );
  return {
    status: order.status as OrderStatus,
    methods: order.methods,
    covered: isUnpaid(order.status as OrderStatus) && isCovered(locked),
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
export function changeStatus(locked: LockedOrder, status: OrderStatus, actor: string, at: Date): void {
  const { order } = locked;
  const before = order.status as OrderStatus;
  if (before === status) return;
  if (!mayBecome(before, status)) throw new Error(`Order ${order.code} may not go from ${before} to ${status}`);
  order.status = status;
  order.version += 1;
  record(locked, actor, status, at, { before });
}

/** Leaves a line in the order's long history. */
export function record(
  { order, history }: Pick<LockedOrder, 'order' | 'history'>,
  actor: string,
  action: string,
  at: Date,
  { before = null, after = null }: { before?: unknown; after?: unknown } = {},
): void {
  history.push({ shopId: order.shopId, actor, action, subject: 'order', subjectId: order.code, before, after, at });
}

/** Payments whose invoice could still be paid outside. */
export function unclosedPayments({ payments }: Pick<LockedOrder, 'payments'>): PaymentInStep[] {
  return payments.filter(
    (payment) =>
      payment.closedAt == null &&
      payment.status !== 'settled' &&
      (providerTraits[payment.provider].opens === 'outside' || payment.status === 'processing') &&
      (payment.providerObject != null || payment.status === 'processing'),
  );
}

/** Whether money on its way is with a provider whose words may be lost for good. */
export function isPolled({ payments }: Pick<LockedOrder, 'payments'>): boolean {
  return payments.some((payment) => payment.status === 'processing' && providerTraits[payment.provider].coins);
}

/** What is asked of an order's answer beside its rows. */
interface AnswerExtra {
  readonly mustClose?: boolean;
  readonly mustAsk?: boolean;
  readonly rejected?: RejectionType;
  readonly existing?: string;
}

/** The row as the workflow gets it: how the order stands once this step is committed. */
export function answerRow(
  rows: Pick<LockedOrder, 'order' | 'shop' | 'payments' | 'deliveries' | 'refunds' | 'unnoticed'>,
  extra: AnswerExtra = {},
): OrderRow {
  const { order, payments } = rows;
  const current = currentPayment(rows);
  const status = order.status as OrderStatus;
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
    untold: isUntold(rows),
    opening:
      isUnpaid(status) &&
      current &&
      current.status === 'pending' &&
      providerTraits[current.provider].opens === 'outside' &&
      !current.instructions
        ? current.id
        : null,
    closing: unclosedPayments({ payments: stillOpen }).map((payment) => payment.id),
    mustClose: extra.mustClose ?? false,
    ...(extra.mustAsk ? { mustAsk: true } : {}),
    ...(status === 'awaitingSettlement' && isPolled(rows) ? { polled: true } : {}),
    refunds: rows.refunds.filter((refund) => refund.status === 'requested').map((refund) => refund.id),
    rejected: extra.rejected ?? null,
    existing: extra.existing ?? null,
  };
}

/** Whether anything people should see is unsent. */
export function isUntold({
  order,
  shop,
  deliveries,
  refunds,
  unnoticed,
}: Pick<LockedOrder, 'order' | 'shop' | 'deliveries' | 'refunds' | 'unnoticed'>): boolean {
  if (order.screenVersion < order.version) return true;
  if (shop.staffChatId != null && order.staffVersion < order.version) return true;
  if (order.remindedAt != null && order.reminderSentAt == null && order.status === 'awaitingPayment') return true;
  if (deliveries.some((delivery) => isUnsent(delivery.status))) return true;
  return unnoticed > 0 || refunds.some((refund) => refund.toldAt == null && (refund.status === 'succeeded' || refund.status === 'failed'));
}

/** The row of an order that does not exist: a wish that was rejected before anything was kept. */
export function rejectedRow(
  orderCode: string,
  rejected: RejectionType,
  { existing = null, facts }: { readonly existing?: StandingOrder | null; readonly facts?: RejectionFacts | undefined } = {},
): OrderRow {
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
    ...(facts ? { facts } : {}),
    existing: existing?.code ?? null,
    ...(existing ? { existingStatus: existing.status } : {}),
  };
}
