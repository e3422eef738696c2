/** Locking, changing and answering a deposit's row: what every step begins and ends with. */
import { LockMode } from '@mikro-orm/core';
import { type DepositRejection, type DepositState, type DepositStatus, goneOf, isOpen, mayBecome, wakeAt } from '../../domain/deposit.ts';
import { providerOfMethod, providerTraits } from '../../domain/payment.ts';
import { Audit } from '../../db/entities/audit.ts';
import { Deposit } from '../../db/entities/deposit.ts';
import { Inbox } from '../../db/entities/inbox.ts';
import { Payment } from '../../db/entities/payment.ts';
import { Refund } from '../../db/entities/refund.ts';
import { Referral } from '../../db/entities/referral.ts';
import { Shop } from '../../db/entities/shop.ts';
import type { EntityManager } from '../../db/orm.ts';
import { listUntoldReversals } from '../../db/repositories/reversal.ts';
import { isEndUntold, isForStaff } from '../../db/repositories/deposit-staff.ts';
import type { DepositRow } from '../../workflows/messages/deposit.ts';

/** A deposit under its row lock with what its decisions need. What a step changes is written when its transaction ends. */
export interface LockedDeposit {
  readonly deposit: Deposit;
  readonly payment: Payment;
  readonly shop: Shop;
}

/** One step of a deposit in one transaction. `work` gets undefined when there is no such deposit. */
export function inDeposit<Answer>(
  em: EntityManager,
  code: string,
  work: (em: EntityManager, locked: LockedDeposit | undefined) => Promise<Answer>,
): Promise<Answer> {
  return em.transactional(async (tx) => {
    const deposit = await tx.findOne(Deposit, { code }, { lockMode: LockMode.PESSIMISTIC_WRITE });
    if (!deposit) return work(tx, undefined);
    const payment = await tx.findOneOrFail(Payment, { depositId: deposit.id }, { lockMode: LockMode.PESSIMISTIC_WRITE });
    const shop = await tx.findOneOrFail(Shop, { id: deposit.shopId });
    return work(tx, { deposit, payment, shop });
  });
}

export function readState({ deposit, payment }: Pick<LockedDeposit, 'deposit' | 'payment'>): DepositState {
  const { expiresAt, seenAt, status } = deposit;
  const traits = providerTraits[payment.provider];
  return {
    status: status as DepositStatus,
    expiresAt: expiresAt.getTime(),
    seenAt: seenAt?.getTime() ?? null,
    verdictBy: traits.verdictBy,
    paymentOver: isPaymentOver(payment),
    polled: traits.coins,
    settlesWithin: traits.wholeOnly ? traits.settlementWindowSeconds : null,
  };
}

/** Whether nobody can pay it any more, and nobody did. */
function isPaymentOver({ status }: Payment): boolean {
  return status === 'failed' || status === 'expired';
}

/** Moves the deposit to another status; its screen is drawn again. */
export function changeStatus(em: EntityManager, { deposit }: LockedDeposit, status: DepositStatus, actor: string, at: Date): void {
  const before = deposit.status as DepositStatus;
  if (before === status) return;
  if (!mayBecome(before, status)) throw new Error(`Deposit ${deposit.code} may not go from ${before} to ${status}`);
  deposit.status = status;
  deposit.version += 1;
  record(em, deposit, actor, status, at, { before });
}

/** Leaves a line in the deposit's long history. */
export function record(
  em: EntityManager,
  { shopId, code }: Pick<Deposit, 'shopId' | 'code'>,
  actor: string,
  action: string,
  at: Date,
  { before = null, after = null }: { before?: unknown; after?: unknown } = {},
): void {
  em.persist(em.create(Audit, { shopId, actor, action, subject: 'deposit', subjectId: code, before, after, at }));
}

/** Whether its page could still be paid. */
export function isClosable({ payment }: Pick<LockedDeposit, 'payment'>): boolean {
  const { opens, wholeOnly } = providerTraits[payment.provider];
  return (
    payment.closedAt == null &&
    payment.status !== 'settled' &&
    // Stars have no page, but what was approved may have been paid without a word.
    (opens === 'outside' || wholeOnly) &&
    (payment.providerObject != null || payment.status === 'processing')
  );
}

/** Whether staff, who give the verdict, do not see it yet as it stands: from the first receipt or verdict on. */
async function isStaffUntold(em: EntityManager, { deposit, payment, shop }: LockedDeposit): Promise<boolean> {
  if (providerTraits[payment.provider].verdictBy !== 'staff' || shop.staffChatId == null) return false;
  if (deposit.reminders > deposit.remindersSent && deposit.status === 'seen') return true;
  return deposit.staffVersion < deposit.version && (deposit.staffMessageId != null || (await isForStaff(em, deposit)));
}

/** The row as the workflow gets it. `at`: workflow time, ms. */
export async function answerRow(
  em: EntityManager,
  locked: LockedDeposit,
  at: number,
  extra: { readonly mustClose?: boolean; readonly mustAsk?: boolean; readonly rejected?: DepositRejection } = {},
): Promise<DepositRow> {
  const { deposit, payment } = locked;
  const status = deposit.status as DepositStatus;
  await em.flush();
  const isReferred = deposit.credited > 0 && (await em.count(Referral, { customerId: deposit.customerId })) > 0;
  const unnoticed = await em.count(Inbox, { depositId: deposit.id, place: 'wallet', toldAt: null });
  const news = unnoticed > 0 || deposit.screenVersion < deposit.version ? [] : await listUntoldReversals(em, deposit.id);
  return {
    depositCode: deposit.code,
    status,
    version: deposit.version,
    provider: payment.provider,
    wakeAt: wakeAt(readState(locked), at) ?? null,
    untold:
      unnoticed > 0 ||
      news.length > 0 ||
      deposit.screenVersion < deposit.version ||
      isEndUntold(deposit) ||
      (await isStaffUntold(em, locked)),
    opening:
      isOpen(status) && payment.status === 'pending' && providerTraits[payment.provider].opens === 'outside' && !payment.instructions
        ? payment.id
        : null,
    closing: isClosable(locked) ? payment.id : null,
    mustClose: extra.mustClose ?? false,
    mustAsk: extra.mustAsk ?? false,
    commissionFrom: isReferred ? `${deposit.credited}/${goneOf(deposit)}` : null,
    refunds: await listDueRefunds(em, deposit),
    rejected: extra.rejected ?? null,
  };
}

/** Stars that go back: their refunds wait for somebody to carry them out. */
async function listDueRefunds(em: EntityManager, { id, method }: Deposit): Promise<string[]> {
  if (!providerTraits[providerOfMethod[method]].wholeOnly) return [];
  const due = await em.find(Refund, { depositId: id, status: 'requested' }, { orderBy: { requestedAt: 'asc', id: 'asc' } });
  return due.map((refund) => refund.id);
}

/** The row of a deposit that does not exist: a wish that was rejected before anything was kept. */
export function rejectedRow(depositCode: string, rejected: DepositRejection): DepositRow {
  return {
    depositCode,
    status: 'rejected',
    version: 0,
    provider: providerOfMethod.card,
    wakeAt: null,
    untold: false,
    opening: null,
    closing: null,
    mustClose: false,
    mustAsk: false,
    commissionFrom: null,
    refunds: [],
    rejected,
  };
}
