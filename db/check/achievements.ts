/** Rules of badges: nobody has one they did not earn, nobody lacks one they did. */
import { bigSpenderBegins } from '../../domain/achievement.ts';
import { currencyDecimalsSql, type Rule } from './rule.ts';

/** Whether a customer earned a badge, by its name; what earned a tier's may be gone again. */
const earned = `case a.name
  when 'firstFriend' then exists (select from referral f where f.referrer_id = a.customer_id)
  when 'tenFriends' then (select count(*) from referral f where f.referrer_id = a.customer_id) >= 10
  when 'firstTopUp' then exists (select from deposit d where d.customer_id = a.customer_id and d.credited > 0)
  when 'firstPurchase' then exists (select from "order" o where o.customer_id = a.customer_id and o.paid_at is not null)
  when 'bigSpender' then (select coalesce(sum(o.total), 0) from "order" o where o.customer_id = a.customer_id and o.paid_at is not null)
    >= ${bigSpenderBegins} * power(10, ${currencyDecimalsSql('s.currency')})
  else exists (select from commission m where m.referrer_id = a.customer_id) end`;

export const achievementRules: readonly Rule[] = [
  {
    name: 'badges-were-earned',
    sql: `select 'customer ' || a.customer_id as subject, a.name || ' was not earned, or is of another shop' as detail
            from achievement a join shop s on s.id = a.shop_id join customer c on c.id = a.customer_id
           where a.shop_id <> c.shop_id or not ${earned}`,
  },
  {
    name: 'friends-and-top-ups-bring-their-badge',
    sql: `select 'customer ' || w.customer_id as subject, 'has no ' || w.name as detail
            from (select distinct referrer_id as customer_id, 'firstFriend' as name from referral
                  union all select referrer_id, 'tenFriends' from referral group by referrer_id having count(*) >= 10
                  union all select distinct customer_id, 'firstTopUp' from deposit where credited > 0) w
           where not exists (select from achievement a where a.customer_id = w.customer_id and a.name = w.name)`,
  },
];
