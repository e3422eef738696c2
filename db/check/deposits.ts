/** Rules of deposits: credited with what arrived, once, and never forgotten. */
import type { Rule } from './rule.ts';

/** Money that was seen is awaited for 14 days; half a day more for the last look. */
const mostOpen = "interval '14 days 12 hours'";
const grace = "interval '5 minutes'";

export const depositRules: readonly Rule[] = [
  {
    name: 'deposits-credit-what-arrived',
    sql: `select 'deposit ' || d.code as subject,
                 d.status || ', credited ' || d.credited || ' of ' || d.amount || ', payment ' || p.received || ', inbox ' || s.sum as detail
            from deposit d left join payment p on p.deposit_id = d.id
            cross join lateral (select coalesce(sum(i.amount), 0) as sum from inbox i
                                 where i.deposit_id = d.id and i.kind = 'settled' and i.outcome = 'applied') s
            cross join lateral (select case when p.currency = d.currency then p.received else d.amount * p.applied / p.amount end as sum) e
           where p.id is null or d.credited <> e.sum or p.received <> s.sum or (p.currency <> d.currency and p.applied not in (0, p.amount))
              or case when d.credited = 0 then d.status in ('credited', 'partial', 'reversed')
                      when d.reversed >= d.credited then d.status <> 'reversed'
                      else d.status <> case when d.credited >= d.amount then 'credited' else 'partial' end end`,
  },
  {
    name: 'deposits-reach-the-wallet',
    sql: `select 'deposit ' || d.code as subject, 'credited ' || d.credited || ', in the wallet ' || s.sum as detail
            from deposit d
            cross join lateral (select coalesce(sum(t.amount), 0) as sum
              from inbox i join transfer t on t.key >= i.provider || ':' || i.shop_id || ':' || i.object_id || '#'
                                          and t.key < i.provider || ':' || i.shop_id || ':' || i.object_id || '$'
              join account c on c.id = t.credit_account_id and c.customer_id = d.customer_id and c.kind in ('cash', 'stars', 'debt')
             where i.deposit_id = d.id and i.kind = 'settled' and i.outcome = 'applied') s
           where d.credited <> s.sum`,
  },
  {
    name: 'deposits-know-what-was-taken-back',
    sql: `select 'deposit ' || d.code as subject, 'reversed ' || d.reversed || ', taken back ' || s.sum as detail from deposit d
            cross join lateral (select coalesce(sum(case when v.currency = d.currency then v.amount else d.amount end), 0) as sum from reversal v
                                 where v.deposit_id = d.id and v.taken_at is not null and v.returned_at is null) s
            cross join lateral (select case when count(*) > 0 then d.credited else 0 end as sum from refund f
                                 where f.deposit_id = d.id and f.scope = 'order') f
           where d.reversed <> s.sum + f.sum`,
  },
  {
    name: 'no-deposit-past-its-end',
    sql: `select 'deposit ' || d.code as subject, d.status || ' since ' || d.opened_at || ', its time ended ' || d.expires_at as detail
            from deposit d
           where (d.status in ('opened', 'waiting') and d.expires_at < ?::timestamptz - ${grace})
              or (d.status in ('seen', 'confirming') and coalesce(d.seen_at, d.expires_at) < ?::timestamptz - ${mostOpen})`,
    values: ['now', 'now'],
  },
  {
    name: 'ended-deposits-have-no-open-payment',
    sql: `select 'payment ' || p.id as subject, p.status || ' while its deposit is ' || d.status as detail
            from payment p join deposit d on d.id = p.deposit_id
           where d.status not in ('opened', 'waiting', 'seen', 'confirming') and p.status in ('pending', 'processing')`,
  },
  {
    name: 'deposits-keep-to-their-shop',
    sql: `select 'deposit ' || d.code as subject, 'customer, payment or money of another shop' as detail from deposit d
           where exists (select from customer c where c.id = d.customer_id and c.shop_id <> d.shop_id)
              or exists (select from payment p where p.deposit_id = d.id and (p.shop_id <> d.shop_id or p.customer_id <> d.customer_id))
              or exists (select from inbox i where i.deposit_id = d.id and i.outcome = 'applied' and i.shop_id <> d.shop_id)`,
  },
];
