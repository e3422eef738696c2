/** Reads what providers said about a deposit, in provider time, under its row lock, and marks it applied in the same transaction. */
import { isOpen, statusOfCredit } from '../../domain/deposit.ts';
import { moneyKey, postMoneyToWallet, postStars, postStarsDeposit } from '../../domain/ledger.ts';
import { type InboxOutcome, isExternal, providerTraits } from '../../domain/payment.ts';
import { isAboutBack } from '../../domain/reversal.ts';
import { Inbox } from '../../db/entities/inbox.ts';
import { Refund } from '../../db/entities/refund.ts';
import type { EntityManager } from '../../db/orm.ts';
import { award } from '../../db/repositories/achievement.ts';
import { isPosted, lockWallet, post, postConversion } from '../../db/repositories/ledger.ts';
import { isFurtherTransfer, valueCoins } from '../payment/coins.ts';
import { findMisfit } from '../payment/misfit.ts';
import { laySuspense } from '../payment/suspense.ts';
import { closeTold } from '../refund/deposit.ts';
import { applyFee, applyReversal } from '../reversal/apply.ts';
import { holdGoodsOfDebtor } from '../reversal/hold.ts';
import { changeStatus, type LockedDeposit, record } from './row.ts';

interface Applied {
  readonly outcome: InboxOutcome;
  readonly reason?: string;
  readonly place?: 'wallet' | 'back';
}

/** Applies the deposit's waiting rows. A row that does not fit goes to suspense and moves nothing of the deposit. */
export async function applyInbox(em: EntityManager, locked: LockedDeposit, at: Date): Promise<void> {
  const { deposit } = locked;
  const waiting = await em.find(
    Inbox,
    { depositId: deposit.id, verdict: 'verified', outcome: null },
    { orderBy: { providerAt: 'asc', id: 'asc' } },
  );
  // What goes back is heard after what it is about, whatever was told first.
  const inTurn = [...waiting.filter(({ kind }) => !isAboutBack(kind)), ...waiting.filter(({ kind }) => isAboutBack(kind))];
  for (const row of inTurn) {
    const { outcome, reason = null, place = null } = await applyRow(em, locked, row, at);
    Object.assign(row, { outcome, outcomeReason: reason, place, appliedAt: at });
    const { provider, kind, type, objectId, amount = null, currency = null } = row;
    record(em, deposit, `provider:${provider}`, `${kind}:${outcome}`, at, { after: { type, objectId, amount, currency, place } });
  }
}

async function applyRow(em: EntityManager, locked: LockedDeposit, row: Inbox, at: Date): Promise<Applied> {
  const { deposit, payment, shop } = locked;
  const misfit = await findMisfit(em, row, payment);
  if (misfit) {
    await laySuspense(em, shop, row, at);
    return { outcome: 'suspense', reason: misfit };
  }
  if (isFurtherTransfer(row, payment) && row.kind !== 'settled') return { outcome: 'applied', reason: 'of a further transfer' };
  const isPending = payment.status === 'pending' || payment.status === 'processing';
  switch (row.kind) {
    case 'seen':
    case 'confirming': {
      // Its block is no part of the chain any more: it waits for another.
      if (row.type === 'chain.orphaned' && deposit.status === 'confirming') {
        changeStatus(em, locked, 'seen', `provider:${row.provider}`, at);
        return { outcome: 'applied' };
      }
      const further = row.kind === 'confirming' && deposit.status !== 'confirming';
      if (!isOpen(deposit.status) || !(payment.status === 'pending' || (payment.status === 'processing' && further))) return moreOf(locked);
      payment.status = 'processing';
      payment.seenAt ??= row.providerAt;
      deposit.seenAt ??= row.providerAt;
      changeStatus(em, locked, row.kind, `provider:${row.provider}`, at);
      return { outcome: 'applied' };
    }
    case 'failed':
      if (!isPending) return { outcome: 'duplicate' };
      payment.status = row.type.endsWith('expired') ? 'expired' : 'failed';
      payment.closedAt = at;
      return { outcome: 'applied' };
    case 'settled': {
      const worth = row.coins == null ? undefined : await valueCoins(em, row, payment, deposit.expiresAt);
      if (worth && 'misfit' in worth) return { outcome: 'suspense', reason: worth.misfit };
      if (worth && 'known' in worth) return { outcome: 'duplicate', reason: worth.known };
      if (worth) Object.assign(row, { amount: worth.amount, currency: payment.currency });
      return credit(em, locked, row, at);
    }
    case 'refunded':
    case 'refundFailed':
    case 'warned':
    case 'disputed':
    case 'withdrawn':
    case 'reinstated':
    case 'cleared':
    case 'lost':
      return takeBack(em, locked, row, at);
    case 'fee':
      return applyFee(em, reversedOf(locked), row, at);
    case 'other':
      return isByStaff(payment) ? moreOf(locked) : { outcome: 'applied', reason: 'changes nothing' };
  }
}

const isByStaff = ({ provider }: LockedDeposit['payment']) => providerTraits[provider].verdictBy === 'staff';

/** One more word about what is known already: staff see it in their message, a provider only repeats itself. */
function moreOf({ deposit, payment }: LockedDeposit): Applied {
  if (!isByStaff(payment)) return { outcome: 'duplicate' };
  deposit.version += 1;
  return { outcome: 'applied', reason: 'shown to staff' };
}

/** A pre-checkout that was approved marks the payment without the deposit's lock: from here on its money is awaited. */
export function notePreCheckout(em: EntityManager, locked: LockedDeposit, at: Date): void {
  const { deposit, payment } = locked;
  if (payment.status !== 'processing' || (deposit.status !== 'opened' && deposit.status !== 'waiting')) return;
  deposit.seenAt ??= payment.seenAt ?? at;
  changeStatus(em, locked, 'seen', `provider:${payment.provider}`, at);
}

/** Ends it without money. What comes later is credited all the same. */
export function endDeposit(
  em: EntityManager,
  locked: LockedDeposit,
  by: NonNullable<LockedDeposit['deposit']['endedBy']>,
  actor: string,
  at: Date,
): void {
  const { deposit, payment } = locked;
  if (payment.status === 'pending' || payment.status === 'processing') payment.status = 'expired';
  deposit.endedBy = by;
  deposit.closedAt = at;
  changeStatus(em, locked, by === 'rejection' ? 'rejected' : 'expired', actor, at);
}

/**
 * Whatever arrives for a deposit is the customer's: debt is paid first, the rest is cash. Once, by the money's own key. Stars are credited once,
 * as what was asked for; what comes late or a second time goes back whole.
 */
async function credit(em: EntityManager, locked: LockedDeposit, row: Inbox, at: Date): Promise<Applied> {
  const { deposit, payment, shop } = locked;
  const { provider } = payment;
  if (!isExternal(provider)) return { outcome: 'suspense', reason: 'the wallet is paid by nobody outside' };
  const amount = row.amount as number;
  const key = moneyKey(row);
  if (await isPosted(em, key)) return { outcome: 'duplicate', reason: 'this money is already counted' };
  const inStars = payment.currency === 'XTR';
  const ended = inStars && deposit.closedAt && deposit.closedAt < deposit.expiresAt ? deposit.closedAt : deposit.expiresAt;
  const isLate = row.providerAt > ended && payment.seenAt == null;
  if (inStars && (isLate || payment.applied > 0 || amount !== payment.amount)) return giveBack(em, locked, row, isLate, at);
  const worth = inStars ? deposit.amount : amount;
  const { debt } = await lockWallet(em, shop, deposit.customerId);
  deposit.debtPaid += Math.min(debt, worth);
  const posting = { shopId: shop.id, currency: shop.currency, key, actor: `provider:${row.provider}`, reason: 'deposit', at };
  if (inStars) await postConversion(em, posting, postStarsDeposit(deposit.customerId, debt, { stars: amount, money: worth }));
  else await post(em, { ...posting, legs: postMoneyToWallet(provider, deposit.customerId, debt, amount) });
  payment.received += amount;
  payment.applied += amount;
  // Staff give back the Stars that were credited, not those that went back by themselves.
  if (inStars || payment.moneyObject == null) payment.moneyObject = row.objectId;
  payment.seenAt ??= row.providerAt;
  payment.paidPartial = payment.received < payment.amount;
  payment.paidOver = payment.received > payment.amount;
  payment.paidLate ||= isLate;
  payment.status = 'settled';
  payment.settledAt = row.providerAt;
  payment.closedAt ??= at;
  deposit.credited += worth;
  deposit.creditedAt ??= at;
  await award(em, { shopId: shop.id, customerId: deposit.customerId }, ['firstTopUp']);
  deposit.closedAt ??= at;
  const status = statusOfCredit(deposit.credited, deposit.amount, deposit.reversed);
  // More of what is credited already is drawn again too.
  if (deposit.status === status) deposit.version += 1;
  else changeStatus(em, locked, status, `provider:${row.provider}`, at);
  return { outcome: 'applied', place: 'wallet', ...(isLate ? { reason: 'late' } : {}) };
}

/** Late, second or unfitting Stars are owed back whole; a refund workflow carries them. */
async function giveBack(em: EntityManager, locked: LockedDeposit, row: Inbox, isLate: boolean, at: Date): Promise<Applied> {
  const { deposit, payment, shop } = locked;
  const reason = isLate ? 'lateMoney' : 'secondMoney';
  const amount = row.amount as number;
  const posting = { shopId: shop.id, currency: payment.currency, key: moneyKey(row), actor: `provider:${row.provider}`, at };
  await post(em, { ...posting, legs: postStars('refund:payable', amount), reason: 'moneyBack' });
  payment.received += amount;
  payment.moneyObject ??= row.objectId;
  payment.paidLate ||= isLate;
  // The database holds a refund against what its payment brought.
  await em.flush();
  em.persist(
    em.create(Refund, {
      id: `stray-${row.provider}-${row.objectId}`,
      shopId: shop.id,
      depositId: deposit.id,
      paymentId: payment.id,
      provider: payment.provider,
      moneyObject: row.objectId,
      amount,
      currency: payment.currency,
      scope: 'money',
      status: 'requested',
      requestedBy: 'system',
      reason,
      requestedAt: at,
    }),
  );
  deposit.version += 1;
  return { outcome: 'applied', place: 'back', ...(isLate ? { reason: 'late' } : {}) };
}

/** All of a deposit is its customer's, so all that is taken back is theirs. */
const reversedOf = ({ deposit, payment, shop }: LockedDeposit) => ({
  shop,
  payment,
  customerId: deposit.customerId,
  code: deposit.code,
  depositId: deposit.id,
  saleLeft: 0,
  ...(payment.currency === 'XTR' ? { worth: deposit.amount } : {}),
});

/** The provider takes money of it back, or gives it again: disputes, and refunds made at the provider. */
async function takeBack(em: EntityManager, locked: LockedDeposit, row: Inbox, at: Date): Promise<Applied> {
  const { deposit, payment, shop } = locked;
  if (payment.currency === 'XTR') {
    const known = await closeTold(em, locked, row, at);
    if (known) return known;
    const isOther = payment.applied > 0 && payment.moneyObject !== row.objectId;
    if (isOther) return { outcome: 'suspense', reason: 'Stars that were never told to have come' };
  }
  const { moved, ...applied } = await applyReversal(em, reversedOf(locked), row, at);
  if (applied.outcome !== 'applied') return applied;
  deposit.version += 1;
  if (moved === 0) return applied;
  deposit.reversed += moved;
  if (moved > 0) await holdGoodsOfDebtor(em, shop, deposit.customerId);
  if (deposit.credited === 0) return applied;
  changeStatus(em, locked, statusOfCredit(deposit.credited, deposit.amount, deposit.reversed), `provider:${row.provider}`, at);
  return applied;
}
