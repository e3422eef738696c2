/** Rules of vouchers: a link holds what was given for it until it is claimed or goes back, a claim is in the ledger once. */
import type { Rule } from './rule.ts';

const legs = (event: string) => `t.key >= 'voucher:' || v.id || ':${event}#' and t.key < 'voucher:' || v.id || ':${event}$'`;
const sumOf = (event: string) => `(select coalesce(sum(t.amount), 0) from transfer t where ${legs(event)})`;

export const voucherRules: readonly Rule[] = [
  {
    name: 'vouchers-hold-what-was-given',
    sql: `select 'voucher ' || v.id as subject, v.status || ', holds ' || coalesce(a.balance, 0) || ' of ' || v.amount as detail
            from voucher v left join account a on a.shop_id = v.shop_id and a.kind = 'voucher' and a.owner = 'voucher:' || v.id
           where coalesce(a.balance, 0) <>
                 case when v.kind = 'link' and (v.status = 'open' or (v.status = 'claimed' and v.booked_at is null)) then v.amount else 0 end`,
  },
  {
    name: 'vouchers-are-claimed-once',
    sql: `select 'voucher ' || v.id as subject, v.status || ', booked ' || s.sum || ' of ' || v.amount as detail
            from voucher v cross join lateral (select ${sumOf('claimed')} as sum) s
           where s.sum <> case when v.booked_at is null then 0 else v.amount end
              or exists (select from transfer t join account c on c.id = t.credit_account_id where ${legs('claimed')}
                           and (c.kind <> 'bonus' or c.customer_id is distinct from v.claimed_by))`,
  },
  {
    name: 'gift-links-go-back-as-they-came',
    sql: `select 'voucher ' || v.id as subject, 'back ' || s.back || ', of it bonus ' || s.bonus || ' of ' || v.from_bonus as detail
            from voucher v
            cross join lateral (select ${sumOf('back')} as back,
              (select coalesce(sum(t.amount), 0) from transfer t where t.key = 'voucher:' || v.id || ':back#bonus') as bonus) s
           where v.kind = 'link' and (s.back, s.bonus) is distinct from
                 case when v.status = 'lapsed' then (v.amount::numeric, v.from_bonus::numeric) else (0::numeric, 0::numeric) end`,
  },
  {
    name: 'no-voucher-past-its-end',
    sql: `select 'voucher ' || v.id as subject, v.status || ' since ' || coalesce(v.claimed_at, v.created_at) as detail from voucher v
           where (v.status = 'open' and v.kind = 'link' and v.expires_at < ?::timestamptz - interval '2 minutes')
              or (v.status = 'claimed' and v.booked_at is null and v.claimed_at < ?::timestamptz - interval '2 minutes')
              or (v.status = 'drafted' and v.created_at < ?::timestamptz - interval '2 minutes')`,
    values: ['now', 'now', 'now'],
  },
  {
    name: 'voucher-batches-are-whole',
    sql: `select 'voucher batch ' || b.id as subject, b.count || ' codes, there are ' || s.codes as detail from voucher_batch b
            cross join lateral (select count(*) as codes from voucher v
              where v.batch_id = b.id and v.shop_id = b.shop_id and v.amount = b.amount) s
           where s.codes <> b.count`,
  },
];
