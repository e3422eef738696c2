/** Outputs of a chain beside the ledger: which to look for, and what was found. */
import { type Coin, rememberedBlocks } from '../../domain/chain.ts';
import type { EntityManager } from '../orm.ts';
import { run } from '../prepared.ts';

/** An output that is credited, or should be. */
export interface KnownOutput {
  readonly txid: string;
  readonly vout: number;
  readonly blockHash: string | null;
  readonly script: Uint8Array;
  readonly paymentId: string;
  readonly seenAt: Date;
}

/**
 * Outputs of a shop to look for in the chain, those that were looked for longest ago first: what is credited, or confirmed and not credited. What was
 * found where it should be, deeper than blocks are remembered, is never looked for again.
 */
export async function listOutputsToFind(
  em: EntityManager,
  { shopId, coin, at, limit }: { readonly shopId: number; readonly coin: Coin; readonly at: Date; readonly limit: number },
): Promise<KnownOutput[]> {
  const rows = await run<{ txid: string; vout: number; block_hash: string | null; script: Buffer; id: string; first_seen_at: Date }>(
    em,
    `select o.txid, o.vout, o.block_hash, a.script, p.id, o.first_seen_at
       from chain_output o join chain_watch w on w.coin = o.coin join chain_address a on a.id = o.address_id
       join payment p on p.deposit_id = o.deposit_id left join asked_payment q on q.payment_id = p.id
       left join provider_answer n on n.shop_id = o.shop_id and n.provider = 'chain' and n.object_id = o.txid || ':' || o.vout
      where o.shop_id = $1 and o.coin = $2 and (q.asked_at is null or q.asked_at < $3)
        and (o.told in ('settled', 'reinstated') or (o.state = 'mined' and w.height - o.block_height + 1 >= o.required))
        and (o.block_height is null or o.block_height > w.height - $4 or n.units is distinct from o.units)
      order by q.asked_at nulls first, o.id limit $5`,
    [shopId, coin, at, rememberedBlocks, limit],
  );
  return rows.map(({ txid, vout, block_hash: blockHash, script, id: paymentId, first_seen_at }) => ({
    txid,
    vout,
    blockHash,
    script,
    paymentId,
    seenAt: new Date(first_seen_at),
  }));
}

/** An address of a customer's, to be asked for what lies there. */
export interface AskedAddress {
  readonly id: number;
  readonly address: string;
  readonly script: Uint8Array;
}

/** Addresses of a shop that were asked longest ago, or never. */
export async function listAddressesToAsk(
  em: EntityManager,
  { shopId, coin, limit }: { readonly shopId: number; readonly coin: Coin; readonly limit: number },
): Promise<AskedAddress[]> {
  const rows = await run<{ id: string; address: string; script: Buffer }>(
    em,
    'select id, address, script from chain_address where shop_id = $1 and coin = $2 order by asked_at nulls first, id limit $3',
    [shopId, coin, limit],
  );
  return rows.map(({ id, address, script }) => ({ id: Number(id), address, script }));
}

export async function markAddressesAsked(em: EntityManager, addressIds: readonly number[], at: Date): Promise<void> {
  await run(em, 'update chain_address set asked_at = $2 where id = any($1)', [addressIds, at]);
}

/** An output at an address of ours, and what it is worth in minor units of the shop's currency. */
export interface UnheardOutput {
  readonly txid: string;
  readonly vout: number;
  readonly units: bigint;
  readonly value: number;
  readonly at: Date;
}

/** Keeps the outputs that the watch has not heard of. @returns how many are kept now and were not before */
export async function keepUnheard(
  em: EntityManager,
  { shopId, coin }: { readonly shopId: number; readonly coin: Coin },
  outputs: readonly UnheardOutput[],
): Promise<number> {
  const rows = await run(
    em,
    `insert into provider_answer (shop_id, provider, object_id, units, value, at)
     select $1, 'chain', u.txid || ':' || u.vout, u.units, u.value, u.at
       from unnest($3::text[], $4::int[], $5::numeric[], $6::bigint[], $7::timestamptz[]) u(txid, vout, units, value, at)
      where not exists (select from chain_output o where o.coin = $2 and o.txid = u.txid and o.vout = u.vout)
     on conflict do nothing returning object_id`,
    [
      shopId,
      coin,
      outputs.map(({ txid }) => txid),
      outputs.map(({ vout }) => vout),
      outputs.map(({ units }) => units.toString()),
      outputs.map(({ value }) => value),
      outputs.map(({ at }) => at.toISOString()),
    ],
  );
  return rows.length;
}
