/**
 * Verdicts of staff about deposits. A verdict that counts is written with its row of the inbox in one transaction, under the deposit's lock;
 * the deposit's own steps move the money when they are rung. MONEY.md sections 2, 10 and 12.
 */
import { LockMode, UniqueConstraintViolationException } from '@mikro-orm/core';
import type { ApprovalRejection, ApprovalView, RejectionReason } from '../../domain/approval.ts';
import { depositPaymentId, isCredited, isOpen } from '../../domain/deposit.ts';
import { providerOfMethod, providerTraits } from '../../domain/payment.ts';
import { Approval } from '../entities/approval.ts';
import { Audit } from '../entities/audit.ts';
import { Customer } from '../entities/customer.ts';
import { Deposit } from '../entities/deposit.ts';
import type { EntityManager } from '../orm.ts';
import { drawIds, type Secrets } from '../secrets.ts';
import { insertInboxRow } from './inbox.ts';
import { readSetting } from './setting.ts';

/** Who judges: `staff:<id>` or `cli`, and who they are at Telegram, for nobody judges their own money. */
export interface Judge {
  readonly actor: string;
  readonly telegramUserId?: number | undefined;
}

/** What is said of a deposit. Amount in minor units of the shop's currency; `reference` as domain/approval.ts reads it. */
export type VerdictWish =
  | { readonly verdict: 'approve'; readonly amount: number; readonly reference: string; readonly sender: string }
  | { readonly verdict: 'reject'; readonly reason: RejectionReason };

/** `objectId`: what the inbox has of it, to ring with; `waitsForSecond`: another person must say so too before money moves. */
export type Judged =
  | { readonly ok: true; readonly approvalId: number; readonly objectId: string; readonly waitsForSecond: boolean }
  | { readonly ok: false; readonly rejected: ApprovalRejection };

const refuse = (rejected: ApprovalRejection) => ({ ok: false, rejected }) as const;
const counted = { status: { $in: ['awaitingSecond' as const, 'given' as const] } };

/** Writes down what a person is about to say, so that they see it before it counts. Nothing moves. */
export async function draftVerdict(
  em: EntityManager,
  secrets: Secrets,
  { shopId, depositCode, wish, by, at }: { shopId: number; depositCode: string; wish: VerdictWish; by: Judge; at: Date },
): Promise<{ readonly ok: true; readonly approvalId: number } | { readonly ok: false; readonly rejected: ApprovalRejection }> {
  return em.transactional(async (tx) => {
    const deposit = await tx.findOne(Deposit, { code: depositCode, shopId });
    if (!deposit || providerTraits[providerOfMethod[deposit.method]].verdictBy !== 'staff') return refuse('UnknownDeposit');
    const barred = await findBar(tx, deposit, wish.verdict, by);
    if (barred) return refuse(barred);
    // A slip of the finger, not a transfer.
    if (wish.verdict === 'approve' && wish.amount > 10 * (await readSetting(tx, shopId, 'depositMaximum'))) return refuse('AmountTooLarge');
    if (wish.verdict === 'approve' && (await tx.count(Approval, { shopId, reference: wish.reference, ...counted })) > 0) {
      return refuse('ReferenceUsed');
    }
    await tx.nativeDelete(Approval, { depositId: deposit.id, status: 'drafted', by: by.actor });
    const number = (await tx.count(Approval, { depositId: deposit.id, status: 'given' })) + 1;
    const [id = 0] = await drawIds(tx, 'approval');
    const said =
      wish.verdict === 'reject'
        ? { reason: wish.reason }
        : {
            amount: wish.amount,
            reference: wish.reference,
            sender: secrets.seal({ table: 'approval', column: 'sender', id }, wish.sender),
          };
    const draft = {
      id,
      shopId,
      depositId: deposit.id,
      number,
      verdict: wish.verdict,
      ...said,
      status: 'drafted',
      by: by.actor,
      at,
    } as const;
    tx.persist(tx.create(Approval, draft));
    return { ok: true, approvalId: id };
  });
}

/** Lets a draft of one's own count, or asks for a second person. The same again is answered as it stands. */
export function giveVerdict(em: EntityManager, wish: JudgeWish): Promise<Judged> {
  return judge(em, wish, async (tx, approval, deposit) => {
    if (approval.by !== wish.by.actor) return refuse('AnotherDraft');
    if (approval.status === 'given' || approval.status === 'awaitingSecond') return answer(approval);
    if (approval.status !== 'drafted') return refuse('AlreadyJudged');
    const barred = await findBar(tx, deposit, approval.verdict, wish.by);
    if (barred) return refuse(barred);
    const given = await tx.find(Approval, { depositId: deposit.id, status: 'given' });
    if (given.length + 1 !== approval.number) return refuse('AlreadyJudged');
    const waiting = await tx.findOne(Approval, { depositId: deposit.id, status: 'awaitingSecond' });
    if (waiting && approval.verdict === 'approve') return refuse('AlreadyJudged');
    if (waiting) await tx.nativeUpdate(Approval, { id: waiting.id }, { status: 'withdrawn' });
    approval.at = wish.at;
    if (approval.verdict === 'reject') {
      approval.status = 'given';
      return tellInbox(tx, approval, deposit, wish, { kind: 'failed', type: `rejected.${approval.reason}` });
    }
    // Small ones that come to more than the limit together are no way around it.
    approval.total = given.reduce((sum, { amount }) => sum + (amount ?? 0), approval.amount ?? 0);
    approval.secondAbove = await readSetting(tx, deposit.shopId, 'secondApprovalAbove');
    const needsSecond = approval.total > approval.secondAbove;
    approval.status = needsSecond ? 'awaitingSecond' : 'given';
    return tellInbox(tx, approval, deposit, wish, needsSecond ? { kind: 'other', type: 'approvedByOne' } : moneyOf(approval));
  });
}

/** The second person says so too. */
export function agreeToVerdict(em: EntityManager, wish: JudgeWish): Promise<Judged> {
  return judge(em, wish, async (tx, approval, deposit) => {
    if (approval.status === 'given' && approval.secondBy === wish.by.actor) return answer(approval);
    if (approval.status !== 'awaitingSecond') return refuse('AlreadyJudged');
    if (approval.by === wish.by.actor) return refuse('SamePerson');
    const barred = await findBar(tx, deposit, 'approve', wish.by);
    if (barred) return refuse(barred);
    Object.assign(approval, { status: 'given', secondBy: wish.by.actor, secondAt: wish.at });
    return tellInbox(tx, approval, deposit, wish, moneyOf(approval));
  });
}

interface JudgeWish {
  readonly shopId: number;
  readonly approvalId: number;
  readonly by: Judge;
  readonly at: Date;
}

async function judge(
  em: EntityManager,
  { shopId, approvalId }: JudgeWish,
  work: (em: EntityManager, approval: Approval, deposit: Deposit) => Promise<Judged>,
): Promise<Judged> {
  const known = await em.fork().findOne(Approval, { id: approvalId, shopId });
  if (!known) return refuse('AlreadyJudged');
  try {
    return await em.fork().transactional(async (tx) => {
      const deposit = await tx.findOneOrFail(Deposit, { id: known.depositId }, { lockMode: LockMode.PESSIMISTIC_WRITE });
      const approval = await tx.findOne(Approval, { id: approvalId });
      return approval ? work(tx, approval, deposit) : refuse('AlreadyJudged');
    });
  } catch (err) {
    // Two deposits at once with one reference: the database lets the first have it.
    if (err instanceof UniqueConstraintViolationException && err.message.includes('approval_reference_once'))
      return refuse('ReferenceUsed');
    throw err;
  }
}

/** Why this person may not say this of the deposit as it stands. */
async function findBar(em: EntityManager, deposit: Deposit, verdict: string, by: Judge): Promise<ApprovalRejection | undefined> {
  const customer = await em.findOneOrFail(Customer, { id: deposit.customerId });
  if (by.telegramUserId !== undefined && customer.telegramUserId === by.telegramUserId) return 'OwnDeposit';
  if (verdict === 'approve') return undefined;
  if (isCredited(deposit.status)) return 'AlreadyCredited';
  return isOpen(deposit.status) ? undefined : 'AlreadyEnded';
}

const answer = ({ id, status }: Approval): Judged => ({
  ok: true,
  approvalId: id,
  objectId: `approval:${id}`,
  waitsForSecond: status === 'awaitingSecond',
});

const moneyOf = ({ amount }: Approval) => ({ kind: 'settled', type: 'approved', amount }) as const;

async function tellInbox(
  em: EntityManager,
  approval: Approval,
  deposit: Deposit,
  { by, at }: JudgeWish,
  event: { kind: 'settled' | 'failed' | 'other'; type: string; amount?: number | null | undefined },
): Promise<Judged> {
  const { id, shopId, number, verdict, amount = null, reference = null, reason = null } = approval;
  await em.flush();
  const after = { number, verdict, amount, reference, reason, step: event.type };
  em.persist(
    em.create(Audit, { shopId, actor: by.actor, action: 'judged', subject: 'deposit', subjectId: deposit.code, before: null, after, at }),
  );
  await insertInboxRow(em, {
    shopId,
    provider: 'manual',
    source: 'staff',
    eventId: `approval:${id}:${event.type}`,
    type: event.type,
    verdict: 'verified',
    kind: event.kind,
    objectId: `approval:${id}`,
    paymentId: depositPaymentId(deposit.code),
    amount: event.amount,
    currency: event.amount == null ? null : deposit.currency,
    providerAt: at,
    body: Buffer.from(JSON.stringify({ approvalId: id })),
  });
  return answer(approval);
}

/** The verdicts about a deposit, oldest first; the payers' names opened. */
export async function listApprovals(em: EntityManager, secrets: Secrets, depositId: number): Promise<ApprovalView[]> {
  const rows = await em.find(Approval, { depositId }, { orderBy: { id: 'asc' }, refresh: true });
  return rows.map((row) => ({
    id: row.id,
    number: row.number,
    verdict: row.verdict,
    status: row.status,
    amount: row.amount ?? null,
    reference: row.reference ?? null,
    sender: row.sender == null ? null : secrets.open({ table: 'approval', column: 'sender', id: row.id }, row.sender),
    reason: row.reason ?? null,
    by: row.by,
    secondBy: row.secondBy ?? null,
    at: row.at.getTime(),
  }));
}
