import { defineEntity, p } from '@mikro-orm/postgresql';
import { Customer } from './customer.ts';

/** What a customer looked for last, for the further pages of it. The table is unlogged: a crash of the database forgets it, and they ask again. */
const schema = defineEntity({
  name: 'LastSearch',
  tableName: 'last_search',
  properties: {
    customerId: () => p.oneToOne(Customer).mapToPk().primary().fieldName('customer_id'),
    text: p.text(),
  },
});
export class LastSearch extends schema.class {}
schema.setClass(LastSearch);
