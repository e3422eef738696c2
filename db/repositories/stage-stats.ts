/** How a stage has done, also a removed one. */
import { conversionPercent } from '../../domain/stage.ts';
import type { EntityManager } from '../orm.ts';
import { run } from '../prepared.ts';

export interface StageStats {
  /** Messages by what became of them. */
  readonly sent: number;
  readonly waiting: number;
  readonly unsent: number;
  /** Customers who came by its link, and how often in all. */
  readonly opened: number;
  readonly openedTimes: number;
  /** Orders that began there; those paid; of them those paid back whole. */
  readonly orders: number;
  readonly paid: number;
  readonly refunded: number;
  /** What came in, and what of it went back; minor units, Stars as XTR. */
  readonly revenue: readonly { readonly currency: string; readonly amount: number; readonly refunded: number }[];
  /** Customers who paid among those who opened, percent with one decimal; null while nobody opened. */
  readonly conversionPercent: number | null;
}

/** Orders of a stage: those whose code began there, by its customer, with its product in them. */
const ordersOf = `
  select o.* from stage_order b join stage s on s.id = b.stage_id join "order" o on o.code = b.code and o.customer_id = b.customer_id
   where b.stage_id = $1
     and exists (select from order_line l join product p on p.id = l.product_id
                  where l.order_id = o.id and (p.id = s.product_id or p.variant_of = s.product_id))`;

export async function readStageStats(em: EntityManager, stageId: number): Promise<StageStats> {
  const [counts] = await run<
    Record<'sent' | 'waiting' | 'unsent' | 'opened' | 'openedTimes' | 'orders' | 'paid' | 'refunded' | 'payers', number>
  >(
    em,
    `with ordered as (${ordersOf})
     select (select count(*)::int from stage_send where stage_id = $1 and status = 'sent') as sent,
            (select count(*)::int from stage_send where stage_id = $1 and status = 'waiting') as waiting,
            (select count(*)::int from stage_send where stage_id = $1 and status in ('refused', 'gone')) as unsent,
            (select count(*)::int from stage_open where stage_id = $1) as opened,
            (select coalesce(sum(times), 0)::int from stage_open where stage_id = $1) as "openedTimes",
            count(*)::int as orders, count(*) filter (where paid_at is not null)::int as paid,
            count(*) filter (where status = 'refunded')::int as refunded,
            count(distinct customer_id) filter (where paid_at is not null)::int as payers
       from ordered`,
    [stageId],
  );
  if (!counts) throw new Error('A count without groups answers one row');
  const revenue = await run<{ currency: string; amount: string; refunded: string }>(
    em,
    `with ordered as (${ordersOf}),
          moved as (
            select case when method = 'stars' then 'XTR' else currency end as currency,
                   case when method = 'stars' then stars_total else total end as amount, 0 as refunded
              from ordered where paid_at is not null
            union all
            select r.currency, 0, r.amount from ordered o join refund r on r.order_id = o.id
             where o.paid_at is not null and r.scope = 'order' and r.status = 'succeeded')
     select currency, sum(amount) as amount, sum(refunded) as refunded from moved group by currency having sum(amount) > 0 or sum(refunded) > 0 order by currency`,
    [stageId],
  );
  const { payers, ...shown } = counts;
  return {
    ...shown,
    revenue: revenue.map(({ currency, amount, refunded }) => ({ currency, amount: Number(amount), refunded: Number(refunded) })),
    conversionPercent: conversionPercent(payers, shown.opened),
  };
}
