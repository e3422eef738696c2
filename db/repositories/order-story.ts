/** What happened to an order, as its customer may know it: without providers, staff and failures behind the scenes. */
import type { MethodName } from '../../domain/payment.ts';
import type { EntityManager } from '../orm.ts';
import { run } from '../prepared.ts';

/** The first ones are actions of the audit, the last ones rows of their own. */
const audited = [
  'placed',
  'methodChosen',
  'awaitingSettlement',
  'paid',
  'delivered',
  'unfulfillable',
  'expired',
  'cancelled',
  'resend',
  'staffTask',
] as const;
export const orderSteps = [...audited, 'goodsSent', 'handedOver', 'refundDecided', 'refundSucceeded'] as const;

export interface OrderStep {
  readonly at: Date;
  readonly step: (typeof orderSteps)[number];
  /** `customer:<id>`, `staff:<id>`, `provider:<name>`, `cli`, `system`. */
  readonly actor: string;
  readonly method: MethodName | null;
  /** Of the goods it is about. */
  readonly title: string | null;
  /** Of a refund, minor units of `currency`. */
  readonly amount: number | null;
  readonly currency: string | null;
}

const steps = `
  with own as (select id from "order" where code = $1),
  sent as (select d.*, l.title from delivery d join order_line l on l.id = d.order_line_id where d.order_id in (select id from own))
  select * from (
    select case a.action when 'delivered' then 6 else 1 end as kind, a.id as row, a.at, a.action as step, a.actor, a.after->>'method' as method, null as title, null::bigint as amount,
           null as currency from audit a where a.subject = 'order' and a.subject_id = $1 and a.action = any($2::text[])
    union all select 2, id, sent_at, 'goodsSent', 'system', null, title, null, null from sent where sent_at is not null
    union all select 3, id, handed_over_at, 'handedOver', 'staff', null, title, null, null from sent where handed_over_at is not null
    union all select 4, 0, requested_at, 'refundDecided', 'system', null, null, amount, currency
                from refund where order_id in (select id from own)
    union all select 5, 0, closed_at, 'refundSucceeded', 'system', null, null, amount, currency
                from refund where order_id in (select id from own) and status = 'succeeded' and closed_at is not null) story
   order by at, kind, row`;

/** Steps in the order they happened. Of whom the order is, whoever asks has looked. */
export async function readOrderStory(em: EntityManager, code: string): Promise<OrderStep[]> {
  const rows = await run<Omit<OrderStep, 'at' | 'amount'> & { at: string | Date; amount: string | null }>(em, steps, [code, audited]);
  return rows.map(({ at, step, actor, method, title, amount, currency }) => ({
    at: new Date(at),
    step,
    actor,
    method,
    title,
    amount: amount === null ? null : Number(amount),
    currency,
  }));
}
