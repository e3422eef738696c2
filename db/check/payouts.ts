/** Rules of payouts: by whom, of what, and that the ledger says the same. */
import type { Rule } from './rule.ts';

/** What the ledger moved of a payout by one of its keys. */
const booked = (end: string) =>
  `(select coalesce(sum(t.amount), 0) from transfer t where t.key >= p.code || ':${end}#' and t.key < p.code || ':${end}$')`;

export const payoutRules: readonly Rule[] = [
  {
    name: 'payouts-are-in-the-ledger',
    sql: `select 'payout ' || p.code as subject,
                 p.status || ' over ' || p.amount || '; decided ' || s.decided || ', succeeded ' || s.succeeded || ', failed ' || s.failed as detail
            from payout p
            cross join lateral (select ${booked('decided')} as decided, ${booked('succeeded')} as succeeded, ${booked('failed')} as failed) s
           where s.decided <> p.amount
              or s.failed <> case when p.status = 'failed' then p.amount else 0 end
              or case p.status when 'succeeded' then s.succeeded <> p.amount
                               when 'failed' then s.succeeded not in (0, p.amount) or (s.succeeded > 0 and p.sent_at is null)
                               else s.succeeded <> 0 end`,
  },
  {
    name: 'payouts-within-their-deposits',
    sql: `select 'deposit ' || d.code as subject, 'brought ' || d.credited - d.debt_paid || ', paid out ' || s.sum || ', noted ' || d.paid_out as detail
            from deposit d
            cross join lateral (select coalesce(sum(p.amount), 0) as sum from payout p where p.deposit_id = d.id and p.status <> 'failed') s
           where s.sum > d.credited - d.debt_paid or s.sum <> d.paid_out`,
  },
  {
    name: 'payouts-follow-their-refunds',
    sql: `select 'payout ' || p.code as subject, p.status || ', its refund ' || coalesce(r.status || ' over ' || r.amount, 'missing') as detail
            from payout p left join refund r on r.id = p.refund_id
           where p.deposit_id is null
             and (r.id is null or p.code <> r.id or p.status <> r.status or p.amount <> r.amount or p.currency <> r.currency or p.payment_id <> r.payment_id)
          union all
          select 'refund ' || r.id, r.status || ' by ' || r.provider || ', and nobody is to send it' from refund r
           where r.provider in ('nowpayments', 'chain', 'manual') and r.status in ('requested', 'sent')
             and not exists (select from payout p where p.refund_id = r.id)`,
  },
  {
    name: 'payouts-are-approved-by-others',
    sql: `select 'payout ' || p.code as subject,
                 'asked for by ' || p.requested_by || ', approved by ' || coalesce(p.approved_by, 'nobody') || coalesce(' and ' || p.second_by, '') as detail
            from payout p join customer c on c.id = p.customer_id
           where (p.sent_at is not null
                  and (p.approved_by is null or p.confirmed_at is null or (p.total > p.second_above and p.second_by is null)))
              or p.requested_by in (p.approved_by, p.second_by) or p.approved_by = p.second_by
              or p.total < p.amount
              or exists (select from staff s where s.shop_id = p.shop_id and s.telegram_user_id = c.telegram_user_id
                            and 'staff:' || s.id in (p.approved_by, p.second_by, p.sent_by))`,
  },
  {
    name: 'payouts-go-by-the-rail-of-their-money',
    sql: `select 'payout ' || p.code as subject, p.method || ' to ' || p.destination_kind || coalesce(' in ' || p.coin, '') as detail
            from payout p join payment y on y.id = p.payment_id
           where p.method <> y.method or p.provider <> y.provider or p.shop_id <> y.shop_id or p.customer_id <> y.customer_id
              or p.destination_kind <> case p.method when 'bank' then 'account' when 'blik' then 'phone' else 'address' end
              or (p.deposit_id is not null and y.deposit_id is distinct from p.deposit_id)`,
  },
  {
    name: 'no-payout-past-its-time',
    sql: `select 'payout ' || p.code as subject, 'nobody named where to since ' || p.requested_at as detail from payout p
           where p.status = 'requested' and p.confirmed_at is null and p.requested_at < ?::timestamptz - interval '14 days 1 hour'
          union all
          select 'payout ' || p.code, 'staff said ' || p.word || ' at ' || p.word_at || ', it is ' || p.status from payout p
           where p.word <> p.status and p.word_at < ?::timestamptz`,
    values: ['now', 'settledBefore'],
  },
];
