/** Moves along a coin's chain: one transaction a block. The cursor's lock keeps two of them from moving at once. */
import { run } from '../../db/prepared.ts';
import type { EntityManager } from '../../db/orm.ts';
import { type Coin, rememberedBlocks } from '../../domain/chain.ts';
import type { ChainBlock, ChainTip, ChainTransaction } from '../../gateways/chain/source.ts';
import { type RungDeposit, tellDeposits } from './tell-deposits.ts';

/** What a move came to. `moved`: false when the cursor stands elsewhere than whoever wanted it thought. */
export interface Moved {
  readonly moved: boolean;
  readonly rung: readonly RungDeposit[];
}

export interface Cursor {
  readonly height: number;
  readonly hash: string;
}

const stays: Moved = { moved: false, rung: [] };

export async function readCursor(em: EntityManager, coin: Coin): Promise<Cursor | undefined> {
  const [row] = await run<Cursor>(em, 'select height, hash from chain_watch where coin = $1', [coin]);
  return row;
}

/** Notes where the source says that the chain ends: how far behind it a watch is, whatever keeps it. */
export async function noteTip(em: EntityManager, coin: Coin, { height }: Pick<ChainTip, 'height'>): Promise<void> {
  await run(em, 'update chain_watch set tip_height = $2 where coin = $1 and tip_height is distinct from $2', [coin, height]);
}

/**
 * Begins at the end of the chain: no address was shown before. The blocks before it are remembered by their hashes, `before` from the newest
 * on: the first blocks that are followed may be orphaned too.
 */
export async function beginAt(em: EntityManager, coin: Coin, tip: ChainTip, before: readonly string[]): Promise<void> {
  const hashes = [tip.hash, ...before];
  await em.transactional(async (tx) => {
    const [begun] = await run(
      tx,
      'insert into chain_watch (coin, height, hash) values ($1, $2, $3) on conflict (coin) do nothing returning 1',
      [coin, tip.height, tip.hash],
    );
    if (!begun) return;
    await run(
      tx,
      `insert into chain_block (coin, height, hash, previous_hash)
       select $1, $2 - place + 1, hash, previous from unnest($3::text[], $4::text[]) with ordinality as b(hash, previous, place)`,
      [coin, tip.height, hashes.slice(0, -1), hashes.slice(1)],
    );
  });
}

async function lockCursor(em: EntityManager, coin: Coin): Promise<Cursor> {
  const [row] = await run<Cursor>(em, 'select height, hash from chain_watch where coin = $1 for update', [coin]);
  if (!row) throw new Error(`The chain of ${coin} is not watched`);
  return row;
}

/** Goes on by one block: what it pays to addresses of ours, and what it spends otherwise. */
export function followBlock(em: EntityManager, coin: Coin, block: ChainBlock, at: Date): Promise<Moved> {
  return em.transactional(async (tx) => {
    const cursor = await lockCursor(tx, coin);
    if (block.height !== cursor.height + 1 || block.previousHash !== cursor.hash) return stays;
    const { height, hash, previousHash, transactions } = block;
    await run(tx, 'insert into chain_block (coin, height, hash, previous_hash) values ($1, $2, $3, $4)', [
      coin,
      height,
      hash,
      previousHash,
    ]);
    await run(tx, 'delete from chain_block where coin = $1 and height <= $2', [coin, height - rememberedBlocks]);
    await keepOutputs(tx, coin, transactions, at, { height, hash });
    await markSpent(tx, coin, transactions, height);
    await run(tx, 'update chain_watch set height = $2, hash = $3 where coin = $1', [coin, height, hash]);
    return { moved: true, rung: await tellDeposits(tx, coin, at) };
  });
}

/** Goes back by the block the cursor stands at, which is no part of the chain any more. @throws when it is not remembered */
export function unwindBlock(em: EntityManager, coin: Coin, orphan: Cursor, at: Date): Promise<Moved> {
  return em.transactional(async (tx) => {
    const cursor = await lockCursor(tx, coin);
    if (cursor.hash !== orphan.hash) return stays;
    const [block] = await run<{ previous_hash: string }>(
      tx,
      'delete from chain_block where coin = $1 and height = $2 and hash = $3 returning previous_hash',
      [coin, cursor.height, cursor.hash],
    );
    if (!block) throw new Error(`The chain of ${coin} was reorganised deeper than is remembered, at ${cursor.height}`);
    await run(
      tx,
      `update chain_output set state = 'orphaned', block_height = null, block_hash = null, orphaned_at = $3 where coin = $1 and block_hash = $2`,
      [coin, cursor.hash, at],
    );
    await run(
      tx,
      `update chain_output set state = 'orphaned', spent_height = null where coin = $1 and spent_height = $2 and state = 'gone'`,
      [coin, cursor.height],
    );
    await run(tx, 'update chain_watch set height = $2, hash = $3 where coin = $1', [coin, cursor.height - 1, block.previous_hash]);
    return { moved: true, rung: await tellDeposits(tx, coin, at) };
  });
}

/** What waits to be mined: outputs not known yet, and those that are back. */
export function keepMempool(em: EntityManager, coin: Coin, transactions: readonly ChainTransaction[], at: Date): Promise<Moved> {
  return em.transactional(async (tx) => {
    await lockCursor(tx, coin);
    await keepOutputs(tx, coin, transactions, at);
    return { moved: true, rung: await tellDeposits(tx, coin, at) };
  });
}

/** Nobody knows of these any more, at the same end of the chain: what was credited of them waits to come back, the others are gone. */
export function dropFromMempool(em: EntityManager, coin: Coin, txids: readonly string[], tip: ChainTip, at: Date): Promise<Moved> {
  return em.transactional(async (tx) => {
    const cursor = await lockCursor(tx, coin);
    if (cursor.hash !== tip.hash) return stays;
    await run(
      tx,
      `update chain_output set state = case when told in ('settled', 'reinstated') then 'orphaned' else 'gone' end, orphaned_at = coalesce(orphaned_at, $3)
        where coin = $1 and txid = any($2) and state = 'mempool'`,
      [coin, txids, at],
    );
    return { moved: true, rung: await tellDeposits(tx, coin, at) };
  });
}

/** The end of the chain was seen: what time alone changes, and what had no rate before. */
export function markChecked(em: EntityManager, coin: Coin, at: Date): Promise<Moved> {
  return em.transactional(async (tx) => {
    await lockCursor(tx, coin);
    await run(tx, 'update chain_watch set checked_at = $2 where coin = $1', [coin, at]);
    return { moved: true, rung: await tellDeposits(tx, coin, at) };
  });
}

/** Transactions whose outputs of ours wait for a block. */
export async function listWaitingTransactions(em: EntityManager, coin: Coin, limit: number): Promise<string[]> {
  const rows = await run<{ txid: string }>(
    em,
    `select txid from (select txid, min(first_seen_at) as seen from chain_output where coin = $1 and state = 'mempool' group by txid) o
      order by seen desc limit $2`,
    [coin, limit],
  );
  return rows.map(({ txid }) => txid);
}

/**
 * Keeps the outputs that pay to an address of ours. The scripts are looked up in the hash index of addresses, one page each, so it costs about
 * the same for ten addresses or a million. `mined`: the block they are in.
 */
async function keepOutputs(
  em: EntityManager,
  coin: Coin,
  transactions: readonly ChainTransaction[],
  at: Date,
  mined?: { readonly height: number; readonly hash: string },
): Promise<void> {
  const told = transactions.flatMap(({ txid, outputs }) => outputs.map((output) => ({ txid, ...output })));
  if (told.length === 0) return;
  const kept = await run<{ txid: string }>(
    em,
    `with told as (select * from unnest($2::text[], $3::int[], $4::bytea[], $5::bigint[]) as t(txid, vout, script, units)),
          ours as (select t.txid, t.vout, t.units, a.id, a.shop_id, a.customer_id
                     from told t join chain_address a on a.coin = $1 and a.script = t.script where t.units > 0),
          kept as (
            insert into chain_output (coin, txid, vout, address_id, shop_id, customer_id, units, state, first_seen_at, block_height, block_hash)
            select $1, txid, vout, id, shop_id, customer_id, units, $6, $7, $8, $9 from ours order by txid, vout
            on conflict (coin, txid, vout) do update
               set state = excluded.state, block_height = excluded.block_height, block_hash = excluded.block_hash, spent_height = null,
                   orphaned_at = case when excluded.state = 'mined' then null else chain_output.orphaned_at end
             where excluded.state = 'mined' or chain_output.state in ('orphaned', 'gone')
            returning txid, address_id),
          used as (update chain_address set used_at = $7 where used_at is null and id in (select address_id from kept))
     select distinct txid from kept`,
    [
      coin,
      told.map(({ txid }) => txid),
      told.map(({ vout }) => vout),
      told.map(({ script }) => Buffer.from(script)),
      told.map(({ units }) => units.toString()),
      mined ? 'mined' : 'mempool',
      at,
      mined?.height ?? null,
      mined?.hash ?? null,
    ],
  );
  if (kept.length === 0) return;
  const ours = new Set(kept.map(({ txid }) => txid));
  const spent = inputsOf(transactions.filter(({ txid }) => ours.has(txid)));
  await run(
    em,
    `insert into chain_input (coin, spent_txid, spent_vout, txid)
     select $1, * from unnest($2::text[], $3::bigint[], $4::text[]) on conflict do nothing`,
    [coin, ...columnsOf(spent)],
  );
}

/** Outputs whose money a block spends otherwise are gone. */
async function markSpent(em: EntityManager, coin: Coin, transactions: readonly ChainTransaction[], height: number): Promise<void> {
  const spent = inputsOf(transactions);
  if (spent.length === 0) return;
  await run(
    em,
    `with spent as (select * from unnest($2::text[], $3::bigint[], $4::text[]) as s(txid, vout, by))
     update chain_output o set state = 'gone', spent_height = $5
       from spent s join chain_input i on i.coin = $1 and i.spent_txid = s.txid and i.spent_vout = s.vout
      where i.txid <> s.by and o.coin = $1 and o.txid = i.txid and o.state <> 'mined'`,
    [coin, ...columnsOf(spent), height],
  );
}

const inputsOf = (transactions: readonly ChainTransaction[]) =>
  transactions.flatMap(({ txid, inputs }) => inputs.map((input) => ({ ...input, by: txid })));

const columnsOf = (inputs: ReturnType<typeof inputsOf>) => [
  inputs.map(({ txid }) => txid),
  inputs.map(({ vout }) => vout),
  inputs.map(({ by }) => by),
];
