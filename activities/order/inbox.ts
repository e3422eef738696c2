/** Reads what providers said about an order, in provider time, under its row lock, and marks it applied in the same transaction. */
import { moneyKey, postMoneyIn, postMoneyToWallet, postStars } from '../../domain/ledger.ts';
import { closingSeconds, isPaid, type MoneyPlace, type OrderStatus, placeMoney } from '../../domain/order.ts';
import { type InboxOutcome, isExternal, providerTraits } from '../../domain/payment.ts';
import { isAboutBack } from '../../domain/reversal.ts';
import { isStillOwed } from '../../domain/refund.ts';
import { Refund } from '../../db/entities/refund.ts';
import type { EntityManager } from '../../db/orm.ts';
import type { PaymentInStep, WaitingRow } from '../../db/repositories/order-rows.ts';
import { run } from '../../db/prepared.ts';
import { isFurtherTransfer, valueCoins } from '../payment/coins.ts';
import { findMisfit } from '../payment/misfit.ts';
import { laySuspense } from '../payment/suspense.ts';
import { closeRefund } from '../refund/close.ts';
import { recordRefundOutside, refundableParts } from '../refund/request.ts';
import { applyFee, applyReversal } from '../reversal/apply.ts';
import { releaseGoods } from '../reversal/hold.ts';
import {
  isBooked,
  isCovered,
  lockCustomerWallet,
  type LockedOrder,
  record,
  refreshRefunds,
  refreshReversals,
  saveOrder,
  writePostings,
} from './row.ts';

/** Why a refund was made that nobody here asked for. */
const outside = 'outside';

interface Applied {
  readonly outcome: InboxOutcome;
  readonly reason?: string;
  readonly place?: MoneyPlace;
}

/**
 * Applies the order's waiting rows. `closing` says that its invoice is being closed just now: what is found complete still counts in time.
 * A row that does not fit (another shop, account, mode or currency) goes to suspense and moves nothing of the order.
 */
export async function applyInbox(em: EntityManager, locked: LockedOrder, at: Date, closing: boolean): Promise<void> {
  await applyRows(em, locked, at, closing, (row) => !isAboutBack(row.kind));
}

/**
 * Applies those about money that goes back, once what has arrived has settled the order: told before the money, it is the sale's all the same.
 */
export async function applyMoneyBack(em: EntityManager, locked: LockedOrder, at: Date): Promise<void> {
  await applyRows(em, locked, at, false, (row) => isAboutBack(row.kind));
}

async function applyRows(
  em: EntityManager,
  locked: LockedOrder,
  at: Date,
  closing: boolean,
  isWanted: (row: WaitingRow) => boolean,
): Promise<void> {
  for (const row of locked.waiting.filter(isWanted)) {
    const { outcome, reason = null, place = null } = await applyRow(em, locked, row, at, closing);
    // What was told in coins has its worth now.
    await run(
      em,
      'update inbox set outcome = $2, outcome_reason = $3, place = $4, applied_at = $5, amount = $6, currency = $7 where id = $1',
      [row.id, outcome, reason, place, at, row.amount ?? null, row.currency ?? null],
    );
    if (place === 'wallet') locked.unnoticed += 1;
    const { provider, kind, type, objectId, amount = null, currency = null } = row;
    record(locked, `provider:${provider}`, `${kind}:${outcome}`, at, { after: { type, objectId, amount, currency, place } });
  }
}

async function applyRow(em: EntityManager, locked: LockedOrder, row: WaitingRow, at: Date, closing: boolean): Promise<Applied> {
  const payment = locked.payments.find((candidate) => candidate.id === row.paymentId);
  const misfit = row.shopId !== locked.order.shopId ? 'another shop' : payment && (await findMisfit(em, row, payment));
  if (misfit || !payment) {
    await writePostings(em, locked);
    await laySuspense(em, locked.shop, row, at, locked.order.id);
    return { outcome: 'suspense', reason: misfit ?? 'names no payment of this order' };
  }
  if (isFurtherTransfer(row, payment) && row.kind !== 'settled') return { outcome: 'applied', reason: 'of a further transfer' };
  switch (row.kind) {
    case 'seen':
    case 'confirming':
      if (payment.status !== 'pending') return { outcome: 'duplicate' };
      payment.status = 'processing';
      payment.seenAt = seenAt(locked, row, closing);
      locked.order.version += 1;
      return { outcome: 'applied' };
    case 'failed':
      if (payment.status !== 'pending' && payment.status !== 'processing') return { outcome: 'duplicate' };
      payment.status = row.type.endsWith('expired') ? 'expired' : 'failed';
      payment.closedAt = at;
      locked.order.version += 1;
      return { outcome: 'applied' };
    case 'settled': {
      const worth = row.coins == null ? undefined : await valueCoins(em, row, payment, locked.order.holdEndsAt);
      if (worth && 'misfit' in worth) return { outcome: 'suspense', reason: worth.misfit };
      if (worth && 'known' in worth) return { outcome: 'duplicate', reason: worth.known };
      if (worth) Object.assign(row, { amount: worth.amount, currency: payment.currency });
      return applyMoney(em, locked, payment, row, at, closing, worth?.short);
    }
    case 'refunded':
    case 'refundFailed':
      return applyRefund(em, locked, payment, row, at);
    case 'warned':
    case 'disputed':
    case 'withdrawn':
    case 'reinstated':
    case 'cleared':
    case 'lost':
      return takeBack(em, locked, payment, row, at);
    case 'fee':
      await saveOrder(em, locked);
      return applyFee(em, await reversedOf(em, locked, payment), row, at);
    case 'other':
      return { outcome: 'applied', reason: 'changes nothing' };
  }
}

/** Found on its way while its invoice is being closed, it came in time: only our look at it came after the end. */
function seenAt({ order }: LockedOrder, row: WaitingRow, closing: boolean): Date {
  const { holdEndsAt } = order;
  const inClosing = closing && row.source === 'asked' && row.providerAt.getTime() <= holdEndsAt.getTime() + closingSeconds * 1000;
  return inClosing && row.providerAt > holdEndsAt ? holdEndsAt : row.providerAt;
}

async function applyMoney(
  em: EntityManager,
  locked: LockedOrder,
  payment: PaymentInStep,
  row: WaitingRow,
  at: Date,
  closing: boolean,
  short = 0,
): Promise<Applied> {
  const { order, shop } = locked;
  const amount = row.amount as number;
  const key = moneyKey(row);
  if (await isBooked(em, locked, key)) return { outcome: 'duplicate', reason: 'this money is already counted' };
  const traits = providerTraits[payment.provider];
  const { place, late } = placeMoney(
    { status: order.status as OrderStatus, holdEndsAt: order.holdEndsAt.getTime(), covered: isCovered(locked) },
    {
      wholeOnly: traits.wholeOnly,
      amount,
      asked: payment.amount,
      firstSeenAt: (payment.seenAt ?? row.providerAt).getTime(),
      closing: closing && row.source === 'asked',
      further: isFurtherTransfer(row, payment),
    },
  );
  const { provider } = payment;
  if (!isExternal(provider)) return { outcome: 'suspense', reason: 'the wallet is paid by nobody outside' };
  const posting = { shopId: shop.id, currency: payment.currency, key, actor: `provider:${row.provider}`, orderId: order.id, at };
  if (place === 'back') {
    locked.postings.push({ ...posting, legs: postStars('refund:payable', amount), reason: 'moneyBack' });
  } else if (traits.currency === 'XTR') {
    locked.postings.push({ ...posting, legs: postStars('revenue', amount), reason: 'orderMoney' });
  } else if (place === 'order') {
    locked.postings.push({ ...posting, legs: postMoneyIn(provider, order.id, amount), reason: 'orderMoney' });
    locked.held = { ...locked.held, total: locked.held.total + amount };
  } else {
    const { debt } = await lockCustomerWallet(em, locked);
    locked.postings.push({
      ...posting,
      legs: postMoneyToWallet(provider, order.customerId, debt, amount),
      reason: late ? 'lateMoney' : 'secondMoney',
    });
  }
  payment.received += amount;
  // A refund of the sale gives back the money that paid it, not what came later or went elsewhere.
  if (place === 'order' || payment.moneyObject == null) payment.moneyObject = row.objectId;
  payment.seenAt ??= row.providerAt;
  payment.paidLate ||= late;
  if (place === 'order') {
    payment.applied += amount;
    payment.paidPartial = payment.applied < payment.amount;
    payment.paidOver = payment.applied > payment.amount;
    // Only when all of what came is the order's, and nothing but that is missing.
    const missing = order.total - locked.held.total;
    if (short > 0 && missing > 0 && missing <= short && payment.applied + short === payment.amount) payment.tolerated = missing;
  }
  payment.status = 'settled';
  payment.settledAt = row.providerAt;
  payment.closedAt ??= at;
  order.version += 1;
  if (place === 'back') await requestMoneyBack(em, locked, payment, row, late, at);
  return { outcome: 'applied', place, ...(late ? { reason: 'late' } : {}) };
}

/** Money the provider cannot split goes back whole; a refund workflow carries it. */
async function requestMoneyBack(
  em: EntityManager,
  locked: LockedOrder,
  payment: PaymentInStep,
  row: WaitingRow,
  late: boolean,
  at: Date,
): Promise<void> {
  const { order, shop } = locked;
  // The database holds a refund against what its payment brought.
  await saveOrder(em, locked);
  em.persist(
    em.create(Refund, {
      id: `stray-${row.provider}-${row.objectId}`,
      shopId: shop.id,
      orderId: order.id,
      paymentId: payment.id,
      provider: payment.provider,
      moneyObject: row.objectId,
      amount: row.amount as number,
      currency: payment.currency,
      scope: 'money',
      status: 'requested',
      requestedBy: 'system',
      reason: late ? 'lateMoney' : 'secondMoney',
      requestedAt: at,
    }),
  );
  await refreshRefunds(em, locked);
}

/** A provider's word about a refund: one of ours, or one that was made without us. */
async function applyRefund(em: EntityManager, locked: LockedOrder, payment: PaymentInStep, row: WaitingRow, at: Date): Promise<Applied> {
  const refunds = await em.find(Refund, { orderId: locked.order.id, provider: row.provider });
  const refund =
    refunds.find((candidate) => candidate.providerRefundId === row.objectId) ??
    refunds.find((candidate) => candidate.moneyObject === row.objectId && (candidate.status !== 'failed' || isStillOwed(candidate))) ??
    refunds.find((candidate) => isUnanswered(candidate, row));
  if (!refund) return applyOutsideRefund(em, locked, payment, row, at);
  const changed = await closeRefund(em, locked, refund, endOf(row), at);
  // A refund made without us may have taken more than the sale had: that part goes with it.
  const hasRest = refund.reason === outside && locked.reversals.some(({ objectId }) => objectId === row.objectId);
  const rest = hasRest ? await takeBack(em, locked, payment, row, at) : undefined;
  return changed || rest?.outcome === 'applied' ? { outcome: 'applied' } : { outcome: 'duplicate' };
}

const endOf = (row: WaitingRow) =>
  row.kind === 'refunded'
    ? { status: 'succeeded' as const, providerRefundId: row.objectId }
    : { status: 'failed' as const, reason: row.type };

/**
 * A refund made at the provider: what the sale still has of the money is a refund of the order with its credit note, the rest was the customer's
 * and leaves their wallet. Stars that Telegram took back count as a dispute.
 */
async function applyOutsideRefund(
  em: EntityManager,
  locked: LockedOrder,
  payment: PaymentInStep,
  row: WaitingRow,
  at: Date,
): Promise<Applied> {
  if (providerTraits[payment.provider].wholeOnly) return takeBack(em, locked, payment, row, at);
  const amount = row.amount ?? 0;
  if (row.currency !== payment.currency || amount <= 0) return { outcome: 'suspense', reason: 'a refund of no money of ours' };
  if (locked.reversals.some(({ objectId }) => objectId === row.objectId)) return takeBack(em, locked, payment, row, at);
  const ofSale = Math.min(amount, await saleLeftOf(em, locked, payment));
  if (ofSale > 0) {
    await saveOrder(em, locked);
    const refund = await recordRefundOutside(em, locked, payment, { objectId: row.objectId, amount: ofSale, reason: outside }, at);
    await closeRefund(em, locked, refund, endOf(row), at);
  }
  return ofSale < amount ? takeBack(em, locked, payment, row, at, amount - ofSale) : { outcome: 'applied', reason: 'made at the provider' };
}

/** What the sale still has of a payment: neither refunded nor lost. An order that is not paid has none: its money is its customer's. */
async function saleLeftOf(em: EntityManager, { order, reversals }: LockedOrder, payment: PaymentInStep): Promise<number> {
  if (!isPaid(order.status as OrderStatus)) return 0;
  const [part] = await refundableParts(em, [payment]);
  const lost = reversals.filter((one) => one.paymentId === payment.id && one.returnedAt == null).reduce((sum, { loss }) => sum + loss, 0);
  return Math.max(0, (part?.left ?? 0) - lost);
}

const reversedOf = async (em: EntityManager, locked: LockedOrder, payment: PaymentInStep) => ({
  shop: locked.shop,
  payment,
  customerId: locked.order.customerId,
  code: locked.order.code,
  orderId: locked.order.id,
  saleLeft: await saleLeftOf(em, locked, payment),
});

/** The provider takes money of the order, gives it again, or says that it may. */
async function takeBack(
  em: EntityManager,
  locked: LockedOrder,
  payment: PaymentInStep,
  row: WaitingRow,
  at: Date,
  amount?: number,
): Promise<Applied> {
  await saveOrder(em, locked);
  const { moved: _, ...applied } = await applyReversal(em, await reversedOf(em, locked, payment), row, at, amount);
  if (applied.outcome === 'applied') locked.order.version += 1;
  await refreshReversals(em, locked);
  if (row.kind === 'reinstated' || row.kind === 'cleared') await releaseGoods(em, locked, at);
  return applied;
}

/** A refund of ours whose own id we do not know yet: the provider's word of it was faster than its answer to our call. */
function isUnanswered(refund: Refund, row: WaitingRow): boolean {
  return (
    refund.providerRefundId == null &&
    (refund.status === 'requested' || refund.status === 'sent') &&
    refund.paymentId === row.paymentId &&
    refund.amount === row.amount
  );
}
