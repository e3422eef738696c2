/** Rules of claims: what they came to was done, once, by somebody else than who asked, none is forgotten, and what was given instead is its line's. */
import type { Rule } from './rule.ts';

export const claimRules: readonly Rule[] = [
  {
    name: 'claims-came-to-what-was-said',
    sql: `select 'claim ' || c.code as subject, c.status || ' by ' || coalesce(c.verdict, 'nobody') as detail from claim c
           where c.status <> 'asked' and (c.closed_at is null) <> (c.status = 'open')
              or (c.status = 'replaced' and c.verdict <> 'replace') or (c.status = 'refunded' and c.verdict <> 'refund')
              or (c.status = 'refused' and c.verdict <> 'refuse') or (c.status = 'withdrawn' and c.withdrawn_at is null)`,
  },
  {
    name: 'replaced-units-are-withdrawn',
    sql: `select 'claim ' || c.code as subject,
                 'unit ' || coalesce(c.unit_id::text, 'none') || ' is ' || coalesce(u.state, 'none') || ', its replacement ' || coalesce(r.state, 'none') as detail
            from claim c left join unit u on u.id = c.unit_id left join unit r on r.id = c.replacement_id
           where (c.status = 'replaced' and c.unit_id is not null and (u.state <> 'withdrawn' or r.id is null or r.product_id <> u.product_id))
              or (c.status <> 'replaced' and c.replacement_id is not null)`,
  },
  {
    name: 'replacements-follow-their-line',
    sql: `select 'claim ' || c.code as subject,
                 'unit ' || r.id || ' is ' || r.state || coalesce(' by line ' || r.order_line_id, '') || ', in round ' || c.round || ' of ' || d.round
                   || case when c.taken_back_at is null then '' else ', taken back' end as detail
            from claim c join unit r on r.id = c.replacement_id join delivery d on d.order_line_id = c.order_line_id
           where c.round > d.round
              or (c.taken_back_at is not null and r.order_line_id = c.order_line_id)
              or (c.taken_back_at is null and not coalesce(r.state = 'sold' and r.order_line_id = c.order_line_id, false)
                  and not exists (select from claim later where later.unit_id = r.id and later.status = 'replaced'))`,
  },
  {
    name: 'refunded-claims-have-their-refund',
    sql: `select 'claim ' || c.code as subject, 'refund ' || coalesce(c.refund_id, 'none') as detail
            from claim c left join refund r on r.id = c.refund_id
           where (c.status = 'refunded') <> (r.id is not null) or r.order_id <> c.order_id`,
  },
  {
    name: 'claims-are-of-their-customer',
    sql: `select 'claim ' || c.code as subject, 'its order is of another customer, or its line of another order' as detail
            from claim c join "order" o on o.id = c.order_id join order_line l on l.id = c.order_line_id
           where o.customer_id <> c.customer_id or o.shop_id <> c.shop_id or l.order_id <> c.order_id
              or left(c.code, 8) <> o.code or o.paid_at is null`,
  },
];
