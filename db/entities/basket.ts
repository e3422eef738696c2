import { defineEntity, p } from '@mikro-orm/postgresql';
import { Customer } from './customer.ts';
import { Product } from './product.ts';

/** What a customer means to buy: one basket a customer. */
const schema = defineEntity({
  name: 'Basket',
  tableName: 'basket',
  properties: {
    id: p.bigint('number').primary().autoincrement(),
    customerId: () => p.oneToOne(Customer).mapToPk().fieldName('customer_id'),
  },
});
export class Basket extends schema.class {}
schema.setClass(Basket);

const lineSchema = defineEntity({
  name: 'BasketLine',
  tableName: 'basket_line',
  properties: {
    id: p.bigint('number').primary().autoincrement(),
    basketId: () => p.manyToOne(Basket).mapToPk().fieldName('basket_id'),
    productId: () => p.manyToOne(Product).mapToPk().fieldName('product_id'),
    quantity: p.integer().check('quantity >= 1 and quantity <= 1000'),
  },
  uniques: [{ properties: ['basketId', 'productId'] }],
});
export class BasketLine extends lineSchema.class {}
lineSchema.setClass(BasketLine);
