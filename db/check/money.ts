/** Rules of money: balances, what providers brought, what went back, receipts. */
import { paidStatuses, type Rule, unpaidStatuses } from './rule.ts';

/** Transfers of one event: all its legs. Written so that the index on `key` finds them. */
const legsOf = (key: string) => `t.key >= ${key} || '#' and t.key < ${key} || '$'`;
const providerKey = `i.provider || ':' || i.shop_id || ':' || i.object_id`;

/** Settled money of providers by object, with what the ledger says of it. What Stars became in a wallet is not more of them. */
const settledObjects = `
  select i.shop_id, i.provider, i.object_id, max(i.amount) as amount, min(i.amount) as least,
         count(*) filter (where i.outcome = 'applied') as applied,
         (select coalesce(sum(t.amount), 0) from transfer t join account d on d.id = t.debit_account_id and d.kind <> 'conversion'
           where ${legsOf(providerKey)}) as booked
    from inbox i
   where i.verdict = 'verified' and i.kind = 'settled' and i.outcome is not null
   group by i.shop_id, i.provider, i.object_id`;

/** Every account's sum, growing by debits; one pass over all transfers. */
const debitSums = `(select id, sum(amount) as debits from (
    select debit_account_id as id, amount from transfer union all select credit_account_id, -amount from transfer) legs group by id)`;

export const moneyRules: readonly Rule[] = [
  {
    name: 'balances-equal-transfers',
    sql: `select 'account ' || a.id || ' ' || a.kind || ' ' || a.owner as subject, 'balance ' || a.balance || ', transfers ' || s.sum as detail
            from account a left join ${debitSums} x on x.id = a.id
            cross join lateral (select case a.grows_by when 'debit' then 1 else -1 end * coalesce(x.debits, 0) as sum) s
           where a.balance is not null and (a.balance <> s.sum or a.balance < 0)`,
  },
  {
    name: 'running-balance-in-statements',
    sql: `select 'transfer ' || t.key as subject, 'balance after it is missing or negative' as detail
            from transfer t join account d on d.id = t.debit_account_id join account c on c.id = t.credit_account_id
           where (d.balance is not null) <> (t.debit_balance is not null) or (c.balance is not null) <> (t.credit_balance is not null)
              or t.debit_balance < 0 or t.credit_balance < 0`,
  },
  {
    name: 'held-money-belongs-to-open-orders',
    sql: `select 'order ' || o.code as subject, 'held ' || coalesce(h.balance, 0) || ', expected ' || e.amount || ' while ' || o.status as detail
            from "order" o left join account h on h.order_id = o.id and h.kind = 'held'
            cross join lateral (select case when o.status in ${unpaidStatuses} then
              (select coalesce(sum(p.applied), 0) from payment p where p.order_id = o.id and p.currency = o.currency) else 0 end as amount) e
           where coalesce(h.balance, 0) <> e.amount`,
  },
  {
    name: 'provider-money-counted-once',
    sql: `select s.provider || ' ' || s.object_id as subject,
                 'said ' || s.amount || ', booked ' || s.booked || ', applied ' || s.applied || ' times' as detail
            from (${settledObjects}) s
           where s.applied > 1 or (s.applied = 1 and s.booked <> s.amount and s.booked <> s.least) or (s.applied = 0 and s.booked > greatest(coalesce(s.amount, 0), 0))`,
  },
  {
    name: 'unverified-moves-nothing',
    sql: `select 'inbox ' || i.id as subject, 'verdict ' || i.verdict || ', outcome ' || coalesce(i.outcome, 'none') as detail from inbox i
           where i.verdict = 'refused' and (i.outcome is distinct from 'refused' or i.applied_at is not null)`,
  },
  {
    name: 'payments-hold-what-arrived',
    sql: `select 'payment ' || p.id as subject, 'received ' || p.received || ', inbox ' || s.sum || ', applied ' || p.applied as detail
            from payment p
            cross join lateral (select coalesce(sum(i.amount), 0) as sum from inbox i
                                 where i.payment_id = p.id and (i.order_id = p.order_id or i.deposit_id = p.deposit_id) and i.kind = 'settled' and i.outcome = 'applied') s
           where p.provider <> 'wallet' and p.received <> s.sum`,
  },
  {
    name: 'wallet-pays-once',
    sql: `select 'payment ' || p.id as subject, 'received ' || p.received || ', transfers ' || s.sum as detail
            from payment p join "order" o on o.id = p.order_id
            cross join lateral (select coalesce(sum(t.amount), 0) as sum from transfer t
                                 where ${legsOf(`'order:' || o.code || ':wallet:' || p.attempt`)}) s
           where p.provider = 'wallet' and p.received <> s.sum`,
  },
  {
    name: 'orders-settled-once',
    sql: `select 'order ' || o.code as subject, o.status || ', settled for ' || s.sum || ' of ' || e.amount as detail
            from "order" o
            cross join lateral (select coalesce(sum(t.amount), 0) as sum from transfer t where ${legsOf(`'order:' || o.code || ':settle'`)}) s
            cross join lateral (select case when o.status not in ${paidStatuses} then 0
              when exists (select from payment p where p.order_id = o.id and p.currency = 'XTR' and p.applied > 0) then 0
              else o.total end as amount) e
           where s.sum <> e.amount`,
  },
  {
    name: 'paid-orders-are-covered',
    sql: `select 'order ' || o.code as subject, o.status || ', applied ' || s.own || ' ' || o.currency || ' and ' || s.stars || ' XTR' as detail
            from "order" o
            cross join lateral (select coalesce(sum(p.applied + p.tolerated) filter (where p.currency = o.currency), 0) as own,
                                       coalesce(sum(p.applied) filter (where p.currency = 'XTR'), 0) as stars
                                  from payment p where p.order_id = o.id) s
           where (o.status in ${paidStatuses} and s.own <> o.total and s.stars <> coalesce(o.stars_total, -1))
              or (o.status in ('expired', 'cancelled') and s.own + s.stars > 0)`,
  },
  {
    name: 'clearing-matches-providers',
    sql: `select 'clearing:' || k.provider || ' of shop ' || k.shop_id as subject,
                 'ledger ' || coalesce(x.debits, 0) || ', providers ' || e.amount as detail
            from (select distinct shop_id, provider from payment where provider <> 'wallet') k
            left join account a on a.shop_id = k.shop_id and a.kind = 'clearing:' || k.provider
            left join ${debitSums} x on x.id = a.id
            cross join lateral (select
              coalesce((select sum(s.booked) from (${settledObjects}) s where s.shop_id = k.shop_id and s.provider = k.provider), 0)
              - coalesce((select sum(r.amount) from refund r
                           where r.shop_id = k.shop_id and r.provider = k.provider and r.status = 'succeeded'), 0)
              - coalesce((select sum(o.amount) from payout o where o.deposit_id is not null
                             and o.shop_id = k.shop_id and o.provider = k.provider and o.status = 'succeeded'), 0)
              - coalesce((select sum(v.amount) from reversal v where v.shop_id = k.shop_id and v.provider = k.provider
                             and v.taken_at is not null and v.returned_at is null), 0)
              - coalesce((select sum(f.debits) from account g join ${debitSums} f on f.id = g.id
                           where g.shop_id = k.shop_id and g.kind = 'expense:fee:' || k.provider), 0) as amount) e
           where coalesce(x.debits, 0) <> e.amount`,
  },
  {
    name: 'taken-back-is-in-the-ledger',
    sql: `select v.provider || ' ' || v.object_id as subject,
                 'taken ' || e.taken || ' with a loss of ' || e.loss || ', given again ' || e.again || '; ledger ' || t.taken || ', ' || t.loss || ', ' || r.again as detail
            from reversal v
            cross join lateral (select case when v.taken_at is null then 0 else v.amount end as taken,
                                       case when v.taken_at is null then 0 else v.loss end as loss,
                                       case when v.taken_at is null or v.returned_at is null then 0 else v.amount end as again) e
            cross join lateral (select v.provider || ':' || v.shop_id || ':' || v.object_id as key) k
            cross join lateral (select coalesce(sum(t.amount), 0) as taken, coalesce(sum(t.amount) filter (where t.key = k.key || ':taken#loss'), 0) as loss
                                  from transfer t where ${legsOf("k.key || ':taken'")} and t.currency = v.currency) t
            cross join lateral (select coalesce(sum(t.amount), 0) as again from transfer t where ${legsOf("k.key || ':returned'")} and t.currency = v.currency) r
           where (t.taken, t.loss, r.again) is distinct from (e.taken, e.loss, e.again)`,
  },
  {
    name: 'losses-are-disputes',
    sql: `select 'loss:dispute ' || k.currency || ' of shop ' || k.shop_id as subject,
                 'ledger ' || coalesce(x.debits, 0) || ', disputes ' || e.amount as detail
            from (select shop_id, currency from reversal union select shop_id, currency from account where kind = 'loss:dispute') k
            left join account a on a.shop_id = k.shop_id and a.currency = k.currency and a.kind = 'loss:dispute'
            left join ${debitSums} x on x.id = a.id
            cross join lateral (select coalesce(sum(v.loss), 0) as amount from reversal v
              where v.shop_id = k.shop_id and v.currency = k.currency and v.taken_at is not null and v.returned_at is null) e
           where coalesce(x.debits, 0) <> e.amount`,
  },
  {
    name: 'owed-refunds-are-open-refunds',
    sql: `select 'refund:payable ' || k.currency || ' of shop ' || k.shop_id as subject,
                 'ledger ' || -coalesce(x.debits, 0) || ', refunds ' || e.amount as detail
            from (select shop_id, currency from refund where provider <> 'wallet' union select shop_id, currency from payout
                  union select shop_id, currency from account where kind = 'refund:payable') k
            left join account a on a.shop_id = k.shop_id and a.currency = k.currency and a.kind = 'refund:payable'
            left join ${debitSums} x on x.id = a.id
            cross join lateral (select coalesce(sum(r.amount), 0) + (select coalesce(sum(o.amount), 0) from payout o
                where o.deposit_id is not null and o.shop_id = k.shop_id and o.currency = k.currency and o.status in ('requested', 'sent')) as amount
              from refund r
              where r.shop_id = k.shop_id and r.currency = k.currency and r.provider <> 'wallet'
                and (r.status in ('requested', 'sent') or (r.status = 'failed' and r.provider = 'stars'))) e
           where -coalesce(x.debits, 0) <> e.amount`,
  },
  {
    name: 'refunds-within-payments',
    sql: `select 'payment ' || p.id as subject, 'received ' || p.received || ', refunds ' || s.alive || ', of the sale ' || s.sale || ' of ' || p.applied as detail
            from payment p
            cross join lateral (select coalesce(sum(r.amount) filter (where r.status <> 'failed'), 0) as alive,
                                       coalesce(sum(r.amount) filter (where r.scope = 'order'), 0) as sale
                                  from refund r where r.payment_id = p.id) s
           where s.alive > p.received or s.sale > p.applied`,
  },
  {
    name: 'receipts-without-gaps',
    sql: `select r.kind || ' ' || r.year || ' of shop ' || r.shop_id as subject,
                 count(*) || ' documents, numbers ' || min(r.number) || ' to ' || max(r.number) || ', counter ' || coalesce(max(n.last), 0) as detail
            from receipt r left join receipt_counter n on n.shop_id = r.shop_id and n.kind = r.kind and n.year = r.year
           group by r.shop_id, r.kind, r.year
          having count(*) <> max(r.number) or min(r.number) <> 1 or coalesce(max(n.last), 0) <> max(r.number)`,
  },
  {
    name: 'every-sale-has-its-receipt',
    sql: `select 'order ' || o.code as subject, o.status || ' without a receipt' as detail from "order" o
           where o.status in ${paidStatuses} and not exists (select from receipt r where r.order_id = o.id and r.kind = 'receipt')
          union all
          select 'order ' || o.code, o.status || ' with a receipt' from "order" o
           where o.status not in ${paidStatuses} and exists (select from receipt r where r.order_id = o.id and r.kind = 'receipt')
          union all
          select 'refund ' || f.id, 'without a credit note' from refund f
           where f.scope = 'order' and f.order_id is not null and not exists (select from receipt r where r.refund_id = f.id)`,
  },
];
