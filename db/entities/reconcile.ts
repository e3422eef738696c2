import { defineEntity, p } from '@mikro-orm/postgresql';
import type { ExternalProvider } from '../../domain/payment.ts';
import { type Difference, type MoveKind, moveKinds } from '../../domain/reconcile.ts';
import { Payment } from './payment.ts';
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

/** When a payment's provider was asked about it last, because nobody had spoken of it. */
const askedSchema = defineEntity({
  name: 'AskedPayment',
  tableName: 'asked_payment',
  properties: {
    paymentId: () => p.oneToOne(Payment).mapToPk().primary().deleteRule('no action').updateRule('no action').fieldName('payment_id'),
    askedAt: p.datetime(),
    /** Why the provider would not say, when it did not. */
    refusal: p.text().nullable(),
  },
});
export class AskedPayment extends askedSchema.class {}
askedSchema.setClass(AskedPayment);

/** What a provider that keeps no statement, or a chain, said last of one payment or output of its own, in units of the coin; of a chain the smallest. */
const answerSchema = defineEntity({
  name: 'ProviderAnswer',
  tableName: 'provider_answer',
  properties: {
    shopId: () => p.manyToOne(Shop).mapToPk().primary().fieldName('shop_id'),
    provider: p.text().$type<ExternalProvider>().primary(),
    objectId: p.text().primary(),
    /** Null for an output of a chain that we have not heard of. */
    paymentId: () => p.manyToOne(Payment).mapToPk().nullable().deleteRule('no action').fieldName('payment_id'),
    /** What it has for us; 0 while it is on its way, was given back, or the provider does not know it. */
    units: p.decimal().columnType('numeric').check('units >= 0'),
    /** What of it is left to the shop, once that is known. */
    outcomeCoin: p.text().nullable(),
    outcomeUnits: p.decimal().columnType('numeric').nullable(),
    /** What the provider took for itself of this, minor units of the shop's currency; null until it is known and booked. */
    fee: p.bigint('number').nullable(),
    /** What an output we have not heard of was worth when it was found, minor units of the shop's currency. */
    value: p.bigint('number').nullable(),
    /** Since when it says this. */
    at: p.datetime(),
  },
  indexes: [{ properties: ['paymentId'] }],
  checks: [{ name: 'provider_answer_worth', expression: '(payment_id is null) = (value is not null)' }],
});
export class ProviderAnswer extends answerSchema.class {}
answerSchema.setClass(ProviderAnswer);
