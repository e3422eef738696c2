import { defineEntity, p } from '@mikro-orm/postgresql';
import type { AccountKind } from '../../domain/ledger.ts';
import { Customer } from './customer.ts';
import { Order } from './order.ts';
import { Shop } from './shop.ts';

/**
 * An account of the ledger. Customer and held accounts keep a running balance >= 0, moved only by the trigger on `transfer`;
 * house accounts (`owner` empty) have none and are summed.
 */
const accountSchema = defineEntity({
  name: 'Account',
  tableName: 'account',
  properties: {
    id: p.bigint('number').primary().autoincrement(),
    shopId: () => p.manyToOne(Shop).mapToPk().fieldName('shop_id'),
    kind: p.text().$type<AccountKind>(),
    currency: p.text(),
    /** `` for the house, `customer:<id>`, `order:<id>`, `voucher:<id>`. */
    owner: p.text().default(''),
    customerId: () => p.manyToOne(Customer).mapToPk().nullable().fieldName('customer_id'),
    orderId: () => p.manyToOne(Order).mapToPk().nullable().fieldName('order_id'),
    /** Which side makes it grow. Only `debt` grows by debits among running accounts. */
    growsBy: p.enum(['credit', 'debit'] as const),
    /** Minor units; null on house accounts. */
    balance: p.bigint('number').nullable().check('balance >= 0'),
  },
  uniques: [{ properties: ['shopId', 'kind', 'currency', 'owner'] }],
  indexes: [{ properties: ['customerId'] }, { properties: ['orderId'] }],
  checks: [{ name: 'account_running', expression: "(balance is null) = (owner = '')" }],
});
export class Account extends accountSchema.class {}
accountSchema.setClass(Account);

/** One debit, one credit, one amount: balanced by construction. Inserted, never changed. */
const transferSchema = defineEntity({
  name: 'Transfer',
  tableName: 'transfer',
  properties: {
    id: p.bigint('number').primary().autoincrement(),
    shopId: () => p.manyToOne(Shop).mapToPk().fieldName('shop_id'),
    /** Event key + `#` + leg; compared byte by byte in every database, so that the legs of one event stand beside each other. */
    key: p.text().collation('C').unique(),
    debitAccountId: () => p.manyToOne(Account).mapToPk().fieldName('debit_account_id'),
    creditAccountId: () => p.manyToOne(Account).mapToPk().fieldName('credit_account_id'),
    amount: p.bigint('number').check('amount > 0'),
    currency: p.text(),
    orderId: () => p.manyToOne(Order).mapToPk().nullable().fieldName('order_id'),
    /** Who: `customer:<id>`, `staff:<id>`, `provider:<name>`, `system`. */
    actor: p.text(),
    /** Why, by the event's name in the posting table. */
    reason: p.text(),
    /** Running balances after it, written by the trigger; null for house accounts. */
    debitBalance: p.bigint('number').nullable(),
    creditBalance: p.bigint('number').nullable(),
    at: p.datetime(),
    createdAt: p.datetime().defaultRaw('now()'),
  },
  indexes: [{ properties: ['debitAccountId', 'id'] }, { properties: ['creditAccountId', 'id'] }, { properties: ['orderId'] }],
  checks: [{ name: 'transfer_two_accounts', expression: 'debit_account_id <> credit_account_id' }],
});
export class Transfer extends transferSchema.class {}
transferSchema.setClass(Transfer);
