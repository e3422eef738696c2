import { defineEntity, p } from '@mikro-orm/postgresql';
import { type VoucherKind, voucherKinds, type VoucherStatus, voucherStatuses } from '../../domain/voucher.ts';
import { Customer } from './customer.ts';
import { Shop } from './shop.ts';

/** Codes made at once, for a reseller or an apology. Money in minor units of the shop's currency. */
const batchSchema = defineEntity({
  name: 'VoucherBatch',
  tableName: 'voucher_batch',
  properties: {
    id: p.bigint('number').primary().autoincrement(),
    shopId: () => p.manyToOne(Shop).mapToPk().fieldName('shop_id'),
    /** Whom it is for, or why. */
    name: p.text(),
    amount: p.bigint('number').check('amount > 0'),
    count: p.integer().check('count > 0'),
    expiresAt: p.datetime().nullable(),
    revokedAt: p.datetime().nullable(),
    createdAt: p.datetime(),
  },
  indexes: [{ properties: ['shopId'] }],
});
export class VoucherBatch extends batchSchema.class {}
batchSchema.setClass(VoucherBatch);

/** Money for whoever brings the secret, once. Times of a link's life are its workflow's. */
const schema = defineEntity({
  name: 'Voucher',
  tableName: 'voucher',
  properties: {
    id: p.bigint('number').primary().autoincrement(),
    shopId: () => p.manyToOne(Shop).mapToPk().fieldName('shop_id'),
    kind: p.enum(voucherKinds).$type<VoucherKind>(),
    status: p.enum(voucherStatuses).$type<VoucherStatus>(),
    /** SHA-256 of the code, or of the link's id. */
    hash: p.text().unique(),
    amount: p.bigint('number').check('amount > 0'),
    batchId: () => p.manyToOne(VoucherBatch).mapToPk().nullable().deleteRule('no action').fieldName('batch_id'),
    /** Of a code: its last characters, by which staff find it. */
    ending: p.text().nullable(),
    /** Of a link: who gives, the code on the button that made it, the envelope of its id, and what of it was bonus. */
    giverId: () => p.manyToOne(Customer).mapToPk().nullable().deleteRule('no action').fieldName('giver_id'),
    code: p.text().nullable().unique(),
    secret: p.blob().nullable().lazy(),
    fromBonus: p.bigint('number').default(0).check('from_bonus >= 0 and from_bonus <= amount'),
    reason: p.text().nullable(),
    cancelAskedAt: p.datetime().nullable(),
    expiresAt: p.datetime().nullable(),
    claimedBy: () => p.manyToOne(Customer).mapToPk().nullable().deleteRule('no action').fieldName('claimed_by'),
    claimedAt: p.datetime().nullable(),
    /** When the claim came into the ledger. */
    bookedAt: p.datetime().nullable(),
    closedAt: p.datetime().nullable(),
    createdAt: p.datetime(),
  },
  indexes: [
    { properties: ['giverId', 'id'] },
    { properties: ['batchId'] },
    {
      name: 'voucher_open',
      properties: ['status'],
      where: "(kind = 'link' and status in ('drafted', 'open')) or (status = 'claimed' and booked_at is null)",
    },
  ],
  checks: [
    { name: 'voucher_origin', expression: "(kind = 'code') = (batch_id is not null) and (kind = 'link') = (giver_id is not null)" },
    {
      name: 'voucher_claim',
      expression: "(status = 'claimed') = (claimed_by is not null) and (claimed_by is null) = (claimed_at is null)",
    },
    { name: 'voucher_own', expression: 'claimed_by <> giver_id' },
    { name: 'voucher_booked', expression: "booked_at is null or status = 'claimed'" },
  ],
});
export class Voucher extends schema.class {}
schema.setClass(Voucher);
