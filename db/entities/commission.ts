import { defineEntity, p } from '@mikro-orm/postgresql';
import { Customer } from './customer.ts';
import { Deposit } from './deposit.ts';
import { Shop } from './shop.ts';

/** What whoever brought a customer earns by one deposit. Minor units of the shop's currency; times set by the workflow. */
const schema = defineEntity({
  name: 'Commission',
  tableName: 'commission',
  properties: {
    id: p.bigint('number').primary().autoincrement(),
    shopId: () => p.manyToOne(Shop).mapToPk().fieldName('shop_id'),
    depositId: () => p.oneToOne(Deposit).mapToPk().owner().updateRule('no action').deleteRule('no action').fieldName('deposit_id'),
    referrerId: () => p.manyToOne(Customer).mapToPk().fieldName('referrer_id'),
    /** Basis points, frozen with the first credit. */
    rate: p.integer().check('rate >= 0 and rate <= 2000'),
    /** The deposit's `credited` and `reversed` that were reckoned with. */
    credited: p.bigint('number').default(0),
    reversed: p.bigint('number').default(0),
    /** The parts of `credited` that were decided on: they count, or they do not. */
    eligible: p.bigint('number').default(0),
    excluded: p.bigint('number').default(0),
    /** When what is not decided on yet falls due. */
    dueAt: p.datetime().nullable(),
    /** What the referrer has of it now. */
    paid: p.bigint('number').default(0).check('paid >= 0'),
    /** How many times money moved: the number in the key of the next posting. */
    postings: p.integer().default(0),
    openedAt: p.datetime(),
  },
  indexes: [{ properties: ['referrerId', 'id'] }],
  checks: [
    {
      name: 'commission_parts',
      expression: 'eligible >= 0 and excluded >= 0 and eligible + excluded <= credited and reversed >= 0 and paid <= credited',
    },
  ],
});
export class Commission extends schema.class {}
schema.setClass(Commission);
