import { defineEntity, p } from '@mikro-orm/postgresql';
import type { ExternalProvider } from '../../domain/payment.ts';
import { type ReversalKind, reversalKinds, type ReversalNews } from '../../domain/reversal.ts';
import { Deposit } from './deposit.ts';
import { Order } from './order.ts';
import { Payment } from './payment.ts';
import { Shop } from './shop.ts';

/** Money of a payment that its provider takes back, or may: a dispute, a warning, a refund that we did not make. Minor units. */
const schema = defineEntity({
  name: 'Reversal',
  tableName: 'reversal',
  properties: {
    id: p.bigint('number').primary().autoincrement(),
    shopId: () => p.manyToOne(Shop).mapToPk().fieldName('shop_id'),
    paymentId: () => p.manyToOne(Payment).mapToPk().fieldName('payment_id'),
    orderId: () => p.manyToOne(Order).mapToPk().nullable().deleteRule('no action').fieldName('order_id'),
    depositId: () => p.manyToOne(Deposit).mapToPk().nullable().deleteRule('no action').fieldName('deposit_id'),
    provider: p.text().$type<ExternalProvider>(),
    /** The provider's id of the dispute, the warning or the refund. */
    objectId: p.text(),
    kind: p.enum(reversalKinds).$type<ReversalKind>(),
    /** What was taken, as far as it is not booked as a refund of the sale; 0 until something is. */
    amount: p.bigint('number').default(0).check('amount >= 0'),
    /** The part of it that is the shop's loss; the rest was the customer's. */
    loss: p.bigint('number').default(0).check('loss >= 0 and loss <= amount'),
    currency: p.text(),
    /** Money of the sale cannot be refunded while it stands. */
    blocks: p.boolean().default(false),
    openedAt: p.datetime(),
    takenAt: p.datetime().nullable(),
    /** The provider gave it again. Without `takenAt` it did so before we heard that it was taken: nothing was booked. */
    returnedAt: p.datetime().nullable(),
    /** It ended, and not against us. */
    clearedAt: p.datetime().nullable(),
    lostAt: p.datetime().nullable(),
    /** What the customer was told of last. */
    told: p.text().$type<ReversalNews>().nullable(),
  },
  uniques: [{ name: 'reversal_once', properties: ['provider', 'shopId', 'objectId'] }],
  indexes: [{ properties: ['paymentId'] }, { properties: ['orderId'] }, { properties: ['depositId'] }],
});
export class Reversal extends schema.class {}
schema.setClass(Reversal);
