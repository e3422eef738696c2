/**
 * What people say of payouts: where to, that it may go, that it is sent, what became of it. Each is written under the payout's lock and moves
 * no money: its workflow's own step does, when it is rung. MONEY.md sections 2, 3, 10 and 12.
 */
import { LockMode, UniqueConstraintViolationException } from '@mikro-orm/core';
import { createHash } from 'node:crypto';
import type { Coin } from '../../domain/chain.ts';
import type { ProviderName } from '../../domain/payment.ts';
import {
  type DestinationMisfit,
  type FailureByStaff,
  nameUntil,
  type PayoutStage,
  type PayoutView,
  stageOf,
  type WordRejection,
} from '../../domain/payout.ts';
import { readDestination } from '../destination.ts';
import { Audit } from '../entities/audit.ts';
import { ChainAddress, ChainKey } from '../entities/chain-key.ts';
import { Customer } from '../entities/customer.ts';
import { Deposit } from '../entities/deposit.ts';
import { Payout } from '../entities/payout.ts';
import { Refund } from '../entities/refund.ts';
import { Shop } from '../entities/shop.ts';
import type { EntityManager } from '../orm.ts';
import type { Secrets } from '../secrets.ts';
import type { Judge } from './approval.ts';
import { readWallet } from './ledger.ts';
import { readSetting } from './setting.ts';

export function stageOfPayout(payout: Payout): PayoutStage {
  const { status, confirmedAt, approvedBy, secondBy, total, secondAbove } = payout;
  const needsSecond = total != null && secondAbove != null && total > secondAbove;
  return stageOf({
    status,
    confirmed: confirmedAt != null,
    approved: approvedBy != null,
    whollyApproved: approvedBy != null && (!needsSecond || secondBy != null),
  });
}

const place = (id: number) => ({ table: 'payout', column: 'destination', id }) as const;

/** A payout by its number, of this shop or this customer; undefined when there is no such. */
export async function findPayout(
  em: EntityManager,
  secrets: Secrets,
  where:
    | { readonly id: number; readonly shopId: number }
    | { readonly id: number; readonly customerId: number }
    | { readonly code: string },
): Promise<PayoutView | undefined> {
  const payout = await em.findOne(Payout, where, { refresh: true });
  return payout ? viewPayout(secrets, payout) : undefined;
}

export function viewPayout(secrets: Secrets, payout: Payout): PayoutView {
  const { id, code, shopId, customerId, method, amount, currency, status, requestedBy, version } = payout;
  const requestedAt = payout.requestedAt.getTime();
  return {
    id,
    code,
    shopId,
    customerId,
    noun: payout.depositId == null ? 'order' : 'deposit',
    ofCode: code.slice(0, 8),
    method,
    amount,
    currency,
    status,
    stage: stageOfPayout(payout),
    rail: { kind: payout.destinationKind, coin: payout.coin ?? null },
    destination: payout.destination == null ? null : secrets.open(place(id), payout.destination),
    requestedBy,
    requestedAt,
    nameUntil: nameUntil(requestedAt),
    approvedBy: payout.approvedBy ?? null,
    secondBy: payout.secondBy ?? null,
    transaction: payout.transaction ?? null,
    draftedBy: payout.draftedBy ?? null,
    sentBy: payout.sentBy ?? null,
    closedBy: payout.wordBy ?? null,
    failure: payout.failure ?? null,
    version,
  };
}

/** The newest payouts, of one shop when wished, or only those that wait for somebody. */
export async function listPayouts(
  em: EntityManager,
  secrets: Secrets,
  { slug, openOnly, limit }: { readonly slug?: string | undefined; readonly openOnly: boolean; readonly limit: number },
): Promise<(PayoutView & { readonly shop: string })[]> {
  const shops = await em.find(Shop, slug === undefined ? {} : { slug });
  const rows = await em.find(
    Payout,
    { shopId: { $in: shops.map(({ id }) => id) }, ...(openOnly ? { status: { $in: ['requested', 'sent'] } } : {}) },
    { orderBy: { id: 'desc' }, limit },
  );
  return rows.map((row) => ({ ...viewPayout(secrets, row), shop: shops.find(({ id }) => id === row.shopId)?.slug ?? '' }));
}

/** What makes a destination known again in a button, without showing it. */
export function digestOf(destination: string): string {
  return Number.parseInt(createHash('sha256').update(destination).digest('hex').slice(0, 12), 16).toString(36).padStart(6, '0').slice(-6);
}

/** The customer pressed the button: what they write next is a destination. @returns false when none is awaited */
export async function askDestination(em: EntityManager, where: { id: number; customerId: number }, at: Date): Promise<boolean> {
  return locked(em, where, async (_tx, payout) => {
    if (stageOfPayout(payout) !== 'naming') return false;
    payout.askedAt = at;
    return true;
  }).then((answer) => answer === true);
}

export type Named =
  | { readonly ok: true }
  | { readonly ok: false; readonly misfit: DestinationMisfit }
  | { readonly ok: false; readonly rejected: WordRejection };

/** Keeps where the customer wants it, sealed; it counts when they agree to it as it is shown back. */
export async function nameDestination(
  em: EntityManager,
  secrets: Secrets,
  { text, at, ...where }: { readonly id: number; readonly customerId: number; readonly text: string; readonly at: Date },
): Promise<Named> {
  const answer = await locked<Named>(em, where, async (tx, payout) => {
    if (stageOfPayout(payout) !== 'naming') return { ok: false, rejected: 'AlreadyJudged' };
    const rail = { kind: payout.destinationKind, coin: payout.coin ?? null };
    const network = payout.provider === 'chain' ? await findNetwork(tx, payout) : 'main';
    const read = readDestination(text, rail, network);
    if (!read.ok) return read;
    if (rail.kind === 'address' && (await tx.count(ChainAddress, { address: read.destination })) > 0) return { ok: false, misfit: 'ours' };
    payout.destination = secrets.seal(place(payout.id), read.destination);
    payout.askedAt = at;
    return { ok: true };
  });
  return answer ?? { ok: false, rejected: 'UnknownPayout' };
}

/** Which network of its coin the shop takes in by. */
async function findNetwork(em: EntityManager, { shopId, method }: Payout) {
  const key = await em.findOne(ChainKey, { shopId, coin: method as Coin, confirmedAt: { $ne: null } }, { orderBy: { id: 'desc' } });
  return key?.network ?? 'main';
}

export type Said = { readonly ok: true; readonly code: string } | { readonly ok: false; readonly rejected: WordRejection };

const refuse = (rejected: WordRejection): Said => ({ ok: false, rejected });

/** The customer agrees to what was shown back. `digest`: of what that was, so that an old button agrees to nothing else. */
export async function confirmDestination(
  em: EntityManager,
  secrets: Secrets,
  { digest, at, ...where }: { readonly id: number; readonly customerId: number; readonly digest: string; readonly at: Date },
): Promise<Said> {
  const answer = await locked<Said>(em, where, async (tx, payout) => {
    const shown = payout.destination == null ? undefined : secrets.open(place(payout.id), payout.destination);
    if (shown === undefined || digestOf(shown) !== digest) return refuse('NotNamed');
    if (payout.confirmedAt != null) return { ok: true, code: payout.code };
    if (stageOfPayout(payout) !== 'naming') return refuse('AlreadyClosed');
    Object.assign(payout, { confirmedAt: at, ...waitForStaff(at) });
    return changed(tx, payout, `customer:${payout.customerId}`, 'payoutNamed', at);
  });
  return answer ?? refuse('UnknownPayout');
}

interface Word {
  readonly id: number;
  readonly shopId: number;
  readonly by: Judge;
  readonly at: Date;
}

/** Staff let it go, as the first or the second person. The same again is answered as it stands. */
export function approvePayout(em: EntityManager, word: Word): Promise<Said> {
  return say(em, word, async (tx, payout, stage) => {
    const { by, at } = word;
    if (payout.approvedBy === by.actor || payout.secondBy === by.actor) {
      return stage === 'second' ? refuse('SamePerson') : { ok: true, code: payout.code };
    }
    if (stage === 'naming') return refuse('NotNamed');
    if (stage !== 'approval' && stage !== 'second') return refuse('AlreadyJudged');
    if (await isOwn(tx, payout, by)) return refuse('OwnPayout');
    if (payout.requestedBy === by.actor) return refuse('AskedForIt');
    const barred = await findMoneyBar(tx, payout);
    if (barred) return refuse(barred);
    if (stage === 'second') {
      Object.assign(payout, { secondBy: by.actor, secondAt: at, ...waitForStaff(at) });
      return changed(tx, payout, by.actor, 'payoutApprovedBySecond', at);
    }
    // Small ones that come to more than the limit together are no way around it.
    const total = await sumOf(tx, payout);
    const secondAbove = await readSetting(tx, payout.shopId, 'secondApprovalAbove');
    Object.assign(payout, { approvedBy: by.actor, approvedAt: at, total, secondAbove, ...waitForStaff(at) });
    return changed(tx, payout, by.actor, 'payoutApproved', at, { total, secondAbove });
  });
}

/** Writes down the transaction by which a person is about to say it was sent, so that they see it before it counts. */
export function draftSent(em: EntityManager, { transaction, ...word }: Word & { readonly transaction: string }): Promise<Said> {
  return say(em, word, async (tx, payout, stage) => {
    if (stage !== 'sending') return refuse(stage === 'arrival' || payout.closedAt ? 'AlreadyJudged' : 'NotApproved');
    if (await isOwn(tx, payout, word.by)) return refuse('OwnPayout');
    const barred = await findMoneyBar(tx, payout);
    if (barred) return refuse(barred);
    if ((await tx.count(Payout, { shopId: payout.shopId, transaction, sentAt: { $ne: null } })) > 0) return refuse('TransactionUsed');
    Object.assign(payout, { transaction, draftedBy: word.by.actor });
    payout.version += 1;
    return { ok: true, code: payout.code };
  });
}

/** It is sent, by the transaction this person wrote down. */
export function confirmSent(em: EntityManager, word: Word): Promise<Said> {
  return say(em, word, async (tx, payout, stage) => {
    if (payout.sentBy === word.by.actor) return { ok: true, code: payout.code };
    if (stage !== 'sending') return refuse('AlreadyJudged');
    if (payout.draftedBy !== word.by.actor || payout.transaction == null) return refuse('NoDraft');
    if (await isOwn(tx, payout, word.by)) return refuse('OwnPayout');
    Object.assign(payout, { sentBy: word.by.actor, sentAt: word.at, ...waitForStaff(word.at) });
    return changed(tx, payout, word.by.actor, 'payoutSent', word.at, { transaction: payout.transaction });
  });
}

/** What became of it: it arrived, or it is not paid, or it came back, also after it had arrived. */
export function closePayout(
  em: EntityManager,
  { word, failure = null, ...by }: Word & { readonly word: 'succeeded' | 'failed'; readonly failure?: FailureByStaff | null },
): Promise<Said> {
  return say(em, by, async (tx, payout) => {
    if (payout.word === word) return payout.wordBy === by.by.actor ? { ok: true, code: payout.code } : refuse('AlreadyClosed');
    if (payout.word === 'failed' || payout.status === 'failed') return refuse('AlreadyClosed');
    if (word === 'succeeded' && payout.sentAt == null) return refuse('NotSent');
    // What was sent is refused no more: it arrives or comes back.
    if (word === 'failed' && (failure === 'cameBack') !== (payout.sentAt != null))
      return refuse(payout.sentAt == null ? 'NotSent' : 'AlreadyJudged');
    if (await isOwn(tx, payout, by.by)) return refuse('OwnPayout');
    Object.assign(payout, { word, wordBy: by.by.actor, wordAt: by.at, ...(word === 'failed' ? { failure } : {}) });
    return changed(tx, payout, by.by.actor, `payout:${word}`, by.at, { failure });
  });
}

/** Staff are waited for from now on, and reminded anew. */
const waitForStaff = (at: Date) => ({ staffSince: at, staffReminders: 0, staffRemindersSent: 0 });

async function say(
  em: EntityManager,
  { id, shopId }: Word,
  work: (em: EntityManager, payout: Payout, stage: PayoutStage) => Promise<Said>,
): Promise<Said> {
  try {
    return (await locked(em, { id, shopId }, (tx, payout) => work(tx, payout, stageOfPayout(payout)))) ?? refuse('UnknownPayout');
  } catch (err) {
    // Two at once with one transaction: the database lets the first have it.
    if (err instanceof UniqueConstraintViolationException && err.message.includes('payout_transaction_once'))
      return refuse('TransactionUsed');
    throw err;
  }
}

function locked<Answer>(
  em: EntityManager,
  where: { id: number; shopId: number } | { id: number; customerId: number },
  work: (em: EntityManager, payout: Payout) => Promise<Answer>,
): Promise<Answer | undefined> {
  return em.fork().transactional(async (tx) => {
    const payout = await tx.findOne(Payout, where, { lockMode: LockMode.PESSIMISTIC_WRITE });
    return payout ? work(tx, payout) : undefined;
  });
}

async function changed(
  em: EntityManager,
  payout: Payout,
  actor: string,
  action: string,
  at: Date,
  after: object | null = null,
): Promise<Said> {
  payout.version += 1;
  const { shopId, code } = payout;
  em.persist(em.create(Audit, { shopId, actor, action, subject: 'payout', subjectId: code, before: null, after, at }));
  await em.flush();
  return { ok: true, code };
}

/** Whether it is this person's own money. */
async function isOwn(em: EntityManager, { customerId }: Payout, by: Judge): Promise<boolean> {
  const customer = await em.findOneOrFail(Customer, { id: customerId });
  return by.telegramUserId !== undefined && customer.telegramUserId === by.telegramUserId;
}

/** Why its money may not leave now: what came by its deposit was taken back meanwhile, or the wallet is in debt. */
async function findMoneyBar(em: EntityManager, payout: Payout): Promise<WordRejection | undefined> {
  if (payout.depositId == null) return undefined;
  const deposit = await em.findOneOrFail(Deposit, { id: payout.depositId });
  if ((await sumOf(em, payout)) > deposit.credited - deposit.debtPaid - deposit.reversed) return 'TakenBack';
  const wallet = await readWallet(em, { id: payout.shopId, currency: payout.currency }, payout.customerId);
  return wallet.debt > 0 ? 'WalletInDebt' : undefined;
}

/** What the payment's payouts that did not fail come to. */
async function sumOf(em: EntityManager, { paymentId }: Payout): Promise<number> {
  const alive = await em.find(Payout, { paymentId, status: { $ne: 'failed' } });
  return alive.reduce((sum, { amount }) => sum + amount, 0);
}

/** Code of the order behind a payout of a refund. */
export async function findOrderCodeOf(em: EntityManager, refundId: string): Promise<string> {
  const { orderId } = await em.findOneOrFail(Refund, { id: refundId });
  const [row]: { code: string }[] = await em.execute('select code from "order" where id = ?', [orderId]);
  return row?.code ?? '';
}

/** Payouts as their workflow's door takes them: of these refunds, or the one with this code. */
export async function findStandingPayouts(
  em: EntityManager,
  where: { readonly refundIds: readonly string[] } | { readonly code: string },
): Promise<{ payoutCode: string; shopId: number; customerId: number; provider: ProviderName; amount: number }[]> {
  const rows = await em.find(Payout, 'code' in where ? where : { refundId: { $in: [...where.refundIds] } });
  return rows.map(({ code, shopId, customerId, provider, amount }) => ({ payoutCode: code, shopId, customerId, provider, amount }));
}

/** How many payouts a deposit has: the next has the next number. */
export async function countPayouts(em: EntityManager, depositCode: string): Promise<number> {
  const deposit = await em.findOne(Deposit, { code: depositCode });
  return deposit ? em.count(Payout, { depositId: deposit.id }) : 0;
}
