/**
 * Where the blocks of a coin come from: a node of the Bitcoin Core family (node.ts) or an Esplora server (esplora.ts). Whatever they answer is
 * hostile until it was parsed, and a block is believed only when its parts fit its hash (block.ts).
 */
import type { Coin } from '../../domain/chain.ts';
import { GatewayError } from '../payments/provider.ts';

export interface ChainTip {
  readonly height: number;
  readonly hash: string;
}

export interface ChainTransaction {
  readonly txid: string;
  /** What it spends; empty for a coinbase. */
  readonly inputs: readonly { readonly txid: string; readonly vout: number }[];
  /** `units` in the coin's smallest unit. */
  readonly outputs: readonly { readonly vout: number; readonly script: Uint8Array; readonly units: bigint }[];
}

export interface ChainBlock {
  readonly height: number;
  readonly hash: string;
  readonly previousHash: string;
  readonly transactions: readonly ChainTransaction[];
}

/** What waits to be mined. */
export interface Mempool {
  /** Ids of all of it; undefined where the source only tells about single addresses. */
  readonly txids: ReadonlySet<string> | undefined;
  /** What was not told before. */
  readonly transactions: readonly ChainTransaction[];
}

/** An output as the chain has it now. */
export interface ChainOutputNow {
  readonly script: Uint8Array;
  readonly units: bigint;
}

export interface UnspentOutput extends ChainOutputNow {
  readonly txid: string;
  readonly vout: number;
  /** Of its block. */
  readonly height: number;
}

/** Methods throw a `GatewayError` that may be tried again; nothing they are asked changes anything outside. */
export interface ChainSource {
  readonly coin: Coin;
  tip(): Promise<ChainTip>;
  /** @returns undefined when the chain is not that long */
  hashAt(height: number): Promise<string | undefined>;
  /** The block with this hash, at this height. @throws ChainLie when what is answered does not fit the hash */
  block(hash: string, height: number): Promise<ChainBlock>;
  /** @param addresses whose payments are looked for where the whole cannot be told */
  mempool(addresses: readonly string[]): Promise<Mempool>;
  /** Whether the transaction is in a block or waits for one. */
  knows(txid: string): Promise<boolean>;
  /** An output that is in a block of the chain, spent or not; `blockHash`: the one it should be in. @returns undefined when it is in none */
  output(at: { readonly txid: string; readonly vout: number; readonly blockHash: string | null }): Promise<ChainOutputNow | undefined>;
  /** What lies unspent, in blocks, at these addresses; at most `mostScanned` of them. */
  unspent(addresses: readonly { readonly address: string; readonly script: Uint8Array }[]): Promise<readonly UnspentOutput[]>;
  readonly mostScanned: number;
}

/** The source contradicts itself: nothing of the answer is used. */
export class ChainLie extends GatewayError {
  constructor(coin: Coin, what: string) {
    super(`The ${coin} source contradicts itself: ${what}`, { retryable: true });
    this.name = 'ChainLie';
  }
}
