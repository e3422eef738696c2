import { defineEntity, p } from '@mikro-orm/postgresql';
import { Customer } from './customer.ts';

/** The code on a confirm screen drawn a moment ago. The table is unlogged: a crash of the database forgets it, and only costs a second code. */
const schema = defineEntity({
  name: 'ConfirmCode',
  tableName: 'confirm_code',
  properties: {
    id: p.bigint('number').primary().autoincrement(),
    customerId: () => p.manyToOne(Customer).mapToPk().fieldName('customer_id'),
    /** What the screen was about: the digest of an order's lines, or a deposit and its amount. */
    wish: p.text(),
    /** Of the order or deposit, which may not stand (yet). */
    code: p.text(),
    /** When the code was made. */
    shownAt: p.datetime(),
  },
  uniques: [{ properties: ['customerId', 'wish'] }],
});
export class ConfirmCode extends schema.class {}
schema.setClass(ConfirmCode);
