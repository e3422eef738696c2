/** Rules of orders and their time: sums, deadlines, and no provider's word left unheard. */
import { closingSeconds } from '../../domain/order.ts';
import { type ProviderName, providerTraits } from '../../domain/payment.ts';
import { type Rule, unpaidStatuses } from './rule.ts';

const windows = Object.entries(providerTraits)
  .map(([provider, traits]: [string, (typeof providerTraits)[ProviderName]]) => `when '${provider}' then ${traits.settlementWindowSeconds}`)
  .join(' ');
/** A minute for the steps themselves, and the time closing an invoice is tried. */
const graceSeconds = 60 + closingSeconds;

export const orderRules: readonly Rule[] = [
  {
    name: 'orders-sum-their-lines',
    sql: `select 'order ' || o.code as subject, 'total ' || o.total || ', lines ' || coalesce(s.total, 0) || '; tax ' || o.tax || ', lines ' || coalesce(s.tax, 0) as detail
            from "order" o left join lateral (select sum(l.price * l.quantity - l.code_discount) as total, sum(l.tax) as tax,
                                                     case when bool_and(l.stars_price is not null) then sum(l.stars_price * l.quantity - l.code_stars) end as stars
                                                from order_line l where l.order_id = o.id) s on true
           where o.total is distinct from s.total or o.tax is distinct from s.tax
              or (o.stars_total is not null and o.stars_total is distinct from s.stars)`,
  },
  {
    name: 'no-order-past-its-deadline',
    sql: `select 'order ' || o.code as subject, o.status || ' since ' || o.placed_at || ', hold ended ' || o.hold_ends_at as detail
            from "order" o
           where o.status in ${unpaidStatuses}
             and ?::timestamptz > o.hold_ends_at + make_interval(secs => ${graceSeconds} + coalesce(
                   (select max(case p.provider ${windows} else 0 end) from payment p
                     where p.order_id = o.id and (o.status = 'awaitingSettlement' or p.status = 'processing')), 0))`,
    values: ['now'],
  },
  {
    name: 'ended-orders-have-no-open-payment',
    sql: `select 'payment ' || p.id as subject, p.status || ' while its order is ' || o.status as detail
            from payment p join "order" o on o.id = p.order_id
           where o.status in ('expired', 'cancelled') and p.status in ('pending', 'processing') and o.closed_at < ?::timestamptz - interval '60 seconds'`,
    values: ['now'],
  },
  {
    name: 'turned-away-is-never-placed',
    sql: `select 'order ' || t.order_code as subject, 'placed ' || o.placed_at || ', turned away ' || t.at as detail
            from turned_away t join "order" o on o.code = t.order_code`,
  },
  {
    name: 'no-inbox-row-without-outcome',
    sql: `select 'inbox ' || i.id || ' ' || i.provider || ' ' || i.type as subject, 'waiting since ' || i.received_at as detail
            from inbox i where i.outcome is null and i.received_at <= ?::timestamptz`,
    values: ['settledBefore'],
  },
  {
    name: 'shops-keep-to-themselves',
    sql: `select 'order ' || o.code as subject, 'customer, payment or product of another shop' as detail from "order" o
           where exists (select from customer c where c.id = o.customer_id and c.shop_id <> o.shop_id)
              or exists (select from payment p where p.order_id = o.id and (p.shop_id <> o.shop_id or p.customer_id <> o.customer_id))
              or exists (select from order_line l join product p on p.id = l.product_id where l.order_id = o.id and p.shop_id <> o.shop_id)
              or exists (select from inbox i where i.order_id = o.id and i.outcome = 'applied' and i.shop_id <> o.shop_id)`,
  },
];
