/** Rules of tolerance: what the shop bears of an order is little, only of coins that came, and in the ledger once. */
import { mostToleratedInEur } from '../../domain/tolerance.ts';
import { currencyDecimalsSql, paidStatuses, type Rule } from './rule.ts';

/** What 1.00 EUR was at most, in minor units of the payment's currency, by the valid rates of the day it was opened and the last before. */
const mostOf = `
  (select max(r.rate) * ${mostToleratedInEur} * power(10::numeric, ${currencyDecimalsSql('p.currency')} - 2) from (
    (select 1 as rate where p.currency = 'EUR')
    union all
    (select rate from rate where base = 'EUR' and quote = p.currency and fault is null
        and at >= date_trunc('day', p.opened_at, 'UTC') and at <= p.opened_at + interval '1 day')
    union all
    (select rate from rate where base = 'EUR' and quote = p.currency and fault is null
        and at < date_trunc('day', p.opened_at, 'UTC') order by at desc limit 1)) r)`;

export const toleranceRules: readonly Rule[] = [
  {
    name: 'tolerance-is-little-of-coins-that-came',
    sql: `select 'payment ' || p.id as subject,
                 'tolerated ' || p.tolerated || ' of ' || p.amount || ', units ' || coalesce(p.units_received, 0) || ' of ' || coalesce(p.units_least, 0)
                 || ', order ' || coalesce(o.status, 'none') as detail
            from payment p left join "order" o on o.id = p.order_id
           where p.tolerated <> 0
             and not coalesce(o.status in ${paidStatuses} and p.method = 'crypto' and p.units_received >= p.units_least
                              and p.units_least >= p.units * 0.98 and p.applied + p.tolerated <= p.amount
                              and p.tolerated <= p.amount / 50 + 1 and p.tolerated <= ${mostOf}, false)`,
  },
  {
    name: 'tolerance-is-in-the-ledger',
    sql: `select 'order ' || coalesce(o.code, 'none') as subject, 'tolerated ' || coalesce(p.sum, 0) || ', ledger ' || coalesce(t.sum, 0) as detail
            from (select order_id, sum(tolerated) as sum from payment where tolerated <> 0 group by order_id) p
            full join (select x.order_id, sum(x.amount) filter (where x.key like 'order:%:settle#%') as sum
                         from transfer x join account a on a.id = x.debit_account_id and a.kind = 'expense:tolerance'
                        group by x.order_id) t on t.order_id = p.order_id
            left join "order" o on o.id = coalesce(p.order_id, t.order_id)
           where p.sum is distinct from t.sum or p.order_id is null`,
  },
];
