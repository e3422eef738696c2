/** Watches over chains as people see them, and telling staff when one stands still. */
import { type Coin, coins, coinTraits, watchStaleSeconds } from '../../domain/chain.ts';
import { ChainWatch } from '../entities/chain-watch.ts';
import type { EntityManager } from '../orm.ts';
import { run } from '../prepared.ts';
import { raiseAlert } from './alert.ts';

export interface ChainWatchState {
  readonly coin: Coin;
  readonly height: number;
  /** Blocks that the source has and the watch has not followed; null when nobody knows. */
  readonly behind: number | null;
  /** When the end of the chain was last seen, ms since epoch. */
  readonly checkedAt: number | null;
  /** Whether addresses of the coin are shown. */
  readonly followed: boolean;
}

/** Every watch there is. `now`: by the caller's clock. */
export async function listChainWatches(em: EntityManager, now: Date): Promise<ChainWatchState[]> {
  const watches = await em.find(ChainWatch, {}, { orderBy: { coin: 'asc' } });
  return watches.map(({ coin, height, tipHeight, checkedAt }) => ({
    coin,
    height,
    behind: tipHeight == null ? null : Math.max(0, tipHeight - height),
    checkedAt: checkedAt?.getTime() ?? null,
    followed: checkedAt != null && now.getTime() - checkedAt.getTime() <= watchStaleSeconds * 1_000,
  }));
}

interface Judging {
  /** By the caller's clock. */
  readonly now: Date;
  /** Those that are to be followed. */
  readonly watched?: readonly Coin[];
}

/**
 * Tells the staff of every shop that takes a coin when its chain has not been followed for 15 minutes, and when it is again: each turn once, however
 * many judge. @returns coins that turned
 */
export async function judgeChainWatches(em: EntityManager, { now, watched = coins }: Judging): Promise<Coin[]> {
  return em.transactional(async (tx) => {
    const turned = await run<{ coin: Coin; height: number; behind: number | null; stale: boolean }>(
      tx,
      `update chain_watch w set stale_at = case when w.stale_at is null then $2::timestamptz end
        where w.coin = any($1) and exists (select from chain_key k where k.coin = w.coin and k.confirmed_at is not null)
          and (w.stale_at is null) = (coalesce(w.checked_at, '-infinity') < $3)
       returning w.coin, w.height, w.tip_height - w.height as behind, w.stale_at is not null as stale`,
      [watched, now, new Date(now.getTime() - watchStaleSeconds * 1_000)],
    );
    for (const { coin, height, behind, stale } of turned) {
      const kind = stale ? 'chainStale' : 'chainBack';
      const key = `${kind}:${coin}:${now.toISOString()}`;
      const params = { coin: coinTraits[coin].title, height: String(height), count: Math.max(0, behind ?? 0) };
      const takers = 'select distinct shop_id as id from chain_key where coin = $1 and confirmed_at is not null';
      for (const { id } of await run<{ id: string }>(tx, takers, [coin]))
        await raiseAlert(tx, { shopId: Number(id), key, kind, params, at: now });
    }
    return turned.map(({ coin }) => coin);
  });
}
