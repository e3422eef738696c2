/** Rules of deposits that staff judge: who credited what, by which reference, and whether a second person was there. */
import type { Rule } from './rule.ts';

export const approvalRules: readonly Rule[] = [
  {
    name: 'transfers-are-credited-by-an-approval',
    sql: `select 'inbox ' || i.id as subject, coalesce('approval ' || a.id || ' ' || a.status || ' over ' || a.amount, 'no approval') as detail
            from inbox i left join approval a on i.object_id = 'approval:' || a.id and a.shop_id = i.shop_id and a.deposit_id = i.deposit_id
           where i.provider = 'manual' and i.kind = 'settled' and i.outcome = 'applied'
             and (a.id is null or a.status <> 'given' or a.verdict <> 'approve' or a.amount <> i.amount
                  or a."by" !~ '^(cli|staff:[0-9]+)$')`,
  },
  {
    name: 'approvals-reach-the-inbox',
    sql: `select 'approval ' || a.id as subject, a.verdict || ' given, but the inbox has nothing of it' as detail
            from approval a
           where a.status = 'given' and not exists (
             select from inbox i where i.shop_id = a.shop_id and i.provider = 'manual' and i.object_id = 'approval:' || a.id
                and i.verdict = 'verified' and i.kind = case a.verdict when 'approve' then 'settled' else 'failed' end)`,
  },
  {
    name: 'bank-references-credit-once',
    sql: `select 'shop ' || a.shop_id as subject, 'reference ' || a.reference || ' in ' || count(*) || ' approvals' as detail
            from approval a where a.status = 'given' and a.reference is not null group by a.shop_id, a.reference having count(*) > 1`,
  },
  {
    name: 'large-approvals-have-two-people',
    sql: `select 'approval ' || a.id as subject, a.total || ' in all, above ' || a.second_above || ', by ' || a."by" || ' alone' as detail
            from approval a
           where a.status = 'given' and a.verdict = 'approve'
             and (a.total is distinct from (select sum(o.amount) from approval o
                                             where o.deposit_id = a.deposit_id and o.status = 'given' and o.verdict = 'approve' and o.number <= a.number)
                  or (a.total > a.second_above and (a.second_by is null or a.second_by = a."by")))`,
  },
  {
    name: 'nobody-approves-their-own-money',
    sql: `select 'approval ' || a.id as subject, 'by the customer of deposit ' || d.code as detail
            from approval a join deposit d on d.id = a.deposit_id join customer c on c.id = d.customer_id
            join staff s on s.shop_id = a.shop_id and s.telegram_user_id = c.telegram_user_id
           where a.status in ('awaitingSecond', 'given') and ('staff:' || s.id in (a."by", coalesce(a.second_by, '')))`,
  },
];
