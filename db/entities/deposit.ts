import { defineEntity, p } from '@mikro-orm/postgresql';
import { type DepositEndedBy, type DepositStatus, depositStatuses } from '../../domain/deposit.ts';
import type { MethodName } from '../../domain/payment.ts';
import { Customer } from './customer.ts';
import { Shop } from './shop.ts';

/** Money into a wallet. Minor units of the shop's currency; times set by the workflow, never by the database. */
const schema = defineEntity({
  name: 'Deposit',
  tableName: 'deposit',
  properties: {
    id: p.bigint('number').primary().autoincrement(),
    /** As an order's code: eight characters without look-alikes, without the dash. */
    code: p.text().unique(),
    /** The output of a coin's chain it came by, `btc:<txid>:<vout>`; null when a tap opened it. */
    chainOutput: p.text().nullable().unique(),
    shopId: () => p.manyToOne(Shop).mapToPk().fieldName('shop_id'),
    customerId: () => p.manyToOne(Customer).mapToPk().fieldName('customer_id'),
    status: p.enum(depositStatuses).$type<DepositStatus>(),
    method: p.text().$type<MethodName>(),
    currency: p.text(),
    /** What the customer asked to pay in. */
    amount: p.bigint('number').check('amount > 0'),
    /** What came into the wallet of it, the part that paid a debt included. */
    credited: p.bigint('number').default(0).check('credited >= 0'),
    /** The part of `credited` that paid a debt. */
    debtPaid: p.bigint('number').default(0).check('debt_paid >= 0 and debt_paid <= credited'),
    /** What the provider took back, and did not give again. */
    reversed: p.bigint('number').default(0).check('reversed >= 0'),
    /** What staff give back of it by payouts that did not fail. */
    paidOut: p.bigint('number').default(0).check('paid_out >= 0'),
    openedAt: p.datetime(),
    expiresAt: p.datetime(),
    seenAt: p.datetime().nullable(),
    creditedAt: p.datetime().nullable(),
    closedAt: p.datetime().nullable(),
    endedBy: p.text().$type<DepositEndedBy>().nullable(),
    /** The message edited in place; none until something is shown. */
    screenChatId: p.bigint('number').nullable(),
    screenMessageId: p.bigint('number').nullable(),
    /** The staff's one message of it, when staff give the verdict. */
    staffChatId: p.bigint('number').nullable(),
    staffMessageId: p.bigint('number').nullable(),
    staffVersion: p.integer().default(0),
    /** How often staff were to be reminded of it, and were. */
    reminders: p.integer().default(0),
    remindersSent: p.integer().default(0),
    /** The customer was told in a message of its own that staff gave no money to it. */
    endToldAt: p.datetime().nullable(),
    /** Rises with every change people should see; a screen is up to date when its version equals it. */
    version: p.integer().default(1),
    screenVersion: p.integer().default(0),
    language: p.text(),
  },
  indexes: [
    { properties: ['customerId', 'openedAt'] },
    { properties: ['shopId', 'openedAt'] },
    { name: 'deposit_open', properties: ['status'], where: "status in ('opened', 'waiting', 'seen', 'confirming')" },
  ],
});
export class Deposit extends schema.class {}
schema.setClass(Deposit);
