/** Rules of goods: units are conserved, each is delivered once, and what was paid for is the customer's. */
import { kindTraits, productKinds } from '../../domain/product.ts';
import { type Rule, unpaidStatuses } from './rule.ts';

/** Units an order line has in a state. */
const unitsIn = (state: 'held' | 'sold') => `(select count(*) from unit u where u.order_line_id = l.id and u.state = '${state}')`;

/** How many replacements the line's customer never had, because its money went back. */
const takenBack = '(select count(*) from claim c where c.order_line_id = l.id and c.taken_back_at is not null)';

const kindsWith = (handover: 'secret' | 'code') =>
  `(${productKinds
    .filter((kind) => kindTraits[kind].handover === handover)
    .map((kind) => `'${kind}'`)
    .join(', ')})`;

export const goodsRules: readonly Rule[] = [
  {
    name: 'pool-is-the-free-units',
    sql: `select 'unit ' || u.id as subject, 'free, but not in the pool' as detail from unit u
           where u.state = 'free' and not exists (select from free_unit f where f.unit_id = u.id and f.product_id = u.product_id)
          union all
          select 'unit ' || f.unit_id, 'in the pool while ' || u.state from free_unit f join unit u on u.id = f.unit_id
           where u.state <> 'free' or u.product_id <> f.product_id`,
  },
  {
    name: 'units-are-where-their-order-is',
    sql: `select 'unit ' || u.id as subject, u.state || ' by order ' || o.code || ', which is ' || o.status as detail
            from unit u join order_line l on l.id = u.order_line_id join "order" o on o.id = l.order_id
           where (u.state = 'held' and o.status not in ${unpaidStatuses})
              or (u.state = 'sold' and o.status not in ('paid', 'delivered', 'refunded'))
              or u.product_id <> l.product_id`,
  },
  {
    name: 'lines-have-exactly-their-units',
    sql: `select 'order ' || o.code || ' line ' || l.position as subject,
                 'quantity ' || l.quantity || ', held ' || ${unitsIn('held')} || ', sold ' || ${unitsIn('sold')} || ' while ' || o.status as detail
            from order_line l join "order" o on o.id = l.order_id join product p on p.id = l.product_id
            left join delivery d on d.order_line_id = l.id
           where ${unitsIn('held')} > l.quantity or ${unitsIn('sold')} > l.quantity
              or (p.stock_mode <> 'unlimited' and o.status in ('paid', 'delivered', 'refunded')
                  and ${unitsIn('sold')} <> case when d.status = 'revoked' then 0 else l.quantity - ${takenBack} end)
              or (p.stock_mode = 'unlimited' and ${unitsIn('held')} + ${unitsIn('sold')} > 0)`,
  },
  {
    name: 'one-delivery-a-line',
    sql: `select 'order ' || o.code || ' line ' || l.position as subject, o.status || ' without a delivery' as detail
            from order_line l join "order" o on o.id = l.order_id
           where o.status in ('paid', 'delivered', 'unfulfillable', 'refunded')
             and not exists (select from delivery d where d.order_line_id = l.id)
          union all
          select 'order ' || o.code || ' delivery ' || d.id, d.status || ' while ' || o.status
            from delivery d join "order" o on o.id = d.order_id join order_line l on l.id = d.order_line_id
           where (o.status not in ('paid', 'delivered', 'refunded') and not (o.status = 'unfulfillable' and d.status = 'revoked'))
              or l.order_id <> d.order_id`,
  },
  {
    name: 'paid-goods-are-told',
    sql: `select 'order ' || o.code || ' delivery ' || d.id as subject, 'still ' || d.status || ' after seven days of trying' as detail
            from delivery d join "order" o on o.id = d.order_id
           where o.status = 'paid' and d.status in ('waiting', 'sending') and o.paid_at < ?::timestamptz - interval '7 days 2 hours'`,
    values: ['now'],
  },
  {
    name: 'sent-goods-finish-their-order',
    sql: `select 'order ' || o.code as subject, 'all is sent, and it is still paid' as detail from "order" o
           where o.status = 'paid' and o.paid_at < ?::timestamptz - interval '60 seconds'
             and not exists (select from delivery d where d.order_id = o.id
                               and (d.status in ('waiting', 'sending', 'staffTask') or d.sent_at > ?::timestamptz - interval '60 seconds'))
             and not exists (select from refund r where r.order_id = o.id and r.scope = 'order')
             and not exists (select from reversal v where v.order_id = o.id and v.lost_at is not null)`,
    values: ['now', 'now'],
  },
  {
    name: 'unfulfillable-orders-are-refunded',
    sql: `select 'order ' || o.code as subject, 'paid, not fulfilled, and nobody gives the money back' as detail from "order" o
           where o.status = 'unfulfillable' and o.total > 0 and not exists (select from refund r where r.order_id = o.id and r.scope = 'order')`,
  },
  {
    name: 'goods-end-with-their-money',
    sql: `select 'order ' || o.code || ' delivery ' || d.id as subject, 'may still reach a customer who has the money back: ' || d.status as detail
            from delivery d join "order" o on o.id = d.order_id join order_line l on l.id = d.order_line_id
           where (o.status = 'refunded' or (o.status in ('paid', 'delivered') and exists (select from reversal v
                    where v.order_id = o.id and v.lost_at is not null and v.returned_at is null)))
             and ((l.kind in ${kindsWith('secret')} and (d.status in ('waiting', 'staffTask') or (d.status = 'sent' and d.shown_at is null)))
               or (l.kind in ${kindsWith('code')} and d.status not in ('handedOver', 'revoked')))`,
  },
  {
    name: 'shown-goods-stay-sold',
    sql: `select 'order ' || o.code || ' delivery ' || d.id as subject, 'taken back although the customer has it' as detail
            from delivery d join "order" o on o.id = d.order_id
           where d.status = 'revoked' and (d.handed_over_at is not null or (d.shown_at is not null and d.handover_code is null))`,
  },
];
