import { defineEntity, p } from '@mikro-orm/postgresql';
import { approvalStatuses, type ApprovalStatus, type RejectionReason, type Verdict, verdicts } from '../../domain/approval.ts';
import { Deposit } from './deposit.ts';
import { Shop } from './shop.ts';

/** A verdict of staff about a deposit that only they can see in their bank. Amounts in minor units of the shop's currency. */
const schema = defineEntity({
  name: 'Approval',
  tableName: 'approval',
  properties: {
    id: p.bigint('number').primary().autoincrement(),
    shopId: () => p.manyToOne(Shop).mapToPk().fieldName('shop_id'),
    depositId: () => p.manyToOne(Deposit).mapToPk().fieldName('deposit_id'),
    /** Which verdict of its deposit, from 1: of those who judge at once the first one counts. */
    number: p.integer(),
    verdict: p.enum(verdicts).$type<Verdict>(),
    status: p.enum(approvalStatuses).$type<ApprovalStatus>(),
    /** What arrived. */
    amount: p.bigint('number').nullable(),
    /** The bank's reference, as domain/approval.ts reads it. */
    reference: p.text().nullable(),
    /** Envelope of the payer's name. */
    sender: p.blob().nullable(),
    reason: p.text().$type<RejectionReason>().nullable(),
    /** `staff:<id>` or `cli`. */
    by: p.text(),
    at: p.datetime(),
    secondBy: p.text().nullable(),
    secondAt: p.datetime().nullable(),
    /** What the deposit's approvals come to with this one, and the setting above which a second person was needed then. */
    total: p.bigint('number').nullable(),
    secondAbove: p.bigint('number').nullable(),
  },
  indexes: [{ properties: ['depositId', 'id'] }],
  uniques: [
    { name: 'approval_reference_once', properties: ['shopId', 'reference'], where: "status in ('awaitingSecond', 'given')" },
    { name: 'approval_number_once', properties: ['depositId', 'number'], where: "status in ('awaitingSecond', 'given')" },
  ],
  checks: [
    {
      name: 'approval_says_what',
      expression:
        "(verdict = 'approve' and amount > 0 and reference <> '' and sender is not null) or (verdict = 'reject' and reason <> '')",
    },
    {
      name: 'approval_by_two',
      expression:
        "status <> 'given' or verdict = 'reject' or coalesce(total <= second_above, false) or coalesce(second_by <> \"by\", false)",
    },
  ],
});
export class Approval extends schema.class {}
schema.setClass(Approval);
