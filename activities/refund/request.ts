/** Deciding a refund of a sale, under the order's row lock: what was paid goes back the way it came. */
import { postRefundDecided, postRefundToWallet, postStars, type WalletParts } from '../../domain/ledger.ts';
import { divideHalfUp } from '../../domain/money.ts';
import { isPaid, type OrderStatus } from '../../domain/order.ts';
import { providerTraits } from '../../domain/payment.ts';
import { kindTraits } from '../../domain/product.ts';
import { isBlocking } from '../../domain/reversal.ts';
import { isStillOwed, makeRefundId } from '../../domain/refund.ts';
import type { Delivery } from '../../db/entities/delivery.ts';
import type { Order } from '../../db/entities/order.ts';
import { Refund } from '../../db/entities/refund.ts';
import type { EntityManager } from '../../db/orm.ts';
import { note } from '../../db/repositories/claim.ts';
import { lockWallet, post } from '../../db/repositories/ledger.ts';
import type { PaymentInStep } from '../../db/repositories/order-rows.ts';
import { issueReceipt } from '../../db/repositories/receipt.ts';
import { freeReplacements, freeSoldUnits } from '../../db/repositories/unit.ts';
import type { RefundRejection } from '../../workflows/messages/refund.ts';
import { addPayout } from '../payout/add.ts';
import { revokeGrants } from '../order/grant.ts';
import { changeStatus, lockDeliveries, type LockedOrder, record, refreshRefunds } from '../order/row.ts';

export interface RefundWish {
  /** `staff:<id>`, `cli` or `system`. */
  readonly actor: string;
  readonly reason: string;
  /** Number of the first refund row; the caller's, so that a repeated wish is the same refund. */
  readonly firstNumber: number;
  /** Minor units; absent means all that is left. Stars go back whole only. */
  readonly amount?: number | undefined;
}

/** Whether the wish can be granted; asked before anything is written. */
export async function rejectRefund(
  em: EntityManager,
  { order, shop, payments, reversals }: LockedOrder,
  wish: RefundWish,
): Promise<RefundRejection | undefined> {
  if (!isPaid(order.status as OrderStatus)) return 'NotPaid';
  if (reversals.some(isBlocking)) return 'Disputed';
  const refundable = await refundableParts(em, payments);
  const left = refundable.reduce((sum, part) => sum + part.left, 0);
  if (left === 0) return 'NothingLeft';
  const toWallet = refundable.some((part) => part.payment.provider === 'wallet');
  if (toWallet && (await lockWallet(em, shop, order.customerId)).debt > 0) return 'WalletInDebt';
  if (wish.amount === undefined) return undefined;
  // Also what is no number at all: it would compare as neither less nor more.
  if (!Number.isSafeInteger(wish.amount) || wish.amount <= 0 || wish.amount > left) return 'TooMuch';
  if (refundable.some((part) => part.payment.currency === 'XTR') && wish.amount !== left) return 'WholeOnly';
  return undefined;
}

/**
 * Writes the refund rows and their `decided` postings. Wallet refunds are done at once; the others wait for their provider.
 * Goods neither shown nor handed over go back to free when all of the order is refunded.
 */
export async function requestOrderRefund(em: EntityManager, locked: LockedOrder, wish: RefundWish, at: Date): Promise<string[]> {
  const { order, shop, payments } = locked;
  let missing = wish.amount ?? Number.MAX_SAFE_INTEGER;
  let number = wish.firstNumber;
  const refundIds: string[] = [];
  const parts = await refundableParts(em, payments);
  const leftBefore = parts.reduce((sum, part) => sum + part.left, 0);
  for (const { payment, left } of parts) {
    const amount = Math.min(left, missing);
    if (amount === 0) continue;
    missing -= amount;
    const refund = em.create(Refund, {
      id: makeRefundId(order.code, number++),
      shopId: shop.id,
      orderId: order.id,
      paymentId: payment.id,
      provider: payment.provider,
      moneyObject: payment.moneyObject ?? '',
      amount,
      currency: payment.currency,
      scope: 'order',
      status: 'requested',
      requestedBy: wish.actor,
      reason: wish.reason,
      requestedAt: at,
    });
    em.persist(refund);
    await em.flush();
    await postDecision(em, locked, payment, refund, at);
    if (providerTraits[payment.provider].payout) await addPayout(em, { of: refund, payment, customerId: order.customerId }, at);
    refundIds.push(refund.id);
  }
  const whole = wish.amount === undefined || wish.amount === leftBefore;
  if (whole) await revokeGoods(em, locked, at);
  order.version += 1;
  record(locked, wish.actor, 'refundRequested', at, { after: { refundIds, reason: wish.reason } });
  if (whole && (await allSucceeded(em, order.id))) changeStatus(locked, 'refunded', wish.actor, at);
  await refreshRefunds(em, locked);
  return refundIds;
}

/**
 * Writes down a refund of the sale that was made at the provider, with its credit note. Goods that are the customer's stay so; when nothing of
 * the sale is left, the others go back to free.
 */
export async function recordRefundOutside(
  em: EntityManager,
  locked: LockedOrder,
  payment: PaymentInStep,
  { objectId, amount, reason }: { readonly objectId: string; readonly amount: number; readonly reason: string },
  at: Date,
): Promise<Refund> {
  const { order, shop, payments } = locked;
  const left = (await refundableParts(em, payments)).reduce((sum, part) => sum + part.left, 0);
  const refund = em.create(Refund, {
    id: `outside-${payment.provider}-${shop.id}-${objectId}`,
    shopId: shop.id,
    orderId: order.id,
    paymentId: payment.id,
    provider: payment.provider,
    moneyObject: payment.moneyObject ?? '',
    providerRefundId: objectId,
    amount,
    currency: payment.currency,
    scope: 'order',
    status: 'requested',
    requestedBy: `provider:${payment.provider}`,
    reason,
    requestedAt: at,
  });
  em.persist(refund);
  await em.flush();
  await postDecision(em, locked, payment, refund, at);
  if (amount >= left) await revokeGoods(em, locked, at);
  await refreshRefunds(em, locked);
  return refund;
}

/** Whether every refund of the sale has gone through. */
export async function allSucceeded(em: EntityManager, orderId: number): Promise<boolean> {
  const refunds = await em.find(Refund, { orderId, scope: 'order' });
  return refunds.length > 0 && refunds.every((refund) => refund.status === 'succeeded');
}

/** What of each payment is the order's and not refunded yet. */
export async function refundableParts(
  em: EntityManager,
  payments: readonly PaymentInStep[],
): Promise<{ payment: PaymentInStep; left: number }[]> {
  const refunds = await em.find(Refund, { paymentId: { $in: payments.map((payment) => payment.id) }, scope: 'order' });
  return payments
    .map((payment) => ({
      payment,
      // A failed refund became wallet money: it is spent all the same.
      left: payment.applied - refunds.filter((refund) => refund.paymentId === payment.id).reduce((sum, refund) => sum + refund.amount, 0),
    }))
    .filter((part) => part.left > 0);
}

async function postDecision(em: EntityManager, locked: LockedOrder, payment: PaymentInStep, refund: Refund, at: Date): Promise<void> {
  const { order, shop } = locked;
  const tax = payment.currency === 'XTR' ? 0 : await taxOfPart(em, order, refund);
  const posting = { shopId: shop.id, currency: payment.currency, actor: refund.requestedBy, orderId: order.id, at };
  if (payment.provider === 'wallet') {
    await lockWallet(em, shop, order.customerId);
    const parts = await bucketsOf(em, order.id, refund.amount);
    refund.bonusAmount = parts.bonus;
    refund.starsAmount = parts.stars;
    await post(em, {
      ...posting,
      key: refund.id,
      legs: postRefundToWallet(order.customerId, { ...parts, tax }),
      reason: 'refundToWallet',
    });
    refund.status = 'succeeded';
    refund.closedAt = at;
    await em.flush();
  } else if (payment.currency === 'XTR') {
    // Stars were booked whole; they become owed again until Telegram has given them back.
    const legs = postStars('revenue', refund.amount).map(({ leg, credit, amount }) => ({
      leg,
      debit: credit,
      credit: { kind: 'refund:payable' as const, owner: '' },
      amount,
    }));
    await post(em, { ...posting, key: `${refund.id}:decided`, legs, reason: 'refundDecided' });
  } else {
    await post(em, { ...posting, key: `${refund.id}:decided`, legs: postRefundDecided(refund.amount, tax), reason: 'refundDecided' });
  }
  await issueReceipt(em, {
    shop,
    kind: 'creditNote',
    orderId: order.id,
    refundId: refund.id,
    currency: payment.currency,
    total: refund.amount,
    tax,
    at,
  });
}

/** The part of the order's tax in this refund, so that the parts of a whole refund add up to all of it. */
async function taxOfPart(em: EntityManager, order: Order, refund: Refund): Promise<number> {
  if (order.total === 0) return 0;
  const earlier = await em.find(Refund, { orderId: order.id, scope: 'order', currency: order.currency, id: { $ne: refund.id } });
  const before = earlier.reduce((sum, { amount }) => sum + amount, 0);
  const taxOf = (amount: number) => divideHalfUp(BigInt(order.tax) * BigInt(amount), BigInt(order.total));
  return taxOf(before + refund.amount) - taxOf(before);
}

/** Refunds that failed and are still owed, asked for once more. @returns their ids */
export async function reopenOwed(em: EntityManager, locked: LockedOrder, actor: string, at: Date): Promise<string[]> {
  const { order } = locked;
  const owed = (await em.find(Refund, { orderId: order.id, status: 'failed' }, { orderBy: { id: 'asc' } })).filter(isStillOwed);
  for (const refund of owed) {
    refund.status = 'requested';
    refund.failure = null;
    refund.closedAt = null;
  }
  if (owed.length > 0) {
    order.version += 1;
    record(locked, actor, 'refundAskedAgain', at, { after: { refundIds: owed.map(({ id }) => id) } });
  }
  await refreshRefunds(em, locked);
  return owed.map(({ id }) => id);
}

/** The buckets a wallet refund returns to: first bonus, then what came in Stars, cash last, as they were spent. */
async function bucketsOf(em: EntityManager, orderId: number, amount: number): Promise<WalletParts> {
  const [row]: { bonus: string; stars: string }[] = await em.execute(
    `select p.bonus - r.bonus as bonus, p.stars - r.stars as stars
       from (select coalesce(sum(t.amount) filter (where d.kind = 'bonus'), 0) as bonus,
                    coalesce(sum(t.amount) filter (where d.kind = 'stars'), 0) as stars
               from transfer t join account d on d.id = t.debit_account_id join account c on c.id = t.credit_account_id and c.kind = 'held'
              where t.order_id = ?) p,
            (select coalesce(sum(bonus_amount), 0) as bonus, coalesce(sum(stars_amount), 0) as stars
               from refund where order_id = ? and scope = 'order') r`,
    [orderId, orderId],
  );
  const bonus = Math.min(amount, Math.max(0, Number(row?.bonus ?? 0)));
  const stars = Math.min(amount - bonus, Math.max(0, Number(row?.stars ?? 0)));
  return { bonus, stars, cash: amount - bonus - stars };
}

/**
 * Goods neither shown nor handed over go back to free, and what was granted is no more; delivered units stay sold. What was to be given instead of a
 * faulty piece goes back alone: the pieces before it are with the customer. Nothing is sent any more.
 */
export async function revokeGoods(em: EntityManager, locked: LockedOrder, at: Date): Promise<void> {
  const secretLines = new Set(locked.lines.filter(({ kind }) => kindTraits[kind].handover === 'secret').map(({ id }) => id));
  for (const delivery of await lockDeliveries(em, locked.order.id)) {
    if (delivery.status === 'revoked' || delivery.status === 'handedOver') continue;
    // One found in the middle of a send may have been seen: it stays sold.
    const mayBeSeen = secretLines.has(delivery.orderLineId) && (delivery.shownAt != null || delivery.status === 'sending');
    if (mayBeSeen) {
      delivery.shownAt ??= at;
      delivery.status = 'sent';
      continue;
    }
    if (delivery.round > 1 && (await takeBackReplacements(em, locked, delivery, at))) continue;
    delivery.status = 'revoked';
    await em.flush();
    await freeSoldUnits(em, delivery.orderLineId);
  }
  await em.flush();
  await revokeGrants(em, locked, at);
}

/** Of a line that is given once more. @returns whether anything of it is left to its customer */
async function takeBackReplacements(em: EntityManager, { order, shop }: LockedOrder, delivery: Delivery, at: Date): Promise<boolean> {
  const { orderLineId, round } = delivery;
  const { left, takenBack } = await freeReplacements(em, { orderLineId, round, at });
  for (const code of takenBack)
    note(em, { code, shopId: shop.id, actor: 'system', action: 'takenBack', at, after: { orderCode: order.code } });
  if (left === 0 && takenBack.length > 0) {
    // All they ever had of it are pieces that were faulty.
    Object.assign(delivery, { handedOverAt: null, handedOverBy: null });
    return false;
  }
  if (delivery.handoverCode == null) Object.assign(delivery, { status: 'sent', shownAt: delivery.sentAt ?? at });
  else delivery.status = 'handedOver';
  return true;
}
