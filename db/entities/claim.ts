import { defineEntity, p } from '@mikro-orm/postgresql';
import {
  type ClaimReason,
  type ClaimRejection,
  type ClaimStatus,
  claimStatuses,
  type ClaimVerdict,
  claimVerdicts,
} from '../../domain/claim.ts';
import { Customer } from './customer.ts';
import { Order, OrderLine } from './order.ts';
import { Refund } from './refund.ts';
import { Shop } from './shop.ts';
import { Unit } from './unit.ts';

/** A customer says that a unit is faulty. What people say of it is written here; the steps of its workflow carry it out. */
const schema = defineEntity({
  name: 'Claim',
  tableName: 'claim',
  properties: {
    id: p.bigint('number').primary().autoincrement(),
    /** `<order code>-c<n>`. */
    code: p.text().unique(),
    shopId: () => p.manyToOne(Shop).mapToPk().fieldName('shop_id'),
    customerId: () => p.manyToOne(Customer).mapToPk().fieldName('customer_id'),
    orderId: () => p.manyToOne(Order).mapToPk().fieldName('order_id'),
    orderLineId: () => p.manyToOne(OrderLine).mapToPk().fieldName('order_line_id'),
    /** The unit that is faulty; none of a product that never runs out. */
    unitId: () => p.manyToOne(Unit).mapToPk().nullable().deleteRule('no action').fieldName('unit_id'),
    /** Which piece of its line it was, as the customer counted. */
    piece: p.integer().nullable(),
    status: p.enum(claimStatuses).$type<ClaimStatus>(),
    askedAt: p.datetime(),
    /** Envelope of what the customer wrote. */
    description: p.blob().nullable(),
    openedAt: p.datetime().nullable(),
    /** The customer took it back. */
    withdrawnAt: p.datetime().nullable(),
    verdict: p.enum(claimVerdicts).$type<ClaimVerdict>().nullable(),
    verdictBy: p.text().nullable(),
    verdictAt: p.datetime().nullable(),
    reason: p.text().$type<ClaimReason>().nullable(),
    /** Why the last verdict could not be carried out: staff may give another. */
    failure: p.text().$type<ClaimRejection>().nullable(),
    /** What it came to: the unit given instead, or the first refund. */
    replacementId: () => p.manyToOne(Unit).mapToPk().nullable().deleteRule('no action').fieldName('replacement_id'),
    /** In which round of its line's delivery the other unit is given. */
    round: p.integer().nullable(),
    /** The money went back before the customer had the other unit: it is free again, and the line has one piece less. */
    takenBackAt: p.datetime().nullable(),
    refundId: () => p.manyToOne(Refund).mapToPk().nullable().deleteRule('no action').fieldName('refund_id'),
    closedAt: p.datetime().nullable(),
    version: p.integer().default(1),
    staffChatId: p.bigint('number').nullable(),
    staffMessageId: p.bigint('number').nullable(),
    staffVersion: p.integer().default(0),
    staffReminders: p.integer().default(0),
    staffRemindersSent: p.integer().default(0),
  },
  indexes: [{ properties: ['orderId'] }, { name: 'claim_open', properties: ['shopId', 'openedAt'], where: "status = 'open'" }],
  uniques: [
    // What was refunded is not claimed again.
    { name: 'claim_unit_once', properties: ['unitId'], where: "status in ('asked', 'open', 'refunded')" },
    { name: 'claim_line_once', properties: ['orderLineId'], where: "status in ('asked', 'open', 'refunded') and unit_id is null" },
    { name: 'claim_asked_once', properties: ['customerId'], where: "status = 'asked'" },
  ],
  checks: [
    { name: 'claim_described', expression: "status in ('asked', 'withdrawn') or (description is not null and opened_at is not null)" },
    {
      name: 'claim_judged',
      expression: "status not in ('replaced', 'refunded', 'refused') or (verdict is not null and verdict_by is not null)",
    },
    { name: 'claim_given_instead', expression: "(status = 'replaced') = (round is not null) and (round >= 2 or round is null)" },
    { name: 'claim_taken_back', expression: 'taken_back_at is null or (round is not null and replacement_id is not null)' },
    { name: 'claim_refused_for', expression: "(verdict = 'refuse') = (reason is not null)" },
  ],
});
export class Claim extends schema.class {}
schema.setClass(Claim);
