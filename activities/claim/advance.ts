/** What people say of a claim, carried out under its order's lock: once each, and only while it can be. */
import { LockMode } from '@mikro-orm/core';
import {
  type ClaimRejection,
  claimRejections,
  claimedPrice,
  claimReminders,
  type ClaimStatus,
  claimTransitions,
  claimWakeAt,
} from '../../domain/claim.ts';
import { isGiven, isUnsent } from '../../domain/delivery.ts';
import { Claim } from '../../db/entities/claim.ts';
import { Delivery } from '../../db/entities/delivery.ts';
import { Order } from '../../db/entities/order.ts';
import { Refund } from '../../db/entities/refund.ts';
import type { EntityManager } from '../../db/orm.ts';
import { note } from '../../db/repositories/claim.ts';
import { addNotice } from '../../db/repositories/notice.ts';
import { replaceUnit } from '../../db/repositories/unit.ts';
import type { ClaimRow } from '../../workflows/messages/claim.ts';
import { lockDeliveries, type LockedOrder, record } from '../order/row.ts';
import { refundableParts, rejectRefund, requestOrderRefund, type RefundWish } from '../refund/request.ts';
import { whyHeld } from '../reversal/hold.ts';
import { newHandoverCode } from '../order/settle.ts';

interface Step {
  readonly cancelled: boolean;
  readonly at: Date;
}

/** Carries out what its row says. A verdict that cannot be is taken back with its reason, so that staff give another. */
export async function advance(em: EntityManager, locked: LockedOrder, claim: Claim, { cancelled, at }: Step): Promise<void> {
  if (claim.status !== 'open') return;
  if (cancelled && claim.verdict == null && claim.withdrawnAt == null)
    Object.assign(claim, { verdict: 'refuse', verdictBy: 'temporal', verdictAt: at, reason: 'other' });
  if (claim.verdict != null) {
    const failure = await carryOut(em, locked, claim, at);
    if (failure) {
      const { code, shopId } = claim;
      note(em, { code, shopId, actor: claim.verdictBy ?? 'system', action: 'notCarriedOut', at, after: failure });
      Object.assign(claim, { verdict: null, verdictBy: null, verdictAt: null, reason: null, failure, version: claim.version + 1 });
    }
  } else if (claim.withdrawnAt != null) await close(em, locked, claim, 'withdrawn', at);
  if (claim.status === 'open' && claim.openedAt)
    claim.staffReminders = Math.max(claim.staffReminders, claimReminders(claim.openedAt.getTime(), at.getTime()));
  await em.flush();
}

/** @returns why it could not be done; nothing was changed then */
async function carryOut(em: EntityManager, locked: LockedOrder, claim: Claim, at: Date): Promise<ClaimRejection | undefined> {
  switch (claim.verdict) {
    case 'refund':
      return refund(em, locked, claim, at);
    case 'replace':
      return replace(em, locked, claim, at);
    default:
      return close(em, locked, claim, 'refused', at);
  }
}

/** The price of what is faulty goes back the way it came: a part where the method allows it, Stars only when it is all there is. */
async function refund(em: EntityManager, locked: LockedOrder, claim: Claim, at: Date): Promise<ClaimRejection | undefined> {
  const { order, lines, payments, refunds } = locked;
  if (order.status !== 'delivered') return 'NotDelivered';
  const line = lines.find(({ id }) => id === claim.orderLineId);
  if (!line) return 'UnknownClaim';
  const pieces = claim.unitId == null ? line.quantity : 1;
  const inStars = payments.some(({ currency, applied }) => currency === 'XTR' && applied > 0);
  // What the shop bore of a payment that was short, and what was given back already, is not there to give.
  const left = (await refundableParts(em, payments)).reduce((sum, part) => sum + part.left, 0);
  const price = Math.min(claimedPrice(line, { pieces, inStars }), left);
  if (price === 0) return 'NothingLeft';
  const wish: RefundWish = {
    actor: claim.verdictBy ?? 'system',
    reason: 'warranty',
    firstNumber: refunds.filter(({ scope }) => scope === 'order').length + 1,
    amount: price,
  };
  const rejected = await rejectRefund(em, locked, wish);
  if (rejected) return claimRejections.find((name) => name === rejected) ?? 'NotDelivered';
  const [refundId] = await requestOrderRefund(em, locked, wish, at);
  claim.refundId = refundId ?? null;
  return close(em, locked, claim, 'refunded', at);
}

/** The faulty unit leaves the stock for good, another becomes the line's, and its goods are sent as they are now. */
async function replace(em: EntityManager, locked: LockedOrder, claim: Claim, at: Date): Promise<ClaimRejection | undefined> {
  const { order, lines, payments, refunds } = locked;
  const isBack = refunds.some(({ scope }) => scope === 'order') && (await refundableParts(em, payments)).length === 0;
  if (isBack) return 'MoneyBack';
  if (order.status !== 'delivered') return 'NotDelivered';
  if (await whyHeld(em, locked, claim.verdictBy ?? 'system')) return 'Disputed';
  const line = lines.find(({ id }) => id === claim.orderLineId);
  const delivery = (await lockDeliveries(em, order.id)).find(({ orderLineId }) => orderLineId === claim.orderLineId);
  if (!line || !delivery || isUnsent(delivery.status) || delivery.status === 'revoked') return 'NotDelivered';
  const given = isGiven(delivery);
  if (!given && delivery.round === 1) return 'NotDelivered';
  if (claim.unitId != null) {
    const replacement = await replaceUnit(em, { unitId: claim.unitId, productId: line.productId, orderLineId: line.id });
    if (replacement === undefined) return 'SoldOut';
    claim.replacementId = replacement;
  }
  // What the customer had by now stays theirs whatever becomes of the money; what is given from here on they have when they collect or see it.
  if (given) delivery.round += 1;
  if (delivery.handoverCode != null) delivery.handoverCode = newHandoverCode();
  Object.assign(delivery, { status: 'waiting', attempts: 0, shownAt: null });
  await em.flush();
  claim.round = delivery.round;
  return close(em, locked, claim, 'replaced', at);
}

async function close(
  em: EntityManager,
  locked: LockedOrder,
  claim: Claim,
  status: Exclude<ClaimStatus, 'asked' | 'open'>,
  at: Date,
): Promise<undefined> {
  if (!claimTransitions[claim.status].includes(status)) throw new Error(`Claim ${claim.code} may not go from ${claim.status} to ${status}`);
  const { code, shopId, customerId, orderLineId, reason = null } = claim;
  const actor = status === 'withdrawn' ? `customer:${customerId}` : (claim.verdictBy ?? 'system');
  Object.assign(claim, { status, closedAt: at, failure: null, version: claim.version + 1 });
  note(em, {
    code,
    shopId,
    actor,
    action: status,
    at,
    after: { reason, unitId: claim.unitId ?? null, replacementId: claim.replacementId ?? null },
  });
  record(locked, actor, 'claim', at, { after: { claimCode: code, status } });
  locked.order.version += 1;
  await em.flush();
  if (status === 'withdrawn') return;
  const title = locked.lines.find(({ id }) => id === orderLineId)?.title ?? '';
  const content = { kind: 'claimClosed', claimId: claim.id, orderCode: locked.order.code, title, status, reason } as const;
  await addNotice(em, { shopId, customerId, key: `claim:${code}`, content: { ...content, status } });
}

/** The claim under its lock. Its order is locked before it. */
export function lockClaim(em: EntityManager, code: string): Promise<Claim> {
  return em.findOneOrFail(Claim, { code }, { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true });
}

/** The row as the workflow gets it. `at`: workflow time, ms. */
export async function answerClaim(
  em: EntityManager,
  claim: Claim,
  shop: { readonly staffChatId?: number | null | undefined },
  at: number,
): Promise<ClaimRow> {
  const { code: orderCode } = await em.findOneOrFail(Order, { id: claim.orderId }, { fields: ['code'] });
  const unsent = await em.count(Delivery, { orderLineId: claim.orderLineId, status: { $in: ['waiting', 'sending'] } });
  const refunds = claim.refundId == null ? [] : await em.find(Refund, { orderId: claim.orderId, scope: 'order', reason: 'warranty' });
  const own = refunds.find(({ id }) => id === claim.refundId);
  return {
    claimCode: claim.code,
    orderCode,
    customerId: claim.customerId,
    status: claim.status,
    wakeAt: claim.status === 'open' && claim.openedAt ? claimWakeAt(claim.openedAt.getTime(), at) : null,
    untold: shop.staffChatId != null && (claim.staffVersion < claim.version || claim.staffReminders > claim.staffRemindersSent),
    sending: claim.status === 'replaced' && unsent > 0,
    // A wish over several payments is several refunds of one instant.
    refundIds: refunds.filter(({ requestedAt }) => requestedAt.getTime() === own?.requestedAt.getTime()).map(({ id }) => id),
    cancelled: claim.verdictBy === 'temporal',
  };
}
