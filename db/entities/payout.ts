import { defineEntity, p } from '@mikro-orm/postgresql';
import type { NetworkCoin } from '../../domain/coin.ts';
import type { MethodName, ProviderName } from '../../domain/payment.ts';
import { type DestinationKind, destinationKinds, type PayoutFailure, payoutStatuses, type PayoutStatus } from '../../domain/payout.ts';
import { Customer } from './customer.ts';
import { Deposit } from './deposit.ts';
import { Payment } from './payment.ts';
import { Refund } from './refund.ts';
import { Shop } from './shop.ts';

/**
 * Money that staff send by hand: the refund of a sale, or the unspent rest of a deposit. What people say of it is written here; the steps of
 * its workflow move the money. Amounts in minor units of the shop's currency.
 */
const schema = defineEntity({
  name: 'Payout',
  tableName: 'payout',
  properties: {
    id: p.bigint('number').primary().autoincrement(),
    /** The refund's id, or `<deposit code>-p<n>`: its key in the ledger. */
    code: p.text().unique(),
    shopId: () => p.manyToOne(Shop).mapToPk().fieldName('shop_id'),
    customerId: () => p.manyToOne(Customer).mapToPk().fieldName('customer_id'),
    refundId: () => p.oneToOne(Refund).mapToPk().nullable().deleteRule('no action').fieldName('refund_id'),
    depositId: () => p.manyToOne(Deposit).mapToPk().nullable().deleteRule('no action').fieldName('deposit_id'),
    paymentId: () => p.manyToOne(Payment).mapToPk().fieldName('payment_id'),
    provider: p.text().$type<ProviderName>(),
    method: p.text().$type<MethodName>(),
    amount: p.bigint('number').check('amount > 0'),
    currency: p.text(),
    status: p.enum(payoutStatuses).$type<PayoutStatus>(),
    /** `staff:<id>`, `cli` or `system`: whoever asked for it approves nothing of it. */
    requestedBy: p.text(),
    reason: p.text(),
    requestedAt: p.datetime(),
    /** By which rail it goes. */
    destinationKind: p.enum(destinationKinds).$type<DestinationKind>(),
    coin: p.text().$type<NetworkCoin>().nullable(),
    /** Envelope of where to; of the customer's newest word until they agreed to it as it was shown back. */
    destination: p.blob().nullable(),
    /** When the customer last pressed the button to write it. */
    askedAt: p.datetime().nullable(),
    confirmedAt: p.datetime().nullable(),
    approvedBy: p.text().nullable(),
    approvedAt: p.datetime().nullable(),
    /** What the payment's payouts come to with this one, and the setting above which a second person was needed then. */
    total: p.bigint('number').nullable(),
    secondAbove: p.bigint('number').nullable(),
    secondBy: p.text().nullable(),
    secondAt: p.datetime().nullable(),
    /** Id of the transaction, or the bank's reference; who wrote it down, and who said that it is sent. */
    transaction: p.text().nullable(),
    draftedBy: p.text().nullable(),
    sentBy: p.text().nullable(),
    sentAt: p.datetime().nullable(),
    /** What staff, or time, say became of it; the workflow's step carries it out. */
    word: p.enum(['succeeded', 'failed'] as const).nullable(),
    wordBy: p.text().nullable(),
    wordAt: p.datetime().nullable(),
    failure: p.text().$type<PayoutFailure>().nullable(),
    closedAt: p.datetime().nullable(),
    /** Rises with every change people should see; the staff's message is up to date when its version equals it. */
    version: p.integer().default(1),
    staffChatId: p.bigint('number').nullable(),
    staffMessageId: p.bigint('number').nullable(),
    staffVersion: p.integer().default(0),
    /** How often the customer, and staff, were to be asked again; and since when staff are waited for. */
    reminders: p.integer().default(0),
    staffSince: p.datetime(),
    staffReminders: p.integer().default(0),
    staffRemindersSent: p.integer().default(0),
  },
  indexes: [
    { properties: ['customerId'] },
    { properties: ['depositId'] },
    { properties: ['paymentId'] },
    { name: 'payout_open', properties: ['requestedAt'], where: "status in ('requested', 'sent')" },
  ],
  uniques: [{ name: 'payout_transaction_once', properties: ['shopId', 'transaction'], where: 'sent_at is not null' }],
  checks: [
    { name: 'payout_of_one', expression: '(refund_id is null) <> (deposit_id is null)' },
    { name: 'payout_rail', expression: "(destination_kind = 'address') = (coin is not null)" },
    {
      name: 'payout_approved_by_another',
      expression:
        'approved_by is null or (confirmed_at is not null and destination is not null and approved_by <> requested_by and total is not null and second_above is not null)',
    },
    {
      name: 'payout_second_is_another',
      expression: 'second_by is null or (approved_by is not null and second_by <> approved_by and second_by <> requested_by)',
    },
    {
      name: 'payout_sent_as_approved',
      expression:
        'sent_at is null or (approved_by is not null and sent_by is not null and transaction is not null and (total <= second_above or second_by is not null))',
    },
    {
      name: 'payout_stands',
      expression: "(sent_at is not null or status in ('requested', 'failed')) and (status <> 'failed' or failure is not null)",
    },
  ],
});
export class Payout extends schema.class {}
schema.setClass(Payout);
