/** What people and time say of a payout, carried out under its lock: once each, whatever comes first. */
import { LockMode } from '@mikro-orm/core';
import { postRefundFailed, postRefundSucceeded } from '../../domain/ledger.ts';
import { isExternal } from '../../domain/payment.ts';
import {
  customerReminders,
  isNamingOver,
  payoutTransitions,
  payoutWakeAt,
  type PayoutStatus,
  staffReminders,
} from '../../domain/payout.ts';
import { Audit } from '../../db/entities/audit.ts';
import { Deposit } from '../../db/entities/deposit.ts';
import { Notice } from '../../db/entities/notice.ts';
import { Payout } from '../../db/entities/payout.ts';
import type { EntityManager } from '../../db/orm.ts';
import { lockWallet, post } from '../../db/repositories/ledger.ts';
import { addNotice } from '../../db/repositories/notice.ts';
import { stageOfPayout } from '../../db/repositories/payout.ts';
import type { PayoutRow } from '../../workflows/messages/payout.ts';
import { record } from '../deposit/row.ts';
import { ofWhat } from './add.ts';

type Step = Exclude<PayoutStatus, 'requested'>;

/** The payout under its lock. Its order or deposit is locked before it. */
export function lockPayout(em: EntityManager, code: string): Promise<Payout> {
  return em.findOneOrFail(Payout, { code }, { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true });
}

/** `closeSale`: books the step of a refund of a sale; without it the payout books its own, of a deposit. */
export async function advance(
  em: EntityManager,
  payout: Payout,
  { cancelled, at }: { readonly cancelled: boolean; readonly at: Date },
  closeSale?: (step: Step) => Promise<void>,
): Promise<void> {
  const time = at.getTime();
  const isUnsent = payout.status === 'requested' && payout.sentAt == null && payout.word == null;
  const times = timesOf(payout);
  if (isUnsent && (cancelled || isNamingOver(times, time))) {
    const ending = cancelled
      ? ({ failure: 'cancelled', wordBy: 'temporal' } as const)
      : ({ failure: 'notNamed', wordBy: 'system' } as const);
    Object.assign(payout, { word: 'failed', wordAt: at, ...ending });
  }
  if (payout.status === 'requested' && payout.sentAt != null) await move(em, payout, 'sent', at, closeSale);
  if (payout.word === 'succeeded' && payout.status === 'sent') await move(em, payout, 'succeeded', at, closeSale);
  if (payout.word === 'failed' && payout.status !== 'failed') await move(em, payout, 'failed', at, closeSale);
  const asked = customerReminders(timesOf(payout), time);
  if (asked > payout.reminders) {
    payout.reminders = asked;
    await tellCustomer(em, payout, `ask:${asked}`, { kind: 'payoutAsked', payoutId: payout.id, again: true });
  }
  payout.staffReminders = Math.max(payout.staffReminders, staffReminders(timesOf(payout), time));
  await em.flush();
}

async function move(em: EntityManager, payout: Payout, step: Step, at: Date, closeSale?: (step: Step) => Promise<void>): Promise<void> {
  const before = payout.status;
  if (!payoutTransitions[before].includes(step)) throw new Error(`Payout ${payout.code} may not go from ${before} to ${step}`);
  if (closeSale) await closeSale(step);
  else await book(em, payout, step, before === 'succeeded', at);
  payout.status = step;
  payout.version += 1;
  if (step !== 'sent') payout.closedAt = at;
  const { shopId, code, wordBy, sentBy, failure } = payout;
  const actor = (step === 'sent' ? sentBy : wordBy) ?? 'system';
  const after = { status: step, failure: failure ?? null };
  em.persist(em.create(Audit, { shopId, actor, action: step, subject: 'payout', subjectId: code, before, after, at }));
  await em.flush();
  await tellCustomer(em, payout, step, {
    kind: 'payoutMoved',
    step,
    transaction: step === 'failed' ? null : (payout.transaction ?? null),
    failure: step === 'failed' ? (failure ?? null) : null,
  });
}

/** The postings of a deposit's payout, by keys of their own. */
async function book(em: EntityManager, payout: Payout, step: Step, afterSuccess: boolean, at: Date): Promise<void> {
  const { code, shopId, currency, customerId, depositId, amount, provider, wordBy } = payout;
  if (step === 'sent' || !isExternal(provider) || depositId == null) return;
  if (step === 'failed') {
    await lockWallet(em, { id: shopId, currency }, customerId);
    const deposit = await em.findOneOrFail(Deposit, { id: depositId });
    deposit.paidOut -= amount;
    record(em, deposit, wordBy ?? 'system', 'payoutFailed', at, { after: { payoutCode: code, amount } });
  }
  await post(em, {
    shopId,
    currency,
    key: `${code}:${step}`,
    legs: step === 'succeeded' ? postRefundSucceeded(provider, amount) : postRefundFailed(provider, customerId, amount, afterSuccess),
    actor: wordBy ?? 'system',
    reason: step === 'succeeded' ? 'payoutSucceeded' : 'payoutFailed',
    at,
  });
}

/** What the refund of a sale is told to be. */
export function carriedOut(payout: Payout, step: Step) {
  if (step === 'failed') return { status: step, reason: payout.failure ?? 'failed' };
  return { status: step, ...(payout.transaction == null ? {} : { providerRefundId: payout.transaction }) };
}

type Told =
  | { readonly kind: 'payoutAsked'; readonly payoutId: number; readonly again: boolean }
  | { readonly kind: 'payoutMoved'; readonly step: Step; readonly transaction: string | null; readonly failure: Payout['failure'] | null };

async function tellCustomer(em: EntityManager, payout: Payout, key: string, told: Told): Promise<void> {
  const { shopId, customerId, code, depositId, amount, currency } = payout;
  const content = { ...told, ...ofWhat(code, depositId), amount, currency } as Parameters<typeof addNotice>[1]['content'];
  await addNotice(em, { shopId, customerId, key: `payout:${code}:${key}`, content });
}

function timesOf(payout: Payout) {
  return { stage: stageOfPayout(payout), requestedAt: payout.requestedAt.getTime(), staffSince: payout.staffSince.getTime() };
}

/** The row as the workflow gets it. `at`: workflow time, ms. */
export async function answerRow(
  em: EntityManager,
  payout: Payout,
  shop: { readonly staffChatId?: number | null | undefined },
  at: number,
  orderCode: string | null = null,
): Promise<PayoutRow> {
  const { code, customerId, shopId, status, version } = payout;
  const unnoticed = await em.count(Notice, { shopId, customerId, toldAt: null, key: { $like: `payout:${code}:%` } });
  const isStaffUntold = payout.staffVersion < version || payout.staffReminders > payout.staffRemindersSent;
  return {
    payoutCode: code,
    status,
    stage: stageOfPayout(payout),
    customerId,
    orderCode,
    wakeAt: payoutWakeAt(timesOf(payout), at),
    untold: unnoticed > 0 || (shop.staffChatId != null && isStaffUntold),
    cancelled: payout.status === 'failed' && payout.failure === 'cancelled',
  };
}
