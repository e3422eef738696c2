import { defineEntity, p } from '@mikro-orm/postgresql';
import { Customer } from './customer.ts';

/** A tap that came too late and was told so without a workflow: its order is never placed, whatever was or will be asked with its code. */
const schema = defineEntity({
  name: 'TurnedAway',
  tableName: 'turned_away',
  properties: {
    /** Of the order that does not stand. */
    orderCode: p.text().primary(),
    customerId: () => p.manyToOne(Customer).mapToPk().fieldName('customer_id').index(),
    at: p.datetime(),
  },
});
export class TurnedAway extends schema.class {}
schema.setClass(TurnedAway);
