import { defineEntity, p } from '@mikro-orm/postgresql';
import { type PromoUseStatus, promoUseStatuses } from '../../domain/promo-code.ts';
import { Customer } from './customer.ts';
import { Order } from './order.ts';
import { PromoCode } from './promo-code.ts';
import { Shop } from './shop.ts';

/** A use: held by an order and going where its order goes. Written by the order's own steps. */
const schema = defineEntity({
  name: 'PromoUse',
  tableName: 'promo_use',
  properties: {
    id: p.bigint('number').primary().autoincrement(),
    shopId: () => p.manyToOne(Shop).mapToPk().fieldName('shop_id'),
    promoCodeId: () => p.manyToOne(PromoCode).mapToPk().fieldName('promo_code_id'),
    orderId: () => p.oneToOne(Order).mapToPk().fieldName('order_id'),
    customerId: () => p.manyToOne(Customer).mapToPk().fieldName('customer_id'),
    status: p.enum(promoUseStatuses).$type<PromoUseStatus>(),
    /** What it took off, in minor units and in Stars. */
    saved: p.bigint('number').check('saved >= 0'),
    savedStars: p.bigint('number').check('saved_stars >= 0'),
    reservedAt: p.datetime(),
  },
  indexes: [{ properties: ['promoCodeId', 'customerId'] }, { properties: ['customerId'] }],
});
export class PromoUse extends schema.class {}
schema.setClass(PromoUse);
