/** Rules of stock as people are told of it: whoever was told has a notice, each change an alert, all of one shop. */
import type { Rule } from './rule.ts';

export const stockRules: readonly Rule[] = [
  {
    name: 'told-watches-have-their-notice',
    sql: `select 'watch ' || w.id as subject, 'told, without a notice' as detail from stock_watch w
           where w.told_at is not null and not exists (select from notice n
             where n.shop_id = w.shop_id and n.customer_id = w.customer_id and n.key = 'stockBack:' || w.id || ':' || w.times)`,
  },
  {
    name: 'watches-are-of-one-shop',
    sql: `select 'watch ' || w.id as subject, 'its customer, or its product, is of another shop' as detail
            from stock_watch w join customer c on c.id = w.customer_id join product p on p.id = w.product_id
           where w.shop_id <> c.shop_id or w.shop_id <> p.shop_id`,
  },
  {
    name: 'stock-alarms-were-raised',
    sql: `select 'product ' || a.product_id as subject, a.level || ' after ' || a.changes || ' changes, without an alert of the last' as detail
            from stock_alarm a
           where (a.level <> 'enough' and a.changes = 0)
              or (a.changes > 0 and not exists (select from alert t where t.shop_id = a.shop_id and t.key = 'stock:' || a.product_id || ':' || a.changes))`,
  },
];
