/** Rules of rates and alerts: two sources agreed on what prices, nothing leapt, and staff were told. */
import type { Rule } from './rule.ts';

export const rateRules: readonly Rule[] = [
  {
    name: 'rates-are-agreed-on',
    sql: `select 'rate ' || base || '/' || quote as subject, rate || ' of ' || coingecko || ' and ' || coinbase || ' at ' || at as detail
            from rate where rate is not null and abs(coingecko - coinbase) * 100 > least(coingecko, coinbase) * 2`,
  },
  {
    name: 'rates-do-not-jump',
    // A pair's valid rates follow each other; those of the last days stand for all.
    sql: `select 'rate ' || base || '/' || quote as subject, rate || ' after ' || before || ' at ' || at as detail
            from (select base, quote, at, rate, lag(rate) over pair as before, lag(at) over pair as before_at
                    from rate where rate is not null and at > ?::timestamptz - interval '3 days'
                  window pair as (partition by base, quote order by at)) r
           where before_at >= at - interval '60 minutes' and abs(rate - before) * 100 > before * 20`,
    values: ['now'],
  },
  {
    name: 'alerts-are-told',
    sql: `select 'alert ' || a.id as subject, a.kind || ' raised at ' || a.raised_at || ', not told' as detail
            from alert a join shop s on s.id = a.shop_id
           where a.told_at is null and a.raised_at < ?::timestamptz - interval '2 days' and s.staff_chat_id is not null and s.bot_token is not null`,
    values: ['now'],
  },
];
