/** Blocks from a node of the Bitcoin Core family by JSON-RPC. Outputs are matched by their scripts: the node needs no wallet. */
import { z } from 'zod';
import type { Coin } from '../../domain/chain.ts';
import { GatewayError } from '../payments/provider.ts';
import { findBlockLie } from './block.ts';
import {
  callSource,
  hashShape,
  heightShape,
  numberOf32Bits,
  parseAnswer,
  parseJson,
  scriptShape,
  signedOf32Bits,
  voutShape,
} from './http.ts';
import { ChainLie, type ChainSource, type ChainTransaction } from './source.ts';

/** The node's own numbers of what is not there: a height, a block, a transaction. */
const outOfRange = -8;
const notFound = -5;

/** Most transactions of the mempool that are read in one look, and how many in one call. */
const mostNew = 5_000;
const batchSize = 100;

/** Coins as the node writes them, with 8 decimals at most: exact when rounded to those. */
const amountShape = z
  .number()
  .min(0)
  .max(84_000_000)
  .transform((coins) => BigInt(Math.round(coins * 100_000_000)));

const transactionShape = z.object({
  txid: hashShape,
  // What has no txid is a coinbase, or an input of Litecoin's extension block.
  vin: z.array(z.object({ txid: hashShape.optional(), vout: voutShape.optional() })),
  vout: z.array(z.object({ n: voutShape, value: amountShape, scriptPubKey: z.object({ hex: scriptShape }) })),
});

const blockShape = z.object({
  hash: hashShape,
  height: heightShape,
  version: signedOf32Bits,
  previousblockhash: hashShape,
  merkleroot: hashShape,
  time: numberOf32Bits,
  bits: z.string().regex(/^[0-9a-f]{8}$/),
  nonce: numberOf32Bits,
  tx: z.array(transactionShape),
});

const foundShape = transactionShape.extend({ in_active_chain: z.boolean().optional() });
const unspentShape = z.object({ confirmations: z.number().int(), value: amountShape, scriptPubKey: z.object({ hex: scriptShape }) });
const scanShape = z.object({
  success: z.literal(true),
  unspents: z.array(z.object({ txid: hashShape, vout: voutShape, scriptPubKey: scriptShape, amount: amountShape, height: heightShape })),
});
/** A look through all that is unspent takes a node of Bitcoin a minute or two. */
const scanMs = 300_000;

const answerShape = z.object({ result: z.unknown(), error: z.object({ code: z.number(), message: z.string() }).nullish() });
const batchShape = z.array(answerShape.extend({ id: z.number() })).max(batchSize);

export interface NodeOptions {
  readonly coin: Coin;
  /** Without credentials. */
  readonly url: string;
  readonly user: string;
  readonly password: string;
}

export function createNodeSource({ coin, url, user, password }: NodeOptions): ChainSource {
  const headers = {
    'content-type': 'application/json',
    authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
  };
  /** What was read of the mempool before: it is told once by this process, and forgotten with it. */
  let told = new Set<string>();

  const post = async (body: unknown, timeoutMs: number) => {
    const { status, text } = await callSource({ coin, url, timeoutMs, init: { body: JSON.stringify(body), headers } });
    if (status === 401 || status === 403) throw new GatewayError(`The ${coin} node does not take our password`, { retryable: true });
    return text;
  };

  /** @returns undefined when the node says that there is no such thing */
  async function call<Shape extends z.ZodType>(
    method: string,
    params: readonly unknown[],
    shape: Shape,
    timeoutMs = 10_000,
  ): Promise<z.output<Shape> | undefined> {
    const { result, error } = parseAnswer(coin, answerShape, await post({ jsonrpc: '1.0', id: 1, method, params }, timeoutMs));
    if (error?.code === outOfRange || error?.code === notFound) return undefined;
    // -28: the node is warming up.
    if (error) throw new GatewayError(`The ${coin} node refused ${method}: ${error.code}`, { retryable: true });
    return parseJson(coin, shape, result);
  }

  async function must<Shape extends z.ZodType>(method: string, shape: Shape): Promise<z.output<Shape>> {
    const answer = await call(method, [], shape);
    if (answer === undefined) throw new GatewayError(`The ${coin} node has no answer to ${method}`, { retryable: true });
    return answer;
  }

  /** One call for many: what has left the mempool meanwhile is left out. */
  async function readTransactions(txids: readonly string[]): Promise<ChainTransaction[]> {
    const calls = txids.map((txid, id) => ({ jsonrpc: '1.0', id, method: 'getrawtransaction', params: [txid, true] }));
    const answers = parseAnswer(coin, batchShape, await post(calls, 20_000));
    return answers.flatMap(({ id, result, error }) => {
      if (error) return [];
      const transaction = toTransaction(parseJson(coin, transactionShape, result));
      if (transaction.txid !== txids[id]) throw new ChainLie(coin, 'another transaction than was asked for');
      return [transaction];
    });
  }

  return {
    coin,
    async tip() {
      const { blocks: height, bestblockhash: hash } = await must(
        'getblockchaininfo',
        z.object({ blocks: heightShape, bestblockhash: hashShape }),
      );
      return { height, hash };
    },
    hashAt: (height) => call('getblockhash', [height], hashShape),
    async block(hash, height) {
      const block = await call('getblock', [hash, 2], blockShape, 30_000);
      if (!block) throw new GatewayError(`The ${coin} node does not have the block any more`, { retryable: true });
      const { version, previousblockhash, merkleroot, time, nonce } = block;
      const header = { hash: block.hash, version, previousHash: previousblockhash, merkleRoot: merkleroot, time, nonce };
      const lie = findBlockLie(
        { ...header, bits: Number.parseInt(block.bits, 16) },
        hash,
        block.tx.map(({ txid }) => txid),
      );
      if (lie !== undefined) throw new ChainLie(coin, lie);
      if (block.height !== height) throw new ChainLie(coin, 'a block at another height');
      return { height, hash, previousHash: previousblockhash, transactions: block.tx.map(toTransaction) };
    },
    async mempool() {
      const txids = new Set(await must('getrawmempool', z.array(hashShape).max(2_000_000)));
      told = new Set([...told].filter((txid) => txids.has(txid)));
      const fresh = [...txids].filter((txid) => !told.has(txid)).slice(0, mostNew);
      const transactions: ChainTransaction[] = [];
      for (let from = 0; from < fresh.length; from += batchSize) {
        const batch = fresh.slice(from, from + batchSize);
        transactions.push(...(await readTransactions(batch)));
      }
      for (const txid of fresh) told.add(txid);
      return { txids, transactions };
    },
    async knows(txid) {
      // Without an index of transactions a node finds them in its mempool only; blocks are followed by whoever asks.
      return (await call('getrawtransaction', [txid, false], z.string())) !== undefined;
    },
    async output({ txid, vout, blockHash }) {
      const found = blockHash === null ? undefined : await call('getrawtransaction', [txid, true, blockHash], foundShape);
      if (found && found.txid !== txid) throw new ChainLie(coin, 'another transaction than was asked for');
      const output = found?.in_active_chain === true ? found.vout.find(({ n }) => n === vout) : undefined;
      if (output) return { script: output.scriptPubKey.hex, units: output.value };
      // It may be in another block by now: unspent, a node finds it without knowing in which.
      const unspent = await call('gettxout', [txid, vout, false], unspentShape.nullable());
      return unspent && unspent.confirmations > 0 ? { script: unspent.scriptPubKey.hex, units: unspent.value } : undefined;
    },
    mostScanned: 5_000,
    async unspent(addresses) {
      if (addresses.length === 0) return [];
      const wanted = addresses.map(({ script }) => `raw(${Buffer.from(script).toString('hex')})`);
      const scan = await call('scantxoutset', ['start', wanted], scanShape, scanMs);
      // -8: somebody else scans right now.
      if (!scan) throw new GatewayError(`The ${coin} node scans already`, { retryable: true });
      return scan.unspents.map(({ txid, vout, scriptPubKey, amount, height }) => ({
        txid,
        vout,
        script: scriptPubKey,
        units: amount,
        height,
      }));
    },
  };
}

function toTransaction({ txid, vin, vout }: z.output<typeof transactionShape>): ChainTransaction {
  return {
    txid,
    inputs: vin.flatMap((one) => (one.txid === undefined || one.vout === undefined ? [] : [{ txid: one.txid, vout: one.vout }])),
    outputs: vout.map(({ n, value, scriptPubKey }) => ({ vout: n, script: scriptPubKey.hex, units: value })),
  };
}
