/** What staff see of deposits whose verdict they give: their one message, receipts, reminders. */
import { type ApprovalView, type ReceiptView, rejectionReasons, type RejectionReason } from '../../domain/approval.ts';
import type { DepositView } from '../../domain/deposit.ts';
import { providerOfMethod, providerTraits } from '../../domain/payment.ts';
import { Approval } from '../entities/approval.ts';
import { Deposit } from '../entities/deposit.ts';
import { TransferReceipt } from '../entities/transfer-receipt.ts';
import type { EntityManager } from '../orm.ts';
import type { Secrets } from '../secrets.ts';
import { listApprovals } from './approval.ts';
import { findDepositView } from './deposit.ts';

/** A deposit as staff see it, and the message it stands in. */
export interface StaffDeposit {
  readonly view: DepositView;
  readonly receipts: readonly ReceiptView[];
  readonly approvals: readonly ApprovalView[];
  readonly message: { readonly chatId: number | null; readonly messageId: number | null };
}

/** A deposit of this shop that staff judge; undefined when there is no such. */
export async function findStaffDeposit(
  em: EntityManager,
  secrets: Secrets,
  { shopId, depositCode }: { shopId: number; depositCode: string },
): Promise<StaffDeposit | undefined> {
  const found = await findDepositView(em, depositCode);
  if (found?.view.shopId !== shopId || providerTraits[providerOfMethod[found.view.method]].verdictBy !== 'staff') return undefined;
  const { view, deposit } = found;
  const message = { chatId: deposit.staffChatId ?? null, messageId: deposit.staffMessageId ?? null };
  return { view, message, receipts: await listReceipts(em, deposit.id), approvals: await listApprovals(em, secrets, deposit.id) };
}

/** Code of the deposit a verdict of this shop is about. */
export async function findDepositOfApproval(em: EntityManager, shopId: number, approvalId: number): Promise<string | undefined> {
  const approval = await em.findOne(Approval, { id: approvalId, shopId });
  return approval ? (await em.findOne(Deposit, { id: approval.depositId }))?.code : undefined;
}

async function listReceipts(em: EntityManager, depositId: number): Promise<ReceiptView[]> {
  const rows = await em.find(TransferReceipt, { depositId }, { orderBy: { id: 'asc' }, refresh: true });
  const twins = await em.find(Deposit, { id: { $in: rows.flatMap(({ twinDepositId }) => twinDepositId ?? []) } });
  return rows.map(({ id, twinDepositId, likeness }) => ({
    id,
    twin: twins.find((twin) => twin.id === twinDepositId)?.code ?? null,
    likeness: likeness ?? null,
  }));
}

/** Whether there is something for staff to look at. */
export async function isForStaff(em: EntityManager, { id }: Pick<Deposit, 'id'>): Promise<boolean> {
  const verdicts = await em.count(Approval, { depositId: id, status: { $ne: 'drafted' } });
  return verdicts > 0 || (await em.count(TransferReceipt, { depositId: id })) > 0;
}

/** Whether the customer must be told, with a sound, that staff gave nothing. */
export function isEndUntold({ method, status, endedBy, endToldAt }: Deposit): boolean {
  if (endToldAt != null || providerTraits[providerOfMethod[method]].verdictBy !== 'staff') return false;
  return status === 'rejected' ? endedBy === 'rejection' : status === 'expired' && endedBy === 'verdictOver';
}

/** Why staff rejected it last. */
export async function findRejectionReason(em: EntityManager, depositId: number): Promise<RejectionReason> {
  const row = await em.findOne(Approval, { depositId, verdict: 'reject', status: 'given' }, { orderBy: { id: 'desc' } });
  return rejectionReasons.find((reason) => reason === row?.reason) ?? 'other';
}

/** Notes that the staff's message shows the deposit at `version`; `messageId` is null when the message of before was edited. */
export async function markStaffDrawn(
  em: EntityManager,
  { depositCode, version, chatId, messageId }: { depositCode: string; version: number; chatId: number; messageId: number | null },
): Promise<void> {
  await em.execute(
    `update deposit set staff_version = greatest(staff_version, ?), staff_chat_id = ?, staff_message_id = coalesce(?, staff_message_id)
      where code = ?`,
    [version, chatId, messageId, depositCode],
  );
}

/** Notes that staff are being reminded. @returns false when they were before */
export async function markStaffReminded(em: EntityManager, depositId: number, reminders: number): Promise<boolean> {
  const rows: unknown[] = await em.execute('update deposit set reminders_sent = ? where id = ? and reminders_sent < ? returning id', [
    reminders,
    depositId,
    reminders,
  ]);
  return rows.length > 0;
}

/** Notes that the customer is being told of the end. @returns false when they were before */
export async function markEndTold(em: EntityManager, depositId: number, at: Date): Promise<boolean> {
  const rows: unknown[] = await em.execute('update deposit set end_told_at = ? where id = ? and end_told_at is null returning id', [
    at,
    depositId,
  ]);
  return rows.length > 0;
}
