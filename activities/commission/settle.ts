/** One step of a commission, under the lock of its row: the deposit's row says what there is to reckon with. */
import { LockMode } from '@mikro-orm/core';
import { commissionOf, type CommissionRefusal, isHeldMethod } from '../../domain/commission.ts';
import { goneOf } from '../../domain/deposit.ts';
import { postCommission, postCommissionBack } from '../../domain/ledger.ts';
import { Audit } from '../../db/entities/audit.ts';
import { Commission } from '../../db/entities/commission.ts';
import { Deposit } from '../../db/entities/deposit.ts';
import { Notice } from '../../db/entities/notice.ts';
import { Shop } from '../../db/entities/shop.ts';
import type { EntityManager } from '../../db/orm.ts';
import { lockWallet, post, readWallet } from '../../db/repositories/ledger.ts';
import { findReferral, lockPeople } from '../../db/repositories/referral.ts';
import { readSetting } from '../../db/repositories/setting.ts';
import type { CommissionRow } from '../../workflows/messages/commission.ts';
import { tellEarnings } from './tell.ts';

interface LockedCommission {
  readonly commission: Commission;
  readonly deposit: Deposit;
  readonly shop: Shop;
  readonly at: Date;
}

/** Brings the commission in step with its deposit. */
export function settleCommission(
  em: EntityManager,
  depositCode: string,
  at: Date,
  { cancelled = false }: { readonly cancelled?: boolean } = {},
): Promise<CommissionRow> {
  return em.transactional(async (tx) => {
    const locked = await lockCommission(tx, depositCode, at);
    if (!locked) return { depositCode, status: 'none', wakeAt: null, untold: [] };
    const { commission, deposit, shop } = locked;
    // Whoever is paid or judged is locked before their accounts, as everybody does.
    const banned = await lockPeople(tx, [commission.referrerId, deposit.customerId]);
    if (deposit.credited > commission.credited) {
      const holdDays = isHeldMethod(deposit.method) ? await readSetting(tx, shop.id, 'commissionHoldDays') : 0;
      commission.dueAt = new Date(at.getTime() + holdDays * 86_400_000);
      commission.credited = deposit.credited;
    }
    commission.reversed = goneOf(deposit);
    const eligibleBefore = commission.eligible;
    const undecided = commission.credited - commission.eligible - commission.excluded;
    if (undecided > 0 && (cancelled || (commission.dueAt && at >= commission.dueAt))) {
      const refusal = cancelled ? 'cancelled' : await findRefusal(tx, locked, banned);
      if (refusal) commission.excluded += undecided;
      else commission.eligible += undecided;
      commission.dueAt = null;
      if (refusal) record(tx, locked, 'commissionRefused', { refusal, credited: undecided });
    }
    await payDifference(tx, locked, commission.eligible === eligibleBefore);
    await tx.flush();
    return answerRow(tx, locked);
  });
}

/** The commission of a deposit, made at its first credit; undefined when there is nothing to reckon with. */
async function lockCommission(em: EntityManager, depositCode: string, at: Date): Promise<LockedCommission | undefined> {
  const found = await em.findOne(Deposit, { code: depositCode });
  if (!found || found.credited === 0) return undefined;
  const referral = await findReferral(em, found.customerId);
  if (!referral) return undefined;
  await em.execute(
    `insert into commission (shop_id, deposit_id, referrer_id, rate, opened_at) values (?, ?, ?, ?, ?) on conflict (deposit_id) do nothing`,
    [found.shopId, found.id, referral.referrerId, await readSetting(em, found.shopId, 'commissionRate'), at],
  );
  const commission = await em.findOneOrFail(Commission, { depositId: found.id }, { lockMode: LockMode.PESSIMISTIC_WRITE });
  // As it stands now that nobody else reckons with it.
  const deposit = await em.findOneOrFail(Deposit, { id: found.id }, { refresh: true });
  const shop = await em.findOneOrFail(Shop, { id: deposit.shopId });
  return { commission, deposit, shop, at };
}

/** Why a credit that fell due brings nothing: one of the two is banned or in debt. */
async function findRefusal(
  em: EntityManager,
  { commission, deposit, shop }: LockedCommission,
  banned: ReadonlySet<number>,
): Promise<CommissionRefusal | undefined> {
  const people = [commission.referrerId, deposit.customerId];
  if (people.some((id) => banned.has(id))) return 'banned';
  const wallets = await Promise.all(people.map((id) => readWallet(em, shop, id)));
  return wallets.some(({ debt }) => debt > 0) ? 'inDebt' : undefined;
}

/**
 * Pays what the referrer does not have yet, or takes back what they have too much of; each time under the next key. `again`: nothing new
 * counts, so what is paid was taken back before.
 */
async function payDifference(em: EntityManager, locked: LockedCommission, again: boolean): Promise<void> {
  const { commission, deposit, shop, at } = locked;
  const difference = commissionOf(commission) - commission.paid;
  if (difference === 0) return;
  const { referrerId } = commission;
  const { bonus, debt } = await lockWallet(em, shop, referrerId);
  commission.postings += 1;
  const isPaid = difference > 0;
  await post(em, {
    shopId: shop.id,
    currency: shop.currency,
    key: `deposit:${deposit.code}:commission:${commission.postings}`,
    legs: isPaid ? postCommission(referrerId, debt, difference) : postCommissionBack(referrerId, bonus, -difference),
    actor: 'system',
    reason: isPaid ? 'commission' : 'commissionBack',
    at,
  });
  commission.paid += difference;
  record(em, locked, isPaid ? 'commissionPaid' : 'commissionTakenBack', { amount: Math.abs(difference), rate: commission.rate });
  await tellEarnings(em, locked, difference, isPaid && again ? 'commissionGivenAgain' : isPaid ? 'commissionPaid' : 'commissionTakenBack');
}

/** Leaves a line in the deposit's long history. */
function record(em: EntityManager, { deposit, at }: LockedCommission, action: string, after: object): void {
  const { shopId, code } = deposit;
  em.persist(em.create(Audit, { shopId, actor: 'system', action, subject: 'deposit', subjectId: code, before: null, after, at }));
}

async function answerRow(em: EntityManager, { commission, deposit }: LockedCommission): Promise<CommissionRow> {
  const { credited, eligible, excluded, reversed, paid, dueAt } = commission;
  const isHeld = credited > eligible + excluded;
  const untold = await em.find(Notice, { customerId: commission.referrerId, toldAt: null }, { limit: 1 });
  return {
    depositCode: deposit.code,
    status: isHeld ? 'held' : eligible === 0 ? 'refused' : paid === 0 && reversed > 0 ? 'reversed' : 'paid',
    wakeAt: isHeld ? (dueAt?.getTime() ?? null) : null,
    untold: untold.map(({ customerId }) => customerId),
  };
}
