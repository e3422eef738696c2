/** Rules of baskets that buy themselves: once, by the wallet, never for more than was shown, and never forgotten. */
import type { Rule } from './rule.ts';

export const autoBuyRules: readonly Rule[] = [
  {
    name: 'auto-buys-buy-what-was-wished',
    sql: `select 'wish ' || a.code as subject, a.status || ', order ' || coalesce(o.status, 'none') || ' for ' || coalesce(o.total, 0) || ' of ' || a.shown_total as detail
            from auto_buy a left join "order" o on o.code = a.code
           where (a.status = 'bought' and (o.id is null or o.customer_id <> a.customer_id or o.shop_id <> a.shop_id
                    or o.lines_key <> a.lines_key or (o.total > a.shown_total and o.method = 'wallet')))`,
  },
  {
    name: 'no-auto-buy-past-its-end',
    sql: `select 'wish ' || a.code as subject, a.status || ' since ' || coalesce(a.closed_at, a.asked_at) as detail from auto_buy a
           where (a.status = 'waiting' and a.asked_at < ?::timestamptz - interval '7 days 5 minutes')
              or (a.status = 'buying' and a.looked_at < ?::timestamptz - interval '8 days')`,
    values: ['now', 'now'],
  },
];
