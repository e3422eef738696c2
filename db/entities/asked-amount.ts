import { defineEntity, p } from '@mikro-orm/postgresql';
import { Customer } from './customer.ts';
import { Product } from './product.ts';

/** What a customer was asked to name an amount for, a moment ago. Unlogged: a crash of the database forgets it, and only costs a second tap. */
const schema = defineEntity({
  name: 'AskedAmount',
  tableName: 'asked_amount',
  properties: {
    customerId: () =>
      p.oneToOne(Customer).mapToPk().primary().owner().updateRule('no action').deleteRule('no action').fieldName('customer_id'),
    productId: () => p.manyToOne(Product).mapToPk().fieldName('product_id'),
    askedAt: p.datetime(),
  },
});
export class AskedAmount extends schema.class {}
schema.setClass(AskedAmount);
