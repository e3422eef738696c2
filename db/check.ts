/**
 * `tillflow check`: whether everything that must hold does hold, in all shops, by SQL alone. Every rule looks at one snapshot, so it may
 * run beside a shop at work.
 */
import { autoBuyRules } from './check/auto-buys.ts';
import { achievementRules } from './check/achievements.ts';
import { claimRules } from './check/claims.ts';
import { commissionRules } from './check/commissions.ts';
import { chainRules } from './check/chain.ts';
import { approvalRules } from './check/approvals.ts';
import { depositRules } from './check/deposits.ts';
import { goodsRules } from './check/goods.ts';
import { listingRules } from './check/listings.ts';
import { grantRules } from './check/grants.ts';
import { moneyRules } from './check/money.ts';
import { orderRules } from './check/orders.ts';
import { payoutRules } from './check/payouts.ts';
import { promoCodeRules } from './check/promo-codes.ts';
import { rateRules } from './check/rates.ts';
import { referralRules } from './check/referrals.ts';
import { stageRules } from './check/stages.ts';
import { stockRules } from './check/stock.ts';
import { starsRules } from './check/stars.ts';
import { voucherRules } from './check/vouchers.ts';
import type { CheckTimes, Rule } from './check/rule.ts';
import { toleranceRules } from './check/tolerance.ts';
import { IsolationLevel } from '@mikro-orm/core';
import type { EntityManager } from './orm.ts';

export interface Finding {
  readonly rule: string;
  readonly subject: string;
  readonly detail: string;
}

export interface CheckReport {
  readonly ok: boolean;
  readonly findings: readonly Finding[];
  /** How much was looked at. */
  readonly counts: Readonly<Record<string, number>>;
}

export interface CheckOptions {
  readonly now: Date;
  /** How long a stored event may wait for its outcome, ms; tests that wait for quiet pass 0. */
  readonly settledGraceMs?: number;
}

const rules: readonly Rule[] = [
  ...moneyRules,
  ...goodsRules,
  ...listingRules,
  ...grantRules,
  ...orderRules,
  ...toleranceRules,
  ...depositRules,
  ...approvalRules,
  ...payoutRules,
  ...rateRules,
  ...referralRules,
  ...autoBuyRules,
  ...commissionRules,
  ...achievementRules,
  ...chainRules,
  ...starsRules,
  ...stockRules,
  ...stageRules,
  ...promoCodeRules,
  ...voucherRules,
  ...claimRules,
];
/** A broken rule may be broken everywhere: a person needs the first few. */
const mostFindingsPerRule = 20;

/** The names of all rules. */
export const ruleNames: readonly string[] = rules.map((rule) => rule.name);

export async function checkDatabase(em: EntityManager, { now, settledGraceMs = 60_000 }: CheckOptions): Promise<CheckReport> {
  const times: CheckTimes = { now, settledBefore: new Date(now.getTime() - settledGraceMs) };
  return em.fork().transactional(
    async (tx) => {
      await tx.execute('set transaction read only');
      // The process's own limits are meant for steps of orders, not for a look at everything.
      await tx.execute('set local statement_timeout = 60000');
      const findings = await findBroken(tx, times);
      return { ok: findings.length === 0, findings, counts: await count(tx) };
    },
    { isolationLevel: IsolationLevel.REPEATABLE_READ },
  );
}

/** Where rules are broken, as the given transaction sees it. */
export async function findBroken(em: EntityManager, times: CheckTimes): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const rule of rules) {
    const values = (rule.values ?? []).map((name) => times[name]);
    const rows: { subject: string; detail: string }[] = await em.execute(`${rule.sql} limit ${mostFindingsPerRule}`, values);
    findings.push(...rows.map(({ subject, detail }) => ({ rule: rule.name, subject, detail })));
  }
  return findings;
}

async function count(em: EntityManager): Promise<Record<string, number>> {
  const [row]: Record<string, number>[] = await em.execute(
    `select (select count(*)::int from "order") as orders, (select count(*)::int from deposit) as deposits, (select count(*)::int from commission) as commissions, (select count(*)::int from payment) as payments,
            (select count(*)::int from inbox) as "inboxRows", (select count(*)::int from transfer) as transfers,
            (select count(*)::int from delivery) as deliveries, (select count(*)::int from refund) as refunds, (select count(*)::int from payout) as payouts,
            (select count(*)::int from unit) as units, (select count(*)::int from unit where state = 'free') as "unitsFree",
            (select count(*)::int from unit where state = 'held') as "unitsHeld", (select count(*)::int from unit where state = 'sold') as "unitsSold",
            (select count(*)::int from unit where state = 'withdrawn') as "unitsWithdrawn"`,
  );
  return { ...row };
}
