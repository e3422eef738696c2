/** Rules of promo codes: as many uses as are left over, each where its order is, and worth what its order's lines say. */
import type { Rule } from './rule.ts';

/** What a use must be by its order's status; a refunded order may have given it back when it could not be fulfilled. */
const usesByStatus = `case when o.status in ('awaitingPayment', 'awaitingSettlement') then '{reserved}'
  when o.status in ('paid', 'delivered') then '{used}' when o.status = 'refunded' then '{revoked,released}' else '{released}' end::text[]`;

export const promoCodeRules: readonly Rule[] = [
  {
    name: 'promo-uses-are-counted',
    sql: `select 'promo code ' || k.id as subject, 'limit ' || k.use_limit || ', left ' || k.remaining || ', uses ' || s.uses as detail
            from promo_code k
            cross join lateral (select count(*) as uses from promo_use u where u.promo_code_id = k.id and u.status <> 'released') s
           where k.use_limit is not null and k.use_limit - k.remaining <> s.uses`,
  },
  {
    name: 'promo-uses-follow-their-orders',
    sql: `select 'order ' || o.code as subject, o.status || ', its use is ' || coalesce(u.status, 'nowhere') as detail
            from "order" o left join promo_use u on u.order_id = o.id
           where (o.promo_code_id is not null or u.id is not null)
             and (u.promo_code_id is distinct from o.promo_code_id or u.customer_id is distinct from o.customer_id
                  or not coalesce(u.status = any(${usesByStatus}), false))`,
  },
  {
    name: 'promo-codes-take-off-what-lines-say',
    sql: `select 'order ' || o.code as subject,
                 'lines ' || s.saved || ' and ' || s.stars || ' Stars, its use ' || coalesce(u.saved, 0) || ' and ' || coalesce(u.saved_stars, 0) as detail
            from "order" o left join promo_use u on u.order_id = o.id
            cross join lateral (select coalesce(sum(l.code_discount), 0) as saved,
                                       case when o.stars_total is null then 0 else coalesce(sum(l.code_stars), 0) end as stars
                                  from order_line l where l.order_id = o.id) s
           where s.saved <> coalesce(u.saved, 0) or s.stars <> coalesce(u.saved_stars, 0)`,
  },
  {
    name: 'promo-codes-within-each-customers-limit',
    sql: `select 'promo code ' || k.id as subject, s.uses || ' uses by customer ' || s.customer_id || ', at most ' || k.customer_limit as detail
            from promo_code k
            join (select u.promo_code_id, u.customer_id, count(*) as uses from promo_use u where u.status <> 'released' group by 1, 2) s
              on s.promo_code_id = k.id
           where s.uses > k.customer_limit`,
  },
];
