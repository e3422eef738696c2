/** Looking for credited outputs in the chain as it is now, and at our addresses for what was never credited. */
import { type Coin, coins, coinTraits, toCoinUnits } from '../../domain/chain.ts';
import { valueOfUnits } from '../../domain/rate.ts';
import { Shop } from '../../db/entities/shop.ts';
import type { EntityManager } from '../../db/orm.ts';
import {
  type AskedAddress,
  keepUnheard,
  type KnownOutput,
  listAddressesToAsk,
  listOutputsToFind,
  markAddressesAsked,
} from '../../db/repositories/chain-compare.ts';
import { keepAnswers, markAsked } from '../../db/repositories/quiet.ts';
import { readRate } from '../../db/repositories/rate.ts';
import type { ChainSource, UnspentOutput } from '../../gateways/chain/source.ts';
import { GatewayError } from '../../gateways/payments/provider.ts';
import { readCursor } from '../chain/moves.ts';
import type { ActivityContext } from '../context.ts';
import type { Reading } from './statement.ts';

/** An output so many blocks deep that no watch has heard of was missed. */
const missedDepth = 6;

type ChainContext = Pick<ActivityContext, 'db' | 'chains'>;

/** An output that was looked for, and how much of it is there. */
export interface FoundOutput {
  readonly output: KnownOutput;
  readonly units: bigint;
}

/** What lies at addresses of ours, and those that were asked. */
export interface FoundUnspent {
  readonly coin: Coin;
  readonly addresses: readonly AskedAddress[];
  readonly outputs: readonly UnspentOutput[];
}

/** Sources that are as far as the watch. @throws GatewayError when one is behind: what it does not have may only not be there yet */
async function* sourcesOf({ db, chains }: ChainContext): AsyncGenerator<{ coin: Coin; source: ChainSource; height: number }> {
  for (const coin of coins) {
    const source = chains[coin];
    const cursor = source && (await readCursor(db.em.fork(), coin));
    if (!source || !cursor) continue;
    if ((await source.hashAt(cursor.height)) !== cursor.hash)
      throw new GatewayError(`The ${coin} source and the watch are on different chains`, { retryable: true });
    yield { coin, source, height: cursor.height };
  }
}

/** Looks for the next outputs of a shop. @returns what is there, and whether there are more to look for */
export async function findOutputs(
  context: ChainContext,
  { shopId, at }: Reading,
  limit: number,
  each: (found: FoundOutput) => Promise<void>,
): Promise<{ asked: number; more: boolean }> {
  let asked = 0;
  for await (const { coin, source } of sourcesOf(context)) {
    for (const output of await listOutputsToFind(context.db.em.fork(), { shopId, coin, at: new Date(at), limit: limit - asked })) {
      const now = await source.output(output);
      const isThere = now !== undefined && Buffer.from(now.script).equals(output.script);
      await each({ output, units: isThere ? now.units : 0n });
      asked += 1;
    }
  }
  return { asked, more: asked === limit };
}

/** Keeps how much of an output is there. */
export function keepFound(em: EntityManager, shopId: number, { output, units }: FoundOutput, at: Date): Promise<void> {
  const { txid, vout, paymentId, seenAt } = output;
  const answer = { objectId: `${txid}:${vout}`, units: units.toString(), outcomeCoin: null, outcomeUnits: null, at: seenAt };
  return em.transactional(async (tx) => {
    await keepAnswers(tx, { shopId, provider: 'chain' }, paymentId, [answer]);
    await markAsked(tx, { paymentId, at, refusal: null });
  });
}

/** Asks for what lies unspent at the next addresses of a shop; what is not deep enough yet is left to the watch. */
export async function findUnspent(context: ChainContext, { shopId }: Reading): Promise<FoundUnspent[]> {
  const found: FoundUnspent[] = [];
  for await (const { coin, source, height } of sourcesOf(context)) {
    const addresses = await listAddressesToAsk(context.db.em.fork(), { shopId, coin, limit: source.mostScanned });
    const deep = height - missedDepth + 1;
    const outputs = (await source.unspent(addresses)).filter((output) => output.height <= deep);
    found.push({ coin, addresses, outputs });
  }
  return found;
}

/** Keeps what the watch has not heard of, as much as it is worth now; dust, and what nothing prices, is left. @returns how many were new */
export async function keepUnspent(em: EntityManager, { shopId, at }: Reading, { coin, addresses, outputs }: FoundUnspent): Promise<number> {
  const time = new Date(at);
  const { ticker, blockSeconds } = coinTraits[coin];
  const { currency } = await em.findOneOrFail(Shop, { id: shopId });
  const rate = await readRate(em, { base: ticker, quote: currency, at: time });
  if (!rate && outputs.length > 0) return 0;
  const minedAt = new Date(at - blockSeconds * missedDepth * 1_000);
  const worth = outputs.map(({ txid, vout, units }) => {
    const value = rate ? valueOfUnits(toCoinUnits(units), rate.rate, currency) : 0;
    return { txid, vout, units, value, at: minedAt };
  });
  await markAddressesAsked(
    em,
    addresses.map(({ id }) => id),
    time,
  );
  return keepUnheard(
    em,
    { shopId, coin },
    worth.filter(({ value }) => value > 0),
  );
}
