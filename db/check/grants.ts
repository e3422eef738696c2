/** Rules of grants: one for each paid line of a kind that grants, taken back with its money, its credits in the ledger. */
import { kindTraits, productKinds } from '../../domain/product.ts';
import type { Rule } from './rule.ts';

const kinds = `(${productKinds
  .filter((kind) => kindTraits[kind].handover === 'grant')
  .map((kind) => `'${kind}'`)
  .join(', ')})`;

/** What the ledger has of one line's credits, sold or taken back; the key's end is the line. */
const credits = (name: 'credits' | 'creditsBack') =>
  `(select coalesce(sum(t.amount), 0) from transfer t where t.key = 'order:' || o.code || ':${name}#' || l.id and t.currency = 'CREDIT')`;

export const grantRules: readonly Rule[] = [
  {
    name: 'paid-lines-are-granted-once',
    sql: `select 'order ' || o.code || ' line ' || l.position as subject, o.status || ' without what it grants' as detail
            from order_line l join "order" o on o.id = l.order_id
           where l.kind in ${kinds} and o.status in ('paid', 'delivered') and not exists (select from "grant" g where g.order_line_id = l.id)
          union all
          select 'grant ' || g.id, 'granted while order ' || o.code || ' is ' || o.status
            from "grant" g join order_line l on l.id = g.order_line_id join "order" o on o.id = l.order_id
           where l.kind not in ${kinds} or o.status not in ('paid', 'delivered', 'refunded')`,
  },
  {
    name: 'grants-are-what-was-bought',
    sql: `select 'grant ' || g.id as subject, 'not what line ' || l.position || ' of order ' || o.code || ' brings' as detail
            from "grant" g join order_line l on l.id = g.order_line_id join "order" o on o.id = l.order_id
           where (g.shop_id, g.customer_id, g.product_id, g.kind, g.credits, g.access_seconds)
                 is distinct from (o.shop_id, o.customer_id, l.product_id, l.kind, l.credit_amount::bigint * l.quantity, l.access_seconds::bigint * l.quantity)`,
  },
  {
    name: 'grants-end-with-their-money',
    sql: `select 'grant ' || g.id as subject,
                 case when g.revoked_at is null then 'stands' else 'taken back' end || ' while its delivery is ' || d.status || ' and order ' || o.code || ' ' || o.status as detail
            from "grant" g join order_line l on l.id = g.order_line_id join "order" o on o.id = l.order_id join delivery d on d.order_line_id = l.id
           where (g.revoked_at is not null) <> (d.status = 'revoked') or (o.status = 'refunded' and g.revoked_at is null)`,
  },
  {
    name: 'credits-are-in-the-ledger',
    sql: `select 'grant ' || g.id as subject,
                 coalesce(g.credits, 0) || ' credits, ' || g.credits_back || ' back; ledger ' || ${credits('credits')} || ' and ' || ${credits('creditsBack')} as detail
            from "grant" g join order_line l on l.id = g.order_line_id join "order" o on o.id = l.order_id
           where ${credits('credits')} <> coalesce(g.credits, 0) or ${credits('creditsBack')} <> g.credits_back`,
  },
  {
    name: 'sold-credits-were-bought',
    sql: `select 'credits:sold of shop ' || a.shop_id as subject, 'ledger ' || s.sum || ', grants ' || e.sum as detail
            from account a
            cross join lateral (select coalesce(sum(case when t.debit_account_id = a.id then t.amount else -t.amount end), 0) as sum
                                  from transfer t where a.id in (t.debit_account_id, t.credit_account_id)) s
            cross join lateral (select coalesce(sum(g.credits - g.credits_back), 0) as sum from "grant" g where g.shop_id = a.shop_id) e
           where a.kind = 'credits:sold' and s.sum <> e.sum`,
  },
];
