/** Stars of a top-up that go back: whole, decided under the deposit's lock, closed by Telegram's word. */
import { postRefundSucceeded, postStarsRefundDecided } from '../../domain/ledger.ts';
import { formatOrderCode } from '../../domain/order-code.ts';
import { isExternal, type InboxOutcome, providerTraits } from '../../domain/payment.ts';
import { statusOfCredit } from '../../domain/deposit.ts';
import { isStillOwed, refundTransitions } from '../../domain/refund.ts';
import type { Inbox } from '../../db/entities/inbox.ts';
import { Refund } from '../../db/entities/refund.ts';
import type { EntityManager } from '../../db/orm.ts';
import { raiseAlert } from '../../db/repositories/alert.ts';
import { lockWallet, post, postConversion } from '../../db/repositories/ledger.ts';
import type { RefundRejection, RefundRequested } from '../../workflows/messages/refund.ts';
import { changeStatus, type LockedDeposit, record } from '../deposit/row.ts';

/**
 * Staff give a top-up back: its money leaves the wallet, its Stars are owed until Telegram has given them. Whole only, and only what is unspent.
 * What was decided before is answered; one that failed is asked for again.
 */
export async function requestDepositRefund(
  em: EntityManager,
  locked: LockedDeposit,
  refundId: string,
  { actor, reason, amount }: RefundRequested,
  at: Date,
): Promise<RefundRejection | undefined> {
  const { deposit, payment, shop } = locked;
  if (!providerTraits[payment.provider].wholeOnly) return 'NotByItself';
  const owed = (await em.find(Refund, { depositId: deposit.id, status: 'failed' })).filter(isStillOwed);
  if (owed.length > 0) {
    for (const refund of owed) Object.assign(refund, { status: 'requested', failure: null, closedAt: null });
    record(em, deposit, actor, 'refundAskedAgain', at, { after: { refundIds: owed.map(({ id }) => id) } });
    return undefined;
  }
  if (deposit.credited === 0) return 'NotPaid';
  if (deposit.reversed > 0) return 'NothingLeft';
  if (amount !== undefined && amount !== payment.applied) return 'WholeOnly';
  const balances = await lockWallet(em, shop, deposit.customerId);
  if (balances.debt > 0) return 'WalletInDebt';
  if (balances.stars < deposit.credited) return 'Spent';
  const refund = em.create(Refund, {
    id: refundId,
    shopId: shop.id,
    depositId: deposit.id,
    paymentId: payment.id,
    provider: payment.provider,
    moneyObject: payment.moneyObject ?? '',
    amount: payment.applied,
    currency: payment.currency,
    scope: 'order',
    status: 'requested',
    requestedBy: actor,
    reason,
    requestedAt: at,
  });
  em.persist(refund);
  const posting = { shopId: shop.id, currency: shop.currency, key: `${refundId}:decided`, actor, reason: 'depositRefund', at };
  await postConversion(em, posting, postStarsRefundDecided(deposit.customerId, { stars: payment.applied, money: deposit.credited }));
  deposit.reversed = deposit.credited;
  record(em, deposit, actor, 'refundRequested', at, { after: { refundIds: [refundId], reason } });
  changeStatus(em, locked, statusOfCredit(deposit.credited, deposit.amount, deposit.reversed), actor, at);
  return undefined;
}

/** Moves a refund on. @returns false when it stood there already */
export async function closeDepositRefund(
  em: EntityManager,
  locked: LockedDeposit,
  refund: Refund,
  end: { status: 'sent' | 'succeeded'; providerRefundId?: string } | { status: 'failed'; reason: string },
  at: Date,
): Promise<boolean> {
  const { deposit, shop } = locked;
  const before = refund.status;
  if (!refundTransitions[before].includes(end.status)) return false;
  refund.status = end.status;
  if (end.status === 'failed') {
    Object.assign(refund, { failure: end.reason, closedAt: at, toldAt: null });
    // A top-up has no message of the staff's.
    const params = { what: formatOrderCode(deposit.code), amount: refund.amount, currency: refund.currency, reason: end.reason };
    await raiseAlert(em, { shopId: shop.id, key: `refundFailed:${refund.id}:${at.toISOString()}`, kind: 'refundFailed', params, at });
  } else {
    refund.providerRefundId ??= end.providerRefundId ?? null;
    refund.sentAt ??= at;
  }
  if (end.status === 'succeeded' && isExternal(refund.provider)) {
    refund.closedAt = at;
    refund.toldAt = null;
    await post(em, {
      shopId: shop.id,
      currency: refund.currency,
      key: `${refund.id}:succeeded`,
      legs: postRefundSucceeded(refund.provider, refund.amount),
      actor: `provider:${refund.provider}`,
      reason: 'refundSucceeded',
      at,
    });
  }
  deposit.version += 1;
  record(em, deposit, `provider:${refund.provider}`, `refund:${end.status}`, at, { before, after: { refundId: refund.id } });
  await em.flush();
  return true;
}

/** Telegram's own word of Stars that went back: one of our refunds closes by it. @returns undefined when none of ours is meant */
export async function closeTold(
  em: EntityManager,
  locked: LockedDeposit,
  row: Inbox,
  at: Date,
): Promise<{ outcome: InboxOutcome } | undefined> {
  if (row.kind !== 'refunded') return undefined;
  const refunds = await em.find(Refund, { depositId: locked.deposit.id, moneyObject: row.objectId });
  const refund = refunds.find((one) => one.status !== 'failed' || isStillOwed(one));
  if (!refund) return undefined;
  const changed = await closeDepositRefund(em, locked, refund, { status: 'succeeded', providerRefundId: row.objectId }, at);
  return { outcome: changed ? 'applied' : 'duplicate' };
}
