import { defineEntity, p } from '@mikro-orm/postgresql';
import { deliveryStatuses, type DeliveryStatus } from '../../domain/delivery.ts';
import { OrderLine } from './order.ts';
import { Order } from './order.ts';
import { Shop } from './shop.ts';

/** The goods of one order line on their way to the customer, written in the transaction that settles the order. */
const schema = defineEntity({
  name: 'Delivery',
  tableName: 'delivery',
  properties: {
    id: p.bigint('number').primary().autoincrement(),
    shopId: () => p.manyToOne(Shop).mapToPk().fieldName('shop_id'),
    orderId: () => p.manyToOne(Order).mapToPk().fieldName('order_id'),
    orderLineId: () => p.oneToOne(OrderLine).mapToPk().fieldName('order_line_id'),
    status: p.enum(deliveryStatuses).$type<DeliveryStatus>(),
    /** Pickup: what the customer shows and staff confirm. */
    handoverCode: p.text().nullable(),
    messageId: p.bigint('number').nullable(),
    /** The secrets were shown to the customer, in chat or on the show button. */
    shownAt: p.datetime().nullable(),
    sentAt: p.datetime().nullable(),
    handedOverAt: p.datetime().nullable(),
    handedOverBy: p.text().nullable(),
    lastError: p.text().nullable(),
    attempts: p.integer().default(0),
    /** Another begins when something of it that the customer had is replaced: what is given in it they have not yet. */
    round: p.integer().default(1),
  },
  indexes: [
    { properties: ['orderId'] },
    { name: 'delivery_waiting', properties: ['shopId'], where: "status in ('waiting', 'sending', 'staffTask')" },
  ],
});
export class Delivery extends schema.class {}
schema.setClass(Delivery);
