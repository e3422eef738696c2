/** Rules of chains: the cursor stands on blocks that follow each other, and every output of ours is worth to its customer what it says. */
import type { Rule } from './rule.ts';

/** Transfers of an output's credit. */
const credited = `(select coalesce(sum(t.amount), 0) from transfer t
   where t.key >= 'chain:' || o.shop_id || ':' || o.txid || ':' || o.vout || '#' and t.key < 'chain:' || o.shop_id || ':' || o.txid || ':' || o.vout || '$')`;

export const chainRules: readonly Rule[] = [
  {
    name: 'chain-cursors-stand-on-their-blocks',
    sql: `select 'chain ' || w.coin as subject, 'stands at ' || w.height || ' ' || w.hash || ', its last block is ' || b.height || ' ' || b.hash as detail
            from chain_watch w join lateral (select * from chain_block b where b.coin = w.coin order by b.height desc limit 1) b on true
           where b.height <> w.height or b.hash <> w.hash
          union all
          select 'chain ' || b.coin, 'block ' || b.height || ' does not follow the one before'
            from chain_block b join chain_block a on a.coin = b.coin and a.height = b.height - 1 where a.hash <> b.previous_hash
          union all
          select 'chain ' || o.coin, 'output ' || o.txid || ':' || o.vout || ' is in a block that is none of the chain'
            from chain_output o join chain_watch w on w.coin = o.coin
            left join chain_block b on b.coin = o.coin and b.height = o.block_height
           where o.state = 'mined' and (o.block_height > w.height or b.hash <> o.block_hash)`,
  },
  {
    name: 'chain-outputs-are-credited-once',
    sql: `select 'output ' || o.coin || ':' || o.txid || ':' || o.vout as subject,
                 coalesce(o.told, 'untold') || ', worth ' || coalesce(o.value::text, 'nothing yet') || ', credited ' || ${credited} as detail
            from chain_output o
           where ${credited} <> case when o.told in ('settled', 'withdrawn', 'reinstated') then o.value else 0 end
             and not exists (select from inbox i where i.deposit_id = o.deposit_id and i.outcome is null)`,
  },
  {
    name: 'confirmed-chain-outputs-are-settled',
    sql: `select 'output ' || o.coin || ':' || o.txid || ':' || o.vout as subject, 'confirmed, and its deposit was told ' || coalesce(o.told, 'nothing') as detail
            from chain_output o join chain_watch w on w.coin = o.coin
           where o.state = 'mined' and o.deposit_id is not null and w.height - o.block_height + 1 >= o.required
             and coalesce(o.told, 'untold') not in ('settled', 'reinstated')`,
  },
  {
    name: 'chain-deposits-are-of-their-output',
    sql: `select 'deposit ' || d.code as subject, 'of ' || d.amount || ' to customer ' || d.customer_id || ', by ' || d.chain_output as detail
            from deposit d left join chain_output o on o.deposit_id = d.id
           where d.chain_output is not null
             and (o.id is null or o.coin || ':' || o.txid || ':' || o.vout <> d.chain_output or o.value is distinct from d.amount
                  or o.customer_id <> d.customer_id or o.shop_id <> d.shop_id)
          union all
          select 'output ' || o.coin || ':' || o.txid || ':' || o.vout, 'pays to an address of customer ' || a.customer_id || ', is kept for ' || o.customer_id
            from chain_output o join chain_address a on a.id = o.address_id
           where a.customer_id <> o.customer_id or a.shop_id <> o.shop_id or a.coin <> o.coin`,
  },
];
