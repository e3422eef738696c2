import { defineEntity, p } from '@mikro-orm/postgresql';
import { type RateFault, rateFaults } from '../../domain/rate.ts';

const price = () => p.decimal().precision(38).scale(18).nullable();

/** What one unit of `base` cost in `quote` at a time, by both sources. Inserted, never changed: the history of every rate. */
const schema = defineEntity({
  name: 'Rate',
  tableName: 'rate',
  properties: {
    id: p.bigint('number').primary().autoincrement(),
    base: p.text(),
    quote: p.text(),
    at: p.datetime(),
    coingecko: price(),
    coinbase: price(),
    /** Their middle; absent when they make none. */
    rate: price(),
    /** Why they make none. */
    fault: p.enum(rateFaults).$type<RateFault>().nullable(),
  },
  uniques: [{ properties: ['base', 'quote', 'at'] }],
  checks: [
    { name: 'rate_or_fault', expression: '(rate is null) <> (fault is null)' },
    { name: 'rate_of_both', expression: '(rate is null) or (coingecko is not null and coinbase is not null)' },
    { name: 'rate_in_the_middle', expression: 'rate >= least(coingecko, coinbase) and rate <= greatest(coingecko, coinbase)' },
    { name: 'rate_above_zero', expression: 'rate > 0' },
  ],
});
export class Rate extends schema.class {}
schema.setClass(Rate);
