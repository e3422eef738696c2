/** Rules of who brought whom. */
import type { Rule } from './rule.ts';

export const referralRules: readonly Rule[] = [
  {
    name: 'referrers-were-there-first',
    sql: `select 'customer ' || f.customer_id as subject, 'brought by ' || f.referrer_id || ', who came ' || r.created_at as detail
            from referral f join customer c on c.id = f.customer_id join customer r on r.id = f.referrer_id
           where f.referrer_id >= f.customer_id or not exists (select from referrer l where l.customer_id = f.referrer_id)`,
  },
  {
    name: 'referrals-keep-to-their-shop',
    sql: `select 'customer ' || f.customer_id as subject, 'brought by somebody of another shop' as detail
            from referral f join customer c on c.id = f.customer_id join customer r on r.id = f.referrer_id
           where c.shop_id <> f.shop_id or r.shop_id <> f.shop_id
          union all
          select 'customer ' || l.customer_id, 'has a link into another shop' from referrer l join customer c on c.id = l.customer_id
           where c.shop_id <> l.shop_id`,
  },
  {
    name: 'newcomers-and-referrers-are-told',
    sql: `select 'customer ' || f.customer_id as subject, 'no notice ' || k.key as detail
            from referral f cross join lateral (values ('invited:' || f.customer_id, f.customer_id), ('friendJoined:' || f.customer_id, f.referrer_id)) k(key, whom)
           where not exists (select from notice n where n.shop_id = f.shop_id and n.key = k.key and n.customer_id = k.whom)`,
  },
];
