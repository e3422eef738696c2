import { defineEntity, p } from '@mikro-orm/postgresql';
import type { ProviderName } from '../../domain/payment.ts';
import { refundStatuses, type RefundStatus } from '../../domain/refund.ts';
import { Deposit } from './deposit.ts';
import { Order } from './order.ts';
import { Payment } from './payment.ts';
import { Shop } from './shop.ts';

/** Money going back the way it came. The sum of an object's refunds never exceeds what it brought, checked under the order's lock. */
const schema = defineEntity({
  name: 'Refund',
  tableName: 'refund',
  properties: {
    /** `<order code>-r<n>`, `deposit-<code>-r<n>`, or `stray-<provider>-<object>` for money that had to go back whole. */
    id: p.text().primary(),
    shopId: () => p.manyToOne(Shop).mapToPk().fieldName('shop_id'),
    /** What its payment paid: the one or the other. */
    orderId: () => p.manyToOne(Order).mapToPk().nullable().deleteRule('no action').fieldName('order_id'),
    depositId: () => p.manyToOne(Deposit).mapToPk().nullable().deleteRule('no action').fieldName('deposit_id'),
    paymentId: () => p.manyToOne(Payment).mapToPk().fieldName('payment_id'),
    provider: p.text().$type<ProviderName>(),
    /** Id of the money given back (Stripe: PaymentIntent; Stars: charge id); empty for the wallet. */
    moneyObject: p.text().default(''),
    amount: p.bigint('number').check('amount > 0'),
    currency: p.text(),
    /** Wallet refunds: the part that returns to bonus. */
    bonusAmount: p.bigint('number').default(0).check('bonus_amount >= 0'),
    /** Wallet refunds: the part that returns to what came in Stars. */
    starsAmount: p.bigint('number').default(0).check('stars_amount >= 0'),
    /** `order`: the sale, or the top-up, is taken back; `money`: late, second or unusable money returns and what it paid for stands as it is. */
    scope: p.enum(['order', 'money'] as const),
    status: p.enum(refundStatuses).$type<RefundStatus>(),
    requestedBy: p.text(),
    reason: p.text(),
    providerRefundId: p.text().nullable(),
    failure: p.text().nullable(),
    requestedAt: p.datetime(),
    sentAt: p.datetime().nullable(),
    closedAt: p.datetime().nullable(),
    /** The customer was told how it ended. */
    toldAt: p.datetime().nullable(),
  },
  indexes: [{ properties: ['orderId'] }, { properties: ['depositId'] }, { properties: ['provider', 'moneyObject'] }],
  checks: [{ name: 'refund_of_one', expression: '(order_id is null) <> (deposit_id is null)' }],
});
export class Refund extends schema.class {}
schema.setClass(Refund);
