/** Blocks from an Esplora server (blockstream.info, litecoinspace.org, mempool.space, one's own electrs) by HTTP. */
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
  scriptShape,
  signedOf32Bits,
  unitsShape,
  voutShape,
} from './http.ts';
import { ChainLie, type ChainSource, type ChainTransaction, type UnspentOutput } from './source.ts';

/** Transactions of a block come in pages of 25; so many pages are asked for at once. */
const pageSize = 25;
const pagesAtOnce = 4;
/** Addresses whose mempool is asked in one look. */
const mostAddresses = 50;

const transactionShape = z.object({
  txid: hashShape,
  vin: z.array(z.object({ txid: hashShape, vout: voutShape, is_coinbase: z.boolean() })),
  vout: z.array(z.object({ scriptpubkey: scriptShape, value: unitsShape })),
});
const statusShape = z.object({ confirmed: z.boolean(), block_height: heightShape.nullish() });
const foundShape = transactionShape.extend({ status: statusShape });
const unspentShape = z.array(z.object({ txid: hashShape, vout: voutShape, value: unitsShape, status: statusShape })).max(10_000);
const pageShape = z.array(transactionShape).max(500);

const blockShape = z.object({
  id: hashShape,
  height: heightShape,
  version: signedOf32Bits,
  timestamp: numberOf32Bits,
  tx_count: z.number().int().min(1).max(100_000),
  merkle_root: hashShape,
  previousblockhash: hashShape.nullable(),
  nonce: numberOf32Bits,
  bits: numberOf32Bits,
});

/** @param url without a slash at its end, e.g. `https://blockstream.info/api` */
export function createEsploraSource({ coin, url }: { readonly coin: Coin; readonly url: string }): ChainSource {
  /** @returns undefined when there is no such thing */
  const ask = async (path: string, timeoutMs = 15_000): Promise<string | undefined> => {
    const { status, text } = await callSource({ coin, url: `${url}${path}`, timeoutMs });
    if (status === 404 || (status === 400 && /not found/i.test(text))) return undefined;
    if (status !== 200) throw new GatewayError(`The ${coin} source answered ${status}`, { retryable: true });
    return text;
  };
  const must = async (path: string): Promise<string> => {
    const text = await ask(path);
    if (text === undefined) throw new GatewayError(`The ${coin} source does not have the block any more`, { retryable: true });
    return text;
  };
  const parseHash = (text: string): string => {
    const parsed = hashShape.safeParse(text.trim());
    if (!parsed.success) throw new ChainLie(coin, 'a hash does not fit');
    return parsed.data;
  };
  const readBlock = async (hash: string) => parseAnswer(coin, blockShape, await must(`/block/${hash}`));

  return {
    coin,
    async tip() {
      const hash = parseHash(await must('/blocks/tip/hash'));
      return { hash, height: (await readBlock(hash)).height };
    },
    async hashAt(height) {
      const text = await ask(`/block-height/${height}`);
      return text === undefined ? undefined : parseHash(text);
    },
    async block(hash, height) {
      const block = await readBlock(hash);
      const pages = Array.from({ length: Math.ceil(block.tx_count / pageSize) }, (_, page) => page * pageSize);
      const transactions: ChainTransaction[] = [];
      for (let page = 0; page < pages.length; page += pagesAtOnce) {
        const some = pages.slice(page, page + pagesAtOnce).map((from) => must(`/block/${hash}/txs/${from}`));
        for (const text of await Promise.all(some)) transactions.push(...parseAnswer(coin, pageShape, text).map(toTransaction));
      }
      const { version, merkle_root: merkleRoot, timestamp: time, bits, nonce, previousblockhash } = block;
      const lie = findBlockLie(
        { hash: block.id, version, previousHash: previousblockhash ?? undefined, merkleRoot, time, bits, nonce },
        hash,
        transactions.map(({ txid }) => txid),
      );
      if (lie !== undefined) throw new ChainLie(coin, lie);
      if (transactions.length !== block.tx_count) throw new ChainLie(coin, 'another number of transactions than it says');
      if (block.height !== height || previousblockhash === null) throw new ChainLie(coin, 'a block at another height');
      return { height, hash, previousHash: previousblockhash, transactions };
    },
    async mempool(addresses) {
      const transactions = new Map<string, ChainTransaction>();
      for (const address of addresses.slice(0, mostAddresses)) {
        const text = await ask(`/address/${encodeURIComponent(address)}/txs/mempool`);
        if (text === undefined) continue;
        for (const one of parseAnswer(coin, pageShape, text)) transactions.set(one.txid, toTransaction(one));
      }
      return { txids: undefined, transactions: [...transactions.values()] };
    },
    // Its status would say "not confirmed" of what nobody has.
    knows: async (txid) => (await ask(`/tx/${txid}`)) !== undefined,
    async output({ txid, vout }) {
      const text = await ask(`/tx/${txid}`);
      if (text === undefined) return undefined;
      const found = parseAnswer(coin, foundShape, text);
      if (found.txid !== txid) throw new ChainLie(coin, 'another transaction than was asked for');
      const output = found.status.confirmed ? found.vout[vout] : undefined;
      return output && { script: output.scriptpubkey, units: output.value };
    },
    // One call an address: so many in a run are no burden to a server of others.
    mostScanned: 100,
    async unspent(addresses) {
      const all: UnspentOutput[] = [];
      for (const { address, script } of addresses) {
        const text = await ask(`/address/${encodeURIComponent(address)}/utxo`);
        if (text === undefined) continue;
        for (const { txid, vout, value, status } of parseAnswer(coin, unspentShape, text)) {
          if (status.confirmed && status.block_height != null) all.push({ txid, vout, script, units: value, height: status.block_height });
        }
      }
      return all;
    },
  };
}

function toTransaction({ txid, vin, vout }: z.output<typeof transactionShape>): ChainTransaction {
  return {
    txid,
    inputs: vin.flatMap((one) => (one.is_coinbase ? [] : [{ txid: one.txid, vout: one.vout }])),
    outputs: vout.map(({ scriptpubkey, value }, index) => ({ vout: index, script: scriptpubkey, units: value })),
  };
}
