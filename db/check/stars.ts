/** Rules of money that came in Stars: it buys what Stars may buy, goes back where it came from, and is what its Stars were worth. */
import { mayBePaidInStars, productKinds } from '../../domain/product.ts';
import type { Rule } from './rule.ts';

const kinds = `(${productKinds
  .filter(mayBePaidInStars)
  .map((kind) => `'${kind}'`)
  .join(', ')})`;

/** What an account's legs come to, growing by credits. */
const creditsOf = (account: string) =>
  `(select coalesce(sum(case when t.credit_account_id = ${account} then t.amount else -t.amount end), 0) as sum
      from transfer t where ${account} in (t.debit_account_id, t.credit_account_id))`;

export const starsRules: readonly Rule[] = [
  {
    name: 'stars-money-buys-digital-goods-only',
    sql: `select 'order ' || o.code as subject, t.amount || ' ' || t.currency || ' that came in Stars paid for ' || l.kind as detail
            from account a join transfer t on t.debit_account_id = a.id join account h on h.id = t.credit_account_id and h.kind = 'held'
            join "order" o on o.id = h.order_id join order_line l on l.order_id = o.id
           where a.kind = 'stars' and l.kind not in ${kinds}`,
  },
  {
    name: 'stars-money-comes-from-stars',
    sql: `select 'transfer ' || t.key as subject, t.amount || ' ' || t.currency || ' from ' || d.kind || ' counts as Stars' as detail
            from account a join transfer t on t.credit_account_id = a.id join account d on d.id = t.debit_account_id
           where a.kind = 'stars' and d.kind not in ('conversion', 'held', 'revenue', 'tax:payable')`,
  },
  {
    name: 'orders-return-what-stars-paid',
    sql: `select 'order ' || o.code as subject, 'paid ' || s.paid || ' that came in Stars, returned ' || s.returned as detail
            from (select t.order_id, coalesce(sum(t.amount) filter (where a.id = t.debit_account_id), 0) as paid,
                         coalesce(sum(t.amount) filter (where a.id = t.credit_account_id), 0) as returned
                    from account a join transfer t on a.id in (t.debit_account_id, t.credit_account_id)
                   where a.kind = 'stars' and t.order_id is not null group by t.order_id) s
            join "order" o on o.id = s.order_id
           where s.returned > s.paid or (o.status in ('expired', 'cancelled') and s.returned <> s.paid)`,
  },
  {
    name: 'conversions-are-deposits',
    sql: `select 'conversion ' || a.currency || ' of shop ' || a.shop_id as subject, 'ledger ' || l.sum || ', deposits in Stars ' || e.sum as detail
            from account a
            cross join lateral ${creditsOf('a.id')} l
            cross join lateral (select case when a.currency = 'XTR' then
              (select coalesce(sum(p.applied), 0) from payment p where p.shop_id = a.shop_id and p.deposit_id is not null and p.currency = 'XTR')
              - (select coalesce(sum(v.amount), 0) from reversal v where v.shop_id = a.shop_id and v.deposit_id is not null
                    and v.currency = 'XTR' and v.taken_at is not null and v.returned_at is null)
              - (select coalesce(sum(f.amount), 0) from refund f where f.shop_id = a.shop_id and f.deposit_id is not null and f.scope = 'order')
              else (select coalesce(sum(d.reversed - d.credited), 0) from deposit d join payment p on p.deposit_id = d.id
                     where d.shop_id = a.shop_id and p.currency = 'XTR') end as sum) e
           where a.kind = 'conversion' and l.sum <> e.sum`,
  },
];
