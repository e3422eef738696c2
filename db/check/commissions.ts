/** Rules of commissions and tiers: what deposits of friends brought is in the ledger, once, and has gone with what was taken back. */
import { tierBegins, tierNames } from '../../domain/tier.ts';
import { currencyDecimalsSql, type Rule } from './rule.ts';

/** How long after it fell due nobody may have reckoned with it. */
const grace = "interval '15 minutes'";

/** Everything posted under a commission's keys, as the referrer has it. */
const posted = `
  select coalesce(sum(case when x.customer_id = c.referrer_id then t.amount when y.customer_id = c.referrer_id then -t.amount end), 0) as sum,
         count(distinct split_part(t.key, '#', 1)) as times
    from transfer t join account x on x.id = t.credit_account_id join account y on y.id = t.debit_account_id
   where t.key >= 'deposit:' || d.code || ':commission:' and t.key < 'deposit:' || d.code || ':commission;'`;

/** The tier of earnings, as domain/tier.ts has it. */
const tier = `case ${tierNames
  .toReversed()
  .map((name) => `when r.earnings >= ${tierBegins[name]} * power(10, ${currencyDecimalsSql('s.currency')}) then '${name}'`)
  .join(' ')} end`;

export const commissionRules: readonly Rule[] = [
  {
    name: 'commissions-are-the-rate-of-what-stayed',
    sql: `select 'deposit ' || d.code as subject, 'paid ' || c.paid || ', rate ' || c.rate || ' of ' || c.eligible || ' of ' || c.credited || ' less ' || c.reversed as detail
            from commission c join deposit d on d.id = c.deposit_id
           where c.paid <> case when c.credited = 0 then 0
                   else div(c.rate::numeric * c.eligible * greatest(c.credited - c.reversed, 0), 10000::numeric * c.credited) end`,
  },
  {
    name: 'commissions-are-in-the-ledger',
    sql: `select 'deposit ' || d.code as subject, 'paid ' || c.paid || ' in ' || c.postings || ', ledger ' || p.sum || ' in ' || p.times as detail
            from commission c join deposit d on d.id = c.deposit_id cross join lateral (${posted}) p
           where c.paid <> p.sum or c.postings <> p.times`,
  },
  {
    name: 'earnings-are-commissions',
    sql: `select 'customer ' || r.customer_id as subject, 'earnings ' || r.earnings || ', commissions ' || p.sum as detail
            from referrer r
            cross join lateral (select coalesce(sum(c.paid), 0) as sum from commission c where c.referrer_id = r.customer_id) p
           where r.earnings <> p.sum`,
  },
  {
    name: 'commission-is-no-other-expense',
    sql: `select 'expense:commission of shop ' || a.shop_id as subject, 'ledger ' || l.sum || ', commissions ' || p.sum as detail
            from account a
            cross join lateral (select coalesce(sum(case when t.debit_account_id = a.id then t.amount else -t.amount end), 0) as sum
                                  from transfer t where a.id in (t.debit_account_id, t.credit_account_id)) l
            cross join lateral (select coalesce(sum(c.paid), 0) as sum from commission c where c.shop_id = a.shop_id) p
           where a.kind = 'expense:commission' and l.sum <> p.sum`,
  },
  {
    name: 'commissions-go-to-whoever-brought-them',
    sql: `select 'deposit ' || d.code as subject, 'commission to customer ' || c.referrer_id as detail
            from commission c join deposit d on d.id = c.deposit_id
           where c.shop_id <> d.shop_id
              or not exists (select from referral f where f.customer_id = d.customer_id and f.referrer_id = c.referrer_id)`,
  },
  {
    name: 'deposits-of-friends-are-reckoned-with',
    sql: `select 'deposit ' || d.code as subject,
                 'credited ' || d.credited || ' less ' || d.reversed + d.paid_out || ', reckoned with ' || coalesce(c.credited || ' less ' || c.reversed, 'never') as detail
            from deposit d join referral f on f.customer_id = d.customer_id left join commission c on c.deposit_id = d.id
           where d.credited > 0
             and ((c.id is null or c.credited <> d.credited or c.reversed <> d.reversed + d.paid_out)
                  and not exists (select from audit a where a.subject = 'deposit' and a.subject_id = d.code and a.at > ?::timestamptz - ${grace})
               or c.credited > c.eligible + c.excluded and c.due_at < ?::timestamptz - ${grace})`,
    values: ['now', 'now'],
  },
  {
    name: 'tiers-are-told',
    sql: `select 'customer ' || r.customer_id as subject, 'earnings ' || r.earnings || ', told ' || n.told as detail
            from referrer r join shop s on s.id = r.shop_id
            cross join lateral (select coalesce((select content ->> 'tier' from notice n
              where n.customer_id = r.customer_id and n.content ->> 'kind' = 'tierChanged' order by n.id desc limit 1), 'bronze') as told) n
           where n.told <> ${tier}`,
  },
];
