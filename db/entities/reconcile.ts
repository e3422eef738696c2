import { defineEntity, p } from '@mikro-orm/postgresql';
import type { ExternalProvider } from '../../domain/payment.ts';
import { type Difference, type MoveKind, moveKinds } from '../../domain/reconcile.ts';
import { Shop } from './shop.ts';

/** A line of a provider's statement, kept as it was read. Minor units of `currency`. */
const moveSchema = defineEntity({
  name: 'ProviderMove',
  tableName: 'provider_move',
  properties: {
    id: p.bigint('number').primary().autoincrement(),
    shopId: () => p.manyToOne(Shop).mapToPk().fieldName('shop_id'),
    provider: p.text().$type<ExternalProvider>(),
    /** The provider's id of the line. */
    transactionId: p.text(),
    kind: p.enum(moveKinds).$type<MoveKind>(),
    /** The money, the refund or the dispute. */
    objectId: p.text(),
    /** Of a payment of this shop; other systems may use the same account. */
    ours: p.boolean(),
    /** Positive when it came in. */
    amount: p.bigint('number'),
    fee: p.bigint('number'),
    currency: p.text(),
    at: p.datetime(),
  },
  uniques: [{ name: 'provider_move_once', properties: ['shopId', 'provider', 'transactionId', 'kind'] }],
});
export class ProviderMove extends moveSchema.class {}
moveSchema.setClass(ProviderMove);

/** One comparison of a shop's ledger with a provider's statement. Minor units of `currency`, net of fees. */
const reconciliationSchema = defineEntity({
  name: 'Reconciliation',
  tableName: 'reconciliation',
  properties: {
    id: p.bigint('number').primary().autoincrement(),
    shopId: () => p.manyToOne(Shop).mapToPk().fieldName('shop_id'),
    provider: p.text().$type<ExternalProvider>(),
    /** Where the next reading begins, in the gateway's own words. */
    cursor: p.text(),
    readAt: p.datetime(),
    read: p.integer(),
    found: p.integer(),
    fees: p.bigint('number'),
    currency: p.text(),
    /** Null until it is compared. */
    comparedAt: p.datetime().nullable(),
    statement: p.bigint('number').nullable(),
    ledger: p.bigint('number').nullable(),
    differences: p.json<readonly Difference[]>().nullable(),
  },
  indexes: [{ properties: ['shopId', 'provider', 'id'] }],
});
export class Reconciliation extends reconciliationSchema.class {}
reconciliationSchema.setClass(Reconciliation);
