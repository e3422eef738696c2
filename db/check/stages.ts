/** Rules of stages: each keeps to its shop, and what was to be sent is told by its row. */
import type { Rule } from './rule.ts';

export const stageRules: readonly Rule[] = [
  {
    name: 'stages-keep-to-their-shop',
    sql: `select 'stage ' || s.id as subject, 'shop ' || s.shop_id || ', ' || f.what as detail from stage s
            cross join lateral (
              select 'product of shop ' || p.shop_id as what from product p where p.id = s.product_id and p.shop_id <> s.shop_id
              union all
              select 'opened by customer ' || c.id from stage_open o join customer c on c.id = o.customer_id
               where o.stage_id = s.id and c.shop_id <> s.shop_id
              union all
              select 'message ' || m.id from stage_send m left join customer c on c.id = m.customer_id
               where m.stage_id = s.id and (m.shop_id <> s.shop_id or c.shop_id <> s.shop_id)) f`,
  },
  {
    name: 'stage-orders-came-by-its-link',
    sql: `select 'order ' || b.code as subject, 'customer ' || b.customer_id || ' never opened stage ' || b.stage_id as detail from stage_order b
           where not exists (select from stage_open o where o.stage_id = b.stage_id and o.customer_id = b.customer_id)`,
  },
  {
    name: 'stage-messages-are-told',
    sql: `select 'stage message ' || m.id as subject, m.status || ', ' || coalesce('told ' || t.told_at, t.key, 'nothing tells it') as detail
            from stage_send m
            left join lateral (
              select n.key, n.told_at from notice n where n.shop_id = m.shop_id and n.key = 'stage:' || m.id and n.customer_id = m.customer_id
              union all
              select a.key, a.told_at from alert a where a.shop_id = m.shop_id and a.key = 'stage:' || m.id and m.customer_id is null) t on true
           where t.key is null or (t.told_at is not null and m.status = 'waiting')`,
  },
];
