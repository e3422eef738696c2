import { defineEntity, p } from '@mikro-orm/postgresql';
import type { ProviderName } from '../../domain/payment.ts';
import { refundStatuses, type RefundStatus } from '../../domain/refund.ts';
import { Order } from './order.ts';
import { Payment } from './payment.ts';
import { Shop } from './shop.ts';

/** Money going back the way it came. The sum of an object's refunds never exceeds what it brought, checked under the order's lock. */
const schema = defineEntity({
  name: 'Refund',
  tableName: 'refund',
  properties: {
    /** `<order code>-r<n>`, or `stray-<provider>-<object>` for money that had to go back whole. */
    id: p.text().primary(),
    shopId: () => p.manyToOne(Shop).mapToPk().fieldName('shop_id'),
    orderId: () => p.manyToOne(Order).mapToPk().fieldName('order_id'),
    paymentId: () => p.manyToOne(Payment).mapToPk().fieldName('payment_id'),
    provider: p.text().$type<ProviderName>(),
    /** Id of the money given back (Stripe: PaymentIntent; Stars: charge id); empty for the wallet. */
    moneyObject: p.text().default(''),
    amount: p.bigint('number').check('amount > 0'),
    currency: p.text(),
    /** Wallet refunds: the part that returns to bonus. */
    bonusAmount: p.bigint('number').default(0).check('bonus_amount >= 0'),
    /** `order`: the sale is taken back; `money`: late, second or unusable money returns and the order stands as it is. */
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
  indexes: [{ properties: ['orderId'] }, { properties: ['provider', 'moneyObject'] }],
});
export class Refund extends schema.class {}
schema.setClass(Refund);
