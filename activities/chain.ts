/** Looks at a coin's chain: follows its blocks, unwinds orphaned ones, reads what waits to be mined, and rings the deposits it changed. */
import type { Coin } from '../domain/chain.ts';
import type { EntityManager } from '../db/orm.ts';
import { listAskedAddresses, servesCoin } from '../db/repositories/chain-key.ts';
import { ChainLie, type ChainSource, type ChainTip } from '../gateways/chain/source.ts';
import { ringChainDeposit } from '../temporal/deposit.ts';
import type { ChainLook } from '../workflows/messages/chain-watch.ts';
import {
  beginAt,
  type Cursor,
  dropFromMempool,
  followBlock,
  keepMempool,
  listWaitingTransactions,
  markChecked,
  noteTip,
  type Moved,
  readCursor,
  unwindBlock,
} from './chain/moves.ts';
import type { ActivityContext } from './context.ts';
import { failing } from './failure.ts';
import { heartbeating } from './heartbeat.ts';

/** Blocks of one look; more of them are for the next, whose time is later. */
const mostBlocks = 50;
/** Blocks before the beginning whose hashes are remembered: twice what the largest payment waits for. */
const blocksBefore = 24;
/** Transactions that are asked about when the source does not tell all that waits. */
const mostAsked = 50;
/** Addresses that were shown this long ago are still asked for, seconds. */
const askedForSeconds = 7_200;

export function createChainActivities({ db, door, chains }: Pick<ActivityContext, 'db' | 'door' | 'chains'>) {
  const em = () => db.em.fork();

  /** `at`: workflow time, ms since epoch. */
  async function follow(coin: Coin, at: number): Promise<ChainLook> {
    const source = chains[coin];
    if (!source || !(await servesCoin(em(), coin))) return { height: null, behind: false };
    const time = new Date(at);
    const tip = await source.tip();
    let cursor = await readCursor(em(), coin);
    if (!cursor) {
      await beginAt(em(), coin, tip, await readBefore(source, tip));
      cursor = { ...tip };
    }
    await noteTip(em(), coin, tip);
    for (let blocks = 0; blocks < mostBlocks; blocks += 1) {
      const move = await moveOnce(em(), source, cursor, tip, time);
      if (move === 'atTip') {
        await lookAtMempool(em(), source, tip, time, ring);
        await ring(await markChecked(em(), coin, time));
        return { height: cursor.height, behind: false };
      }
      await ring(move);
      const after = await readCursor(em(), coin);
      // Where the source changes its mind between two answers, the next look sees what it says then.
      if (!after || !move.moved) break;
      cursor = after;
    }
    return { height: cursor.height, behind: true };
  }

  /** What dies here is rung again by the relay: the rows are in the inbox. */
  const ring = async ({ rung }: Moved) => {
    for (const deposit of rung) await ringChainDeposit(door, deposit);
  };

  return failing({
    /** One look at the chain of a coin. Safe to repeat, and beside another. */
    followChain: ({ coin, at }: { readonly coin: Coin; readonly at: number }): Promise<ChainLook> => heartbeating(() => follow(coin, at)),
  });
}

/** Hashes of the blocks before the tip, the newest first. @throws ChainLie when the tip is none */
async function readBefore(source: ChainSource, { height, hash }: ChainTip): Promise<string[]> {
  if ((await source.hashAt(height)) !== hash) throw new ChainLie(source.coin, 'a tip that is not where it says');
  const before: string[] = [];
  for (let lower = height - 1; lower >= 0 && before.length < blocksBefore; lower -= 1) {
    const found = await source.hashAt(lower);
    if (found === undefined) break;
    before.push(found);
  }
  return before;
}

/** One block forth or back. */
async function moveOnce(em: EntityManager, source: ChainSource, cursor: Cursor, tip: ChainTip, at: Date): Promise<Moved | 'atTip'> {
  const { coin } = source;
  if (cursor.hash === tip.hash) return 'atTip';
  const stillIn = cursor.height <= tip.height && (await source.hashAt(cursor.height)) === cursor.hash;
  if (!stillIn) return unwindBlock(em, coin, cursor, at);
  const next = await source.hashAt(cursor.height + 1);
  if (next === undefined) return { moved: false, rung: [] };
  return followBlock(em, coin, await source.block(next, cursor.height + 1), at);
}

async function lookAtMempool(
  em: EntityManager,
  source: ChainSource,
  tip: ChainTip,
  at: Date,
  ring: (moved: Moved) => Promise<void>,
): Promise<void> {
  const { coin } = source;
  const addresses = await listAskedAddresses(em, coin, new Date(at.getTime() - askedForSeconds * 1_000), mostAsked);
  const { txids, transactions } = await source.mempool(addresses);
  if (transactions.length > 0) await ring(await keepMempool(em.fork(), coin, transactions, at));
  const waiting = await listWaitingTransactions(em, coin, txids ? 10_000 : mostAsked);
  const missing: string[] = [];
  for (const txid of waiting) if (!txids?.has(txid) && !(await source.knows(txid))) missing.push(txid);
  // What was mined meanwhile is missing too: only at the same end of the chain is it really gone.
  if (missing.length > 0 && (await source.tip()).hash === tip.hash) await ring(await dropFromMempool(em.fork(), coin, missing, tip, at));
}

export type ChainActivities = ReturnType<typeof createChainActivities>;
